"""The flat form as a CSV file that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any

from zizhu.ledger.claims import Claim
from zizhu.read.exchange.flat import flat
from zizhu.vocab.problems import Problem, ZizhuError

NUMBERS = ("start", "end", "value", "value_low", "value_high", "value_start", "value_end")
OFFSETS = ("start", "end", "value_start", "value_end")
_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet may take for a formula, or skip before one; behind quotes of our own too."""


def sheet(claims: Iterable[Claim]) -> str:
    """The CSV text, with the document of each claim, its page and what reviewers said beside the flat form."""
    out = io.StringIO()
    rows = [_row(claim) for claim in claims]
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["id"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({k: _cell(v) for k, v in row.items()} for row in rows)
    return out.getvalue()


def _row(claim: Claim) -> dict[str, Any]:
    first = claim.evidence[0]
    return flat(claim) | {
        "polarity": claim.polarity,
        "document": first.source,
        "reported_by": claim.reported_by,
        "said_on": claim.said_on,
        "page": first.pdf.page if first.pdf else None,
        "review": claim.review.status if claim.review else None,
        "corrected": _corrections(claim),
        "extractor": f"{claim.extractor.name} {claim.extractor.version}",
    }


def _corrections(claim: Claim) -> str | None:
    """What a reviewer put in the place of what was read: `{"value": "70.0"}`."""
    changes = claim.review.changes if claim.review else {}
    return json.dumps(changes, ensure_ascii=False) if changes else None


def _cell(value: Any) -> str:
    """A cell: numbers as numbers, several texts as a JSON list, and a quote before what might be run."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) and not value.startswith("[") else _listed(value)
    return f"'{text}" if _RUNS.match(text) else text


def _listed(value: str | list[str]) -> str:
    return json.dumps([value] if isinstance(value, str) else value, ensure_ascii=False)


def read_sheet(text: str, where: str) -> list[dict[str, Any]]:
    """The rows of such a file, as those of the flat form. Raises ZizhuError with all cells that cannot be read."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    try:
        for row in reader:
            place = f"{where}, line {reader.line_num}"
            found.append({k: _value(k, v, place, problems) for k, v in row.items() if k is not None})
    except csv.Error as error:
        problems.append(Problem(f"no CSV: {error}", where, "a CSV file", "Mend the quotes."))
    if problems:
        raise ZizhuError(problems)
    return found


def _value(column: str, cell: str | None, place: str, problems: list[Problem]) -> Any:
    if not cell:
        return None
    if column in NUMBERS:
        try:
            return int(cell) if column in OFFSETS else float(cell)
        except ValueError:
            problems.append(
                Problem(f"{column} {cell!r:.40} is no number", place, "a number", "Correct the cell.")
            )
            return None
    text = cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
    return _unlisted(text) if text.startswith("[") else text


def _unlisted(text: str) -> str | list[str]:
    """What a cell lists; one text alone stands for itself."""
    try:
        listed = [str(item) for item in json.loads(text)]
    except (ValueError, RecursionError):
        return text
    return listed[0] if len(listed) == 1 else listed
