"""What a multiple compares: with an earlier time it is growth, with another place or thing a ratio to that.

`four times more patents than Japan`, `twice as large as in 2015`: the words behind `than`, the second `as` or the
`of` of `that of` say which; in Chinese those between 是 and 的.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from zizhu.read.model import Number, TimeOf, When
from zizhu.read.rules.lexicon import Mark, plural, words_tagged
from zizhu.read.rules.measured import content, singular
from zizhu.read.rules.name_parts import Sum, head, joined, nearest
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.words.lexicon import number_words
from zizhu.vocab.countries import countries

_REACH = 14
"""Tokens from a multiple to what it is compared with, at most."""
_NAMED = 4
"""Tokens in which that is named, at most."""
_HAN_REACH = 12
_STOPS = frozenset(".;:()，。；：、（）")
_COUNTED = frozenset(("more", "fewer", "less", "many", "much"))
_GROWTH, _RATIO = "growth_multiple", "ratio"


class Base(NamedTuple):
    """What a multiple is a multiple of: a date, a place, or the words for a thing; `words` are its tokens."""

    words: Range
    when: When | None = None
    place: Mark | None = None


def base(read: Reading, number: Number) -> Base | None:
    """What a multiple is compared with, where its sentence says so."""
    if number.unit != "ratio":
        return None
    first, last = read.at(number.span.start), read.at(number.span.end - 1) + 1
    if "change" in number_words().get(read.tokens[last - 1].word, ()):
        return None  # `doubling the output of cocoa`
    words = _han(read, first) if read.tokens[first - 1].han else _behind(read, last)
    if words is None:
        return None
    when = next((w for w in read.whens if words[0] <= read.at(w.span.start) < words[1]), None)
    place = next((m for m in read.named("place", words) if m.value != "WLD"), None)
    if place is not None and (when is None or place.first < read.at(when.span.start)):
        return Base(words, place=place)  # `as Japan in 2023`
    return Base(words, when)


def _behind(read: Reading, last: int) -> Range | None:
    """The words behind the link of a comparison: `than`, `as ... as`, `that of`, `the cargo of`, `its 2015 size`."""
    stop = min(last + _REACH, len(read.tokens))
    stop = next((k for k in range(last, stop) if read.tokens[k].text in _STOPS), stop)
    words = [t.word for t in read.tokens[last:stop]]
    if words[:1] and words[0] in ("its", "their") and last + 1 in read.within_dates:
        return last, min(last + _NAMED, stop)
    links = [k for k, word in enumerate(words) if word == "than" or (word == "as" and k > 0)]
    if not links and words[:1] and words[0] in ("the", "that", "those"):
        links = [k for k, word in enumerate(words) if word in ("of", "in") and k > 0]
    if not links:
        return None
    first, end = last + links[0] + 1, min(last + links[0] + 1 + _NAMED, stop)
    return first, next((k for k in range(first, end) if read.tokens[k].word == "by"), end)


def _han(read: Reading, first: int) -> Range | None:
    """The characters between 是 or 达 and the 的 before a number: `是日本的四倍`, `达到2020年的两倍`."""
    if read.tokens[first - 1].text != "的":
        return None
    for k in range(first - 2, max(first - _HAN_REACH, -1), -1):
        if read.tokens[k].text in "是为于到达" and k not in read.within_dates:
            return k + 1, first - 1
        if read.tokens[k].text in _STOPS:
            return None
    return None


def based(read: Reading, number: Number, times: Sequence[TimeOf]) -> list[TimeOf]:
    """The times of a multiple: that of what it is compared with is a baseline, and with a place it has none."""
    found = base(read, number)
    if found is None:
        return list(times)
    if found.when is None:
        return [t for t in times if t.role != "baseline"]
    return [replace(t, role="baseline") if t.when.span == found.when.span else t for t in times]


def ending(read: Reading, number: Number) -> str:
    """The last words of the name of a multiple."""
    found = base(read, number)
    if found is None or found.when is not None:
        return _GROWTH
    if found.place is not None:
        return f"{_RATIO}_to_{_place(read, found.place)}"
    if any(t.word in words_tagged("compared_then") for t in read.tokens[slice(*found.words)]):
        return _GROWTH
    thing = content(read, *found.words) or _last_word(read, found.words)
    return joined(_RATIO, f"to_{thing[-1]}" if thing else "")


def _last_word(read: Reading, of: Range) -> tuple[str, ...]:
    words = (t.word for t in read.tokens[slice(*of)] if t.text.isalpha() and not t.han)
    return tuple(w for w in words if w not in words_tagged("article"))[-1:]


def _place(read: Reading, mark: Mark) -> str:
    """A country by its code, another place by its name."""
    held = countries().get(mark.value)
    return held.iso2.lower() if held else "_".join(t.word for t in read.tokens[mark.first : mark.last])


def ratio(of: Sum) -> str:
    """The name of what a multiple is of, with what it is compared with."""
    last = of.read.at(of.number.span.end - 1) + 1
    end = ending(of.read, of.number)
    thing, measure = nearest(of.marks, "object", of.at), nearest(of.marks, "measure", of.at)
    thing = "" if thing and measure in (thing, plural(thing)) else thing
    named = _counted(of, last, measure)
    behind = content(of.read, last, len(of.read.tokens)) if base(of.read, of.number) is None else ()
    named = named or joined(thing, measure) or "_".join(behind) or head(of)
    return joined(named, end) if named else "multiple"


def _counted(of: Sum, last: int, measure: str) -> str:
    """What there is more of: `twice as many ships as Japan`, `four times more chip patents than`."""
    found = base(of.read, of.number)
    first = _counts_from(of.read, last)
    if found is None or first < 0:
        return ""
    words = content(of.read, first, found.words[0] - 1)
    if words and words[-1] in words_tagged("light_noun") | words_tagged("base_level"):
        return ""
    own = any(m.value == measure and first <= m.first < found.words[0] for m in of.marks)
    return "_".join(words) if own or not measure else joined(singular(words), measure)


def _counts_from(read: Reading, last: int) -> int:
    """The token from which on a multiple says what there is more of; -1 where it does not: `twice as large`."""
    ends = [t.word for t in read.tokens[last - 1 : last + 2]]
    counts = [k for k, word in enumerate(ends) if word in _COUNTED or (k == 1 and word == "the")]
    return last + counts[-1] if counts else -1
