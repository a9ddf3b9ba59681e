"""What holds of quantities and dates in any text at all."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mentions import sentences

from examples import examples
from zizhu.read.dates import dates
from zizhu.read.quantities import numbers
from zizhu.vocab.periods import parse

PIECES = [
    *"0123456789一二十百千万亿年月日%％$€¥.,-–—()[]/:'’“”第前后数几多余近约超以上",
    " ",
    "\n",
    "\n\n",
    "\u00a0",
]
PIECES += [
    "to",
    "and",
    "of",
    "a",
    "the",
    "in",
    "more",
    "than",
    "between",
    "from",
    "billion",
    "m",
    "bn",
    "percent",
    "2020",
    "2021",
    "May",
    "March",
    "last",
    "year",
    "years",
]
PIECES += [
    "first",
    "second",
    "half",
    "third",
    "quarter",
    "five-year",
    "Plan",
    "Made",
    "Vision",
    "RMB",
    "US$",
    "tonnes",
    "firms",
    "1,000",
    "3.5",
    "个",
    "家",
    "\t",
    "|",
    "| Unit |",
    "(million tonnes)",
    "百分之",
    "分之",
]
PIECES += [
    "去年",
    "期间",
    "十四五",
    "至",
    "倍",
    "个百分点",
    "元",
    "ago",
    "next",
    "decade",
    "hundreds",
    "dozen",
    "one",
    "early",
    "Q1",
    "FY",
    "H2",
    "st",
    "th",
    "s",
    "k",
    "x",
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.lists(
    st.sampled_from(PIECES) | st.characters(), max_size=40
).map("".join)


def check(text: str) -> None:
    read = numbers(text)
    for n in read:
        assert 0 <= n.span.start <= n.digits.start < n.digits.end <= n.span.end <= len(text)
        assert n.as_written == text[n.span.start : n.span.end]
        assert n.unit
        assert (n.value is None) != (n.low is None and n.high is None)
        if n.low is not None and n.high is not None:
            assert n.low <= n.high
    assert [n.digits for n in read] == sorted(n.digits for n in read)
    assert all(a.digits.end <= b.digits.start for a, b in pairwise(read))
    found = dates(text, "2020-10-28")
    for d in found:
        assert d.as_written == text[d.span.start : d.span.end] != ""
        parse(d.edtf)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert not any(n.digits.start < d.span.end and d.span.start < n.digits.end for n in read for d in found)


@examples(300)
@given(texts)
def test_spans_are_inside_in_order_and_apart(text: str) -> None:
    check(text)


@pytest.mark.slow
def test_a_hundred_thousand_texts() -> None:
    rng = random.Random(7)
    for _ in range(100_000):
        check(rng.choice(("", " ")).join(rng.choices(PIECES, k=rng.randrange(1, 30))))


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_a_span_that_holds_all_it_needs_reads_the_same(half: str) -> None:
    same = total = 0
    for s in sentences(half):
        for n in numbers(s.text, s.language):
            alone = numbers(s.text[n.span.start : n.span.end], s.language)
            total += 1
            same += any((m.value, m.low, m.high, m.unit) == (n.value, n.low, n.high, n.unit) for m in alone)
            assert n in numbers(s.text, s.language, n.span)
    assert same / total > 0.8


@pytest.mark.parametrize(
    "pattern", ["1", "a", "年", "5% ", "one ", "2020-", "from 5 to ", "第一", "$", "5年", "more than "]
)
def test_work_is_linear(pattern: str) -> None:
    """A long text of one pattern ends; a row of figures without words says nothing."""
    assert len(numbers(pattern * 20_000)) <= 1
    assert len(dates(pattern * 20_000, "2020-10-28")) <= 1
