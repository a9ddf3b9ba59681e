"""Answers of the workbench: the same numbers, the same runs and the same references as anywhere else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import polars as pl
import pytest
from fastapi.testclient import TestClient

from tables.stored import store
from tables.strategies import random_table
from web.served import Served, serving
from zizhu.ledger import register
from zizhu.ledger.models import Run
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.stress import what_if
from zizhu.track import judged
from zizhu.web import answers
from zizhu.web.answers import Answers, address
from zizhu.web.app import create_app
from zizhu.web.shapes import Answer, Drawing

CUT = {"sender": "TWN:C26", "receiver": "CHN"}
ASKED = (
    *(("depend/exposure", {"buyers": c, "each_industry": "true"}) for c in ("DEU", "JPN", "USA")),
    ("depend/markets", {"sellers": "TWN:C26"}),
    ("depend/extract", {"extracted": "TWN:C26"}),
    ("depend/paths", {"buyer": "CHN:C26"}),
    ("depend/points", {"buyer": "CHN:C26", "cut": "0.2"}),
    ("depend/network", {"countries": "CHN"}),
    ("depend/domestic", {"country": "CHN"}),
    ("depend/flags", {"importers": "EU27", "products": "284690"}),
    ("stress/what-if", CUT),
    ("stress/what-if", {"sender": "TWN", "receiver": "CHN"}),
    ("scorecard", {"country": "CHN"}),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("answers") / "ws"


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    place.mkdir()
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def cut(served: Served) -> Any:
    said = served.get("stress/what-if", **CUT, width=720)
    served.post(f"runs/{said['run']['id']}/keep", {})
    return said


def test_the_scorecard_is_what_the_verb_answers(served: Served, place: Path) -> None:
    today = date.today().isoformat()
    said = served.get("scorecard", country="China", as_of=today)
    ws = Workspace(place)
    own = judged.solve(judged.load(ws, judged.Params(country="CHN", as_of=today)))
    assert said["columns"] == own.table().columns
    assert said["rows"] == json.loads(json.dumps([list(r) for r in own.table().rows()]))
    assert said["run"] == own.run.model_dump(mode="json")


def test_answers_are_what_their_description_says(served: Served, cut: Any) -> None:
    for said in (served.get("scorecard"), cut):
        assert Answer.model_validate(said, strict=False).run.id == said["run"]["id"]


def test_a_table_that_nobody_named_is_chosen(cut: Any, place: Path) -> None:
    ws = Workspace(place)
    params = what_if.Params(table="icio-2022", **CUT)
    own = what_if.solve(what_if.load(ws, params))
    assert cut["run"]["id"] == own.run.id
    assert cut["run"]["output"] == own.run.output


def test_the_run_of_an_answer_is_kept(cut: Any, place: Path, served: Served) -> None:
    assert Workspace(place).load_run(cut["run"]["id"]).output == cut["run"]["output"]
    again = served.get(f"runs/{cut['run']['id']}")
    assert (again["rows"], again["run"]) == (cut["rows"], cut["run"])


def test_a_number_opens_into_the_parts_that_the_library_finds(cut: Any, place: Path, served: Served) -> None:
    row = next(r for r in cut["rows"] if r[:3] == ["receiver", "CHN", "C26"])
    ref = f"run:{cut['run']['id']}#{'|'.join(row[:3])},direct"
    said, own = served.get("trace", ref=ref, top=7), trace(Workspace(place), ref, 7)
    assert said["value"] == row[cut["columns"].index("direct")] == own.value
    assert [p["ref"] for p in said["parts"]] == [p.ref for p in own.parts]
    assert said["sources"] == [s.model_dump(mode="json") for s in own.sources]


def test_a_figure_stands_beside_the_rows_and_its_marks_open(cut: Any, served: Served) -> None:
    drawn = Drawing.model_validate(cut["figure"])
    total = next(r for r in cut["rows"] if r[:3] == ["receiver", "CHN", "TOTAL"])
    ref = f"run:{cut['run']['id']}#{'|'.join(total[:3])},all_tiers"
    assert address(ref) in json.dumps(drawn.spec)
    assert served.get(f"runs/{cut['run']['id']}/figure") == cut["figure"]


@pytest.mark.slow
def test_a_figure_is_drawn_once_for_a_width(cut: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = answers.drawing
    monkeypatch.setattr(
        answers, "drawing", lambda r, width, name: drawn.append(width) or draw(r, width, name)
    )
    client = TestClient(create_app(place), base_url="http://localhost")
    figure = f"/api/runs/{cut['run']['id']}/figure"
    first = client.get(figure, params={"width": 720})
    assert first.json() == client.get(figure).json() == cut["figure"]
    assert client.get(figure, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.get(figure, params={"width": 400}).json() != cut["figure"]
    assert drawn == [720, 400]
    assert client.get(figure, params={"drawing": "none"}).status_code == 422


def test_a_kept_figure_is_that_of_the_answer_as_it_stands(
    cut: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, run = Answers.of(Workspace(place)), Run.model_validate(cut["run"])
    monkeypatch.setattr(Answers, "of_run", Mock())
    for output in ("first", "second"):
        monkeypatch.setattr(answers, "drawing", lambda *_, of=output: {"of": of})
        again = run.model_copy(update={"output": output})
        assert json.loads(made.figure(again, 720, "").plain) == {"of": output}


@pytest.mark.parametrize(
    ("form", "begins"),
    [("csv", b"side,country"), ("svg", b"<svg"), ("png", b"\x89PNG"), ("vl.json", b"{")],
    ids=["csv", "svg", "png", "vega-lite"],
)
def test_an_answer_goes_to_a_file(cut: Any, served: Served, form: str, begins: bytes) -> None:
    answer = served.client.get(f"/api/runs/{cut['run']['id']}/export.{form}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert f'filename="zizhu-{cut["run"]["id"]}.{form}"' in answer.headers["content-disposition"]
    if form == "csv":
        assert pl.read_csv(answer.content).height == len(cut["rows"])


def test_what_a_browser_has_is_not_sent_again(served: Served) -> None:
    first = served.client.get("/api/scorecard", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in first.headers
    again = served.client.get("/api/scorecard", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    request = served.client.build_request("GET", "/api/scorecard", headers={"Accept-Encoding": "gzip"})
    small = served.client.send(request, stream=True)
    raw = b"".join(small.iter_raw())
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == first.content


def test_products_may_be_words_and_lists_stand_beside(served: Served) -> None:
    said = served.get("depend/flags", importers=["CHN", "EU27"], products=["copper ores", "250410"], draws=20)
    assert {r[said["columns"].index("hs6")] for r in said["rows"]} == {"260300", "250410"}
    assert set(said["lists"]) == {"summary", "leverage"}
    assert {"importer", "preset"} <= set(said["lists"]["summary"]["columns"])


HOSTILE = {
    "unknown": ("scorecard", {"nothing": "1"}, 422),
    "no-such-country": ("scorecard", {"country": "XXZ"}, 422),
    "no-day": ("scorecard", {"as_of": "2026-13-45"}, 422),
    "a-path-for-a-table": ("stress/what-if", {**CUT, "table": "../../etc/passwd"}, 422),
    "a-file-for-a-preset": ("depend/flags", {"importers": "CHN", "presets": "/etc/passwd.yaml"}, 422),
    "quotes-in-sql": ("depend/suppliers", {"reporter": "CHN", "products": "'; DROP TABLE x; --"}, 422),
    "not-a-number": ("stress/what-if", {**CUT, "cut": "nan"}, 422),
    "a-huge-number": ("depend/suppliers", {"reporter": "CHN", "products": "260300", "first": "9" * 400}, 422),
    "too-wide": ("scorecard", {"width": "100000"}, 422),
    "null-byte": ("depend/domestic", {"country": "CH\0N"}, 422),
    "odd-letters": ("depend/domestic", {"country": "\ud7ff\U0010ffff"}, 422),
    "a-reference-of-nothing": ("trace", {"ref": "run:../../x#a,b"}, 422),
    "a-path-in-a-reference": ("trace", {"ref": "table:../../../etc@00#x"}, 422),
    "a-document-by-path": ("trace", {"ref": "doc:../../../etc/passwd#0-9"}, 422),
    "a-run-by-path": ("runs/..%2f..%2fworkspace", {}, 404),
    "no-run": ("runs/0123456789ab", {}, 404),
    "no-target": ("targets/T99999", {}, 404),
    "no-table": ("tables/nothing", {}, 404),
    "a-table-by-path": ("tables/..%2frefs", {}, 404),
    "no-source": ("sources/nothing", {}, 404),
    "no-document": (f"documents/{'0' * 64}", {}, 404),
    "a-document-that-is-no-digest": ("documents/passwd", {}, 422),
    "no-kind": ("register/kinds/nothings", {}, 404),
    "no-job": ("jobs/0123456789abcdef", {}, 404),
    "no-events": ("jobs/0123456789abcdef/events", {}, 404),
    "no-address": ("nothing/at/all", {}, 404),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_asked_is_said_to_the_person(served: Served, place: Path, case: str) -> None:
    path, params, status = HOSTILE[case]
    said = served.get(path, status, **params)
    assert said["problems"]
    assert all(p["what"] and p["where"] for p in said["problems"])
    assert str(place) not in json.dumps(said)


def test_all_problems_are_said_at_once(served: Served) -> None:
    said = served.get("stress/what-if", 422, cut="7", sender="CHN", nothing="1", width="9")
    assert {p["what"].partition(":")[0] for p in said["problems"]} == {"cut", "receiver", "nothing", "width"}


def test_what_the_data_cannot_answer_is_no_mistake(served: Served) -> None:
    assert served.get("depend/exposure", 422, buyers="CHN:C26", sources="VEN")["cannot"] is True
    assert served.get("depend/exposure", 422, buyers="CHN:C99")["cannot"] is False


def test_a_table_that_comes_underneath_is_seen(served: Served, place: Path) -> None:
    before = served.get("meta")
    assert served.get("tables/small", 404)["problems"]
    store(Workspace(root=place), random_table(5, 4, 4), sources=(next(iter(register.sources())),))
    assert served.get("meta")["state"] != before["state"]
    assert served.get("tables/small")["own"] is True
    first = served.get("stress/what-if", sender="DEU", receiver="USA", table="small", insist="true")
    store(Workspace(root=place), random_table(6, 4, 4), sources=(next(iter(register.sources())),))
    then = served.get("stress/what-if", sender="DEU", receiver="USA", table="small", insist="true")
    assert first["run"]["inputs"] != then["run"]["inputs"]
    ref = f"run:{first['run']['id']}#{'|'.join(map(str, first['rows'][0][:3]))},direct"
    assert served.get("trace", ref=ref)["value"] == first["rows"][0][first["columns"].index("direct")]


def test_a_plan_of_ones_own_that_comes_underneath_is_seen(served: Served, place: Path) -> None:
    before = served.get("meta")["state"]
    folder = place / "register" / "mine"
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text("nothing: here", "utf-8")
    assert served.get("meta")["state"] != before
    assert served.get("register", 422)["problems"]
    (folder / "plan.yaml").unlink()
    folder.rmdir()
    assert served.get("register")


def test_the_register_is_told(served: Served) -> None:
    counts = {c["kind"]: c["records"] for c in served.get("register")}
    held = register.builtin()
    assert counts["targets"] == len(held.targets) == len(served.get("register/kinds/target")["rows"])
    assert served.get("targets/T002")["fields"]["id"] == "T002"
    assert "T010" in {h["id"] for h in served.get("register/search", words="robots")}
    assert served.get("register/diff", a="13fyp", b="14fyp")["steps"]
    assert served.get("register/records/MIC2025")["sections"]


def test_sources_and_products_are_told(served: Served) -> None:
    assert {e["id"] for e in served.get("sources")} >= {"baci", "oecd-icio"}
    assert served.get("sources/baci")["licence"]
    listed = {p["hs6"] for p in served.get("tables/baci-raw-materials/products")}
    assert "260300" in listed
    assert served.get("products/260300")["name"]
    assert served.get("vocabulary")["countries"]


@pytest.mark.slow
def test_what_is_asked_at_once_is_answered_as_if_alone(served: Served, tmp_path: Path) -> None:
    alone = [served.get(path, **about)["rows"] for path, about in ASKED]
    (tmp_path / "ws").mkdir()
    with serving(tmp_path / "ws") as other, ThreadPoolExecutor(len(ASKED)) as people:
        at_once = list(people.map(lambda asked: other.get(asked[0], **asked[1])["rows"], ASKED))
    assert [rows for rows in alone if not rows] == []
    assert at_once == alone
