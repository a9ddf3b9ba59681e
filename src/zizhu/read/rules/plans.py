"""Plans that no list holds, by the grammar of their names.

An ordinal with `Five-Year Plan` (14th Five-Year Plan, 十四五规划); a name in capitals that ends in a word such as Plan
or Act, with the years behind it (New Industrial Plan 2030, Green Plan (2021-2025)); one before a small word such as
scheme; one in quotation marks behind `called`. Chinese titles are in han_plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cache

from zizhu.read.rules.lexicon import Entry, Mark, Trie, values, words_tagged
from zizhu.read.rules.tokens import Token, tokens
from zizhu.vocab.countries import countries

_SUFFIXES = ("th", "st", "nd", "rd")
_LONGEST_NAME = 10
_QUOTES = frozenset("“”\"'‘’")
_SMALL = frozenset(("of", "for", "and", "the", "on", "s", "to"))
_TOPIC = 3
"""Capitalised words in a topic of several parts, at least."""
_VERSION = 3
_LETTERS = 5
"""Letters of a name that is a short form itself (PLI), at most."""
_FUTURE = "2020"
"""First year that ends a name by itself."""
_NEAR = 4
"""Tokens before an ordinal within which the country of a five-year plan stands."""
_BEFORE_NAME = frozenset(
    ("the", "its", "a", "new", "national", "of", "'s", "under", "with", "by", "in", "for", "and")
)


def plans_by_grammar(found: Sequence[Token], places: Sequence[Mark], home: str) -> list[Mark]:
    """Plans in a sentence with ids made from their names; `home` is the country where none is named."""
    words = {t.word for t in found}
    counted = list(_five_year(found, places, home)) if not words.isdisjoint(_behind_ordinals()) else []
    within = {k for m in counted for k in range(m.first, m.last)}
    return [
        *counted,
        *(m for m in _in_capitals(found, words, places, home) if within.isdisjoint(range(m.first, m.last))),
    ]


def _in_capitals(
    found: Sequence[Token], words: Set[str], places: Sequence[Mark], home: str
) -> Iterator[Mark]:
    """Names by all these forms; each is looked for where its words stand at all."""
    yield from _capitalised(found, places, home)
    for tag, form in (("low_plan_head", _low_headed), ("names", _called), ("launches", _launched)):
        if not words.isdisjoint(words_tagged(tag)):
            yield from form(found, places, home)
    if "," in words and not words.isdisjoint(words_tagged("low_plan_head")):
        yield from _apposed(found, places, home)


def _launched(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names behind a verb by which a state starts something: `the government launched Mission Shakti`."""
    for at in range(1, len(found) - 2):
        if found[at].word not in words_tagged("launches"):
            continue
        state = any(t.word in words_tagged("public_body") for t in found[:at]) or any(
            m.last <= at for m in places
        )
        first = at + 1 + (found[at + 1].word in ("the", "its", "a"))
        end = _capitals_end(found, first)
        of_org = any(
            t.word in words_tagged("org_head") or t.word in words_tagged("no_plan") for t in found[first:end]
        )
        listed = any(first < m.last and m.first < end for m in places)
        if state and end - first > 1 and not of_org and not listed:
            yield Mark(first, end, "plan", made_id(found, first, end, places, home))


def _capitals_end(found: Sequence[Token], first: int) -> int:
    end = first
    while end < len(found) and (found[end].capital or (end > first and found[end].text.isdecimal())):
        end += 1
    return end


def _apposed(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names that an apposition calls a plan: `the Power Corridor, a federal programme`."""
    for at in range(2, len(found) - 3):
        if found[at].text != "," or found[at + 1].word not in ("a", "an", "the") or not found[at - 1].capital:
            continue
        first = _name_begins(found, at - 1)
        behind = found[at + 2 : at + 2 + _NEAR]
        kind = next((k for k, t in enumerate(behind) if t.word in words_tagged("low_plan_head")), -1)
        parted = any(t.text in ",.;" or t.word == "of" for t in behind[: max(kind, 0)])
        listed = any(first < m.last and m.first < at for m in places)
        of_org = any(t.word in words_tagged("org_head") for t in found[first:at])
        if kind >= 0 and not parted and not listed and not of_org and at - first > 1:
            yield Mark(first, at, "plan", made_id(found, first, at, places, home))


def _low_headed(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names in capitals before a small word such as scheme: `the Green Coast (GC) programme`, `the PLI scheme`."""
    heads = words_tagged("low_plan_head")
    for at in range(1, len(found)):
        if found[at].word not in heads or found[at].capital:
            continue
        end = _short_begins(found, at)
        first = _name_begins(found, end - 1) if found[end - 1].capital else end
        name = found[first:end]
        single = end - first == 1 and len(found[first].text) > 1 and found[first].text.isupper()
        listed = any(first < m.last and m.first < end for m in places)
        of_org = any(t.word in words_tagged("org_head") or t.word in words_tagged("no_plan") for t in name)
        if (single or end - first >= 2) and not listed and not of_org and first > 0:
            yield Mark(first, at + 1, "plan", made_id(found, first, end, places, home))


def _short_begins(found: Sequence[Token], at: int) -> int:
    """The token of the bracket before a head word that holds a short form: `(PLI) scheme`; else the head itself."""
    held = (
        at >= 4 and found[at - 1].text == ")" and found[at - 3].text == "(" and found[at - 2].text.isupper()
    )
    return at - 3 if held else at


def _called(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names in quotation marks behind a verb of naming: `what officials call the “Green Belt”`."""
    for at in range(1, len(found) - 3):
        if found[at].text not in _QUOTES or not _names_it(found, at):
            continue
        end = next(
            (k for k in range(at + 1, min(at + _LONGEST_NAME, len(found))) if found[k].text in _QUOTES), 0
        )
        name = found[at + 1 : end]
        if len(name) > 1 and all(
            t.capital or t.word in _SMALL or t.text in "-" or t.text.isdecimal() for t in name
        ):
            yield Mark(at + 1, end, "plan", made_id(found, at + 1, end, places, home))


def _names_it(found: Sequence[Token], at: int) -> bool:
    before = [t.word for t in found[max(0, at - 3) : at] if t.word not in ("the", "a", "as", "its")]
    return bool(before) and before[-1] in words_tagged("names")


def _five_year(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    for first, last, number in ordinals(found):
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


def ordinals(found: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Where ordinals stand, and their numbers: 14th, fourteenth, 十四."""
    known = _ordinal_words()
    for at, token in enumerate(found[:-1]):
        if token.word in known:
            pair = token.text + found[at + 1].text
            last = at + 1 + (token.han and pair in known)
            yield at, last, known[pair if last > at + 1 else token.word]
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


@cache
def _behind_ordinals() -> frozenset[str]:
    """The words that make an ordinal before them that of a five-year plan."""
    return frozenset(_five_year_trie().branches)


def _issuer(found: Sequence[Token], places: Sequence[Mark], first: int, home: str) -> str:
    """The country of a five-year plan; the region where the name of one in Chinese leads up to it."""
    if found[first].han or found[first - 1].han:
        before = [m for m in places if m.first < first and not _parted(found, m.last, first)]
        return short_code(before[-1].value if before else home)
    near = [m.value for m in places if first - _NEAR <= m.first < first]
    return short_code((near[-1] if near else home).split("-")[0])


def _parted(found: Sequence[Token], first: int, last: int) -> bool:
    return any(t.word in ",;:。" for t in found[first:last])


def is_local(value: str) -> bool:
    """Whether an id is a name written out: it has small letters, behind its country if that is known."""
    country, _, name = value.partition("-")
    return name.islower() and (country.isupper() or country.islower())


def short_code(code: str) -> str:
    """A country by its two letters; a region or group as it is."""
    return countries()[code].iso2 if code in countries() else code


def _capitalised(found: Sequence[Token], places: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Names in capitals that end in a word such as Plan, or in a year ahead or a version (Green Coast 2040)."""
    for at, token in enumerate(found):
        if not token.capital:
            continue
        head = token.word in words_tagged("plan_head")
        numbered = at + 1 < len(found) and _numbers_name(found, at + 1)
        if not head and not numbered:
            continue
        first = _name_begins(found, at)
        end = _topic_ends(found, at + 1, places) if head else at + 1
        last = _year_of_name(found, end) or years_end(found, end)
        of_place = numbered and any(m.first == at and m.last == at + 1 for m in places)
        known = head and at - first == 1 and _definite(found, first, places)
        long = (
            at - first >= (2 if head else 1)
            or (head and last > at + 1)
            or (of_place and first == at)
            or known
            or (head and end > at + _TOPIC)
        )
        if long and _is_plan(found, first, at, last, head):
            after = last + (last < len(found) and not head and found[last].word in words_tagged("plan_head"))
            own = at if known and found[first].text.isupper() else last
            yield Mark(first, after, "plan", made_id(found, first, own, places, home))


def _topic_ends(found: Sequence[Token], at: int, places: Sequence[Mark]) -> int:
    """Token behind the topic of a name in capitals: `Action Plan on Rare Metals`; `at` itself where none follows."""
    if at + 2 >= len(found) or found[at].word not in ("on", "for"):
        return at
    if found[at + 1].word == "the" and found[at + 2].capital:
        return _long_topic_ends(found, at)
    if not found[at + 1].capital:
        return at
    end = _capitals_end(found, at + 1)
    of_place = any(m.first < end and at < m.first for m in places)
    return end if end - at > 2 and not of_place else at


def _long_topic_ends(found: Sequence[Token], at: int) -> int:
    """Token behind a topic of several parts: `Strategy for the Development of Peru's Fishing Industry to 2040`."""
    end, words = at + 2, 0
    while end < len(found):
        joins = found[end].word in ("of", "and", "'s", "the", "’s") and end + 1 < len(found)
        if not found[end].capital and not (joins and (found[end + 1].capital or found[end].word == "'s")):
            break
        words += found[end].capital
        end += 1
    if words < _TOPIC:
        return at
    return end + 2 if end + 1 < len(found) and found[end].word == "to" and _year(found[end + 1]) else end


def _definite(found: Sequence[Token], first: int, places: Sequence[Mark]) -> bool:
    """Whether a name of two words is spoken of as known: `the Chips Act`, `Germany's Hydrogen Strategy`."""
    begins_with_place = any(m.first == first for m in places)
    quoted = first > 1 and found[first - 1].text in _QUOTES and found[first - 1].end == found[first].start
    before = found[first - 1 - quoted].word if first else ""
    return not begins_with_place and before in ("the", "its", "'s", "this", "new")


def _is_plan(found: Sequence[Token], first: int, at: int, last: int, head: bool) -> bool:
    """Whether a name in capitals is no organisation, event or month, and no programme of an institute."""
    of_org = any(t.word in words_tagged("org_head") - words_tagged("plan_head") for t in found[first:at])
    other = not head and any(t.word in words_tagged("no_plan") for t in found[first : at + 1])
    of_body = [t.word for t in found[last : last + 2]] == ["at", "the"]
    behind = found[last : _capitals_end(found, last)] if last < len(found) and found[last].capital else ()
    goes_on = any(t.word in words_tagged("org_head") for t in behind)
    return not (of_org or other or of_body or goes_on)


def _numbers_name(found: Sequence[Token], at: int) -> bool:
    """Whether a token is a year ahead or a version that may end a name: 2040, 4.0."""
    spaced = found[at].start > found[at - 1].end
    return spaced and (
        _future_year(found[at]) or (len(found[at].text) == _VERSION and found[at].text.endswith(".0"))
    )


def _future_year(token: Token) -> bool:
    return _year(token) and token.text >= _FUTURE


def made_id(found: Sequence[Token], first: int, last: int, places: Sequence[Mark], home: str) -> str:
    """Country and name of a plan; where a year is part of the name, initials and year: `KR-GCP2040`."""
    inside = [m for m in places if first <= m.first and m.last <= last]
    its = first > 0 and found[first - 1].word == "its"
    near = [
        m
        for m in places
        if (m.first < first and (its or (first - _NEAR <= m.first and m.last >= first - 1)))
        or m.first == last + 1
    ]
    country = short_code((inside or near)[-1].value.split("-")[0] if inside or near else home.split("-")[0])
    own = {k for m in inside for k in range(m.first, m.last)}
    own |= {
        k
        for a in range(first, last - 2)
        if found[a].text == "(" and found[a + 2].text == ")"
        for k in (a, a + 1, a + 2)
    }
    kept = [t for k, t in enumerate(found[first:last], first) if k not in own]
    if len(kept) == 1 and kept[0].text[0].isdecimal():
        kept = list(found[first:last])
    return f"{country}-{with_year(_slug(kept or found[first:last]))}" if country else _slug(found[first:last])


def with_year(slug: str, year: str = "") -> str:
    """The short form of a name that has a year at its end, or gets one; without a year the name itself.

    >>> with_year("green-coast-plan-2040"), with_year("green-coast-plan", "2026"), with_year("green-coast-plan")
    ('GCP2040', 'GCP2026', 'green-coast-plan')
    """
    words = slug.split("-")
    if len(words) == 1 and year and len(slug) <= _LETTERS:
        return slug.upper() + year
    if len(words) > 1 and len(words[-1]) == len("2040") and words[-1].isdecimal():
        words, year = words[:-1], words[-1]
    letters = "".join(w[0] for w in words) if len(words) > 1 else words[0]
    return letters.upper() + year if year and letters.isalnum() else slug


def _year_of_name(found: Sequence[Token], at: int) -> int:
    """Token after a year that ends a name: `Plan 2030`, `Act of 1979`; 0 where none stands there."""
    at += at + 1 < len(found) and found[at].word == "of"
    return at + 1 if at < len(found) and (_year(found[at]) or _numbers_name(found, at)) else 0


def _name_begins(found: Sequence[Token], head: int) -> int:
    """First token of the capitalised name that ends at a head word."""
    first = head
    while first > max(0, head - _LONGEST_NAME):
        before = found[first - 1]
        if before.text == ")" and first >= 4 and found[first - 3].text == "(" and found[first - 4].capital:
            first -= 3
            continue
        joins = before.word in ("and", "of", "for", "-") and first >= 2 and found[first - 2].capital
        joins = joins and not (before.word == "and" and found[first - 2].word in words_tagged("plan_head"))
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


def slug(name: str) -> str:
    """The words of a name as an id has them.

    >>> slug("Plan for the Green Coast 2040")
    'plan-green-coast-2040'
    """
    return _slug(tokens(name))


def _slug(name: Sequence[Token]) -> str:
    """Words of a name joined by hyphens, years of its span left out: new-industrial-master-plan-2030."""
    opened = next((k for k, t in enumerate(name) if t.text == "("), len(name))
    words = [t.word for t in name[:opened] if t.text[0].isalnum() and t.word not in _SMALL]
    return "-".join(words).replace("-th-", "th-")
