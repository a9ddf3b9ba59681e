"""Reports: a list of views as data becomes one page; all faults of a file are said at once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from show.test_brief import Page
from zizhu.show.brief.model import plain
from zizhu.show.brief.page import page
from zizhu.show.brief.write import EXHIBITS, Brief, write
from zizhu.show.render import render
from zizhu.show.report.model import MOST, Report, named, parsed, presets
from zizhu.show.spec import spec
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

HOSTILE = "Cut </title><script>alert(1)</script> & <b onclick=x>"
ASKED: dict[str, Any] = {
    "title": HOSTILE,
    "as_of": "2026-11-21",
    "views": [
        {"verb": "track.judged", "params": {"country": "CHN"}},
        {"verb": "track.course", "params": {"target": "T101"}, "title": HOSTILE},
        {
            "verb": "depend.suppliers",
            "params": {"reporter": "EU27", "products": ["284690"], "first": 2022},
        },
        {"verb": "depend.suppliers", "params": {"reporter": "CHN", "products": ["250410"], "first": 2024}},
    ],
}


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("ws"))


@pytest.fixture(scope="module")
def made(space: Workspace) -> Brief:
    return write(space, parsed(ASKED, "asked"))


@pytest.fixture(scope="module")
def html(made: Brief) -> str:
    return page(made)


def test_views_stand_in_their_order_under_their_titles(made: Brief) -> None:
    assert [e.letter for e in made.exhibits] == list("abcd")
    assert made.exhibits[1].title == HOSTILE
    assert made.exhibits[2].title.startswith("imports of EU27")
    assert made.kind == "report"
    assert plain(made.exhibits[0].sentence).endswith("targets by their verdict.")


def test_every_number_of_a_table_and_every_mark_has_its_origin_on_the_page(made: Brief, html: str) -> None:
    found = Page(html)
    assert len(found.ids) == len(set(found.ids))
    assert [x for x in found.links if x.startswith("#") and x[1:] not in found.ids] == []
    cells = [cell for e in made.exhibits for grid in e.grids for row in grid.rows for cell in row]
    numbers = [piece for cell in cells for piece in cell if not isinstance(piece, str)]
    assert len(numbers) > 40
    assert {n.ref for n in numbers} <= {t.ref for t in made.traces}
    assert all(t.sources or (t.explanation and t.explanation.value == 0) for t in made.traces)


def test_the_runs_of_a_report_are_kept_so_that_its_numbers_open_later(made: Brief, space: Workspace) -> None:
    number = next(t for t in made.traces if t.ref.startswith("run:") and t.ref.endswith(",share"))
    assert number.explanation is not None
    assert trace(space, number.ref).value == number.explanation.value


def test_words_of_anybody_stay_text_and_nothing_is_fetched(html: str) -> None:
    assert Page(html).fetching == []
    assert "<script" not in html
    assert "onclick=x>" not in html.replace("onclick=x&gt;", "")
    assert "default-src 'none'" in html
    assert "url(http" not in html


def test_a_drawing_is_of_the_specification_that_the_screen_draws(made: Brief, html: str) -> None:
    figure = made.exhibits[2].panels[0].figure
    assert spec(figure)["usermeta"]["title"] == figure.title
    drawn = re.findall(r"aria-label=\"([^\"]+)\"", render(figure))
    assert len(drawn) > 3
    assert all(f'aria-label="{label}"' in html for label in drawn[:20])


def test_what_all_rows_have_in_common_is_said_once(made: Brief) -> None:
    grid = made.exhibits[2].grids[0]
    assert "reporter" not in grid.headers
    assert "In every row: reporter the EU27; direction imports; product Rare-earth compounds" in grid.caption


def test_the_brief_is_a_preset_with_every_exhibit_once() -> None:
    brief = presets()["brief"]
    assert brief.kind == "brief"
    assert [v.exhibit for v in brief.views] == list(EXHIBITS)


def test_a_report_is_the_same_in_yaml_and_json(tmp_path: Path) -> None:
    as_json, as_yaml = tmp_path / "r.json", tmp_path / "r.yaml"
    as_json.write_text(json.dumps(ASKED))
    as_yaml.write_text(
        "title: Two\nviews:\n- verb: stress.what_if\n  params: {sender: TWN:C26, receiver: CHN, cut: 0.5}\n"
    )
    assert named(str(as_json)) == parsed(ASKED, "asked")
    assert named(str(as_yaml)).views[0].params["cut"] == "0.5"


def test_all_faults_of_a_file_are_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "titel: x\nviews:\n- verb: depend.exposur\n- verb: stress.what_if\n  params: {sender: TWN, cuts: 3}\n"
        "- exhibit: nothing\n- {verb: track.judged, exhibit: hidden}\n- {}\n"
    )
    with pytest.raises(ZizhuError) as caught:
        named(str(file))
    said = " | ".join(f"{p.where}: {p.what}" for p in caught.value.problems)
    for fault in ("titel", "depend.exposur", "cuts", "receiver", "views.2.exhibit", "views.3", "views.4"):
        assert fault in said, fault
    assert all(p.where.startswith("bad.yaml") for p in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([], "valid dictionary"),
        ({"views": []}, "at least 1"),
        ({"views": [{"exhibit": "hidden"}] * (MOST + 1)}, "at most 26"),
        ({"views": [{"exhibit": "hidden"}], "country": "CHNN"}, "CHNN"),
        ({"views": [{"exhibit": "hidden"}], "as_of": "2026-13-01"}, "month"),
        ({"views": [{"exhibit": "hidden", "params": {"a": 1}}]}, "an exhibit without params"),
        ({"views": [{"verb": "track.judged", "params": {"country": "CHN"}, "title": "x" * 201}]}, "200"),
    ],
    ids=["list", "none", "many", "country", "day", "params", "title"],
)
def test_what_is_no_report_is_refused(content: Any, fault: str) -> None:
    with pytest.raises(ZizhuError, match=fault):
        parsed(content, "asked")


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"views": ' + " " * (1 << 20) + "[]}"])
def test_broken_json_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(text)
    with pytest.raises(ZizhuError, match=r"JSON|1 MB|dictionary"):
        named(str(file))


def test_exhibits_need_a_country_and_names_are_known(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="no country is named"):
        write(space, presets()["brief"])
    with pytest.raises(ZizhuError, match="unknown report 'nix'"):
        named("nix")


def test_a_fault_that_only_the_answer_finds_names_its_view(space: Workspace) -> None:
    asked = {"views": [{"verb": "track.course", "params": {"target": "T9999"}}]}
    with pytest.raises(ZizhuError) as caught:
        write(space, parsed(asked, "asked"))
    assert caught.value.problems[0].where.startswith("view a (track.course)")


@pytest.mark.slow
def test_exhibits_and_answers_stand_in_any_order(space: Workspace) -> None:
    views = [
        {"exhibit": "hidden", "title": "Mine"},
        {"verb": "stress.what_if", "params": {"sender": "TWN:C26", "receiver": "CHN"}},
        {"exhibit": "judged"},
    ]
    made = write(space, Report(country="DEU", views=tuple(views)))  # type: ignore[arg-type]
    assert made.exhibits[0].title == "Mine"
    assert [e.letter for e in made.exhibits] == list("abc")
    found = Page(page(made))
    assert [x for x in found.links if x.startswith("#") and x[1:] not in found.ids] == []
