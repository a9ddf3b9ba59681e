"""Whether a number of a document is of what its title names, or of another thing: `hotels` in a plan for steel."""

from __future__ import annotations

from functools import cache

from zizhu.read.rules.plan_nouns import definite
from zizhu.read.rules.reading import Reading
from zizhu.vocab.packfiles import rows


def of_title(indicator: str | None, read: Reading) -> bool:
    """Whether an aim may be of the sectors of the title: its sentence names the plan, or no thing of its own."""
    if read.tokens[0].han or definite(read) or read.named("plan"):
        return True
    return all(word in _general() for word in (indicator or "").split("_") if word)


@cache
def _general() -> frozenset[str]:
    """Words for measures of any sector."""
    measures = (r["concept"] for r in rows("read/indicator_words.csv") if r["role"] in ("measure", "whole"))
    plain = (r["phrase"].lower() for r in rows("read/general_measures.csv"))
    return frozenset(word for name in (*measures, *plain) for word in name.replace(" ", "_").split("_"))
