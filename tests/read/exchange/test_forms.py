"""The flat form, the CSV file and Label Studio's tasks: out, in again and through the gate."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from copy import deepcopy
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from read.exchange.anyclaim import HOSTILE, claims
from read.gate.made import document
from zizhu.ledger.claims import Bound, Claim, ClaimKind, Extractor
from zizhu.read.exchange import flat, label_studio, sheet
from zizhu.read.gate.admit import admitted
from zizhu.read.gate.readings import Readings
from zizhu.read.model import Candidate, Context, TimeOf
from zizhu.vocab.problems import ZizhuError

TEXT = (
    "😀 Norway wants at least 62.5% of its ferries to be electric by 2032, said the minister. In 2024 it had 85 "
    "electric ferries. It does not subsidise =cmd ferries. Between 5 and 10 per cent of the €2.4 billion came from "
    "Bergen in 2019. 到2032年，渡轮产量将达到30万艘以上。"
)
DOC = document(TEXT, "und")
BY = Extractor(name="a person", version="1")
READ = Readings(DOC, Context())


def _claims() -> tuple[Claim, ...]:
    """One claim a number of the text, with the dates of its sentence, and some without a number."""
    made = []
    for sentence in [s for s in TEXT.replace("。", ". ").split(". ") if s]:
        start = TEXT.index(sentence)
        span = READ.aligner.aligned(sentence).span
        assert span is not None
        times = tuple(
            TimeOf(w, "deadline" if w.edtf == "2032" else "observation") for w in READ.dates_in(span)
        )
        base = Candidate(
            sentence, "target", "planned", start, subject="Norway", times=times, plans=("a", "b")
        )
        made += [Candidate(**{**vars(base), "number": n, "indicator": n.unit}) for n in READ.numbers_in(span)]
        made.append(
            Candidate(**{**vars(base), "object": ("x", "=y"), "sectors": ("boats",), "polarity": "negated"})
        )
    result = admitted(DOC, made, BY)
    assert result.rejected == ()
    assert len(result.claims) == len(made) > 8
    return result.claims


CLAIMS = _claims()
LOST = {"polarity", "confidence", "review"}


def _again(candidates: tuple[Candidate, ...]) -> tuple[Claim, ...]:
    result = admitted(DOC, candidates, BY)
    assert result.rejected == ()
    return result.claims


def test_the_flat_form_comes_back_through_the_gate() -> None:
    rows = [flat.flat(c) for c in CLAIMS]
    back = _again(flat.candidates(json.loads(json.dumps(rows)), READ))
    assert [c.id for c in back] == [c.id for c in CLAIMS]
    for was, now in zip(CLAIMS, back, strict=True):
        assert now.model_dump(exclude=LOST) == was.model_dump(exclude=LOST)


def test_units_of_counts_are_bare_nouns_and_quotes_stand_at_their_offsets() -> None:
    rows = [flat.flat(c) for c in CLAIMS]
    assert {"percent", "ferry", "EUR"} <= {r["unit"] for r in rows}
    for row in rows:
        assert TEXT[row["start"] : row["end"]] == row["quote"]
        if row["value_start"] is not None:
            assert TEXT[row["value_start"] : row["value_end"]] == row["value_quote"]
    assert next(r for r in rows if r["value_low"] is not None)["value"] is None
    assert {r["deadline"] for r in rows} == {"2032", None}


def test_the_sheet_comes_back_as_the_flat_form() -> None:
    rows = sheet.read_sheet(sheet.sheet(CLAIMS), "claims.csv")
    kept = set(flat.flat(CLAIMS[0]))
    assert [{k: v for k, v in row.items() if k in kept} for row in rows] == [flat.flat(c) for c in CLAIMS]


@pytest.mark.slow
@given(st.lists(claims, min_size=1, max_size=3))
@examples(80)
def test_no_cell_of_a_sheet_is_run_and_every_text_comes_back(made: list[Claim]) -> None:
    text = sheet.sheet(made)
    for row in csv.DictReader(io.StringIO(text, newline="")):
        for column, cell in row.items():
            assert column in sheet.NUMBERS or cell[:1] not in set("=+-@\t\r\n＝＋－＠")
    expected = [{k: v or (v if v == 0 else None) for k, v in flat.flat(c).items()} for c in made]
    for row, wanted in zip(sheet.read_sheet(text, "claims.csv"), expected, strict=True):
        assert {k: row[k] for k in wanted} == wanted


def test_cells_that_are_no_numbers_are_named() -> None:
    text = (
        sheet.sheet(CLAIMS)
        .replace("62.5,", "many,")
        .replace(f",{CLAIMS[0].evidence[0].position.start},", ",x,")
    )
    with pytest.raises(ZizhuError, match="value 'many' is no number") as raised:
        sheet.read_sheet(text, "claims.csv")
    assert len(raised.value.problems) > 1
    with pytest.raises(ZizhuError, match="no CSV"):
        sheet.read_sheet('id\n"a"b', "claims.csv")


def _exported(**annotation: Any) -> list[dict[str, Any]]:
    """An export of the task in which somebody accepted all, changed by `annotation`."""
    tasks: list[dict[str, Any]] = json.loads(label_studio.task(DOC, CLAIMS))
    results = [r for p in tasks[0]["predictions"] for r in p["result"]]
    made = {
        "result": deepcopy(results),
        "completed_by": {"email": "r@example.org"},
        "updated_at": "2026-02-03",
    }
    tasks[0]["annotations"] = [made | annotation]
    return tasks


def _returned(tasks: Any) -> label_studio.Returned:
    return label_studio.returned(json.dumps(tasks), READ, "export.json")


def test_regions_that_stand_are_accepted_claims() -> None:
    back = _returned(_exported())
    assert back.candidates == ()
    assert {key: (r.status, r.by, r.at) for key, r in back.reviews.items()} == {
        c.id: ("accepted", "r@example.org", "2026-02-03") for c in CLAIMS
    }


def test_regions_of_a_person_are_the_claims_they_were() -> None:
    tasks = _exported()
    tasks[0]["predictions"] = []
    back = _returned(tasks)
    assert back.reviews == {}
    claims_again = _again(back.candidates)
    assert [c.model_dump(exclude={"confidence"}) for c in claims_again] == [
        c.model_dump(exclude={"confidence"}) for c in CLAIMS
    ]


def test_a_region_that_is_gone_or_changed_is_a_review() -> None:
    first, second = CLAIMS[0].id, CLAIMS[1].id
    tasks = _exported()
    results = [r for r in tasks[0]["annotations"][0]["result"] if r["id"] != first]
    for result in results:
        if result["id"] == second and result["from_name"] == "kind":
            result["value"]["labels"] = ["actual"]
        if result["id"] == second and result["from_name"] == "plans":
            result["value"]["text"] = ["c"]
    results = [r for r in results if (r["id"], r["from_name"]) != (second, "subject")]
    tasks[0]["annotations"][0]["result"] = results
    back = _returned(tasks)
    assert back.reviews[first].status == "rejected"
    assert back.reviews[second].status == "edited"
    assert back.reviews[second].changes == {"kind": "actual", "plans": ["c"], "subject": None}
    assert [r.status for key, r in back.reviews.items() if key not in (first, second)] == ["accepted"] * (
        len(CLAIMS) - 2
    )
    assert [(c.kind, c.plans, c.subject) for c in back.candidates] == [("actual", ("c",), "")]


def test_the_last_annotation_counts_and_cancelled_ones_do_not() -> None:
    tasks = _exported()
    full = tasks[0]["annotations"][0]
    tasks[0]["annotations"] = [
        full | {"result": [], "updated_at": "2026-03-01"},
        full,
        full | {"result": [], "updated_at": "2026-04-01", "was_cancelled": True},
    ]
    assert {r.status for r in _returned(tasks).reviews.values()} == {"rejected"}
    tasks[0]["annotations"] = []
    assert _returned(tasks) == label_studio.Returned((), {})


def test_an_annotated_lie_does_not_pass_the_gate() -> None:
    tasks = _exported()
    for result in tasks[0]["annotations"][0]["result"]:
        if result["from_name"] == "value":
            result["value"]["text"] = ["63.5"]
    refused = admitted(DOC, _returned(tasks).candidates, BY)
    assert refused.claims == ()
    assert {r.reason for r in refused.rejected} == {"value"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '[{"data": {"text": "another"}}]', '[{"data": {}}]', "[" * 100_000],
    ids=["nothing", "broken", "number", "another text", "no text", "deep"],
)
def test_what_is_no_export_of_this_document_is_refused(text: str) -> None:
    with pytest.raises(ZizhuError):
        label_studio.returned(text, READ, "export.json")


def test_a_task_holds_hostile_texts_as_data() -> None:
    doc = document(" ".join(HOSTILE))
    (task,) = json.loads(label_studio.task(doc, []))
    assert task["data"]["text"] == doc.text


def test_the_interface_offers_every_kind_and_comparator() -> None:
    view = ET.fromstring(label_studio.interface())
    assert [e.attrib["value"] for e in view.iter("Label")] == list(get_args(ClaimKind))
    choices = {e.attrib["name"]: [c.attrib["value"] for c in e] for e in view.iter("Choices")}
    assert choices["comparator"] == list(get_args(Bound))
    assert {e.attrib["name"] for e in view.iter("TextArea")} == set(label_studio.TEXTS)
