"""Tokens: every word at its place, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.rules.tokens import tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Chile’s output rose 3.5%.", ["chile", "'s", "output", "rose", "3.5", "%", "."]),
        ("It didn’t end in 2020, he said", ["it", "didn't", "end", "in", "2020", ",", "he", "said"]),
        ("到2030年", ["到", "2030", "年"]),
        ("self-made", ["self", "-", "made"]),
    ],
    ids=["possessive", "negation", "chinese", "hyphen"],
)
def test_words(text: str, words: list[str]) -> None:
    assert [t.word for t in tokens(text)] == words


@given(st.text(max_size=300))
def test_tokens_stand_where_they_say(text: str) -> None:
    found = tokens(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert "".join(t.text for t in found) == "".join(c for c in text if not c.isspace())
