"""The noun phrase that a number in an English sentence is said of, and the verb between them.

`Fixed investment in Portugal rose to 51 billion euros`: the words before the verbs and small words in front of the
number. `raise defence spending to 2.5 %`: those between a verb and its `to`. `spent 3 billion` has a verb that says
what is measured. `a margin of 4 %` and `a 15 % tariff` have a noun beside the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zizhu.read.model import Number
from zizhu.read.rules.governing import aim_behind
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import VERBS_BEFORE, Range, Reading

_LONGEST = 3
"""Words of a name, at most."""
_PARTICIPLE = 2
_NOUN_REACH = 6
_PACE = 8
"""Tokens from a number to the `at` of `at an annual rate of`, at most."""
"""Tokens behind a number among which a noun of change has its `in`."""
_MARKS = frozenset(",;:()—–…")
_LEVELS = frozenset(("to", "from", "at", "below", "above", "under", "beneath", "beyond"))
"""Words with which what changes comes to a level."""
_MAKES = frozenset(("make", "makes", "made", "making"))
_RELATIVES = frozenset(("that", "which", "who", "whom", "whose", "where"))
_NUMBERS = frozenset("$€£¥₹%R")


class Phrase(NamedTuple):
    """What a number is said of: the words of the head, those behind its `of`, the noun of the verb, the verb itself.

    `rule` is how it stands to the number: subject, object, of, noun, verb, same (as the number before) or nothing.
    """

    head: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    verb: str = ""
    rule: str = ""
    changed: bool = False
    """Whether the number says by how much it changed."""


def phrase(read: Reading, number: Number, clause: Range) -> Phrase:
    """What a number is said of, by the words around it; who does something is nothing that is measured."""
    found = _phrase(read, number, clause)
    acts = found.head and all(w in words_tagged("actor") for w in found.head)
    return found._replace(head=()) if acts else found


def _phrase(read: Reading, number: Number, clause: Range) -> Phrase:
    first, last = read.at(number.span.start), read.at(number.span.end - 1) + 1
    aim = aim_behind(read, number) or _limit_behind(read, first, last)
    if aim:
        return _aimed_at(read, last, aim)
    beside = _noun_behind(read, first, last)
    if beside and number.change:
        return _changed_noun(read, last)
    if beside:
        return Phrase(beside, rule="noun")
    if _word(read, first - 1) == "from" and first > 1 and _word(read, first - 2) in ("up", "down"):
        return Phrase(rule="same")  # what it was before, of what the number in front measures
    start = _sentence_part(read, clause, first)
    verbs = read.verbs
    acting = _acting(read, start, first)
    if acting is not None:
        return Phrase(verb=acting.value, of=content(read, last + 1, len(read.tokens)), rule="verb")
    pace = _pace(read, start, first)
    if pace:
        k, _ = _before(read, start, pace, verbs)
        return Phrase(*_parts(read, _begin(read, start, k, verbs), k), rule="subject", changed=True)
    k, passed = _before(read, start, first, verbs)
    compares = _word(read, last) in words_tagged("compares") and _word(read, last + 1) == "than"
    compares = compares or (_word(read, last) in ("above", "below") and number.unit == "percent")
    if compares and not (passed and k > start):
        return Phrase(rule="same", changed=True)
    changed = compares or _is_change(read, k, first)
    stop = read.tokens[k - 1] if k else None
    if stop is not None and stop.word == "whom":
        return Phrase()
    if stop is not None and passed and stop.text in "," and k > 1:
        return Phrase(content(read, start if k - 1 > start else 0, k - 1), rule="subject", changed=changed)
    if stop is not None and stop.word in words_tagged("relative"):
        return Phrase(content(read, _begin(read, 0, k - 2, verbs), k - 1), rule="subject", changed=changed)
    if k <= start or stop is None or stop.text in _MARKS:
        beside_mark = stop is not None and (stop.text in "(" or passed or changed)
        return Phrase(rule="same" if beside_mark else "", changed=changed)
    return _governing(read, (start, k, first, last), verbs, passed, changed)


def _limit_behind(read: Reading, first: int, last: int) -> Mark | None:
    """The limit whose size a number is: `met the 14-month limit`, which says nothing of who meets it."""
    at = last + (_word(read, last) == "-")
    owned = first > 0 and read.tokens[first - 1].word in words_tagged("possessive")
    return Mark(at, at + 1, "limit", "") if owned and _word(read, at) in words_tagged("limit_noun") else None


def _aimed_at(read: Reading, last: int, aim: Mark) -> Phrase:
    """What the size of an aim is a size of: `a 100-gigawatt solar target`, `a 40 % goal for recycled steel`."""
    between = content(read, last, aim.first)
    led = _word(read, aim.last) in ("of", "for", "in") and not _word(read, aim.last + 1)[:1].isdecimal()
    words = between or (content(read, aim.last + 1, len(read.tokens)) if led else ())
    return Phrase(words, rule="noun" if words else "same")


def _governing(
    read: Reading, at: tuple[int, int, int, int], verbs: frozenset[int], passed: bool, changed: bool
) -> Phrase:
    """The noun phrase that ends at a token before a number, as its subject, object or what has it behind `of`."""
    start, k, _, last = at
    by_of = read.tokens[k - 1].word == "of"
    end = k - by_of
    begin = _acted(read, _begin(read, start, end, verbs), end, passed)
    if by_of:
        nouns = (
            j + 1 for j in range(end - 1, begin, -1) if read.tokens[j].word in words_tagged("preposition")
        )
        begin = next(nouns, begin)
    head, of = _parts(read, begin, end)
    if by_of and head and _grows(read, begin):
        return Phrase(head, of, rule="of", changed=True)
    if by_of and head and head[-1] in words_tagged("change"):
        inside = content(read, last + 1, len(read.tokens)) if _word(read, last) == "in" else ()
        return Phrase(inside or head[:-1], rule="of" if inside else "same", changed=True)
    rule = "of" if by_of else "object" if begin > start and not passed else "subject"
    return Phrase(head, of, rule=rule, changed=changed)


def _word(read: Reading, at: int) -> str:
    return read.tokens[at].word if at < len(read.tokens) else ""


def _noun_behind(read: Reading, first: int, last: int) -> tuple[str, ...]:
    """The noun that a number stands before as an adjective does: `a 15 percent tariff`."""
    opened = first > 0 and read.tokens[first - 1].word in words_tagged("possessive")
    opened = opened or (first < last and read.tokens[first].word in ("a", "an", "the"))
    opened = opened or _rate_behind(read, last)
    if not opened or last >= len(read.tokens) or read.tokens[last].word in words_tagged("preposition"):
        return ()
    last += read.tokens[last].text == "-"
    found = content(read, last, min(last + _LONGEST, len(read.tokens)))
    return () if found and found[-1] in words_tagged("light_noun") else found


def _changed_noun(read: Reading, last: int) -> Phrase:
    """What a noun of change behind a number is a change of: `a 15 percent drop in exports`."""
    stop = min(last + _NOUN_REACH, len(read.tokens))
    at = next((k for k in range(last, stop) if read.tokens[k].word in ("in", "of")), stop)
    head = content(read, at + 1, len(read.tokens)) if at < stop else ()
    return Phrase(head, rule="subject" if head else "same", changed=True)


def _rate_behind(read: Reading, last: int) -> bool:
    """Whether a noun for a rate follows by itself: `100 % foreign ownership`."""
    return any(t.word in words_tagged("rate_noun") for t in read.tokens[last : last + 2])


def _sentence_part(read: Reading, clause: Range, first: int) -> int:
    """Where the words that may govern a number begin: its clause, without a date in front of a comma."""
    start = _said_from(read, clause[0] if clause[0] <= first else 0, first)
    for k in range(start, first):
        if read.tokens[k].text == "," and any(read.at(w.span.start) <= k for w in read.whens_in((start, k))):
            return k + 1
        if k - start > 2 * _LONGEST:
            break
    return start


def _said_from(read: Reading, start: int, first: int) -> int:
    """The token behind the last verb of saying before a number: what it is said of stands behind `the bank said`."""
    said = (m for m in read.cues.get("say", ()) if start <= m.first and m.last <= first)
    held = (m.last for m in said if m.value != "weak" or _word(read, m.last) == "that")
    return max(held, default=start)


def _acting(read: Reading, start: int, first: int) -> Mark | None:
    """The verb right before a number that says what is measured: `spent almost 3 billion`."""
    for mark in read.cues.get("measures", ()):
        if (
            start <= mark.first
            and mark.last <= first
            and _word(read, mark.last) not in ("up", "to")
            and all(
                read.tokens[k].word in words_tagged("approx") or read.tokens[k].text in _NUMBERS
                for k in range(mark.last, first)
            )
        ):
            return mark
    k = first
    while k > start and (
        read.tokens[k - 1].word in words_tagged("approx") or read.tokens[k - 1].text in _NUMBERS
    ):
        k -= 1
    verb = read.tokens[k - 1].word if k - 1 > start else ""
    acts = verb.endswith("ed") and _verbal(verb) and verb not in words_tagged("level")
    known = acts and any(m.first <= k - 1 < m.last for tag in VERBS_BEFORE for m in read.cues.get(tag, ()))
    return Mark(k - 1, k, "measures", verb) if acts and not known else None


def _before(read: Reading, start: int, first: int, verbs: frozenset[int]) -> tuple[int, bool]:
    """Token after what a number is said of, with what lies between passed over, and whether a verb does."""
    dated = [(read.at(w.span.start), read.at(w.span.end - 1) + 1) for w in read.whens]
    others = [(read.at(n.span.start), read.at(n.span.end - 1) + 1) for n in read.numbers]
    skipped = {k for a, b in (*dated, *others) for k in range(a, b)}
    heads = {a for a, _ in (*dated, *others)}
    k, passed = first, False
    while k > start:
        token = read.tokens[k - 1]
        small = token.word in words_tagged("approx") or token.text in _NUMBERS
        joins = (
            token.word in words_tagged("preposition") and token.word != "of" and (k in heads or k == first)
        )
        joins = joins or (token.word == "to" and passed)
        rate = k - 1 > start and "per" in (
            token.word,
            read.tokens[k - 2].word,
        )  # `from $1,400 per kWh to $139`
        if k - 1 in verbs and not _is_noun(read, k - 1):
            passed = True
        elif not (k - 1 in skipped or small or joins or rate or token.word.endswith("ly")):
            break
        k -= 1
    return k, passed


def _is_noun(read: Reading, at: int) -> bool:
    """Whether a word of a verb is a noun here: an article stands before it, or `of` behind."""
    before = read.tokens[at - 1].word if at else ""
    noun = read.tokens[at].word in words_tagged("noun_only")
    modifies = before in words_tagged("preposition") and before not in ("to", "by", "and", "or", "as")
    return noun or modifies or before in words_tagged("possessive") or _word(read, at + 1) == "of"


def _is_change(read: Reading, k: int, first: int) -> bool:
    """Whether a number says by how much: a word of change lies between with no `to` behind it."""
    marks = read.cues.get("change", ())
    near = [m.last for m in marks if k <= m.first < first]
    near += [m.last for m in marks if m.first < k <= m.last + 1 and _word(read, k - 1) == "of"]
    near += [
        j + 1
        for j in range(k, first)
        if read.tokens[j].word in ("up", "down") and _word(read, j - 1) not in _MAKES
    ]
    if not near or _word(read, first) in _LEVELS:
        return False
    return not any(read.tokens[j].word in _LEVELS for j in range(min(max(near), first - 1), first))


def _acted(read: Reading, begin: int, end: int, passed: bool) -> int:
    """Where a noun phrase begins behind an actor and a verb that no list has: `the company ships chips worth ...`.

    Right before another verb the word behind an actor is a noun: `the state subsidies rose`.
    """
    for k in range(begin, min(begin + _LONGEST, end - 1)):
        led = k == begin or _word(read, k - 1) in words_tagged("article") or k - 1 in read.within_names
        verb = read.tokens[k + 1].text
        third = verb.isalpha() and verb.islower() and verb.endswith("s") and not verb.endswith("ss")
        if led and third and _word(read, k) in words_tagged("actor") and (k + 2 < end or not passed):
            return k + 2
    return begin


def _begin(read: Reading, start: int, end: int, verbs: frozenset[int]) -> int:
    """First token of the noun phrase that ends before a token: behind the last verb, mark or joining word."""
    for k in range(end - 1, start - 1, -1):
        word = read.tokens[k].word
        participle = _word(read, k + 1) in words_tagged("preposition")
        if read.tokens[k].text in _MARKS or word in _RELATIVES:
            return k + 1
        if k in verbs and not participle and not _is_noun(read, k) and not _modifies(read, k):
            return k + 1
        if word == "to" and k + 1 < end and k > start and not _opens_noun(read, k + 1):
            return k + _PARTICIPLE
    return start


def _modifies(read: Reading, at: int) -> bool:
    """Whether a participle stands before its noun, behind an adverb: `sales of domestically produced chips`."""
    adverb = _word(read, at - 1)
    led = at > 1 and _word(read, at - 2) in words_tagged("preposition")
    return _word(read, at).endswith("ed") and adverb.endswith("ly") and led


def _grows(read: Reading, begin: int) -> bool:
    """Whether a noun of change stands before the words of what changes: `growth in spending of 7 percent`."""
    near = range(max(begin - 2, 0), begin + 1)
    return any(
        read.tokens[k].word in words_tagged("change") and _word(read, k + 1) in ("in", "of") for k in near
    )


def _pace(read: Reading, start: int, first: int) -> int:
    """Where `at an annual rate of` begins behind a word of change, before a number: what grows so; 0 elsewhere."""
    if _word(read, first - 1) != "of" or _word(read, first - 2) not in ("rate", "pace", "clip"):
        return 0
    at = next((k for k in range(first - 3, max(first - _PACE, start), -1) if _word(read, k) == "at"), 0)
    changes = any(m.last == at for m in read.cues.get("change", ()))
    return at if at and changes else 0


def _opens_noun(read: Reading, at: int) -> bool:
    """Whether a token is no verb but a name or the article of a noun: `exports to the United States`."""
    return at in read.within_names or _word(read, at) in words_tagged("article") | words_tagged("possessive")


def _parts(read: Reading, first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the head of a noun phrase, and those behind its first `of`."""
    while first < last and read.tokens[first].word in words_tagged("preposition"):
        first = next((k + 1 for k in range(first, last) if read.tokens[k].text == ","), first + 1)
    head = content(read, first, last)
    at = next((k for k in range(first, last) if read.tokens[k].word in words_tagged("preposition")), last)
    of = (
        content(read, at + 1, last) if at < last and read.tokens[at].word in ("of", "in", "for", "to") else ()
    )
    return head, of


def content(read: Reading, first: int, last: int) -> tuple[str, ...]:
    """The words of the first noun phrase of a token range, without owners, names, articles and numbers."""
    words = list(_words(read, first, last))
    while words and _verbal(words[-1]):
        words.pop()
    return tuple(words[-_LONGEST:])


def _verbal(word: str) -> bool:
    """Whether a word at the end of a noun phrase is a verb or participle behind it: `precursors made`."""
    participle = word.endswith("ed") and len(word) > _LONGEST and word not in words_tagged("ed_noun")
    return participle or word in words_tagged("level")


def _words(read: Reading, first: int, last: int) -> Iterator[str]:
    names = read.within_names
    dates = read.within_dates | read.within_amounts
    owned = _owner_ends(read, first, last)
    begun = False
    for k in range(owned, last):
        token = read.tokens[k]
        if token.text in "-’'\"“”‘&":
            continue
        if token.word in words_tagged("article") or k in names or k in dates:
            if begun and (k in names or k in dates):
                return
            continue
        if not begun and k + 1 in names and token.word in words_tagged("region_part"):
            continue
        opens = token.word in words_tagged("preposition") or token.word in words_tagged("approx")
        if not begun and (opens or token.text[0].isdecimal() or _verbal(token.word)):
            continue
        if not token.text[0].isalpha() or token.han or token.word in words_tagged("stop"):
            return
        if token.word in words_tagged("preposition"):
            return
        begun = True
        yield token.word


def _owner_ends(read: Reading, first: int, last: int) -> int:
    """The token after an owner (`the country's`, `its`) in the first words of a range."""
    for k in range(min(last, first + 2 * _LONGEST) - 1, first - 1, -1):
        if read.tokens[k].word == "'s" and not any(
            read.tokens[j].word in words_tagged("preposition") for j in range(first + 1, k)
        ):
            return k + 1
    return first


def singular(words: Sequence[str]) -> str:
    """The words joined, the last one in the singular: `export` for exports."""
    *rest, last = words or ("",)
    if last.endswith("ies"):
        last = last[:-3] + "y"
    elif last.endswith("s") and not last.endswith(("ss", "us", "is", "sales")):
        last = last[:-1]
    return "_".join((*rest, last))
