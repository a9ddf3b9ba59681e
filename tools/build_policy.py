"""Convert the compiled policy tables into the register under src/zizhu/packs/policy.

    python tools/build_policy.py --from <folder> [--to <folder>]

The conversion is deterministic. Figures that no source was read for are dropped, and so is every remark that
repeats one. A row that cannot be placed is refused; all refusals are listed and nothing is written then.
The README of the target folder says which of its files are written by hand; they are checked with the new ones.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import io
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from policy_text import UNREAD, Row, correct, dated, kept, per_head, vintage_of
from zizhu.ledger import loaders
from zizhu.ledger.folders import Register, read_folders
from zizhu.ledger.models import Assessment, Event, Observation, Record, Source, Target
from zizhu.store.files import write_atomic
from zizhu.vocab.packfiles import pack, read_csv
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import Problem, ZizhuError

TABLES = (
    *("series", "facts_from_pages", "mic2025_targets", "targets_more", "policy_events", "events_more"),
    *("assessments", "official_indicators", "documents"),
)
SERIES = ("series", "facts_from_pages")
COUNTRY = "CHN"
KEPT_OF_TARGETS = ("id", "plan", "sector", "indicator", "value", "deadline", "status", "same_as", "source")
ENTITIES = {"EUU": "EU"}
BOUNDS = re.compile(r"(\w+) to (\w+)")
NUMBERS = {"three": 3.0, "five": 5.0}
SHORT_MONTHS = calendar.month_abbr[1:]
BASELINE = re.compile(
    r"(?:about |over )?(?P<value>-?[\d.]+)(?P<rate> per 10000)? "
    r"\((?:(?P<month>[A-Z][a-z]{2}) )?(?P<year>\d{4})(?:, (?P<other>[^()]+))?\)"
)
BASELINE_UNITS = {"100m CNY": "100 million CNY", " per 10000": "per 10000 employees"}
QUALITIES = ("low", "medium", "high")


@dataclass
class Build:
    """What has been placed so far, and what could not be."""

    publishers: Mapping[str, Row]
    problems: list[Problem] = field(default_factory=list)
    cited: dict[str, str] = field(default_factory=dict)

    def refuse(self, what: str, where: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(what, where, expected, remedy))

    def cite(self, text: str, quality: str, where: str) -> None:
        """Note that a source is used, with the lowest quality given to it."""
        if quality not in QUALITIES:
            self.refuse(f"quality {quality!r}", where, " | ".join(QUALITIES), "Rate the source.")
            return
        before = self.cited.get(text, quality)
        self.cited[text] = min(quality, before, key=QUALITIES.index)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--from", dest="origin", type=Path, required=True)
    parser.add_argument("--to", dest="target", type=Path, default=pack("policy"))
    where = parser.parse_args()
    try:
        files = convert(where.origin, where.target)
    except ZizhuError as error:
        print(
            *error.problems, f"{len(error.problems)} problems; nothing was written", sep="\n", file=sys.stderr
        )
        return error.exit_code
    for name, content in files.items():
        write_atomic(where.target / name, content.encode())
        print(f"{name}: {content.count(chr(10)) - 1} rows")
    return 0


def convert(origin: Path, target: Path) -> dict[str, str]:
    """The content of every file of the register. Raises ZizhuError with all rows that cannot be placed."""
    tables = {name: [row for _, row in read_csv(origin / f"{name}.csv")] for name in TABLES}
    correct(tables)
    publishers = {r["match"]: r for _, r in read_csv(target / "publishers.csv")}
    words = {(r["indicator"], r["unit"]): r for _, r in read_csv(target / "target_words.csv")}
    build = Build(publishers)
    read = {name: kept(rows) for name, rows in tables.items()}
    dropped = [r for name in SERIES for r in tables[name] if r["status"] == UNREAD]
    frames: dict[str, tuple[type[Record], list[Row]]] = {
        "observations.csv": (Observation, observations(build, read["series"] + read["facts_from_pages"])),
        "targets.csv": (
            Target,
            targets(build, read["mic2025_targets"] + read["targets_more"], read, dropped, words),
        ),
        "events.csv": (Event, events(build, read["policy_events"] + read["events_more"])),
        "assessments.csv": (Assessment, assessments(build, read["assessments"])),
        "official_indicators.csv": (loaders.OfficialIndicator, official(build, read["official_indicators"])),
        "documents.csv": (loaders.Document, documents(read["documents"])),
    }
    ids = source_ids(build, read["documents"])
    frames["sources.csv"] = (Source, sources(build, ids, read["documents"]))
    for _, rows in frames.values():
        for row in rows:
            if row.get("source") in ids:
                row["source"] = ids[row["source"]]
    publish_dates(frames["observations.csv"][1], frames["sources.csv"][1])
    files = {name: to_csv(list(model.model_fields), rows) for name, (model, rows) in frames.items()}
    build.problems += [p for name, text in files.items() for p in leftovers(name, text)]
    build.problems += faults(files, target)
    if build.problems:
        raise ZizhuError(build.problems)
    return files


def faults(files: Mapping[str, str], by_hand: Path) -> list[Problem]:
    """What the product's own loaders find in the new files together with those written by hand."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in by_hand.glob("*.csv"):
            shutil.copy(path, folder)
        for file, content in files.items():
            (folder / file).write_text(content, encoding="utf-8")
        try:
            more = folder / "more_sources.csv"
            cited = loaders.load_sources(more) if more.is_file() else ()
            beside = Register(sources={s.id: s for s in cited})
            held = read_folders((folder,), beside, others=True)
            loaders.load_event_products(folder / "event_products.csv", held.known())
        except ZizhuError as error:
            return error.problems
    return []


def observations(build: Build, rows: Iterable[Row]) -> list[Row]:
    """One row an observed value; those of one series and period are numbered as given."""
    count: Counter[str] = Counter()
    made = []
    for row in rows:
        where = f"{row['indicator']}, {row['entity']}, {row['period']}"
        period = edtf(build, row["period"], where)
        entity = ENTITIES.get(row["entity"], row["entity"])
        stem = f"{row['indicator']}.{entity}.{period.replace('/', '..')}"
        count[stem] += 1
        build.cite(row["source"], row["source_quality"], where)
        vintage, published = vintage_of(row["note"])
        made.append(
            {
                **{k: row[k] for k in ("indicator", "comparator", "value", "status", "source", "note")},
                "id": f"{stem}.{count[stem]}",
                "entity": entity,
                "period": period,
                "unit": per_head(row["unit"], row["indicator"], row["indicator"]),
                "vintage": vintage,
                "published": published,
                "quality": row["source_quality"],
            }
        )
    return sorted(made, key=lambda r: (r["indicator"], r["entity"], parse(r["period"]), r["id"]))


def targets(
    build: Build,
    rows: Iterable[Row],
    read: Mapping[str, Sequence[Row]],
    dropped: Sequence[Row],
    words: Mapping[tuple[str, str], Row],
) -> list[Row]:
    """One row a target. A comparator that is not stated is the assumed one, and says so."""
    seen = {r["indicator"] for name in SERIES for r in read[name]}
    made = []
    for row in rows:
        where = f"target {row['id']}"
        build.cite(row["source"], row["source_quality"], where)
        near, _, remark = row["series_here"].partition("nearest: series:")[2].partition(" ")
        if row["trackable_by"] and row["trackable_by"] not in seen:
            build.refuse(
                f"no series {row['trackable_by']!r}", where, "an observed indicator", "Blank trackable_by."
            )
        unit = per_head(row["unit"], row["indicator"], row["product"])
        start = baseline(row, near, read, dropped)
        made.append(
            {
                **{k: row[k] for k in KEPT_OF_TARGETS},
                **reading(build, words, row["indicator"], unit, where),
                **start_of(start, unit),
                "country": COUNTRY,
                "item": row["product"],
                "comparator": row["comparator"] or row["comparator_assumed"],
                "comparator_assumed": str(bool(row["comparator_assumed"] and not row["comparator"])).lower(),
                "high": second_bound(build, row, where),
                "unit": unit,
                "baseline": start,
                "trackable_by": row["trackable_by"],
                "nearest": near,
                "quality": row["source_quality"],
                "note": "; ".join(n for n in (row["note"], remark.strip("()")) if n),
            }
        )
    return made


def baseline(row: Row, near: str, read: Mapping[str, Sequence[Row]], dropped: Sequence[Row]) -> str:
    """The baseline, blank when only a value that was not read agrees with it."""

    def agrees(observed: Row) -> bool:
        return (
            observed["indicator"] in (row["trackable_by"], near)
            and re.match(rf"{float(observed['value']):g}\b.*\({observed['period']}\)", row["baseline"])
            is not None
        )

    confirmed = any(agrees(r) for name in SERIES for r in read[name])
    return "" if any(map(agrees, dropped)) and not confirmed else row["baseline"]


def reading(build: Build, words: Mapping[tuple[str, str], Row], said: str, unit: str, where: str) -> Row:
    """What kind of measure the words for an indicator mean, on what basis, at what prices."""
    found = words.get((said, unit))
    if found is None:
        build.refuse(f"{said!r} in {unit}", where, "a row of target_words.csv", "Add how it is read.")
        return {}
    return {k: found[k] for k in ("measure", "basis", "price_basis")}


def start_of(text: str, unit: str) -> Row:
    """The number, unit and period in a baseline such as `24393 (2020, 100m CNY)`; nothing where it has none."""
    found = BASELINE.fullmatch(text)
    if found is None:
        return {}
    year, month = found["year"], found["month"]
    period = f"{year}-{SHORT_MONTHS.index(month) + 1:02d}" if month else year
    given = BASELINE_UNITS.get(found["other"] or found["rate"] or "", "")
    return {
        "baseline_value": found["value"],
        "baseline_unit": given if given != unit else "",
        "baseline_period": period,
    }


def second_bound(build: Build, row: Row, where: str) -> str:
    """The other end of a range as its note states it, with the sign of the first, or nothing."""
    words = BOUNDS.search(row["note"]) if row["comparator"] == "range" else None
    if words is None:
        return ""
    first, second = (NUMBERS.get(w) or (float(w) if w.isdigit() else None) for w in words.groups())
    value = float(row["value"])
    if second is None or first != abs(value):
        build.refuse(
            f"range {words[0]!r} and value {row['value']}", where, "the same first bound", "Mend the note."
        )
        return ""
    return str(second if value >= 0 else -second)


def events(build: Build, rows: Sequence[Row]) -> list[Row]:
    """One row an event by date; an event whose day was not read keeps its month."""
    made = []
    for row in rows:
        build.cite(row["source"], row["source_quality"], f"event of {row['date']}")
        made.append(
            {
                **{k: row[k] for k in ("date", "kind", "event", "source")},
                "actor": ENTITIES.get(row["actor"], row["actor"]),
                "quality": row["source_quality"],
            }
        )
    count: Counter[str] = Counter()
    for row in made:
        stem = f"{row['date']}.{row['actor']}.{row['kind']}"
        count[stem] += 1
        row["id"] = f"{stem}.{count[stem]}"
    return sorted(made, key=lambda r: (r["date"], r["id"]))


def assessments(build: Build, rows: Sequence[Row]) -> list[Row]:
    """One row an assessment by an outside producer."""
    made = []
    for row in rows:
        build.cite(row["source"], row["source_quality"], f"claim {row['id']}")
        made.append(
            {
                **{
                    k: row[k] for k in ("id", "date", "subject", "value", "verdict", "trackable_by", "source")
                },
                "kind": "assessment",
                "country": COUNTRY,
                "speaker": re.sub(r" \(via DOC\d+\)$", "", row["producer"]),
                "indicator": row["metric"],
                "comparator": row["comparator_assumed"],
                "unit": row["unit"].removesuffix(" (more than)"),
                "quality": row["source_quality"],
            }
        )
    return made


def official(build: Build, rows: Sequence[Row]) -> list[Row]:
    """The official indicators of which a value was read."""
    made = []
    for row in rows:
        build.cite(row["source"], row["source_quality"], f"official indicator {row['id']}")
        wanted = set(loaders.OfficialIndicator.model_fields) & set(row)
        observed = row["observed_series"].removeprefix("series:")
        made.append(
            {
                **{k: row[k] for k in wanted},
                "quality": row["source_quality"],
                "trackable_by": "" if observed == "none" else observed,
                "note": "; ".join(n for n in (row["note"], row["cross_check"]) if n),
            }
        )
    return made


def documents(rows: Sequence[Row]) -> list[Row]:
    """The documents that records cite; a file name is never carried over."""
    return [
        {"id": r["doc_id"], **{k: r[k] for k in ("publisher", "author", "title", "published", "evidence")}}
        for r in rows
    ]


def source_ids(build: Build, listed: Sequence[Row]) -> dict[str, str]:
    """A readable id for every source: `web.<host>.<n>`, numbered by address; documents keep their ids."""
    known = {r["doc_id"] for r in listed}
    ids = {d: d for d in sorted(known)}
    count: Counter[str] = Counter()
    for text in sorted(set(build.cited) - known):
        stem = f"web.{host_of(text)}" if is_address(text) else f"text.{slug(build, text)}"
        count[stem] += 1
        ids[text] = f"{stem}.{count[stem]}"
    return ids


def slug(build: Build, text: str) -> str:
    named = build.publishers.get(text)
    if named is None:
        build.refuse(
            f"source {text!r}", "sources", "an address, a document, or a row of publishers.csv", "Add it."
        )
        return "unknown"
    return re.sub(r"[^a-z0-9]+", "-", named["publisher"].lower()).strip("-")


def sources(build: Build, ids: Mapping[str, str], listed: Sequence[Row]) -> list[Row]:
    """One row a source; the producer is the publisher where it is known, else the name of the site."""
    by_id = {r["doc_id"]: r for r in listed}
    made = [
        {**described(build, text, by_id.get(key)), "id": key, "quality": build.cited.get(text, "medium")}
        for text, key in ids.items()
    ]
    return sorted(made, key=lambda r: r["id"])


def described(build: Build, text: str, document: Row | None) -> Row:
    """Producer, title, date and address of one source text."""
    if document is None and is_address(text):
        url, _, rest = text.partition(" ")
        named = build.publishers.get(host_of(text), {"publisher": host_of(text)})
        return {
            "producer": named["publisher"],
            "title": rest.strip("()"),
            "published": dated(url),
            "url": url,
        }
    named = document or build.publishers.get(text, {"publisher": "", "title": "", "published": ""})
    return {"producer": named["publisher"], "title": named["title"], "published": named["published"]}


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def host_of(text: str) -> str:
    return (urlsplit(text.partition(" ")[0]).hostname or "").removeprefix("www.")


def publish_dates(observed: Sequence[Row], known: Sequence[Row]) -> None:
    """Give observations without a dated vintage the date of their page."""
    by_id = {r["id"]: r.get("published", "") for r in known}
    for row in observed:
        row["published"] = row["published"] or by_id.get(row["source"], "")


def edtf(build: Build, text: str, where: str) -> str:
    """`2024H1` as 2024-40, `2013-2022` as 2013/2022; years, months, days and intervals stay."""
    text = re.sub(r"^(\d{4})H([12])$", lambda m: f"{m[1]}-{39 + int(m[2])}", text)
    text = re.sub(r"^(\d{4})-(\d{4}(?:-\d\d)?)$", r"\1/\2", text)
    try:
        parse(text, where)
    except ZizhuError as error:
        build.problems += error.problems
        return "0001"
    return text


def to_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def leftovers(name: str, text: str) -> list[Problem]:
    """A last look: nothing that was not read may be in a file."""
    return [
        Problem(
            f"{UNREAD!r} is left in {line!r:.80}",
            f"{name}, row {n}",
            "only what was read",
            "Extend the rules.",
        )
        for n, line in enumerate(text.splitlines(), 1)
        if UNREAD in line.lower()
    ]


if __name__ == "__main__":
    sys.exit(main())
