"""The brief: right numbers, every number a link, self-contained, and adaptable to any economy."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from zizhu.ledger import register
from zizhu.show.brief.model import Number, plain
from zizhu.show.brief.page import page
from zizhu.show.brief.text import data, markdown
from zizhu.show.brief.write import Brief
from zizhu.show.brief.write import write as written
from zizhu.show.report.model import presets
from zizhu.store import Workspace
from zizhu.tables.load import load_trade
from zizhu.vocab import products
from zizhu.vocab.problems import ZizhuError

AS_OF = "2026-11-21"


def write(ws: Workspace, country: str, as_of: str, partners: tuple[str, ...] = ()) -> Brief:
    return written(ws, presets()["brief"].about(country=country, as_of=as_of, partners=partners))


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return write(Workspace(tmp_path_factory.mktemp("ws")), "CHN", AS_OF)


@pytest.fixture(scope="module")
def html(china: Brief) -> str:
    return page(china)


class Page(HTMLParser):
    """Collects ids, links and anything that would fetch or run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetching: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "xlink:href"):
                self.links.append(value or "")
            elif name in ("src", "srcset", "data", "action", "poster") or name.startswith("on"):
                self.fetching.append(f"{tag} {name}={value}")
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.fetching.append(tag)


def sentence(brief: Brief, letter: str) -> str:
    return plain(next(e.sentence for e in brief.exhibits if e.letter == letter))


def test_the_nine_exhibits_stand_in_order(china: Brief) -> None:
    assert [e.letter for e in china.exhibits] == list("abcdefghi")
    assert all(plain(e.sentence).endswith(".") for e in china.exhibits)


def test_the_main_sentences_are_right(china: Brief) -> None:
    assert "All 19 manufacturing industries of China exceed the 70 % that MIC2025 promises" in sentence(
        china, "b"
    )
    assert "from 74.3 % (electronics and optics)" in sentence(china, "b")
    assert "15.4 % of Viet Nam's manufacturing output" in sentence(china, "c")
    e = sentence(china, "e")
    assert "HS 284690" in e
    assert (
        "world exports went from 64 % (2010) to 16 % (2024), its share of world imports from 2 % to 57 %" in e
    )


def test_germany_leans_on_china_by_three_percent(china: Brief) -> None:
    rows = [r for p in china.exhibits[2].panels[:1] for r in p.figure.rows]
    cell = next(r for r in rows if r["partner"] == "Germany" and r["industry"] == "All manufacturing")
    assert cell["content"] == pytest.approx(0.0313, abs=5e-4)


def test_no_headline_rests_on_a_weak_source(china: Brief) -> None:
    facts = [p.ref.removeprefix("fact:") for e in china.exhibits for p in e.sentence if isinstance(p, Number)]
    weak = {o.id for o in register.observations() if o.quality == "low"}
    weak |= {
        k
        for rows in (register.targets(), register.events(), register.assessments())
        for k, r in rows.items()
        if r.quality == "low"
    }
    assert not weak & set(facts)


def test_after_a_control_claims_no_cause(china: Brief) -> None:
    f = china.exhibits[5]
    said = " ".join([plain(f.sentence), *(p.caption for p in f.panels)])
    assert not re.search(
        r"because|due to|caus|led to|result|effect|impact|after the control", said, re.IGNORECASE
    )


def test_digits_in_sentences_are_linked_or_are_names(china: Brief) -> None:
    """Outside links only years, codes, names of dates and counts that a name contains may have digits."""
    allowed = re.compile(
        r"HS \d{6}|\((?:19|20)\d\d\)|in (?:19|20)\d\d|All 19|EU27|MIC2025|20\d\d(?:-20\d\d)?"
    )
    for e in china.exhibits:
        loose = "".join(p for p in e.sentence if isinstance(p, str))
        assert not re.search(r"\d", allowed.sub("", loose)), (e.letter, loose)


def test_every_link_of_the_page_has_its_place(china: Brief, html: str) -> None:
    found = Page(html)
    assert len(found.ids) == len(set(found.ids))
    assert len(found.links) > 1500
    away = [x for x in found.links if not x.startswith("#")]
    assert away == [s.url for s in china.sources if s.url]
    assert [x for x in found.links if x.startswith("#") and x[1:] not in found.ids] == []


def test_an_address_that_a_browser_would_run_is_no_link(china: Brief) -> None:
    hostile = china.sources[0].model_copy(update={"url": "javascript:alert('x')", "title": "<script>"})
    found = Page(page(replace(china, sources=(hostile, *china.sources[1:]))))
    assert not any("javascript" in x for x in found.links)
    assert found.fetching == []


def test_abbreviations_are_those_that_the_brief_uses(china: Brief) -> None:
    assert {"MIC2025", "FYP", "HHI", "NDC", "SEI", "EU27"} <= set(china.terms)
    assert all(any(re.search(rf"\b{t}\b", e.text) for e in china.exhibits) for t in china.terms)


def test_the_page_fetches_and_runs_nothing(html: str) -> None:
    assert Page(html).fetching == []
    assert "@import" not in html
    assert "url(http" not in html


def test_every_trace_adds_up(china: Brief) -> None:
    for t in china.traces:
        if t.explanation and t.explanation.parts and t.explanation.parts[0].share is not None:
            total = sum(p.value for p in t.explanation.parts if p.share is not None) + t.explanation.remainder
            assert total == pytest.approx(t.explanation.value, rel=1e-9), t.ref
        nothing_counted = t.explanation is not None and t.text == "0" and t.explanation.unit == "rows"
        assert t.sources or nothing_counted or t.ref.startswith("fact:MIC2025"), t.ref


@pytest.mark.slow
def test_the_same_question_gives_the_same_page(html: str, tmp_path: Path) -> None:
    assert page(write(Workspace(tmp_path), "CHN", AS_OF)) == html


def test_markdown_and_data_say_the_same(china: Brief) -> None:
    text = markdown(china)
    assert text.count("\n## ") == 11
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert used == set(re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE))
    plain_data = json.loads(json.dumps(data(china)))
    assert [e["sentence"] for e in plain_data["exhibits"]] == [plain(e.sentence) for e in china.exhibits]
    assert len(plain_data["numbers"]) == len(china.traces)


@cache
def _economies() -> tuple[str, ...]:
    return ("EU27",)


@pytest.mark.slow
@pytest.mark.parametrize("country", _economies())
def test_other_economies_get_the_same_exhibits(country: str, tmp_path: Path) -> None:
    made = write(Workspace(tmp_path), country, AS_OF)
    assert [e.letter for e in made.exhibits] == list("abcdefghi")
    assert "China" not in made.title
    assert sentence(made, "a").startswith("The register holds no plan of")
    assert Page(page(made)).fetching == []


@pytest.mark.slow
def test_every_economy_of_the_table_gets_a_brief(tmp_path: Path) -> None:
    ws = Workspace(tmp_path)
    from zizhu.tables.load import load_mrio

    countries = load_mrio(ws, "icio-2022").nodes.countries
    assert len(countries) == 80
    for country in countries:
        made = write(ws, country, AS_OF)
        found = Page(page(made))
        places = {f"#{i}" for i in found.ids} | {s.url for s in made.sources}
        assert [x for x in found.links if x not in places] == [], country
        assert all(plain(e.sentence).endswith(".") for e in made.exhibits), country


@pytest.mark.slow
def test_named_partners_replace_the_usual_ones(tmp_path: Path) -> None:
    made = write(Workspace(tmp_path), "Viet Nam", AS_OF, ("KOR", "ASEAN", "JPN"))
    columns = {r["partner"] for r in made.exhibits[2].panels[0].figure.rows}
    assert columns == {"South Korea", "Japan"}  # Viet Nam is a member of ASEAN


@pytest.mark.parametrize(("country", "near"), [("CHNN", "CHN"), ("Germny", "Germany"), ("EU72", "EU27")])
def test_an_unknown_country_names_the_nearest(country: str, near: str, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError) as caught:
        write(Workspace(tmp_path), country, AS_OF)
    assert near in caught.value.problems[0].remedy


def test_the_panels_of_raw_materials_are_the_largest_moves(china: Brief) -> None:
    flows = load_trade(Workspace(), "baci-raw-materials").frame.filter(pl.col("year").is_in([2010, 2024]))
    side = [
        flows.group_by("hs6", "year").agg(
            (pl.col("value_usd").filter(pl.col(who) == "CHN").sum() / pl.col("value_usd").sum()).alias(who)
        )
        for who in ("exporter", "importer")
    ]
    lead = (
        side[0].join(side[1], on=["hs6", "year"]).with_columns(lead=pl.col("exporter") - pl.col("importer"))
    )
    moved = lead.pivot("year", index="hs6", values="lead").drop_nulls()
    moved = moved.with_columns(size=(pl.col("2010") - pl.col("2024")).abs()).sort("size", descending=True)
    expected = {products.product(hs6).label for hs6 in moved["hs6"].head(6)}
    assert {r["product"] for r in china.exhibits[4].panels[0].figure.rows if r["product"]} == expected


@pytest.mark.slow
@pytest.mark.parametrize("country", ["DEU"])
def test_a_small_trader_is_not_said_to_change_sides(country: str, tmp_path: Path) -> None:
    assert "did not clearly change sides" in sentence(write(Workspace(tmp_path), country, AS_OF), "e")


@pytest.mark.slow
def test_no_cut_is_shown_twice(tmp_path: Path) -> None:
    headers = write(Workspace(tmp_path), "EU27", AS_OF).exhibits[6].grids[0].headers
    assert len(set(headers)) == len(headers) > 2


@pytest.mark.parametrize(("country", "partners"), [("DEU", ("EU27",)), ("CHN", ("CHN", "CHN")), ("WLD", ())])
def test_partners_that_are_part_of_the_country_are_no_partners(
    country: str, partners: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(ZizhuError, match="every partner overlaps"):
        write(Workspace(tmp_path), country, AS_OF, partners)


@pytest.mark.slow
def test_what_the_tables_cannot_answer_is_said_in_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the gate above every coverage, the exhibits of content and of a stop are refused and the others stand."""
    monkeypatch.setattr("zizhu.ledger.result.SHOWN_SHARE", 1.01)
    made = write(Workspace(tmp_path), "CHN", AS_OF)
    refused = [e.letter for e in made.exhibits if e.title == "Not answered"]
    assert refused == ["b", "c", "d", "i"]
    assert all("cannot answer" in sentence(made, letter) for letter in refused)
    assert page(made).count("</span> Not answered</h2>") == len(refused)
