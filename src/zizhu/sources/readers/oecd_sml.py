"""Inter-Country Input-Output tables of the OECD, regular and extended: one CSV a year.

Labels are COUNTRY_INDUSTRY for rows and columns and COUNTRY_CATEGORY for final demand; below the industries stand
taxes less subsidies (one row, or one a country in the editions of 2021 and before), value added and output. The
extended tables split China and Mexico: their own industries are then rows and columns of nothing, which are left out,
and their final demand is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.sources.files.matrix import Labelled, read_matrix
from zizhu.sources.readers.io_files import YearFile, by_year, made
from zizhu.sources.readers.io_table import Floats, IOTable
from zizhu.sources.reading import Made, Request
from zizhu.tables.finding import share
from zizhu.vocab import groups
from zizhu.vocab.countries import is_country
from zizhu.vocab.industries import recognised, sections
from zizhu.vocab.problems import Problem, ZizhuError

AGREES = 1e-3
"""How far, relative to output, the totals of a row and a column may be apart."""
SHOWN = 10


@dataclass(frozen=True)
class Names:
    """What the producer calls the parts of a table, from the catalogue."""

    unit: str
    value_added: frozenset[str]
    taxes: frozenset[str]
    output: frozenset[str]
    categories: frozenset[str]
    parts: Mapping[str, str]
    rest_of_world: str
    classifications: Mapping[str, str]
    editions: Mapping[str, str]
    alike: Mapping[str, str]

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> Names:
        """From the parameters of a catalogue entry."""
        sets = {k: frozenset(parameters[k]) for k in ("value_added", "taxes", "output", "categories")}  # type: ignore[call-overload]
        rest = {
            k: parameters[k]
            for k in ("unit", "parts", "rest_of_world", "classifications", "editions", "alike")
        }
        return cls(**sets, **rest)  # type: ignore[arg-type]

    def ends_industries(self, label: str) -> bool:
        """Whether a column is one of final demand or a total."""
        return label in self.output or _split(label)[1] in self.categories


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    names = Names.of(request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        yield made(request, read_year(file, names))


def read_year(file: YearFile, names: Names) -> IOTable:
    """One year; raises ZizhuError for labels that are missing, do not fit together or are not known, for a negative
    output, and where the totals of rows and columns differ."""
    matrix = read_matrix(file.member, lambda columns: _edges(columns, names, file.member.where))
    n = matrix.parts[0].shape[1]
    problems = _label_problems(matrix, n, names)
    if problems:
        raise ZizhuError(problems)
    below = {label: n + i for i, label in enumerate(matrix.rows[n:])}
    flows, _, total = matrix.parts
    output = total[:n, 0].copy()
    problems = _output_problems(output, flows[_one(below, names.output)], matrix)
    if problems:
        raise ZizhuError(problems)
    value_added = flows[_one(below, names.value_added)].copy()
    taxes = flows[[i for label, i in below.items() if _split(label)[1] in names.taxes]].sum(axis=0)
    buyers, categories, final = _final(matrix, n, names)
    country, sector = zip(*(_split(label) for label in matrix.rows[:n]), strict=True)
    kept = _kept(country, output, flows, final, value_added, names)
    sectors = tuple(dict.fromkeys(sector))
    return IOTable(
        year=file.year,
        unit=names.unit,
        country=tuple(country[i] for i in kept),
        sector=tuple(sector[i] for i in kept),
        whole=tuple(names.parts.get(country[i], country[i]) for i in kept),
        Z=_compact(flows, n, kept),
        final=final if len(kept) == n else final[kept],
        buyers=buyers,
        categories=categories,
        value_added=value_added[kept],
        taxes=taxes[kept],
        output=output[kept],
        rest_of_world=names.rest_of_world in country,
        sections=sections(names.classifications.get(_mark(sectors, names), recognised(sectors))),
        notes=_notes(country, output, names),
        edition=_edition(file, names.editions.get(_mark(sectors, names), ""), names),
    )


def _edition(file: YearFile, by_labels: str, names: Names) -> str:
    """The edition that the labels tell; what the user or the name of the file says must agree with it."""
    if not by_labels or file.edition in ("", by_labels) or names.alike.get(file.edition) == by_labels:
        return file.edition or by_labels
    raise ZizhuError(
        Problem(
            f"edition {file.edition}, with the industries of {by_labels}",
            file.member.where,
            f"edition {by_labels}",
            "Correct or leave out --edition; add files of several editions one after the other.",
        )
    )


def _split(label: str) -> tuple[str, str]:
    """Country and code; a label without a country is its own code."""
    country, _, code = label.partition("_")
    return (country, code) if code else ("", country)


def _edges(columns: Sequence[str], names: Names, where: str) -> tuple[int, int]:
    """Where final demand begins and where the total stands."""
    n = next((i for i, label in enumerate(columns) if names.ends_industries(label)), len(columns))
    unknown = [label for label in columns[n:] if not names.ends_industries(label)]
    problems = []
    if unknown:
        known = ", ".join(sorted(names.categories | names.output))
        what = f"{len(unknown)} columns that are not known: {', '.join(unknown[:5])}"
        remedy = "Final demand follows the industries: is this another edition or a file that was edited?"
        problems.append(Problem(what, f"{where}, line 1", f"{known} after the industries", remedy))
    if not columns or columns[-1] not in names.output or n in (0, len(columns) - 1):
        expected = f"industries, final demand and at last {' or '.join(sorted(names.output))}"
        what = f"columns from {columns[0]} to {columns[-1]}"
        remedy = "The columns may be cut short: get the file again."
        problems.append(Problem(what, f"{where}, line 1", expected, remedy))
    if problems:
        raise ZizhuError(problems)
    return n, len(columns) - 1


def _label_problems(matrix: Labelled, n: int, names: Names) -> list[Problem]:
    where = f"{matrix.where}, first column"
    apart = [(r, c) for r, c in zip(matrix.rows[:n], matrix.columns[:n], strict=False) if r != c]
    problems = []
    if apart or len(matrix.rows) < n:
        row, column = apart[0] if apart else ("nothing", matrix.columns[len(matrix.rows)])
        what = f"{row} stands where the columns have {column}"
        remedy = "Rows may be missing: get the file again."
        problems.append(Problem(what, where, f"the {n:,} industries of the columns in their order", remedy))
    rows = {_split(label)[1] for label in matrix.rows[n:]}
    for role in ("value_added", "taxes", "output"):
        wanted: frozenset[str] = getattr(names, role)
        if not rows & wanted:
            expected = f"a row {' or '.join(sorted(wanted))} below the industries"
            problems.append(Problem(f"no {role.replace('_', ' ')}", where, expected, "Get the file again."))
    return problems


def _one(below: Mapping[str, int], labels: frozenset[str]) -> int:
    return next(i for label, i in below.items() if label in labels)


def _output_problems(output: Floats, of_columns: Floats, matrix: Labelled) -> list[Problem]:
    problems = [
        Problem(
            f"an output of {output[i]:,.1f}",
            f"{matrix.where}, {matrix.rows[i]}",
            "no less than 0",
            "Ask OECD.",
        )
        for i in np.flatnonzero(output < 0)[:SHOWN]
    ]
    apart = np.abs(output - of_columns) > AGREES * np.maximum(np.abs(output), 1000.0)
    problems += [
        Problem(
            f"output of {output[i]:,.1f} at the right and {of_columns[i]:,.1f} at the foot",
            f"{matrix.where}, {matrix.rows[i]}",
            "the same output in its row and its column",
            "Columns or rows may have been moved: get the file again.",
        )
        for i in np.flatnonzero(apart)[:SHOWN]
    ]
    return problems


def _final(matrix: Labelled, n: int, names: Names) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Buyers, categories, and final demand (n, C, F), 0 where a country has no such category."""
    labels = [_split(label) for label in matrix.columns[n:-1]]
    buyers = tuple(dict.fromkeys(names.parts.get(country, country) for country, _ in labels))
    categories = tuple(dict.fromkeys(code for _, code in labels))
    rest = matrix.parts[1][:n]
    if labels == [(b, c) for b in buyers for c in categories]:
        return buyers, categories, rest.reshape(n, len(buyers), len(categories))
    final = np.zeros((n, len(buyers), len(categories)))
    for i, (country, code) in enumerate(labels):
        final[:, buyers.index(names.parts.get(country, country)), categories.index(code)] += rest[:, i]
    return buyers, categories, final


def _kept(
    country: Sequence[str], output: Floats, flows: Floats, final: Floats, value_added: Floats, names: Names
) -> list[int]:
    """The nodes that are kept: all but those of a country whose parts are there too, which must be nothing."""
    whole = {names.parts[c] for c in country if c in names.parts}
    n = len(country)
    split = [i for i, c in enumerate(country) if c in whole]
    full = [
        i
        for i in split
        if output[i] or value_added[i] or flows[:n, i].any() or flows[i].any() or final[i].any()
    ]
    if full:
        raise ZizhuError(
            Problem(
                f"{country[full[0]]} has flows of its own beside its parts",
                "the table",
                "either a country or its parts",
                "The country would count twice: give the regular or the extended table as it is published.",
            )
        )
    return [i for i, c in enumerate(country) if c not in whole]


def _compact(flows: Floats, n: int, kept: Sequence[int]) -> Floats:
    """The rows and columns kept (m, m), moved up within the same memory."""
    m = len(kept)
    if m == n:
        return flows[:n]
    flat = flows.reshape(-1)
    for place, i in enumerate(kept):
        flat[place * m : (place + 1) * m] = flows[i][kept]
    return flat[: m * m].reshape(m, m)


def _mark(sectors: Sequence[str], names: Names) -> str:
    """The industry by which the edition is known, empty where there is none."""
    return next((code for code in names.editions if code in sectors), "")


def _notes(country: Sequence[str], output: Floats, names: Names) -> tuple[str, ...]:
    """Which codes are parts of a country, and which are neither that nor a country."""
    notes = []
    parts = sorted({c for c in country if c in names.parts})
    if parts:
        notes.append(f"{', '.join(parts)} are parts of {', '.join(sorted({names.parts[p] for p in parts}))}.")
    strange = sorted(
        {c for c in country if c not in names.parts and c != names.rest_of_world and not is_country(c)}
    )
    if strange:
        part = share(output[np.isin(country, strange)].sum(), output.sum())
        notes.append(
            f"No country and no part of one that is documented: {', '.join(strange)}, with {part:.2%} of output. In no "
            f"group of countries, {groups.WORLD} included; ask for it by its code."
        )
    return tuple(notes)
