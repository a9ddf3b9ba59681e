"""CEPII's BACI in its published layout: a zip with one CSV a year and the code tables, of any HS revision."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from zizhu.sources.files.archive import Member, blocks
from zizhu.sources.readers.baci_year import GET_AGAIN, MOST, Economies, read_year
from zizhu.sources.reading import LargeTable, Made, Request
from zizhu.store.meta import Describe
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab import countries
from zizhu.vocab.problems import Problem, ZizhuError

_ISO3_COLUMNS = ("country_iso3", "iso_3digit_alpha")


@dataclass(frozen=True)
class Release:
    """The yearly files of one HS revision and edition, by year."""

    nomenclature: str
    revision: str
    edition: str
    years: Mapping[int, Member]

    @property
    def table(self) -> str:
        """The name under which the flows are stored."""
        return f"baci-{self.nomenclature.lower()}"


def read(request: Request) -> Iterator[Made]:
    """One large table `baci-hs..`, a part for each year.

    Columns: year, exporter, importer, hs6, revision, value_usd (USD: BACI's thousand USD times 1000, rounded),
    quantity_t (metric tons; null: not known); parts are in order of hs6, exporter, importer. Country codes are
    those of the vocabulary, else of the files' own table.

    Raises ZizhuError for names that are no release, at once, and while the parts are taken for all faults of all
    years together: cells that are no numbers, values that are not positive, unknown countries, repeated flows,
    another year than that of the name.
    """
    release = find_release(request)
    economies = find_economies(request)
    yield {
        release.table: LargeTable(_parts(release, economies, request), _describe(release, economies, request))
    }


def find_release(request: Request) -> Release:
    """The yearly files that are wanted; raises ZizhuError with everything that their names say is wrong."""
    revisions = request.entry.parameters["revisions"]
    found = [
        (match, member)
        for member in request.members
        for file in request.entry.files
        if "year" in re.compile(file.pattern).groupindex and (match := file.matches(member.name))
    ]
    where = request.members[0].where.partition(", ")[0] if request.members else request.entry.title
    years = sorted(int(match["year"]) for match, _ in found)
    problems = [*_mixed(found, "nomenclature", where), *_mixed(found, "edition", where)]
    problems += [
        Problem(f"two files of {year}", where, "one file a year", "Leave one of them out.")
        for year in sorted({y for y in years if years.count(y) > 1})
    ]
    problems += _missing(years, request, where)
    if problems:
        raise ZizhuError(problems)
    nomenclature = found[0][0]["nomenclature"].upper()
    wanted = {int(match["year"]): member for match, member in found if request.wants(int(match["year"]))}
    edition = found[0][0]["edition"]
    if request.edition and request.edition.casefold() != edition.casefold():
        raise ZizhuError(
            Problem(
                f"files of {edition}", where, f"edition {request.edition}", "Give the edition of the files."
            )
        )
    return Release(nomenclature, str(revisions[nomenclature]), edition, dict(sorted(wanted.items())))


def _mixed(found: Sequence[tuple[re.Match[str], Member]], group: str, where: str) -> list[Problem]:
    several = sorted({match[group].upper() for match, _ in found})
    if len(several) < 2:
        return []
    what = f"files of {len(several)} HS revisions" if group == "nomenclature" else f"{len(several)} editions"
    return [
        Problem(f"{what}: {', '.join(several)}", where, "one HS revision and edition", "Add them one by one.")
    ]


def _missing(years: Sequence[int], request: Request, where: str) -> list[Problem]:
    if not years:
        return [
            Problem(
                "no yearly file of BACI",
                where,
                "files such as BACI_HS92_Y2023_V202601.csv",
                "Give the zip, or its files, under the names that the producer gave them.",
            )
        ]
    wanted = request.years or set(range(years[0], years[-1] + 1))
    lost = sorted(set(wanted) - set(years))
    remedy = "Download the archive again, or ask for the years that are there."
    return (
        [Problem(f"no file of {', '.join(map(str, lost))}", where, "a file for every year", remedy)]
        if lost
        else []
    )


def find_economies(request: Request) -> Economies:
    """What the country codes stand for: the vocabulary, and the files' own table for codes that it does not have.

    Raises ZizhuError with the faults of the files' table.
    """
    recode = request.entry.parameters["recode"]
    pattern = re.compile(request.entry.parameters["country_codes"], re.IGNORECASE)
    known = {code: c.iso3 for c in countries.countries().values() for code in c.baci}
    told: dict[int, str] = {}
    problems: list[Problem] = []
    for member in request.members:
        if pattern.fullmatch(member.name.rpartition("/")[2]):
            found, faults = _country_codes(member)
            told |= found
            problems += faults
    if problems:
        raise ZizhuError(problems)
    own = {code: recode.get(iso3, iso3) for code, iso3 in told.items() if code not in known}
    return Economies(known | own, tuple(sorted(set(own.values()) - set(known.values()))))


def _country_codes(member: Member) -> tuple[dict[int, str], list[Problem]]:
    with member.open() as stream:
        raw = b"".join(blocks(stream, member.where))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    lines = csv.reader(io.StringIO(text))
    header = [h.strip().casefold() for h in next(lines, [])]
    column = next((c for c in _ISO3_COLUMNS if c in header), "")
    if "country_code" not in header or not column:
        expected = "columns country_code and country_iso3"
        return {}, [Problem(f"columns {', '.join(header)[:80]!r}", member.where, expected, GET_AGAIN)]
    at, to = header.index("country_code"), header.index(column)
    found: dict[int, str] = {}
    problems = []
    for number, row in enumerate(lines, start=2):
        cells = [c.strip() for c in row]
        if len(cells) > max(at, to) and re.fullmatch(r"\d{1,4}", cells[at]):
            if re.fullmatch(r"[A-Z][A-Z0-9]{2}", cells[to]):
                found[int(cells[at])] = cells[to]
        elif any(cells):
            where = f"{member.where}, line {number}"
            problems.append(Problem(f"{','.join(row)[:60]!r}", where, "a country code of digits", GET_AGAIN))
    return found, problems[:MOST]


def _describe(release: Release, economies: Economies, request: Request) -> Describe:
    entry, years = request.entry, list(release.years)
    notes = [str(note) for note in entry.parameters["notes"]]
    shared = "; ".join(f"{i} {', '.join(map(str, codes))}" for i, codes in economies.shared().items())
    notes.append(f"Flows of codes that stand for one economy are added where they meet: {shared}.")
    if economies.own:
        notes.append(f"Codes of the files' own country table: {', '.join(economies.own)}.")
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    return Describe(
        title=f"Trade in all products by exporter, importer and product ({release.revision}), {span}, BACI",
        key=TRADE_KEY,
        units=entry.parameters["units"],
        sources=(entry.source(release.edition).id,),
        flags={
            "kind": "trade",
            "revision": release.revision,
            "years": years,
            "products": "all",
            "edition": release.edition,
            "has_rest_of_world": True,
        },
        notes=tuple(notes),
    )


def _parts(release: Release, economies: Economies, request: Request) -> Iterator[pl.DataFrame]:
    """The years in order; from the first faulty one on, years are only checked, and all faults come at the end."""
    problems: list[Problem] = []
    for year, member in release.years.items():
        request.tell(f"{member.name.rpartition('/')[2]}")
        try:
            part = read_year(member, year, release.revision, economies, request.tell)
        except ZizhuError as error:
            problems += error.problems
            if len(problems) >= MOST:
                break
            continue
        if not problems:
            yield part
    if problems:
        raise ZizhuError(problems)
