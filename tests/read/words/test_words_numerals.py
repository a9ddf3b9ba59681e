"""Values of written numbers, and the cutting of a text into tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.words.numerals import cardinal, digits, han_value
from zizhu.read.words.tokens import prose, tokens

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
ONES += ["seventeen", "eighteen", "nineteen"]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HAN = "零一二三四五六七八九"


def english(n: int) -> str:
    """A number in words, by the textbook."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" and {english(n % 100)}" if n % 100 else "")
    name, size = next(
        (w, s) for w, s in (("billion", 10**9), ("million", 10**6), ("thousand", 1000)) if n >= s
    )
    rest = n % size
    link = " and " if 0 < rest < 100 else " "
    return f"{english(n // size)} {name}" + (f"{link}{english(rest)}" if rest else "")


def chinese(n: int) -> str:
    """A number in characters, by the textbook."""
    for word, size in (("亿", 10**8), ("万", 10**4)):
        if n >= size:
            rest = n % size
            gap = "零" if 0 < rest < size // 10 else ""
            return chinese(n // size) + word + gap + (chinese(rest) if rest else "")
    text, zero = "", False
    for word, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, n = divmod(n, size)
        if digit:
            text += ("零" if zero and text else "") + HAN[digit] + word
        zero = not digit
    return text


@given(st.integers(1, 10**12 - 1))
def test_english_words(n: int) -> None:
    text = english(n)
    cut = tokens(text)
    assert cardinal(cut, 0) == (n, len(cut))


@given(st.integers(1, 10**12 - 1))
def test_chinese_characters(n: int) -> None:
    assert han_value(chinese(n)) == n


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_digits_with_separators(n: int, cents: int) -> None:
    numeral = digits(tokens(f"{n:,}.{cents:02d}"), 0)
    assert numeral is not None
    assert float(numeral.digits) == float(f"{n}.{cents:02d}")


@pytest.mark.parametrize("text", ["1,2", "3.2.1", "12,34", "1,2345", "1.000,5"])
def test_malformed_digits_are_none(text: str) -> None:
    assert digits(tokens(text), 0) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("一百五", 150),
        ("两万亿", 2e12),
        ("三点五", 3.5),
        ("十四五", None),
        ("万", None),
        ("二〇二五", None),
    ],
)
def test_chinese_forms(text: str, value: float | None) -> None:
    assert han_value(text) == value


@given(st.text())
def test_tokens_cover_all_but_blanks(text: str) -> None:
    cut = tokens(text)
    found = list(zip(cut.word, cut.start, cut.end, strict=True))[: len(cut)]
    assert all(text[a:b] == word for word, a, b in found)
    assert "".join(cut.word).replace(" ", "") == "".join(text.split())


def test_rows_of_figures_are_no_prose() -> None:
    assert prose(list(range(0, 600, 3)), 3) == []
    assert prose([0, 10, 20], 3) == [0, 10, 20]
    assert prose([*range(300), 1000, 2000], 3) == [1000, 2000]
