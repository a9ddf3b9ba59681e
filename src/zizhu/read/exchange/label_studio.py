"""Claims as predictions of a Label Studio task, and what annotators made of them: new candidates and reviews.

A claim is a region with its id: the kind is its label, every other field a choice or a text of the region. Offsets are
code points, as Label Studio has stored them since 2021; where an export says otherwise, the text of the region decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from zizhu.ledger.claims import Bound, Claim, ClaimKind, Modality, Polarity, Review, Role
from zizhu.read.exchange import proposals
from zizhu.read.gate.readings import Readings
from zizhu.read.model import Candidate, Document
from zizhu.vocab.problems import Problem, ZizhuError

CHOICES = {"modality": get_args(Modality), "polarity": get_args(Polarity), "comparator": get_args(Bound)}
TEXTS = (
    "subject", "predicate", "object", "indicator", "value", "low", "high", "unit", "times", "geography", "sectors",
    "plans", "speaker",
)  # fmt: skip
SEVERAL = ("object", "times", "geography", "sectors", "plans")
Fields = dict[str, Any]
"""The fields of a region: one text, or a tuple of texts for those of SEVERAL; what is empty is left out."""


@dataclass(frozen=True)
class Returned:
    """What annotators say of a document: regions that are new or changed, and a review of each predicted claim."""

    candidates: tuple[Candidate, ...]
    reviews: Mapping[str, Review]


def interface() -> str:
    """The labelling interface (XML) that the tasks need."""
    labels = "".join(f'<Label value="{kind}"/>' for kind in get_args(ClaimKind))
    choices = "".join(
        f'<Header value="{name}"/><Choices name="{name}" toName="text" perRegion="true">'
        + "".join(f'<Choice value="{_escaped(option)}"/>' for option in options)
        + "</Choices>"
        for name, options in CHOICES.items()
    )
    texts = "".join(
        f'<Header value="{name}"/><TextArea name="{name}" toName="text" perRegion="true" editable="true"'
        f' maxSubmissions="{20 if name in SEVERAL else 1}"/>'
        for name in TEXTS
    )
    return (
        f'<View><Labels name="kind" toName="text">{labels}</Labels>'
        f'<Text name="text" value="$text"/>{choices}{texts}</View>'
    )


def _escaped(option: str) -> str:
    return option.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def task(document: Document, claims: Iterable[Claim]) -> str:
    """The import file (JSON) of one task: the document's text, and its claims as one prediction an extractor."""
    by_extractor: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        made_by = f"{claim.extractor.name} {claim.extractor.version}"
        by_extractor.setdefault(made_by, []).extend(_region(claim))
    shown = {"text": document.text, "document": document.id, "name": document.name}
    predictions = [{"model_version": name, "result": result} for name, result in by_extractor.items()]
    return json.dumps([{"data": shown, "predictions": predictions}], ensure_ascii=False)


def _region(claim: Claim) -> Iterator[dict[str, Any]]:
    where = claim.evidence[0]
    place = {"start": where.position.start, "end": where.position.end}
    same = {"id": claim.id, "to_name": "text"}
    labelled = {**place, "text": where.quote.exact, "labels": [claim.kind]}
    yield {**same, "from_name": "kind", "type": "labels", "value": labelled}
    for name, value in _fields(claim).items():
        if name in CHOICES:
            chosen = {**place, "choices": [value]}
            yield {**same, "from_name": name, "type": "choices", "value": chosen}
        else:
            written = {**place, "text": list(value) if name in SEVERAL else [value]}
            yield {**same, "from_name": name, "type": "textarea", "value": written}


def _fields(claim: Claim) -> Fields:
    quantity = claim.quantity
    number = {name: getattr(quantity, name) for name in proposals.NUMBER} if quantity else {}
    said: Fields = {
        "modality": claim.modality,
        "polarity": claim.polarity,
        "comparator": quantity.comparator if quantity else None,
        "unit": quantity.unit if quantity else None,
        **{name: None if v is None else repr(v) for name, v in number.items()},
        **{name: getattr(claim, name) for name in TEXTS if name in Claim.model_fields},
        "times": tuple(f"{t.role} {t.edtf}" for t in claim.times),
    }
    return {name: said[name] for name in (*CHOICES, *TEXTS) if said.get(name)}


def returned(text: str, readings: Readings, where: str) -> Returned:
    """What an export (JSON) says of the document of `readings`: of each task the annotation that was made last.

    A predicted region that is gone is a rejected claim, one that stands as it was an accepted one, and one that was
    changed an edited one, with the fields that it has now. Raises ZizhuError for what is no export of this document.
    """
    candidates: list[Candidate] = []
    reviews: dict[str, Review] = {}
    for number, item in enumerate(_tasks(text, where), start=1):
        try:
            _check_text(item, readings.document)
            _read(item, readings, candidates, reviews)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            problem = Problem("is not a task of this document", f"{where}, task {number}", _EXPECTED, _REMEDY)
            raise ZizhuError(problem) from error
    return Returned(tuple(candidates), reviews)


_EXPECTED = "a task as `zizhu` writes it, exported as JSON with predictions"
_REMEDY = "Export the project again, with the document that it was made of."


def _tasks(text: str, where: str) -> list[Any]:
    try:
        tasks = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ZizhuError(Problem("no JSON", where, _EXPECTED, _REMEDY)) from error
    return tasks if isinstance(tasks, list) else [tasks]


def _check_text(item: Mapping[str, Any], document: Document) -> None:
    if item["data"]["text"] != document.text:
        raise ValueError("another text")


def _read(
    item: Mapping[str, Any], readings: Readings, candidates: list[Candidate], reviews: dict[str, Review]
) -> None:
    predicted = _regions(r for p in item.get("predictions") or () for r in p["result"])
    made = [a for a in item.get("annotations") or () if not a.get("was_cancelled")]
    if not made:
        return
    last = max(made, key=lambda a: str(a.get("updated_at") or ""))
    kept = _regions(last["result"])
    signed = {"by": _person(last.get("completed_by")), "at": str(last.get("updated_at") or "")}
    for key, was in predicted.items():
        now = kept.get(key)
        changes = {} if now is None else _changes(was, now)
        status = "rejected" if now is None else "edited" if changes else "accepted"
        reviews[key] = Review(status=status, changes=changes, **signed)
    fresh = (now for key, now in kept.items() if predicted.get(key) != now)
    candidates.extend(proposals.candidate(_proposed(f, readings.document), readings) for f in fresh)


def _person(by: Any) -> str:
    return str(by.get("email") or by.get("id") or "") if isinstance(by, dict) else str(by or "")


def _changes(was: Fields, now: Fields) -> Fields:
    """The fields that differ, as they are now; None where one was emptied."""
    differing = {name: now.get(name) for name in (*was, *now) if was.get(name) != now.get(name)}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in differing.items()}


def _regions(results: Iterable[Mapping[str, Any]]) -> dict[str, Fields]:
    """The fields of every labelled region by its id."""
    found: dict[str, Fields] = {}
    for result in results:
        region, value, name = found.setdefault(str(result["id"]), {}), result["value"], result["from_name"]
        if result["type"] == "labels":
            region |= {"kind": str(value["labels"][0]), "start": value["start"], "end": value["end"]}
            region |= {"quote": str(value["text"])} if value.get("text") else {}
        elif result["type"] in ("choices", "textarea"):
            texts = tuple(map(str, value["choices" if result["type"] == "choices" else "text"]))
            region[name] = texts if name in SEVERAL else texts[0]
    return {key: region for key, region in found.items() if "kind" in region}


def _proposed(region: Fields, document: Document) -> Fields:
    start, end = (proposals.offset(region[side]) for side in ("start", "end"))
    times = [_time(written) for written in region.get("times", ())]
    return {
        **region,
        "start": start,
        "quote": region.get("quote") or document.text[start:end],
        "times": times,
    }


def _time(written: str) -> tuple[str, Role]:
    """`deadline 2025`; a date alone is that of an observation."""
    role, _, edtf = written.strip().rpartition(" ")
    known: Any = role if role in get_args(Role) else "observation"
    return edtf, known
