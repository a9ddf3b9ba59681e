"""Links against pairs of claims that a reader marked: in documents of our own, and in five others where these are."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from zizhu.ledger.claims import CONTEXT, Claim, Extractor, Link, Position, Quantity, Quote, Selector, Time
from zizhu.read import conflicts, kept
from zizhu.read.linking import linked
from zizhu.read.linking.said import place
from zizhu.read.reading import Reading, read
from zizhu.store import Workspace

OPEN = Path(__file__).resolve().parents[1] / "gold" / "open"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "read"
SEEDS = SHARED.parent / "data" / "seeds"
KINDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(types.split())
    for kind, types in {
        "contradiction": "contradicts",
        "agreement": "corroborates same_fact",
        "duplicate": "corroborates same_fact",
        "identity": "same_fact",
        "restatement": "restates",
        "definition": "different_definition",
        "different_object": "different_scope",
        "scope": "different_scope",
        "coverage": "different_scope",
        "source_simplification": "different_scope",
        "date": "different_definition different_scope different_vintage",
        "temporal": "different_vintage",
        "vintage": "different_vintage supersedes",
        "successor": "supersedes",
    }.items()
}
"""What readers call a pair, and the types of links that say so."""


def several(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,) if value else ()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def quantity(row: Mapping[str, Any]) -> Quantity | None:
    if all(row[end] is None for end in ("value", "value_low", "value_high")):
        return None
    unit = row["unit"] or "count"
    plain = unit.isupper() or unit in ("percent", "percentage_point", "ratio", "rank", "year")
    return Quantity(
        value=row["value"],
        low=row["value_low"],
        high=row["value_high"],
        comparator=row["comparator"] or "=",
        unit=unit if plain else f"count:{unit}",
        as_written=row["value_quote"] or str(row["value"]),
    )


def times(row: Mapping[str, Any]) -> tuple[Time, ...]:
    roles = {"period": "event" if row["kind"] == "policy_event" else "observation", "deadline": "deadline"}
    return tuple(
        Time(edtf=row[column], as_written="", role=role)  # type: ignore[arg-type]
        for column, role in roles.items()
        if row[column]
    )


def marked(row: Mapping[str, Any], text: str, source: str, head: Mapping[str, Any]) -> Claim:
    start, end = row["value_start"], row["value_end"]
    subject = row["subject"] or ""
    evidence = Selector(
        source=source,
        sha256=source,
        quote=Quote(
            exact=row["quote"],
            prefix=text[max(0, row["start"] - CONTEXT) : row["start"]],
            suffix=text[row["end"] : row["end"] + CONTEXT],
        ),
        position=Position(start=row["start"], end=row["end"]),
        value_position=None if start is None else Position(start=start, end=end),
        status="exact",
    )
    return Claim(
        id=digest(row["id"])[:16],
        kind=row["kind"],
        subject=f"country:{place(subject[8:])}" if subject.startswith("country:") else subject,
        indicator=row["indicator"],
        object=several(row["object"]) or None,
        quantity=quantity(row),
        times=times(row),
        geography=several(row["geography"]),
        sectors=several(row["sector"]),
        plans=several(row["plan"]),
        modality=row["modality"],
        speaker=row["speaker"],
        reported_by=head["publisher"],
        said_on=head.get("published") or head.get("published_inferred"),
        evidence=(evidence,),
        extractor=Extractor(name="a reader", version="1"),
    )


def text_of(folder: Path, stem: str) -> str:
    """The text that the offsets of a document count in."""
    texts = folder / "documents"
    return ((texts if texts.is_dir() else SEEDS) / f"{stem}.txt").read_bytes().decode()


def links(folder: Path) -> dict[frozenset[str], Link]:
    """The links between all marked claims of a folder, by the ids that the reader gave them."""
    heads = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    claims: dict[str, Claim] = {}
    for file in sorted(folder.glob("*.jsonl")):
        text = text_of(folder, file.stem)
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            claims[row["id"]] = marked(row, text, digest(file.stem), heads[file.stem])
    names = {c.id: name for name, c in claims.items()}
    return {frozenset((names[k.a], names[k.b])): k for k in linked(claims.values())}


def found(folder: Path, conflicts: Path, kind: str = "") -> tuple[int, int]:
    """How many marked pairs have a link of a fitting type, and how many pairs there are."""
    have = links(folder)
    with conflicts.open(encoding="utf-8", newline="") as file:
        pairs = [r for r in csv.DictReader(file) if r["conflict_type"] == kind or not kind]
    types = [(have.get(frozenset((r["claim_a"], r["claim_b"]))), KINDS[r["conflict_type"]]) for r in pairs]
    return sum(link is not None and link.type in fitting for link, fitting in types), len(pairs)


def test_pairs_of_our_own_documents_are_found() -> None:
    hits, pairs = found(OPEN, OPEN / "conflicts.csv")
    assert hits / pairs >= 0.4


def test_every_restatement_of_our_own_documents_is_found() -> None:
    hits, pairs = found(OPEN, OPEN / "conflicts.csv", "restatement")
    assert hits == pairs


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no marked documents in {SHARED}")
def test_pairs_of_other_documents_are_found() -> None:
    hits, pairs = found(SHARED / "gold", SHARED / "conflicts.csv")
    assert hits / pairs >= 0.7


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no marked documents in {SHARED}")
def test_contradictions_of_other_documents_are_shown() -> None:
    hits, pairs = found(SHARED / "gold", SHARED / "conflicts.csv", "contradiction")
    assert hits >= pairs - 1


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no documents in {SEEDS}")
def test_contradictions_are_shown_when_the_documents_are_read(tmp_path: Path) -> None:
    workspace = Workspace(root=tmp_path / "workspace")
    assert all(isinstance(r, Reading) for r in read([str(SEEDS)], workspace))
    result = conflicts.solve(conflicts.load(workspace, conflicts.Params(types=("contradicts",))))
    stems = {head.id: Path(head.name).stem for head in kept.heads(workspace)}
    shown = [
        {(stems[sha], int(start), int(end)) for sha, start, end in (_place(row[f"ref_{s}"]) for s in "ab")}
        for row in result.frame.iter_rows(named=True)
    ]
    missed = [pair for pair in _marked_contradictions() if not any(_same(pair, places) for places in shown)]
    assert missed == []
    assert all(result.frame["reason"].to_list())


def _place(ref: str) -> tuple[str, str, str]:
    document, _, span = ref.removeprefix("doc:").partition("#")
    start, _, end = span.partition("-")
    return document, start, end


def _same(pair: tuple[dict[str, Any], dict[str, Any]], places: set[tuple[str, int, int]]) -> bool:
    """Whether each of two marked claims shares words with another one of the places."""
    return all(
        any(stem == row["stem"] and start < row["end"] and row["start"] < end for stem, start, end in places)
        for row in pair
    )


def _marked_contradictions() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of marked claims that contradict one another, each with the stem of its document."""
    rows = {
        row["id"]: {**row, "stem": file.stem}
        for file in sorted((SHARED / "gold").glob("*.jsonl"))
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    }
    with (SHARED / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        pairs = [r for r in csv.DictReader(file) if r["conflict_type"] == "contradiction"]
    return [(rows[r["claim_a"]], rows[r["claim_b"]]) for r in pairs]
