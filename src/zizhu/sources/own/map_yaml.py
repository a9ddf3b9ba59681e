"""The first map of an unknown table as a commented YAML, which its owner corrects."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from zizhu.sources.own import guess
from zizhu.sources.own.draft import Draft, Drafted
from zizhu.sources.own.layout import Guess
from zizhu.sources.own.mapping import (
    BASES,
    COUNTRY_CODES,
    PLACES,
    PRODUCT_CODES,
    REVISIONS,
    ROLES,
    STATED,
    TIME_CODES,
    TIMES,
    TODO,
    TRADERS,
    Cited,
    Column,
    Layout,
    TableMap,
    allowed,
)
from zizhu.sources.readers.observations import table_name

_OMITTED = (*TRADERS, "flow", "product", "sector", *PLACES)
"""Roles of which rows of totals are left out; in series of places they are values like others."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\u00a1-\u2027\u202f-\ud7ff\uf900-\ufefe\uff00-\uffef\U00010000-\U0010ffff]"
)


def name_of_table(made: Draft) -> str:
    """The name that the table gets, of its file."""
    return table_name(made.path.name.partition(".")[0]) or "my-table"


def to_yaml(made: Draft, folder: Path) -> str:
    """The map as text, for a file in `folder`."""
    return (
        "\n".join(
            itertools.chain(
                _head(made, folder), _form(made), _constants(made), *map(_column(made), made.columns)
            )
        )
        + "\n"
    )


def _head(made: Draft, folder: Path) -> Iterator[str]:
    yield f"# How zizhu is to read {_comment(made.path.name)}. Correct what is wrong, replace every {TODO}, then run"
    yield "#   zizhu data add THIS-FILE"
    yield "# Percentages say how sure a guess is. Nothing in the table is changed or evaluated."
    yield from (f"# Beware: {_comment(note, 160)}" for note in made.notes)
    yield f"file: {_quoted(_relative(made.path, folder))}  # {TableMap.model_fields['file'].description}"
    yield f"sha256: {made.sha256}"
    yield f"kind: {made.kind.value}  # {_sure(made.kind)}; one of trade, series, production, panel"
    yield f"table: {_quoted(name_of_table(made))}  # {TableMap.model_fields['table'].description}"
    yield f"title: {TODO}  # {TableMap.model_fields['title'].description}"
    yield "source:"
    for name, field in Cited.model_fields.items():
        value = TODO if field.is_required() else '""'
        yield f"  {name}: {value}  # {field.description}"


def _relative(path: Path, folder: Path) -> str:
    """The path from `folder`; the whole path where none leads there (another drive)."""
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:
        return path.absolute().as_posix()


def _form(made: Draft) -> Iterator[str]:
    fields = {
        "encoding": "encoding",
        "delimiter": "delimiter",
        "decimal": "decimal sign",
        "header_row": "row of the names",
    }
    given = made.layout.model_dump(exclude_defaults=True)
    lines = []
    for name, field in Layout.model_fields.items():
        known = made.form.get(fields.get(name, ""))
        if known is None and name not in given:
            continue
        value = getattr(made.layout, name)
        why = f"{_sure(known)}; " if known else ""
        lines.append(f"  {name}: {_scalar(value)}  # {why}{field.description}")
    if lines:
        yield "layout:"
        yield from lines


def _constants(made: Draft) -> Iterator[str]:
    """What no column says and the table must state, open or with a guess."""
    roles = {c.role.value for c in made.columns if c.role.confidence >= guess.SURE}
    lines = list(_stated(made, roles))
    if lines:
        only = [name for name in STATED[made.kind.value] if name not in allowed(made.kind.value)]
        but = f"; {' and '.join(only)} {'stand' if len(only) > 1 else 'stands'} here alone" if only else ""
        yield f"# what holds for the whole table; a column with that role may take the place of a line here{but}"
        yield "constants:"
        yield from lines
    yield f"# rates: {{2023: 7.08}}  # {TableMap.model_fields['rates'].description}"


def _stated(made: Draft, roles: set[str]) -> Iterator[str]:
    kind, wide = made.kind.value, any(c.period for c in made.columns)
    if not wide and not roles & set(TIMES):
        years = _YEAR.findall(" ".join((made.path.stem, *made.notes)))
        if years:
            yield f'  year: "{years[0]}"  # 60 % sure: the file name or title has it'
        else:
            yield f"  year: {TODO}  # no column has years or dates"
    if kind == "trade":
        yield from _of_trade(made, roles)
    elif kind == "production":
        if "country" not in roles:
            yield f"  country: {TODO}  # the country that produces, for example CHN"
        what = "sectors" if "sector" in roles else "products"
        coded = next((f"; {c.codes.reason}" for c in made.columns if c.role.value == "product"), "")
        yield f"  classification: {TODO}  # of the {what}: HS2017, PRODCOM2022, ISIC4, ...{coded}"
        yield f"  basis: {TODO}  # {', '.join(BASES)}: whose production it is"
    elif not roles & set(PLACES):
        yield f"  entity: {TODO}  # the country, province, city or firm that the values belong to"
    if kind == "series" and wide and "indicator" not in roles:
        yield f"  indicator: {TODO}  # what the values measure, in a word or two: rd_expenditure"


def _of_trade(made: Draft, roles: set[str]) -> Iterator[str]:
    sides = (
        ("reporter", "partner", "flow")
        if roles & {"reporter", "partner", "flow"}
        else ("exporter", "importer")
    )
    about = {"reporter": "the country whose customs these are, for example CHN", "flow": "imports or exports"}
    for side in sides:
        if side not in roles:
            yield f"  {side}: {TODO}  # {about.get(side, ROLES[side])}"
    if "product" not in roles:
        yield f"  product: {TODO}  # the product (HS, six digits), if it is only one"
    product = next((c for c in made.columns if c.role.value == "product"), None)
    hint = f"; {product.look.share('hs6'):.0%} of the codes are in HS1992" if product else ""
    yield f"  revision: {TODO}  # of the Harmonised System: {', '.join(REVISIONS)}{hint}"


def _column(made: Draft) -> Any:
    """Lines for a column of that draft."""
    roles = {c.role.value for c in made.columns}
    wide = any(c.period for c in made.columns)
    about = ", ".join(allowed(made.kind.value))
    indicator = made.kind.value == "series" and "indicator" not in roles and not wide
    begun = itertools.count(1)

    def lines(column: Drafted) -> Iterator[str]:
        number = next(begun)
        if number == 1:
            yield f"# roles: {about}"
            yield "columns:"
        by_row = {"value": "unit", "quantity": "quantity_unit"}.get(column.role.value, "") in roles
        yield from _lines(column, number, indicator, by_row, made.kind.value != "series")

    return lines


def _lines(c: Drafted, number: int, indicator: bool, by_row: bool, omit: bool) -> Iterator[str]:
    shown = ", ".join(_comment(s) for s in c.look.samples) or "nothing but empty cells"
    yield f"# {number}: {shown}"
    yield f"- name: {_quoted(c.look.name)}"
    sure = c.role.confidence >= guess.SURE
    role = c.role.value if sure else TODO
    yield f"  role: {role}  # {_sure(c.role)}{'' if sure else f'; a guess: {c.role.value}'}"
    if c.role.value in ("value", "quantity") and not by_row:
        yield from _unit(c)
    if c.codes.value:
        valid = {"product": PRODUCT_CODES, "period": TIME_CODES}.get(c.role.value, COUNTRY_CODES)
        yield f"  codes: {c.codes.value}  # {_sure(c.codes)}; of {', '.join(valid)}"
    if c.period:
        yield f"  period: {_quoted(c.period)}  # {Column.model_fields['period'].description}"
    if indicator and c.role.value == "value" and not c.period:
        yield f"  indicator: {_quoted(c.look.name)}  # {Column.model_fields['indicator'].description}"
    if c.look.missing and c.role.value != "ignore":
        yield f"  missing: {_listed(c.look.missing)}  # {Column.model_fields['missing'].description}"
    if c.look.totals and c.role.value in _OMITTED and omit:
        yield f"  omit: {_listed(c.look.totals)}  # {Column.model_fields['omit'].description}"
    for oddity in c.oddities:
        yield f"  # beware: {_comment(oddity, 160)}"


def _unit(c: Drafted) -> Iterator[str]:
    found = c.unit.value
    if found is None:
        yield f"  unit: {TODO}  # {c.unit.reason}; {Column.model_fields['unit'].description}"
        return
    yield f"  unit: {_quoted(found.unit)}  # {_sure(c.unit)}"
    if found.scale != 1:
        yield f"  scale: {found.scale:g}  # {Column.model_fields['scale'].description}"


def _sure(g: Guess[Any]) -> str:
    return f"{g.confidence:.0%} sure: {_comment(g.reason, 160)}"


def _scalar(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else str(value)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    """The text as a scalar of YAML in double quotes."""
    return _UNPRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _comment(text: str, longest: int = 40) -> str:
    """A text that is safe in a comment: one line of printable letters."""
    line = _UNPRINTABLE.sub("?", " ".join(str(text).split()))
    return line if len(line) <= longest else f"{line[: longest - 3]}..."
