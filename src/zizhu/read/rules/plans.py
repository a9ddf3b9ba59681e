"""Plans that no list holds, by the grammar of their names.

An ordinal with `Five-Year Plan` (14th Five-Year Plan, 十四五规划); a name in capitals that ends in a word such as Plan
or Act, with the years behind it (New Industrial Plan 2030, Green Plan (2021-2025)); a title in 《》.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from zizhu.read.rules.lexicon import Entry, Mark, Trie, values, words_tagged
from zizhu.read.rules.tokens import Token
from zizhu.vocab.countries import countries

_SUFFIXES = ("th", "st", "nd", "rd")
_LONGEST_NAME = 10
_SMALL = frozenset(("of", "for", "and", "the", "on", "s"))
_FUTURE = "2020"
"""First year that ends a name by itself."""
_NEAR = 4
"""Tokens before an ordinal within which the country of a five-year plan stands."""
_BEFORE_NAME = frozenset(("the", "its", "a", "new", "national", "of", "'s"))


def plans_by_grammar(found: Sequence[Token], places: Sequence[Mark], home: str) -> list[Mark]:
    """Plans in a sentence with ids made from their names; `home` is the country where none is named."""
    counted = list(_five_year(found, places, home))
    within = {k for m in counted for k in range(m.first, m.last)}
    return [
        *counted,
        *(m for m in _capitalised(found, places, home) if within.isdisjoint(range(m.first, m.last))),
        *_titled(found),
    ]


def _five_year(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    for first, last, number in _ordinals(found):
        after = _five_year_trie().branches.get(found[last].word) if last < len(found) else None
        end = _longest_end(after, found, last + 1) if after else 0
        if end and 0 < number < 30:
            yield Mark(first, end, "plan", f"{_issuer(found, places, first, home)}-FYP{number}")


def _longest_end(node: Trie, found: Sequence[Token], at: int) -> int:
    """Where the longest phrase below a node ends; 0 if none does."""
    end = at if node.entries else 0
    while at < len(found) and found[at].word in node.branches:
        node = node.branches[found[at].word]
        at += 1
        end = at if node.entries else end
    return end


def _ordinals(found: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Where ordinals stand, and their numbers: 14th, fourteenth, 十四."""
    words = _ordinal_words()
    for at, token in enumerate(found[:-1]):
        if token.word in words:
            pair = token.text + found[at + 1].text
            last = at + 1 + (token.han and pair in words)
            yield at, last, words[pair if last > at + 1 else token.word]
        elif len(token.text) <= 2 and token.text.isdecimal() and found[at + 1].word in _SUFFIXES:
            yield at, at + 2, int(token.text)


@cache
def _ordinal_words() -> dict[str, int]:
    return {word: int(value) for word, value in values("ordinal").items()}


@cache
def _five_year_trie() -> Trie:
    trie = Trie()
    for phrase in values("five_year"):
        trie.add(phrase, Entry("five_year", ""))
    return trie


def _issuer(found: Sequence[Token], places: Sequence[Mark], first: int, home: str) -> str:
    """The country of a five-year plan; the region where the name of one in Chinese leads up to it."""
    if found[first].han or found[first - 1].han:
        before = [m for m in places if m.first < first and not _parted(found, m.last, first)]
        return _short(before[-1].value if before else home)
    near = [m.value for m in places if first - _NEAR <= m.first < first]
    return _short((near[-1] if near else home).split("-")[0])


def _parted(found: Sequence[Token], first: int, last: int) -> bool:
    return any(t.word in ",;:。" for t in found[first:last])


def _short(code: str) -> str:
    return countries()[code].iso2 if code in countries() else code


def _capitalised(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names in capitals that end in a word such as Plan, or in a year ahead (Green Coast 2040)."""
    heads = words_tagged("plan_head")
    for at, token in enumerate(found):
        if not token.capital or at + 1 >= len(found):
            continue
        head = token.word in heads
        if not head and (not _future_year(found[at + 1]) or found[at + 1].start == token.end):
            continue
        first = _name_begins(found, at)
        last = _year_of_name(found, at + 1) or years_end(found, at + 1)
        of_org = any(t.word in words_tagged("org_head") - heads for t in found[first:at])
        long = at - first >= (2 if head else 1) or (head and last > at + 1)
        other = not head and any(t.word in words_tagged("no_plan") for t in found[first : at + 1])
        if long and not of_org and not other:
            after = last + (last < len(found) and not head and found[last].word in heads)
            yield Mark(first, after, "plan", _id(found, first, last, places, home))


def _future_year(token: Token) -> bool:
    return _year(token) and token.text >= _FUTURE


def _id(found: Sequence[Token], first: int, last: int, places: Sequence[Mark], home: str) -> str:
    """Country and name of a plan; where a year is part of the name, initials and year: `KR-GCP2040`."""
    inside = [m for m in places if first <= m.first and m.last <= last]
    near = [
        m for m in places if (first - 3 <= m.first < first and m.last >= first - 1) or m.first == last + 1
    ]
    country = _short((inside or near)[-1].value.split("-")[0] if inside or near else home.split("-")[0])
    own = {k for m in inside for k in range(m.first, m.last)}
    kept = [t for k, t in enumerate(found[first:last], first) if k not in own]
    return f"{country}-{with_year(_slug(kept or found[first:last]))}" if country else _slug(found[first:last])


def with_year(slug: str, year: str = "") -> str:
    """The short form of a name that has a year at its end, or gets one; without a year the name itself.

    >>> with_year("green-coast-plan-2040"), with_year("green-coast-plan", "2026"), with_year("green-coast-plan")
    ('GCP2040', 'GCP2026', 'green-coast-plan')
    """
    words = slug.split("-")
    if len(words[-1]) == len("2040") and words[-1].isdecimal():
        words, year = words[:-1], words[-1]
    letters = "".join(w[0] for w in words).upper()
    return letters + year if year and len(words) > 1 else slug


def _year_of_name(found: Sequence[Token], at: int) -> int:
    """Token after a year that ends a name: `Plan 2030`, `Act of 1979`; 0 where none stands there."""
    at += at + 1 < len(found) and found[at].word == "of"
    return at + 1 if at < len(found) and _year(found[at]) else 0


def _name_begins(found: Sequence[Token], head: int) -> int:
    """First token of the capitalised name that ends at a head word."""
    first = head
    while first > max(0, head - _LONGEST_NAME):
        before = found[first - 1]
        joins = before.word in ("and", "of", "for", "-") and first >= 2 and found[first - 2].capital
        if not (before.capital or before.text.isdecimal() or joins or _ordinal_end(found, first - 1)):
            break
        first -= 1
    while first < head and found[first].word in _BEFORE_NAME and found[first].word not in ("new", "national"):
        first += 1
    return first


def _ordinal_end(found: Sequence[Token], at: int) -> bool:
    return at > 0 and found[at].word in _SUFFIXES and found[at - 1].text.isdecimal()


def years_end(found: Sequence[Token], at: int) -> int:
    """Token after the years in brackets behind a name: `(2021-2025)`; `at` itself where none stand there."""
    closes = at + 4 < len(found) and found[at].text == "(" and found[at + 4].text == ")"
    return at + 5 if closes and _year(found[at + 1]) and found[at + 2].word == "-" else at


def _year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.isdecimal() and "1900" <= token.text <= "2199"


def _slug(name: Sequence[Token]) -> str:
    """Words of a name joined by hyphens, years of its span left out: new-industrial-master-plan-2030."""
    opened = next((k for k, t in enumerate(name) if t.text == "("), len(name))
    words = [t.word for t in name[:opened] if t.text[0].isalnum() and t.word not in _SMALL]
    return "-".join(words).replace("-th-", "th-")


def _titled(found: Sequence[Token]) -> Iterator[Mark]:
    """Titles in 《》 that end in a word such as 规划."""
    opened = -1
    for at, token in enumerate(found):
        if token.text == "《":
            opened = at
        elif token.text == "》" and 0 <= opened < at - 2:
            title = "".join(t.text for t in found[opened + 1 : at])
            if title.endswith(tuple(h for h in words_tagged("plan_head") if h[0] >= "\u3400")):
                yield Mark(opened, at + 1, "plan", title)
            opened = -1
