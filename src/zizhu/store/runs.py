"""The record of an answer: what was asked of which tables, and the digest of what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl

import zizhu
from zizhu.ledger.models import Record, Ref, Run
from zizhu.store.digest import digest


def make_run(
    method: str,
    params: Record,
    inputs: Sequence[Ref],
    frame: pl.DataFrame,
    key: Sequence[str],
    seed: int | None = None,
) -> Run:
    """The run of `method` on `inputs`. Its id depends on the question alone, its output on the answer."""
    asked = params.model_dump(mode="json")
    question = json.dumps([method, zizhu.__version__, asked, seed, list(inputs)], sort_keys=True)
    return Run(
        id=hashlib.blake2b(question.encode(), digest_size=6).hexdigest(),
        method=method,
        version=zizhu.__version__,
        params=asked,
        seed=seed,
        inputs=tuple(inputs),
        output=digest(frame, key),
    )
