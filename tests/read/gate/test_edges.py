"""Spans that are in the source letter by letter and say something else, because of where they begin or end."""

from __future__ import annotations

import pytest

from zizhu.read.gate.edges import cut, negated_before, seen
from zizhu.read.model import Span

CUT = [
    ("Sales rose 15.7% in May.", "5.7%"),
    ("Sales rose 15.7% in May.", "7% in May"),
    ("Sales rose 15.7% in May.", "rose 15"),
    ("Sales rose 15% in May.", "rose 15"),
    ("It built 1,700 mills.", "700 mills"),
    ("It built 1,700 mills.", "built 1"),
    ("Sales fell to -5% then.", "5%"),
    ("Sales fell to −5% then.", "5%"),
    ("It cost $5 bn.", "5 bn"),
    ("It grew 3-5% a year.", "5% a year"),
    ("It grew 3–5% a year.", "grew 3"),
    ("It adds 10⁶ jobs.", "adds 10"),
    ("a 2016–20 plan", "20 plan"),
    ("exports rose", "ports rose"),
    ("exports rose", "exports ro"),
    ("第二十五位", "五位"),
    ("增长5万吨", "增长5"),
    ("下降－5％", "5％"),
    ("cafe\N{COMBINING ACUTE ACCENT} culture", "cafe"),
]
WHOLE = [
    ("Sales rose 15.7% in May.", "15.7%"),
    ("Sales rose 15.7% in May.", "Sales rose 15.7% in May"),
    ("It cost $5 bn.", "$5 bn"),
    ("比重达到70%，", "达到70%"),
    ("比重达到70%，", "70%"),
    ("目标是五个项目", "五个项目"),
    ("(5 mills)", "5 mills"),
    ("“5 mills”", "5 mills"),
    ("in 2031.", "in 2031"),
    ("state-owned firms", "owned firms"),
]


def _span(text: str, quote: str) -> Span:
    assert text.count(quote) == 1
    return Span(text.index(quote), text.index(quote) + len(quote))


@pytest.mark.parametrize(("text", "quote"), CUT)
def test_inside_a_word_or_number(text: str, quote: str) -> None:
    assert cut(text, _span(text, quote))


@pytest.mark.parametrize(("text", "quote"), WHOLE)
def test_between_words(text: str, quote: str) -> None:
    assert not cut(text, _span(text, quote))


@pytest.mark.parametrize(
    ("text", "quote", "negator"),
    [
        ("The rule does not require 70% local parts.", "require 70%", "not"),
        ("The rule does not yet fully require 70% local parts.", "require 70%", "not"),
        ("The rule doesn’t require 70% local parts.", "require 70%", "doesn't"),
        ("The rule never required 70%.", "required 70%", "never"),
        ("It was built without foreign help.", "foreign help", "without"),
        ("该产业尚未达到70%的目标。", "达到70%", "未"),
        ("企业不得出口镓。", "得出口镓", "不"),
    ],
)
def test_a_negation_left_out(text: str, quote: str, negator: str) -> None:
    assert negator in negated_before(text, _span(text, quote).start)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Not only will it raise output.", "will it raise"),
        ("It did not work, exports rose.", "exports rose"),
        ("It did not. Exports rose.", "Exports rose"),
        ("It does not require 70%.", "does not require 70%"),
        ("Exports rose.", "Exports rose"),
        ("没有目标。产量达到70%", "产量达到70%"),
    ],
)
def test_no_negation_left_out(text: str, quote: str) -> None:
    assert negated_before(text, _span(text, quote).start) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [("\ufeffSales rose.", "Sales rose."), ("a\u200b", "a"), ("5\ufeff6", "5\ufeff6"), ("\ufeff", "")],
    ids=["mark", "end", "inside", "nothing"],
)
def test_a_quote_begins_and_ends_with_what_is_seen(text: str, words: str) -> None:
    span = seen(text, Span(0, len(text)))
    assert text[slice(*span)] == words
