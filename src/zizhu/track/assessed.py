"""Who says what about a plan: the assessments of the register, side by side, never merged.

`share` puts on one axis the claims that count successes out of a stated list (3 of 10, 86 % of goals); it is
null for the others, which measure other things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from zizhu.ledger import register
from zizhu.ledger.models import Assessment, Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.track import draw
from zizhu.vocab import periods, units
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "track.assessed"
KEY = ("claim",)


class Params(Record):
    """What is asked: the assessments of plans of `country`."""

    country: str


@dataclass(frozen=True)
class Inputs:
    """The register's claims about the country's plans."""

    params: Params
    claims: tuple[Assessment, ...]


def load(workspace: Workspace, params: Params) -> Inputs:
    """The register's assessments of the country's plans."""
    del workspace
    about = (a for a in register.assessments().values() if a.country == params.country)
    return Inputs(params, tuple(about))


def solve(inputs: Inputs) -> Result:
    """One row a claim. Raises CannotAnswer when the register holds none about the country."""
    if not inputs.claims:
        raise CannotAnswer(
            Problem(
                f"no assessments of {inputs.params.country}",
                "register",
                "a country whose plans have been assessed",
                "The register holds assessments of Chinese plans only.",
            )
        )
    frame = pl.DataFrame([_row(c) for c in inputs.claims], infer_schema_length=None).sort(KEY)
    run = make_run(METHOD, inputs.params, tuple(f"fact:{c.id}" for c in inputs.claims), frame, KEY)
    units_of = {"value": "see unit", "share": "share of the speaker's own list"}
    return Result(
        frame,
        KEY,
        units_of,
        "each speaker's own list and definition",
        run,
        draw=draw.assessed,
        evidence=partial(_evidence, {c.id: c for c in inputs.claims}),
    )


def _row(c: Assessment) -> dict[str, object]:
    return {
        "claim": c.id,
        "speaker": c.speaker,
        "subject": c.subject,
        "indicator": c.indicator,
        "value": c.value,
        "unit": c.unit,
        "share": units.convert(c.value, c.unit, "share") if counts_successes(c) else None,
        "verdict": c.verdict or None,
        "quality": c.quality,
        "counted": True,
    }


def counts_successes(c: Assessment) -> bool:
    """Whether a claim counts successes out of a list that its speaker has."""
    return c.unit.startswith("of ") or c.indicator == "goals achieved share"


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """A claim opens into itself: it has no parts. Raises CannotAnswer for a share that it does not state."""
    del top
    row = result.row(key)
    claim = next(c for c in inputs.claims if c.id == key)
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} is empty", f"claim {key}", "a claim that counts successes", "Trace value.")
        )
    value = float(row[column])
    part = Part(f"fact:{key}", _told(claim), value, None)
    unit = claim.unit if column == "value" else result.units[column]
    verdict = f"; verdict: {claim.verdict}" if claim.verdict else ""
    said = f", {periods.label(periods.parse(claim.date))}" if claim.date else ""
    sentence = f"{claim.speaker} on {claim.subject}{said}: {claim.indicator}{verdict}."
    return Explanation(result.ref(row, column), value, unit, sentence, (part,), 0.0, (part.ref,))


def _told(claim: Assessment) -> str:
    sign = claim.comparator if claim.comparator not in (None, "=") else ""
    value = f"{sign} {units.quantity(claim.value, claim.unit)}".strip()
    return f"{claim.speaker} on {claim.subject}: {claim.indicator}, {value}"


def _evidence(claims: Mapping[str, Assessment], result: Result, row: Mapping[str, Any]) -> Evidence:
    ref, claim = f"fact:{row['claim']}", claims[row["claim"]]
    del result
    return Evidence(f"{claim.id}, {_told(claim)}", ref, (ref,))
