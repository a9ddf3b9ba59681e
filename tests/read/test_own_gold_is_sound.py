"""The annotated documents agree with themselves: spans, values, dates, ids, pairs and the files set from them."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

GOLD = Path(__file__).parent / "gold"
SPLITS = ("held", "open")
STEMS = [(split, path.stem) for split in SPLITS for path in sorted((GOLD / split).glob("*.jsonl"))]
each_document = pytest.mark.parametrize(("split", "stem"), STEMS, ids=[stem for _, stem in STEMS])

MODALITIES = {
    "target": {"planned"},
    "actual": {"achieved", "estimated", "criticised", "planned"},
    "forecast": {"estimated", "criticised"},
    "policy_event": {"achieved", "planned"},
    "attribution": {"asserted", "achieved", "criticised"},
    "ranking": {"achieved", "asserted", "planned"},
    "relation": {"asserted", "planned", "criticised"},
}
COMPARATORS = {"=", "about", ">", ">=", "<", "<=", "under"}
CONFLICTS = {
    "agreement", "contradiction", "definition", "different_object", "restatement", "scope", "successor", "vintage",
}  # fmt: skip
DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
EDTF = re.compile(rf"{DATE}(/{DATE})?")


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def text_of(split: str, stem: str) -> str:
    return (GOLD / split / "documents" / f"{stem}.txt").read_bytes().decode("utf-8")


def claims_of(split: str) -> dict[str, dict[str, Any]]:
    found = [c for path in sorted((GOLD / split).glob("*.jsonl")) for c in records(path)]
    assert len({c["id"] for c in found}) == len(found)
    return {c["id"]: c for c in found}


def is_edtf(text: str) -> bool:
    first, _, last = text.partition("/")
    return EDTF.fullmatch(text) is not None and (not last or first <= last)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@each_document
def test_claims_stand_in_the_text(split: str, stem: str) -> None:
    text, claims = text_of(split, stem), records(GOLD / split / f"{stem}.jsonl")
    starts = {c["id"]: c["id"].startswith(stem[:3] + "-") for c in claims}
    assert len(starts) == len(claims) >= 15
    assert all(starts.values())
    for claim in claims:
        assert text[claim["start"] : claim["end"]] == claim["quote"] == claim["quote"].strip(), claim["id"]
        assert "\n\n" not in claim["quote"], claim["id"]


@each_document
def test_values_stand_in_their_quotes(split: str, stem: str) -> None:
    text = text_of(split, stem)
    for claim in records(GOLD / split / f"{stem}.jsonl"):
        where = (claim["value_start"], claim["value_end"], claim["value_quote"])
        numbers = [claim[name] for name in ("value", "value_low", "value_high") if claim[name] is not None]
        if claim["value_quote"] is None:
            assert where == (None, None, None), claim["id"]
            assert not numbers, claim["id"]
            assert claim["comparator"] is None, claim["id"]
            assert claim["unit"] is None, claim["id"]
            continue
        assert text[where[0] : where[1]] == where[2], claim["id"]
        assert claim["start"] <= where[0] < where[1] <= claim["end"], claim["id"]
        assert numbers == sorted(numbers) != [], claim["id"]
        assert (claim["value"] is None) == (claim["value_low"] is not None), claim["id"]
        assert claim["comparator"] in COMPARATORS, claim["id"]
        assert claim["unit"], claim["id"]


@each_document
def test_fields_follow_the_conventions(split: str, stem: str) -> None:
    for claim in records(GOLD / split / f"{stem}.jsonl"):
        assert claim["modality"] in MODALITIES[claim["kind"]], claim["id"]
        assert all(is_edtf(claim[name]) for name in ("period", "deadline") if claim[name]), claim["id"]
        assert re.fullmatch(r"[a-z0-9_]+", claim["indicator"]), claim["id"]
        assert claim["subject"], claim["id"]
        assert claim["geography"], claim["id"]
        assert claim["speaker"] is None or re.search("[A-Za-z]", claim["speaker"]), claim["id"]


@each_document
def test_mentions_cover_every_digit(split: str, stem: str) -> None:
    text, marks = text_of(split, stem), records(GOLD / split / "mentions" / f"{stem}.jsonl")
    for mark in marks:
        assert text[mark["start"] : mark["end"]] == mark["quote"], mark
        assert (mark["type"] == "DATE") == (mark["iso"] is not None), mark
        if mark["type"] == "QUANTITY":
            assert mark["unit"], mark
            assert (mark["value"] is None) != (mark["value_low"] is None), mark
        if mark["iso"]:
            assert is_edtf(mark["iso"]), mark
    assert all(a["end"] <= b["start"] for a, b in pairwise(marks))
    inside = {at for mark in marks for at in range(mark["start"], mark["end"])}
    assert [m.start() for m in re.finditer(r"\d", text) if m.start() not in inside] == []
    assert {"QUANTITY", "DATE"} <= {mark["type"] for mark in marks}


@each_document
def test_values_agree_with_the_mentions(split: str, stem: str) -> None:
    """Two annotations of one number: a claim's value is that of a quantity in its value span."""
    marks = [m for m in records(GOLD / split / "mentions" / f"{stem}.jsonl") if m["type"] != "DATE"]
    for claim in records(GOLD / split / f"{stem}.jsonl"):
        if claim["value_quote"] is None:
            continue
        low = claim["value"] if claim["value"] is not None else claim["value_low"]
        inside = [m for m in marks if m["start"] < claim["value_end"] and claim["value_start"] < m["end"]]
        values = [m["value"] if m["value"] is not None else m["value_low"] for m in inside]
        if not inside:  # "the fastest", "the most successful"
            assert (claim["kind"], claim["unit"]) == ("ranking", "rank"), claim["id"]
            continue
        assert any(v is not None and abs(v - low) <= 0.005 * abs(low) for v in values), claim["id"]


@each_document
def test_set_files_hold_the_quotes(split: str, stem: str) -> None:
    meta = json.loads((GOLD / split / "documents.json").read_text("utf-8"))[stem]
    assert is_edtf(meta["published"])
    assert all(
        meta[name] for name in ("publisher", "title", "evidence", "language", "genre", "layout", "file")
    )
    whole = squeezed(plain(GOLD / split / "documents" / meta["file"]))
    lost = [c["id"] for c in records(GOLD / split / f"{stem}.jsonl") if squeezed(c["quote"]) not in whole]
    assert not lost


@pytest.mark.parametrize("split", SPLITS)
def test_most_documents_have_traps(split: str) -> None:
    files = list((GOLD / split / "mentions").glob("*.jsonl"))
    held = [any(mark["type"] == "NEG" for mark in records(path)) for path in files]
    assert sum(held) >= 0.8 * len(files)


@pytest.mark.parametrize("split", SPLITS)
def test_pairs_name_claims_of_their_split(split: str) -> None:
    claims = claims_of(split)
    with (GOLD / split / "conflicts.csv").open(encoding="utf-8", newline="") as lines:
        pairs = list(csv.DictReader(lines))
    assert len(pairs) >= 15
    assert len({frozenset((p["claim_a"], p["claim_b"])) for p in pairs}) == len(pairs)
    for pair in pairs:
        assert pair["conflict_type"] in CONFLICTS, pair
        assert pair["claim_a"] != pair["claim_b"], pair
        assert {pair["claim_a"], pair["claim_b"]} <= claims.keys(), pair
        assert all(pair.values()), pair


def test_halves_hold_both_languages_and_enough_of_each_kind() -> None:
    languages = {
        split: [
            m["language"] for m in json.loads((GOLD / split / "documents.json").read_text("utf-8")).values()
        ]
        for split in SPLITS
    }
    assert {split: (found.count("en"), found.count("zh")) for split, found in languages.items()} == {
        "open": (9, 3),
        "held": (10, 4),
    }
    for split in SPLITS:
        claims = list(claims_of(split).values())
        assert {c["kind"] for c in claims} == MODALITIES.keys()
        assert sum(c["kind"] == "target" and c["deadline"] is not None for c in claims) >= 25


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def plain(path: Path) -> str:
    """All words of a file in reading order, without the lines that a PDF repeats on its pages."""
    if path.suffix == ".html":
        reader = _Words()
        reader.feed(path.read_text("utf-8"))
        return " ".join(reader.words)
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return "".join(
                re.findall(r"<w:t[^>]*>([^<]*)</w:t>", archive.read("word/document.xml").decode("utf-8"))
            )
    if path.suffix == ".pdf":
        return _pdf_words(path)
    return path.read_text("utf-8")


def _pdf_words(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        pages = []
        for page in document:
            layer = page.get_textpage()
            pages.append(layer.get_text_bounded().splitlines()[2:])  # header and page number come first
            layer.close()
            page.close()
    finally:
        document.close()
    assert len(pages) > 1
    return " ".join(line for lines in pages for line in lines)
