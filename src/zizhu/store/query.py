"""SQL over the tables of a workspace: the only seam to an analytic engine (Polars SQL, streaming).

Why this engine: docs/decisions/query-engine.md. The statement is cut into tokens once and written again from
them, without comments, with every parameter in place as a literal of its type. So the engine's parser reads
the tokens that were checked here and no others, and the text of a parameter can only ever be a literal.

Numbers mean what they say: integer columns are widened before the statement runs, because the engine lets
products of narrow integers wrap around in silence, and a literal with a decimal point is a floating-point
number, not a decimal of few digits. Integers of an answer are Int64; one that does not fit is an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import polars.selectors as cs
from polars._plr import PySQLContext  # the engine's own parser, to learn which relations a statement names

from zizhu.vocab.problems import Problem, ZizhuError, nearest, unknown

if TYPE_CHECKING:
    from zizhu.store.workspace import Table, Workspace

WHERE = "query"
MAX_TOKENS = 1_000
MAX_SET_OPERATIONS = 64
"""Above these lengths the engine's recursion over a statement can overflow the stack and end the process."""

_TOKEN = re.compile(
    r"""(?P<space>(?:\s|--[^\n]*|/\*.*?\*/)+)
      | (?P<text>'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")+"|`[^`]+`)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<parameter>[:$][^\W\d]\w*)
      | (?P<word>[^\W\d]\w*)
      | (?P<mark>::|/(?!\*)|[(),.;*+=<>!|&^~%:\[\]{}-])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_SMALL = (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16)
_LARGE = (pl.Int64, pl.UInt32, pl.UInt64)
_MISSING_COLUMN = re.compile(r'unable to find column "(.*?)"|no column named \'(.*?)\'')


class _Token(NamedTuple):
    kind: str
    text: str

    @property
    def identifier(self) -> str:
        """The name this token stands for, folded as the engine folds the names of tables."""
        bare = self.text[1:-1].replace('""', '"') if self.kind == "name" else self.text
        return bare.casefold() if self.kind in ("name", "word") else ""

    @property
    def keyword(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


def query(workspace: Workspace, sql: str, params: Mapping[str, Any]) -> pl.DataFrame:
    """The answer of one SELECT or WITH statement over the tables of `workspace`; nothing is ever written.

    A table goes by its name, in double quotes where it has a dash or a dot: `FROM "baci-raw-materials"`. Only
    tables that the statement names are read, and of those only the columns and row groups it needs. `:name`
    or `$name` stands for `params["name"]`: None, a boolean, an integer of 64 bits, a finite float, a text, a
    date, or a non-empty list of these for `IN :name`. Rows come in no particular order without ORDER BY.

    Raises ZizhuError for anything but one SELECT or WITH, for tables, columns or parameters that do not fit,
    for dense arrays (they have no rows to select) and for what the engine refuses.

    >>> from zizhu.store import Workspace
    >>> Workspace().query("SELECT :million * :million AS square", million=10**6).item()
    1000000000000
    """
    tokens = _tokens(sql)
    _check_statement(tokens)
    bound = _bind(tokens, params)
    tables: dict[str, Table] = {}
    try:
        relations = PySQLContext.table_identifiers(bound, include_schema=True, unique=True)
        tables = _tables(workspace, tokens, relations)
        frames = {name: _scan(table) for name, table in tables.items()}
        answer = pl.SQLContext(frames).execute(bound).with_columns(cs.integer().cast(pl.Int64))
        return answer.collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise ZizhuError(_refusal(error, tokens, tables, workspace)) from error


def _tokens(sql: str) -> list[_Token]:
    """The statement's tokens, with white space and comments as one blank or line break each.

    Raises ZizhuError for open quotes and comments and for characters that no statement needs.
    """
    tokens = []
    for match in _TOKEN.finditer(sql):
        token = _Token(str(match.lastgroup), match.group())
        if token.kind == "other" or not _is_unicode(token.text):
            raise ZizhuError(_strange(token.text, sql[match.end() : match.end() + 1]))
        blank = _Token("space", "\n" if "\n" in token.text else " ")
        tokens.append(blank if token.kind == "space" else token)
    while tokens and (tokens[-1].kind == "space" or tokens[-1].text == ";"):
        tokens.pop()
    return tokens


def _is_unicode(text: str) -> bool:
    """Whether the text can be written as UTF-8: halves of surrogate pairs cannot."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _strange(text: str, following: str) -> Problem:
    if text in ("'", '"', "`", "/"):
        remedy = "Close it; a quote within a text is written twice."
        return Problem(f"{text} opens a quote or comment that does not end", WHERE, "its end", remedy)
    if text == "?" or (text == "$" and following.isdigit()):
        return Problem("a parameter without a name", WHERE, ":name", "Write :name and pass name=value.")
    return Problem(f"{text!r:.40} is not SQL", WHERE, "SQL", "Put it in quotes or pass it as a parameter.")


def _check_statement(tokens: Sequence[_Token]) -> None:
    """Raise ZizhuError unless the tokens are one SELECT or WITH of a size that the engine can take."""
    seen = [t for t in tokens if t.kind != "space"]
    problems = []
    if not seen or seen[0].keyword not in ("SELECT", "WITH"):
        first = seen[0].text if seen else "an empty statement"
        problems.append(
            Problem(
                f"{first} is not a query",
                WHERE,
                "SELECT or WITH",
                "Tables are read-only here; commit to write.",
            )
        )
    if any(t.text == ";" for t in seen):
        problems.append(
            Problem("more than one statement", WHERE, "one statement", "Ask one question at a time.")
        )
    if any(a.keyword == "WITH" and b.keyword == "RECURSIVE" for a, b in pairwise(seen)):
        problems.append(
            Problem(
                "WITH RECURSIVE may never end",
                WHERE,
                "WITH",
                "Iterate in Python over the answers of queries.",
            )
        )
    size = sum(t.kind not in ("text", "number", "parameter") and t.text != "," for t in seen)
    chained = sum(t.keyword in ("UNION", "EXCEPT", "INTERSECT") for t in seen)
    if size > MAX_TOKENS or chained > MAX_SET_OPERATIONS:
        expected = f"at most {MAX_TOKENS:,} words and signs and {MAX_SET_OPERATIONS} set operations"
        problems.append(
            Problem(
                f"a statement of {size:,} words and signs, {chained} set operations",
                WHERE,
                expected,
                "Pass values as lists: IN :codes.",
            )
        )
    if problems:
        raise ZizhuError(problems)


def _bind(tokens: Sequence[_Token], params: Mapping[str, Any]) -> str:
    """The statement as the engine reads it. Raises ZizhuError for parameters that miss, are unused or do not fit."""
    wanted = {t.text[1:] for t in tokens if t.kind == "parameter"}
    problems = [
        Problem(f"parameter {name!r} has no value", WHERE, "a value for every :name", _given(name, params))
        for name in sorted(wanted - params.keys())
    ]
    problems += [
        Problem(f"parameter {name!r} is not in the statement", WHERE, f":{name}", "Use it or leave it out.")
        for name in sorted(params.keys() - wanted)
    ]
    literals = {}
    for name in sorted(wanted & params.keys()):
        try:
            literals[name] = _literal(params[name])
        except ValueError as error:
            remedy = f"Got {params[name]!r:.80}."
            problems.append(
                Problem(f"parameter {name!r} is {error}", WHERE, "a scalar or a list of scalars", remedy)
            )
    if problems:
        raise ZizhuError(problems)
    return "".join(_written(t, literals) for t in tokens)


def _given(name: str, params: Mapping[str, Any]) -> str:
    close = nearest(name, list(params))
    return f"Nearest given: {', '.join(close)}." if close else f"Pass {name}=value."


def _written(token: _Token, literals: Mapping[str, str]) -> str:
    if token.kind == "parameter":
        return f" {literals[token.text[1:]]} "
    if token.kind == "text":
        return f" {token.text} "
    if token.kind == "name" and token.text[0] == "`":
        return '"' + token.text[1:-1].replace('"', '""') + '"'
    if token.kind == "number" and "." in token.text and "e" not in token.text.lower():
        return f"{token.text}e0"
    return token.text


def _literal(value: Any) -> str:
    """`value` as a SQL literal. Raises ValueError saying what is wrong with a value that cannot be one."""
    if isinstance(value, list | tuple):
        if not value:
            raise ValueError("an empty list")
        return f"({', '.join(_scalar(v) for v in value)})"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Integral):
        if not -(2**63) < int(value) < 2**63:
            raise ValueError("an integer beyond 64 bits")
        return f"({int(value)})"
    if isinstance(value, Real):
        if not math.isfinite(value):
            raise ValueError("not a finite number")
        return f"({float(value):.17e})"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        if not _is_unicode(value):
            raise ValueError("not valid Unicode")
        return "'" + value.replace("'", "''") + "'"
    raise ValueError(f"of type {type(value).__name__}")


def _tables(workspace: Workspace, tokens: Sequence[_Token], relations: Sequence[str]) -> dict[str, Table]:
    """The stored tables among the relations that the statement names.

    Every relation must be a table or a part of a WITH, and none may be called like a function: that is how
    the engine would read files.
    """
    names = workspace.names()
    seen = [t for t in tokens if t.kind != "space"]
    called = _called(seen, relations)
    known = {*names, *_with_parts(seen), *called}
    problems = [_no_function(name) for name in sorted(called)]
    problems += [unknown("table", r, names, WHERE) for r in relations if r.casefold() not in known]
    tables = {n: workspace.read(n) for n in names if n in {r.casefold() for r in relations}}
    problems += [_dense(table) for table in tables.values() if not table.meta.key]
    if problems:
        raise ZizhuError(problems)
    return tables


def _called(seen: Sequence[_Token], relations: Sequence[str]) -> set[str]:
    """The relations, or parts of their dotted names, that stand before an opening parenthesis."""
    named = {part for r in relations for part in (r.casefold(), *r.casefold().split("."))}
    return {a.identifier for a, b in pairwise(seen) if b.text == "(" and a.identifier in named - {""}}


def _with_parts(seen: Sequence[_Token]) -> set[str]:
    """The names that stand before `AS (`."""
    return {
        a.identifier
        for a, b, c in zip(seen, seen[1:], seen[2:], strict=False)
        if b.keyword == "AS" and c.text == "("
    }


def _no_function(name: str) -> Problem:
    return Problem(
        f"{name}(...) where a table is expected",
        WHERE,
        "a table of the workspace, or a WITH part without a list of columns",
        "Files are not read by queries: commit them as tables. Name the columns of a WITH part inside it.",
    )


def _dense(table: Table) -> Problem:
    return Problem(
        f"{table.meta.name} is a dense array of shape {table.meta.shape}: its rows have no key",
        WHERE,
        "a table with a key",
        f"Read it in Python: Workspace().read({table.meta.name!r}).frame.",
    )


def _scan(table: Table) -> pl.LazyFrame:
    """The table, lazily, with integers wide enough for the product of two and all text as plain text.

    Only the size of the file is checked: hashing it would read all of what a query mostly skips.
    """
    if not table.path.is_file() or table.path.stat().st_size != table.meta.bytes:
        table.check_bytes()
    return pl.scan_parquet(table.path, glob=False).with_columns(
        cs.by_dtype(_SMALL).cast(pl.Int64),
        cs.by_dtype(_LARGE).cast(pl.Int128),
        cs.float().cast(pl.Float64),
        (cs.categorical() | cs.enum()).cast(pl.String),
    )


def _refusal(
    error: BaseException, tokens: Sequence[_Token], tables: Mapping[str, Table], workspace: Workspace
) -> Problem:
    """What the engine says, without its plan, and what to do about it."""
    said = str(error).split("\n\nResolved plan")[0].split("\n\nThis error occurred")[0].strip()
    what = " ".join(said.split())[:500] or type(error).__name__
    return Problem(
        what, WHERE, "a statement that Polars SQL can run", _remedy(what, tokens, tables, workspace)
    )


def _remedy(what: str, tokens: Sequence[_Token], tables: Mapping[str, Table], workspace: Workspace) -> str:
    columns = [c for table in tables.values() for c in table.meta.columns]
    if missing := _MISSING_COLUMN.search(what):
        close = nearest(missing[1] or missing[2], columns)
        return f"Nearest: {', '.join(close)}." if close else f"Columns: {', '.join(columns) or 'none'}."
    if "`i128` to `i64`" in what:
        return "The integer does not fit in 64 bits: CAST to DOUBLE before multiplying or adding."
    plain = "".join(t.text for t in tokens if t.kind not in ("name", "text"))
    bare = [n for n in workspace.names() if not n.isidentifier() and n in plain.casefold()]
    return f'Write "{bare[0]}" in double quotes.' if bare else "Correct the statement."
