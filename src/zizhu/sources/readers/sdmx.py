"""Statistics in SDMX, of any producer: SDMX-CSV 1.0 and 2.0 natively, SDMX-ML and web services through sdmx1.

What is a dimension and what an attribute stands in no SDMX-CSV: columns before the value that have no other role
are dimensions and make the indicator, `<dataflow>|<code>|<code>...` in the order of the file. A catalogue entry
may name them instead (`indicator`), and the columns of every role (`roles`).
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from zizhu.sources.asking import Asked, Got
from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import Table, base_name, text_of, text_table
from zizhu.sources.files.wrong_cells import Cause
from zizhu.sources.net.http_headers import asked_name
from zizhu.sources.net.offline import cleaned, require_online
from zizhu.sources.readers.observations import (
    NOT_STATED,
    PERIOD,
    VINTAGE,
    dated,
    observed,
    parameters,
    table_name,
)
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

ROLES = ("flow", "entity", "period", "value", "unit", "multiplier", "status", "updated")
_EXPECTED = "an SDMX-CSV header with REF_AREA, TIME_PERIOD and OBS_VALUE"
_MISSING = (":", "NaN", "nan", "..")
_FLOW = re.compile(r"(?:([^:()]+):)?([^:()]+)(?:\(([\d.]+)\))?")
_BRACKETS = re.compile(r"\[[^\[\]]*\]$")
_CODE = re.compile(r"[A-Z0-9_]+|[a-z0-9_]+")


@dataclass(frozen=True)
class _Message:
    """A table of texts with one column a component, the dataflow, and the day on which it was prepared or updated."""

    table: Table
    flow: str
    stated: str


def read(request: Request) -> Iterator[Made]:
    """One table a dataflow and file: `sdmx-<agency>-<dataflow>-<version>`.

    Values are multiplied by 10 to the power of the unit multiplier. The status of an observation is mapped as the
    catalogue entry says; codes that it does not know count as reported, and are told. The vintage is the date that
    the message states (LAST UPDATE, or that of its preparation).
    Raises ZizhuError for files of another kind, for roles without a column and with the cells that are wrong.
    """
    for member in request.members:
        request.tell(member.name)
        for message in _messages(member, request):
            yield _made(request, member, message)


def ask(asked: Asked, folder: Path) -> tuple[Got, ...]:
    """The answer for every PROVIDER/FLOW or PROVIDER/FLOW/KEY asked for, see `download`."""
    span = {"startPeriod": str(min(asked.years)), "endPeriod": str(max(asked.years))} if asked.years else {}
    periods = f"?{'&'.join(f'{k}={v}' for k, v in span.items())}" if span else ""
    got = []
    for text in asked.what:
        provider, _, rest = text.partition("/")
        flow, _, key = rest.partition("/")
        if not flow:
            expected = "PROVIDER/FLOW or PROVIDER/FLOW/KEY, such as ECB/EXR/A.CNY.EUR.SP00.A"
            raise ZizhuError(Problem(f"{text[:60]!r} names no data flow", "SDMX", expected, "Name both."))
        got.append(Got(download(provider, flow, folder, key=key, parameters=span), f"sdmx:{text}{periods}"))
    return tuple(got)


def download(
    provider: str,
    flow: str,
    folder: Path,
    *,
    key: str = "",
    parameters: Mapping[str, str] | None = None,
    offline: bool | None = None,
) -> Path:
    """What the web service of a provider (an id of sdmx1: OECD, ESTAT, ECB, IMF...) answers, as SDMX-ML, for `read`.

    `key` selects series ("A.CHN+USA.."), `parameters` periods ({"startPeriod": "2015"}); both are part of the name of
    the file. Needs the optional package sdmx1. Raises ZizhuError when it is not installed, the network is off, or the
    service refuses.
    """
    require_online(f"SDMX, {provider}", offline)
    sdmx = _sdmx()
    if provider not in sdmx.list_sources():
        known = ", ".join(sdmx.list_sources())
        remedy = "Take the id of a provider, or give a file with --from FILE."
        raise ZizhuError(Problem(f"no provider {provider[:40]!r}", "SDMX", f"one of {known}", remedy))
    chosen = [f"{k}={v}" for k, v in sorted((parameters or {}).items())]
    path = folder / f"{asked_name(*filter(None, (provider, flow, key)), *chosen)}.xml"
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w+b") as file:
            client = sdmx.Client(provider)
            client.get("data", flow, key=key or None, params=dict(parameters or {}), tofile=file)
    except Exception as error:
        part.unlink(missing_ok=True)
        problem = Problem(
            f"the service of {provider} does not give {flow[:60]} ({cleaned(str(error))[:200]})",
            "SDMX",
            "observations",
            "Check dataflow and key in the provider's browser, or give its file with --from FILE.",
        )
        raise ZizhuError(problem) from None
    return part.replace(path)


def _messages(member: Member, request: Request) -> Iterator[_Message]:
    with member.open() as stream:
        head = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        yield from _xml(member)
        return
    if head.startswith(b"{"):
        remedy = "Download SDMX-CSV or SDMX-ML of the same query."
        raise ZizhuError(Problem("JSON", member.where, "SDMX-CSV or SDMX-ML", remedy))
    table = _unlabelled(text_table(member, _is_header, _EXPECTED))
    roles = _roles(table, request)
    flows = (
        table.frame[roles["flow"]].unique(maintain_order=True)
        if "flow" in roles
        else pl.Series([_stem(member)])
    )
    stated = _day(table.frame[roles["updated"]].max()) if "updated" in roles else ""
    if len(flows) == 1:
        yield _Message(table, str(flows[0]), stated)
        return
    raise ZizhuError(
        Problem(f"{len(flows)} dataflows", member.where, "one dataflow a file", "Download them one by one.")
    )


def _xml(member: Member) -> Iterator[_Message]:
    """The data sets of an SDMX-ML message, each as a table: dimensions, OBS_VALUE, attributes."""
    content = text_of(member)
    if b"<!DOCTYPE" in content:
        raise ZizhuError(
            Problem(
                "a document type in SDMX-ML",
                member.where,
                "none",
                "This is no message of a statistical office.",
            )
        )
    try:
        with _quiet():
            message = _sdmx().read_sdmx(io.BytesIO(content))
        sets = list(getattr(message, "data", ()))
        prepared = getattr(message.header, "prepared", None)
    except ZizhuError:
        raise
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:160]
        remedy = "Download it again; of SDMX-ML 2.0 and of damaged messages ask for SDMX-CSV."
        problem = Problem(f"no SDMX-ML data message ({words})", member.where, "SDMX-ML 2.1 or 3.0", remedy)
        raise ZizhuError(problem) from None
    if not sets:
        raise ZizhuError(_no_data(message, member.where))
    for data in sets:
        flow = data.described_by or data.structured_by
        maintainer = getattr(getattr(flow, "maintainer", None), "id", "")
        named = f"{maintainer}:{flow.id}({flow.version or '1.0'})" if flow is not None else _stem(member)
        yield _Message(_of_observations(data, member), named, prepared.date().isoformat() if prepared else "")


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of what sdmx1 prints of a damaged message, or logs of a message that comes without its structure."""
    logger = logging.getLogger("sdmx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(before)


def _no_data(message: Any, where: str) -> Problem:
    """Why a message has no observations: the service says it in the footer, or they are structures."""
    said = [str(text) for text in getattr(getattr(message, "footer", None), "text", ())]
    if said:
        what, remedy = f"no observations, but the words: {' '.join(said)[:300]}", "Do as the service says."
    else:
        what, remedy = "no observations", "Download the data of the dataflow, not its structure."
    return Problem(what, where, "an SDMX-ML data message", remedy)


def _of_observations(data: Any, member: Member) -> Table:
    dimensions: dict[str, None] = {}
    attributes: dict[str, None] = {}
    rows: list[dict[str, str]] = []
    for number in data.obs:
        place = {k: str(v.value) for k, v in number.key.values.items()}
        said = {k: str(v.value) for k, v in number.attrib.items() if v.value is not None}
        dimensions |= dict.fromkeys(place)
        attributes |= dict.fromkeys(said)
        rows.append({**said, **place, "OBS_VALUE": "" if number.value is None else str(number.value)})
    columns = [*dimensions, "OBS_VALUE", *(a for a in attributes if a not in dimensions)]
    frame = pl.DataFrame([[r.get(c, "") for c in columns] for r in rows], schema=columns, orient="row")
    return Table(frame.cast(pl.String), 1, f"{member.where}, observations")


def _made(request: Request, member: Member, message: _Message) -> Made:
    table = message.table
    roles = _roles(table, request)
    missing = [r for r in ("entity", "period", "value") if r not in roles]
    if missing:
        have = ", ".join(table.frame.columns)
        remedy = "Name its column in the roles of the catalogue entry."
        raise ZizhuError(
            [Problem(f"no column is the {r}", table.where, f"one of {have}"[:300], remedy) for r in missing]
        )
    vintage, published, notes = dated(request, message.stated)
    agency, flow, version = _named(message.flow)
    dimensions = _dimensions(table, roles, request)
    status, unknown = _status(table, roles, parameters(request.entry, "status"))
    rows = table.frame.select(
        indicator=pl.concat_str(pl.lit(flow), *dimensions, separator="|"),
        entity=roles["entity"],
        period=_periods(table, roles["period"]),
        value=_values(table, roles),
        unit=_or_not_stated(table, roles.get("unit", "")),
        status=status,
        vintage=pl.lit(vintage),
        published=pl.lit(published),
    )
    iso2 = agency not in (request.entry.parameters.get("own_areas") or ())
    found = observed(rows, request, member.where, parameters(request.entry, "recode"), iso2=iso2)
    told = (
        f"The indicator is {flow}|{'|'.join(dimensions)}." if dimensions else f"The indicator is {flow}.",
        *([f"Statuses not known, taken as reported: {', '.join(unknown)}."] if unknown else []),
        *notes,
    )
    flags = {"dataflow": message.flow, "dimensions": dimensions}
    name = table_name(request.entry.id, agency, flow, version)
    return {name: found.table(request, f"{agency or request.entry.producer}, {flow}", flags, told)}


def _roles(table: Table, request: Request) -> dict[str, str]:
    """The column of every role: the first of the names that the catalogue entry gives, in any case of letters."""
    candidates: Mapping[str, Sequence[str]] = request.entry.parameters.get("roles") or {}
    have = {c.casefold(): c for c in table.frame.columns}
    return {
        role: found
        for role in ROLES
        if (found := next((have[n.casefold()] for n in candidates.get(role, ()) if n.casefold() in have), ""))
    }


def _dimensions(table: Table, roles: Mapping[str, str], request: Request) -> list[str]:
    named = [str(c) for c in request.entry.parameters.get("indicator") or ()]
    if named:
        table.require(named)
        return named
    ignored = {str(c).casefold() for c in request.entry.parameters.get("ignored") or ()}
    # a unit that is a dimension tells series apart, an attribute does not
    taken = {column for role, column in roles.items() if role != "unit"}
    before = table.frame.columns[: table.frame.columns.index(roles["value"])]
    return [c for c in before if c not in taken and c.casefold() not in ignored]


def _values(table: Table, roles: Mapping[str, str]) -> pl.Series:
    """The values times 10 to the power of their multiplier, rounded once."""
    column = roles["value"]
    values = table.numbers(column, _MISSING)
    if "multiplier" not in roles:
        return values
    powers = table.numbers(roles["multiplier"]).fill_null(0)
    odd = (powers != powers.round()) | (powers.abs() > 30)
    cause = Cause("is no power of ten", "a whole number such as 6", "Check the column.")
    table.refuse(roles["multiplier"], odd, cause)
    # text with an exponent is read as one number: 0.1 and 6 are exactly what 100000 is
    plain = table.frame[column].str.contains(r"^[+-]?[\d.]+$")
    shifted = (table.frame[column] + "e" + powers.cast(pl.Int64).cast(pl.String)).cast(
        pl.Float64, strict=False
    )
    return pl.select(pl.when(plain).then(shifted).otherwise(values * 10.0**powers))[:, 0]


def _periods(table: Table, column: str) -> pl.Series:
    """Periods as 2019, 2019-Q1, 2019-S1, 2019-03, 2019-W07, 2019-03-31; raises ZizhuError at others."""
    said = table.frame[column]
    named = said.str.replace(r"^(\d{4})-?A1?$", "$1").str.replace(r"^(\d{4})-?M(\d{2})$", "$1-$2")
    named = named.str.replace(r"^(\d{4})([QSW]\d)", "$1-$2").str.replace(r"^(.{10})T[\d:.Z]+$", "$1")
    expected = "2019, 2019-Q1, 2019-S1, 2019-03, 2019-W07 or 2019-03-31"
    cause = Cause("is no period", expected, "Check which column is the period.")
    table.refuse(column, ~named.str.contains(f"^{PERIOD}$"), cause)
    return named


def _status(
    table: Table, roles: Mapping[str, str], statuses: Mapping[str, str]
) -> tuple[pl.Series, list[str]]:
    """The statuses, and the codes that are not known. Of several letters (Eurostat's "ep") the first known counts."""
    if "status" not in roles:
        return pl.Series("status", ["reported"] * table.frame.height, dtype=pl.String), []
    codes = table.frame[roles["status"]]
    known = {c: _one_status(c, statuses) for c in codes.unique().sort()}
    mapped = codes.replace_strict({c: s or "reported" for c, s in known.items()}, return_dtype=pl.String)
    return mapped, [c for c, s in known.items() if c and not s]


def _one_status(code: str, statuses: Mapping[str, str]) -> str:
    found = [statuses[c] for c in (code, *code) if c in statuses]
    return next((s for s in found if s != "reported"), found[0] if found else "")


def _or_not_stated(table: Table, column: str) -> pl.Series:
    if not column:
        return pl.Series("unit", [NOT_STATED] * table.frame.height, dtype=pl.String)
    return table.frame[column].replace("", NOT_STATED)


def _unlabelled(table: Table) -> Table:
    """The same table with codes only: labels stand behind a colon, or in columns of their own behind STRUCTURE_NAME."""
    # a separator in brackets says how cells with several values are written: STRUCTURE[;], ATTR[], TITLE[en;fr]
    frame = table.frame.rename(lambda c: _BRACKETS.sub("", c))
    both = [c for c in frame.columns if ":" in c]
    if both:
        codes = [pl.col(c).str.replace(r"^([^:\s]+): .*$", "$1") for c in both if "OBS_VALUE" not in c]
        frame = frame.with_columns(codes).rename({c: c.partition(":")[0].strip() for c in both})
    if "STRUCTURE_NAME" in frame.columns:
        frame = frame.select(c for c in frame.columns if _CODE.fullmatch(c) and c != "STRUCTURE_NAME")
    return Table(frame, table.first, table.where, table.letters)


def _is_header(cells: Sequence[str]) -> bool:
    names = {_BRACKETS.sub("", c.partition(":")[0].strip()).casefold() for c in cells}
    return "obs_value" in names


def _day(said: object) -> str:
    """A date of SDMX-CSV as ISO 8601, "" for another text; Eurostat writes 22/05/26 11:00:00."""
    text = str(said or "")
    if re.match(VINTAGE, text) and text[4:5] == "-":
        return text[:10]
    with suppress(ValueError):
        return datetime.strptime(text[:8], "%d/%m/%y").date().isoformat()
    return ""


def _named(flow: str) -> tuple[str, str, str]:
    """Agency, id (behind the last @ if it has one) and version of a dataflow."""
    found = _FLOW.match(flow.strip())
    if found is None:
        return "", flow.strip() or "dataflow", ""
    return found[1] or "", found[2].strip().rpartition("@")[2], found[3] or ""


def _stem(member: Member) -> str:
    return base_name(member).partition(".")[0]


def _sdmx() -> Any:
    try:
        return import_module("sdmx")
    except ImportError:
        remedy = "Install it with: pip install 'zizhu[sdmx]'. SDMX-CSV is read without it."
        raise ZizhuError(Problem("the package sdmx1 is not installed", "SDMX", "sdmx1", remedy)) from None
