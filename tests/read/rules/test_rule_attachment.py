"""Which date a figure takes, what sort of claim it makes, and who says it: on sentences made for the purpose."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path

import pytest

from zizhu.ledger.claims import Claim
from zizhu.read.exchange.flat import flat
from zizhu.read.model import Dated, Document, Layer
from zizhu.read.reading import claims_of
from zizhu.read.rules.extractor import CHINESE, ENGLISH

HERE = Path(__file__).parent
PUBLISHED = "2026-05-20"


@cache
def claims(text: str, language: str, published: str = PUBLISHED, publisher: str = "") -> tuple[Claim, ...]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        digest,
        "made",
        "text/plain",
        Layer("raw", text, digest),
        language,
        publisher,
        "",
        Dated(published, "", 1.0),
    )
    return claims_of(document, [CHINESE if language == "zh" else ENGLISH]).claims


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def years(edtf: str | None) -> str:
    """The years of a date, one if both ends are of it."""
    return "/".join(dict.fromkeys(part[:4] for part in edtf.split("/"))) if edtf else ""


def told(found: tuple[Claim, ...], number: str) -> tuple[str, str, str]:
    """Kind, years of the period and of the deadline of the claim with a number."""
    row = next(r for r in map(flat, found) if number in (r["value_quote"] or ""))
    return row["kind"], years(row["period"]), years(row["deadline"])


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=f"{k}-{r['language']}-{r['number']}") for k, r in enumerate(rows("attached.csv"))],
)
def test_a_figure_takes_its_own_date_and_kind(row: dict[str, str]) -> None:
    found = claims(row["text"], row["language"])
    assert told(found, row["number"]) == (row["kind"], row["period"], row["deadline"])


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=f"{k}-{r['language']}") for k, r in enumerate(rows("spoken.csv"))]
)
def test_who_speaks(row: dict[str, str]) -> None:
    found = [r for r in map(flat, claims(row["text"], row["language"])) if r["value_quote"]]
    assert found
    for claim in found:
        assert row["speaker"] in (claim["speaker"] or "")
        assert bool(row["speaker"]) == bool(claim["speaker"])


RELEASE = """Statistics Office of Styria
Media release, 24 February 2026

Foreign trade of Styria in 2025: exports down, imports up

Imports rose by 1.9 percent to 19.4 billion euros.

Machinery made up 24.8 percent of all exports.

From January to June, exports had still grown by 0.7 percent. In the second half of the year they fell by 6.1 percent.
"""

BRIEF = """Policy Brief 3 | March 2026

Batteries on the grid

Nordic Centre for Grid Studies

The regulator expects demand to peak at 88 gigawatts in 2032. It could reach 95 gigawatts in a cold winter.

A connection takes 34 months on average.
"""

FACTS = """FACT SHEET: Building a supply chain for magnets

July 18, 2024

Today, Natural Resources Canada announced $310 million for nickel. The plants will create 2,800 jobs by 2029.

Canada currently imports 90 percent of its graphite.
"""

REPORT = """政府工作报告

2026年1月20日在山东省第十四届人民代表大会第四次会议上

一、2025年工作回顾

过去一年，全省生产总值增长5.3%。新增高新技术企业4200家。

二、2026年工作安排

今年主要预期目标：生产总值增长5.1%以上，城镇新增就业110万人。

新建改建农村公路8000公里。
"""

BULLETIN = """2025年四川省国民经济和社会发展统计公报

四川省统计局

2026年3月2日

全年地区生产总值6.8万亿元。年末常住人口8360万人。
"""

OPINION = """造船订单为何外流

作者：韩若愚（海事大学教授）

笔者认为，船价将上涨12%。在我看来，目标偏高，去年比例只有17%。
"""


@pytest.mark.parametrize(
    ("text", "language", "published", "number", "expected"),
    [
        (RELEASE, "en", "2026-02-24", "1.9", ("actual", "2025", "")),
        (RELEASE, "en", "2026-02-24", "24.8", ("actual", "2025", "")),
        (RELEASE, "en", "2026-02-24", "0.7", ("actual", "2025", "")),
        (RELEASE, "en", "2026-02-24", "6.1", ("actual", "2025", "")),
        (BRIEF, "en", "2026-03", "95", ("forecast", "2032", "")),
        (BRIEF, "en", "2026-03", "34", ("actual", "", "")),
        (FACTS, "en", "2024-07-18", "310", ("policy_event", "2024", "")),
        (FACTS, "en", "2024-07-18", "2,800", ("target", "", "2029")),
        (FACTS, "en", "2024-07-18", "90", ("actual", "2024", "")),
        (REPORT, "zh", "2026-01-20", "5.3", ("actual", "2025", "")),
        (REPORT, "zh", "2026-01-20", "4200", ("actual", "2025", "")),
        (REPORT, "zh", "2026-01-20", "5.1", ("target", "", "2026")),
        (REPORT, "zh", "2026-01-20", "110", ("target", "", "2026")),
        (REPORT, "zh", "2026-01-20", "8000", ("target", "", "2026")),
        (BULLETIN, "zh", "2026-03-02", "6.8", ("actual", "2025", "")),
        (BULLETIN, "zh", "2026-03-02", "8360", ("actual", "2025", "")),
    ],
)
def test_a_date_reaches_on_from_title_heading_and_paragraph(
    text: str, language: str, published: str, number: str, expected: tuple[str, str, str]
) -> None:
    assert told(claims(text, language, published), number) == expected


@pytest.mark.parametrize(
    ("text", "language", "publisher", "speakers"),
    [
        (RELEASE, "en", "Statistics Office of Styria", {"Statistics Office of Styria"}),
        (RELEASE, "en", "", {"Statistics Office of Styria"}),
        (RELEASE, "en", "Styrian Daily News", {None}),
        (BRIEF, "en", "", {"Nordic Centre for Grid Studies"}),
        (FACTS, "en", "Natural Resources Canada", {None}),
        (REPORT, "zh", "山东省人民政府", {"山东省人民政府"}),
        (BULLETIN, "zh", "", {"四川省统计局"}),
        (BULLETIN, "zh", "四川日报", {None}),
        (OPINION, "zh", "经济观察周刊", {"韩若愚"}),
    ],
    ids=["office", "head", "news", "institute", "fact-sheet", "report", "bulletin", "daily", "opinion"],
)
def test_whose_document_it_is(text: str, language: str, publisher: str, speakers: set[str | None]) -> None:
    found = [c for c in claims(text, language, publisher=publisher) if c.quantity]
    assert {c.speaker for c in found} == speakers
