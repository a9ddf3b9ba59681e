"""Numbers and dates that are told in two rows: `50 GW and 120 GW in 2025 and 2030 respectively`, `分别达到`."""

from __future__ import annotations

from zizhu.read.model import Number, When
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Reading


def paired(read: Reading, number: Number) -> When | None:
    """The date that stands in its row where a number stands in its own; None where there are no two rows."""
    if len(read.whens) < 2 or not _told_in_rows(read):
        return None
    numbers = [n for n in read.numbers if n.unit == number.unit]
    if len(numbers) != len(read.whens) or any("/" in w.edtf for w in read.whens):
        return None
    return read.whens[numbers.index(number)]


def _told_in_rows(read: Reading) -> bool:
    words = read.text[read.sentence.start : read.sentence.end]
    return any(word in words for word in words_tagged("in_rows"))
