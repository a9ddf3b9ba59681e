"""How many quantities and dates of sentences written for it are read right."""

from __future__ import annotations

import pytest
from mentions import f1, hits, sentences

from zizhu.read.dates import dates
from zizhu.read.quantities import numbers
from zizhu.vocab.periods import parse


@pytest.mark.parametrize(("half", "least"), [("tuned", 0.98), ("held", 0.92)])
def test_quantities_have_value_and_unit(half: str, least: float) -> None:
    right = found = gold = 0
    for s in sentences(half):
        read = numbers(s.text, s.language)
        right, found, gold = right + hits(s.quantities, read), found + len(read), gold + len(s.quantities)
    assert gold > 190
    assert f1(right, found, gold) >= least


@pytest.mark.parametrize(("half", "least"), [("tuned", 0.98), ("held", 0.92)])
def test_dates_are_resolved(half: str, least: float) -> None:
    right = found = gold = 0
    for s in sentences(half):
        read = [parse(d.edtf) for d in dates(s.text, s.anchor, s.language)]
        rest = list(read)
        for expected in map(parse, s.dates):
            if expected in rest:
                rest.remove(expected)
                right += 1
        found, gold = found + len(read), gold + len(s.dates)
    assert gold > 70
    assert f1(right, found, gold) >= least
