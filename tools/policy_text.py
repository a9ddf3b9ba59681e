"""Rules on the text of the compiled policy tables: corrections, and what of it rests on something read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence

from zizhu.vocab.problems import Problem, ZizhuError

Row = dict[str, str]
UNREAD = "recalled"
MONTHS = {name: i for i, name in enumerate(calendar.month_name) if name}
MONTH = "|".join(MONTHS)

ASIDE = re.compile(rf"\s*\([^()]*\b{UNREAD}\b[^()]*\)")
UNSURE = re.compile(rf"\((?:\d{{4}}, )?{UNREAD}\)")
FROM_MEMORY = re.compile(rf"\b{UNREAD}\b|MIC2025 (?:target|base|indicator)|the MIC2025 indicator")
VINTAGE = re.compile(
    rf"first-release vintage|as first published|final(?: bulletin)?|revised(?: in \d{{4}})?|monthly release"
    rf"|(?:preliminary|bulletin)(?: of (?:{MONTH}) \d{{4}})?|USGS(?: (?:{MONTH}) \d{{4}})|NBS communique"
    r"|later vintage on revised GDP|before the fifth economic census|after the census revision of GDP"
)
DATED = re.compile(rf"({MONTH}) (\d{{4}})")
IN_ADDRESS = re.compile(r"/t?((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?=[/_.-])")

# file, cells that find the row, column, what stands there, what is right
EDITS: tuple[tuple[str, Mapping[str, str], str, str, str], ...] = (
    ("mic2025_targets", {"id": "T006"}, "note", "+2 pp by 2020 and +4 pp", "+4 pp"),
    ("mic2025_targets", {"id": "T006"}, "note", "OI04 in official_indicators", "OI04"),
    ("mic2025_targets", {"id": "T032"}, "unit", "CNY", "CNY per worker"),
    ("targets_more", {"id": "T108"}, "sector", "Cross-sector", "cross-sector"),
    ("targets_more", {"id": "T109"}, "sector", "Cross-sector", "cross-sector"),
    ("targets_more", {"id": "T147"}, "trackable_by", "nev_sales_share", ""),
    (
        "targets_more",
        {"id": "T147"},
        "series_here",
        "series:nev_sales_share",
        "nearest: series:nev_sales_share (the nearest series counts plug-in hybrids, which the target does not)",
    ),
    ("official_indicators", {"id": "OI04"}, "target_2020", "2.0", ""),
    ("events_more", {"date": "2020-08-17"}, "date", "2020-08-17", "2020-08"),
    (
        "series",
        {"indicator": "innovative_drugs_approved_cumulative"},
        "note",
        "implies 51 in 2021 (210 less 21, 40, 48, 50): conflicts with 45",
        "implies 51 in 2021 (210 less 21, 40, 48, 50)",
    ),
    (
        "series",
        {"indicator": "robot_density_per_10000", "period": "2013"},
        "note",
        "36 for 2014 in facts_from_pages",
        "36 for 2014",
    ),
    (
        "series",
        {"indicator": "robot_output", "period": "2025-09"},
        "period",
        "2025-09",
        "2025-01/2025-09",
    ),
    (
        "series",
        {"indicator": "c919_deliveries", "period": "2025-12-22"},
        "period",
        "2025-12-22",
        "2025-01-01/2025-12-22",
    ),
    (
        "series",
        {"indicator": "passenger_car_domestic_brand_share", "period": "2016"},
        "period",
        "2016",
        "2016-01/2016-10",
    ),
)


def correct(tables: Mapping[str, Sequence[Row]]) -> None:
    """Make the corrections of EDITS in place; raises ZizhuError when one does not fit exactly one row."""
    problems = []
    for name, cells, column, old, new in EDITS:
        hits = [r for r in tables[name] if all(r[k] == v for k, v in cells.items()) and old in r[column]]
        if len(hits) != 1:
            problems.append(
                Problem(
                    f"the correction of {column} fits {len(hits)} rows",
                    f"{name}.csv, {dict(cells)}",
                    f"one row with {old!r}",
                    "Update EDITS.",
                )
            )
        for row in hits[:1]:
            row[column] = row[column].replace(old, new)
    if problems:
        raise ZizhuError(problems)


def kept(rows: Sequence[Row]) -> list[Row]:
    """The rows that rest on something read, without remarks from memory."""
    marks = ("source", "source_quality", "status")
    return [
        {k: read_only(v) if k not in marks else v for k, v in row.items()}
        for row in rows
        if UNREAD not in (row.get(m) for m in marks)
    ]


def read_only(text: str) -> str:
    """The text without the clauses and asides that repeat what was not read."""
    if not FROM_MEMORY.search(text):
        return text
    clauses = [ASIDE.sub("", c) for c in text.split(";") if not UNSURE.search(c)]
    return ";".join(c for c in clauses if not FROM_MEMORY.search(c)).strip()


def dated(url: str) -> str:
    """The day that the address of a page carries, or nothing."""
    found = IN_ADDRESS.search(url)
    return "-".join(found.groups()) if found else ""


def vintage_of(note: str) -> tuple[str, str]:
    """The clauses of a note that name the vintage, and the month in them."""
    found = [c for c in re.split(r"[;,]\s*", note) if VINTAGE.fullmatch(c)]
    vintage = "; ".join(found)
    month = DATED.search(vintage)
    return vintage, f"{month[2]}-{MONTHS[month[1]]:02d}" if month else ""


def per_head(unit: str, wording: str, item: str) -> str:
    """The unit, made explicit where the indicator is a number per 10,000 people or employees."""
    if not re.search(r"per[ _]10,?000", wording):
        return unit
    return "per 10000 employees" if "robot" in item or "employee" in wording else "per 10000 people"
