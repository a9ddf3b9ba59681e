"""Every term of every method has words."""

from __future__ import annotations

import pytest

from zizhu.depend.content import STAGES
from zizhu.depend.valueadded.methods import APART, DECOMPOSITIONS
from zizhu.depend.valueadded.told import TOLD, told

FORWARD = ("FEXDVA", "FFD_DVA")
TERMS = [f"{m}.{t}" for m, d in DECOMPOSITIONS.items() for t in (*d.tree, APART)]
TERMS += [f"tiva.{t}" for t in FORWARD] + [f"position.{t}" for t in STAGES]


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_told_in_words(term: str) -> None:
    assert " " in told(term)
    assert term.partition(".")[2] not in told(term)


def test_words_are_of_terms_that_there_are() -> None:
    bare = {t.partition(".")[2] for t in TERMS}
    assert {key for key in TOLD if key not in TERMS and key not in bare} == set()
