"""Claims of the built-in extractors, on sentences made for the purpose.

`sentences.csv` holds sentences with the claims that a reader finds in them. The `tuned` half was looked at while the
rules were written, the `held` half was not.
"""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from zizhu.read.gate.admit import admitted
from zizhu.read.model import Candidate, Context, Document, Layer
from zizhu.read.rules.extractor import CHINESE, ENGLISH, for_language

ANCHOR = Context("2024-11-15")


def document(text: str, language: str = "en") -> Document:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(digest, "made", "text/plain", Layer("raw", text, digest), language)


def claims(text: str, language: str = "en", context: Context = ANCHOR) -> list[Candidate]:
    rules = CHINESE if language == "zh" else ENGLISH
    return list(rules.extract(document(text, language), context))


@cache
def expected() -> list[list[dict[str, str]]]:
    with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8") as file:
        return [list(group) for _, group in groupby(csv.DictReader(file), lambda r: r["id"])]


def matching(row: dict[str, str], found: list[Candidate]) -> Candidate | None:
    """The candidate with the value of a row, else of its kind over its quote, else any over it."""
    start = row["text"].index(row["quote"])
    over = [
        c
        for c in found
        if c.start is not None and c.start < start + len(row["quote"]) and start < c.start + len(c.quote)
    ]
    if row["value"]:
        return next(
            (c for c in over if c.number and c.number.value == pytest.approx(float(row["value"]))), None
        )
    return next((c for c in over if c.kind == row["kind"]), over[0] if over else None)


def share(half: str, field: str) -> float:
    """The share of the rows of a half with this field filled whose candidate agrees in it."""
    hits = asked = 0
    for group in expected():
        rows = [r for r in group if r["half"] == half and r[field]]
        found = claims(group[0]["text"], group[0]["language"]) if rows else []
        asked += len(rows)
        hits += sum(agrees(r, matching(r, found), field) for r in rows)
    return hits / asked


def agrees(row: dict[str, str], found: Candidate | None, field: str) -> bool:
    if found is None:
        return False
    dates = {t.when.edtf for t in found.times if (t.role == "deadline") == (field == "deadline")}
    has = {
        "kind": [found.kind],
        "modality": [found.modality],
        "geography": list(found.geography),
        "deadline": list(dates),
        "period": list(dates),
        "comparator": [found.number.comparator] if found.number else [],
        "speaker": [found.speaker] if found.speaker and row["speaker"] in found.speaker else [],
    }[field]
    return row[field] in has or (field == "speaker" and bool(has))


@pytest.mark.parametrize(
    ("half", "field", "least"),
    [
        ("tuned", "kind", 0.88),
        ("held", "kind", 0.9),
        ("tuned", "deadline", 0.95),
        ("held", "deadline", 0.7),
        ("tuned", "period", 0.85),
        ("held", "period", 0.75),
        ("tuned", "geography", 0.85),
        ("held", "geography", 0.8),
        ("held", "modality", 0.85),
        ("held", "speaker", 0.7),
    ],
)
def test_fields_agree(half: str, field: str, least: float) -> None:
    assert share(half, field) >= least


@pytest.mark.parametrize(
    ("text", "kind", "role", "date"),
    [
        ("Norway aims to halve emissions by 2030.", "target", "deadline", "2030"),
        ("Peru produced 2 million tonnes in 2019.", "actual", "observation", "2019"),
        ("Ghana imposed a 10% tariff on steel in 2021.", "policy_event", "event", "2021"),
        ("Sales will probably reach 5 million cars in 2027.", "forecast", "observation", "2027"),
        ("The share fell to 12% in 2020 from 15% in 2010.", "actual", "observation", "2020"),
    ],
    ids=["target", "actual", "act", "forecast", "baseline-apart"],
)
def test_dates_have_roles(text: str, kind: str, role: str, date: str) -> None:
    found = next(c for c in claims(text) if c.number)
    assert found.kind == kind
    assert [(t.role, t.when.edtf) for t in found.times][:1] == [(role, date)]


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Chile's Lithium Strategy 2035 builds on the Mining Policy 2020.", "builds_on"),
        ("The Export Law of 2020 was inspired by the Trade Act of 1974.", "inspired_by"),
        ("Kenya's Green Growth Plan is part of Vision 2030.", "part_of"),
        ("The Solar Subsidy Scheme replaces the Clean Power Plan.", "succeeds"),
        ("Lina Osei is a fellow at the Accra Trade Institute.", "affiliated_with"),
    ],
)
def test_relations(text: str, predicate: str) -> None:
    assert [c.predicate for c in claims(text) if c.kind == "relation"] == [predicate]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Mills are closing in Ohio, said Ana Ruiz, an economist at the Lima Bank.", "Ana Ruiz"),
        ("According to the Oslo Steel Institute, Norway exports 40% of its steel.", "Oslo Steel Institute"),
        ("Ana Ruiz, president of the Lima Bank, said Peru lacks chip engineers.", "Ana Ruiz"),
        ("Ana Ruiz left in May. Ruiz said Peru relies on imports.", "Ana Ruiz"),
        ("Ana Ruiz warned of overcapacity. She said Peru relies on imports.", "Ana Ruiz"),
        ("Analysts say that Peru relies on imports.", "Analysts"),
    ],
)
def test_speakers(text: str, speaker: str) -> None:
    assert claims(text)[-1].speaker == speaker


def test_items_of_a_list_are_aims_when_its_opening_is() -> None:
    text = "Our objectives are:\n• to open 12 schools by 2031;\n• to cut dependence on imports."
    assert [(c.kind, c.number.value if c.number else None) for c in claims(text)] == [
        ("target", 12.0),
        ("target", None),
    ]


def test_sectors_listed_by_a_plan_are_claims_of_their_own() -> None:
    text = "The Growth Plan 2030 names three sectors: hydrogen; solar cells; and robotics."
    found = [c for c in claims(text) if c.predicate == "covers_sector" and c.number is None]
    assert [c.sectors for c in found][-3:] == [("hydrogen",), ("solar_pv",), ("robotics",)]


def test_what_is_dated_ahead_is_no_fact() -> None:
    assert [c.kind for c in claims("到2030年，全省装机容量达到500万千瓦。", "zh")] == ["target"]
    assert [c.kind for c in claims("到2020年，全省装机容量达到500万千瓦。", "zh")] == ["actual"]


def test_negation() -> None:
    assert [c.polarity for c in claims("Peru did not impose a 10% tariff on steel in 2021.")] == ["negated"]
    assert [c.polarity for c in claims("Peru imposed a 10% tariff on steel in 2021.")] == ["affirmed"]


def test_every_decision_names_its_rule() -> None:
    for found in claims("Norway aims to halve emissions by 2030, said Ana Ruiz."):
        assert {"kind", "modality", "geography", "subject", "speaker", "indicator"} <= set(found.rules)


def test_the_gate_admits_what_the_rules_propose() -> None:
    for group in expected():
        text, language = group[0]["text"], group[0]["language"]
        rules, of = (CHINESE if language == "zh" else ENGLISH), document(text, language)
        result = admitted(of, rules.extract(of, ANCHOR), rules, ANCHOR)
        assert not result.rejected, text


def test_language_of_unknown_documents() -> None:
    assert for_language(document("到2030年，产量翻一番。", "und")) is CHINESE
    assert for_language(document("Output will double.", "und")) is ENGLISH
    assert for_language(document("Output", "fr")) is ENGLISH


_ENGLISH = [
    "China",
    "aims",
    "to",
    "by",
    "2030",
    "5%",
    "said",
    "Ana",
    "Ruiz",
    "the",
    "plan",
    "which",
    "from",
    "every",
    "U.S.",
]
_CHINESE = ["十四五", "规划", "到", "年", "力争", "达到", "表示", "。", "，"]
_MARKS = [",", ".", "(", ")", ":", ";", "“", "”", "\n", "•"]
WORDS = st.sampled_from([*_ENGLISH, *_CHINESE, *_MARKS])


@examples(150)
@given(st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=120), st.sampled_from(["en", "zh"]))
def test_any_text_gives_claims_that_stand_in_it(text: str, language: str) -> None:
    for found in claims(text, language):
        assert found.start is not None
        assert text[found.start : found.start + len(found.quote)] == found.quote
        if found.number:
            span = found.number.span
            assert found.start <= span.start < span.end <= found.start + len(found.quote)


def test_a_number_whose_sign_ends_another_line_is_of_neither() -> None:
    found = claims("Ghana sold 5 ships worth £\n7 in 2020. Output rose by 9 percent.")
    assert "9 percent" in [f.number.as_written for f in found if f.number]


def test_a_sign_alone_in_a_line_has_no_number_of_the_next_line() -> None:
    assert not claims("<\n减半")
