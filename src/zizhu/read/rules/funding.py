"""Money that a government or fund gives, and promises in reported speech: what a number's verb says of its agent."""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_REACH = 10
"""Tokens between a verb of giving and its sum, at most."""
_NEAR = 4
"""Tokens between the word for what is given and its rate, at most: `a subsidy of up to 40 percent`."""
_PASSIVE = 8
"""Tokens from a sum to the passive verb behind it, at most."""
_MONEY = 3
_LINKS = frozenset(("and", ",", "(", "plus", "addition"))
_APART = frozenset((";", "from", "to", "of", "than", "which", "who", "while", "but"))
"""Words that join a sum to one before it, and words that part them."""
_OF_IT = ("of", "which")
_PERFECT = ("has", "have", "had")
_AMOUNTS = ("相当于", "相当于GDP的", "占GDP的", "占GDP比重为", "占")
"""Words by which a Chinese sum is compared with another."""
_AGAINST = "反"
"""What makes a duty of a subsidy: 反补贴."""
_RATES = ("percent", "percentage_point")


def funding(read: Reading, number: Number, at: int, clause: Range) -> Mark | None:
    """The word that says that public money is given, lent or pledged, where a number is the sum or rate of it."""
    han = read.tokens[clause[0]].han
    behind, reach = (_REACH, 2 * _REACH) if han else (3, _REACH)
    marks = read.tagged("funding", (0, clause[1]) if han else clause)
    marks = [m for m in marks if not (han and m.first and read.tokens[m.first - 1].text == _AGAINST)]
    held = [m for m in marks if m.first - (_PASSIVE if _is_passive(read, m) else behind) <= at]
    held = [m for m in held if not (m.value == "pays" and any(o.first < m.first < o.last for o in held))]
    if held and not han and held[-1].last < len(read.tokens) and read.tokens[held[-1].last].word == "to":
        held = []  # `pledged to double exports`
    if held and any(t.word in _PERFECT for t in read.tokens[held[-1].last : at]):
        held = []  # `with a budget of 2 billion, it has disbursed 1 billion`
    if held and held[-1].value == "share" and number.unit in _RATES and not han:
        reach = _NEAR
    if held and han and read.words((held[-1].last, at)).endswith(_AMOUNTS):
        held = []  # 补贴相当于GDP的1.7%
    if held and _sum(number, held[-1]) and at - held[-1].last <= reach and _public(read, held[-1], clause):
        return held[-1]
    changed = _instrument_changed(read, number, at, clause)
    return changed or _joined(read, number, at)


def _is_passive(read: Reading, mark: Mark) -> bool:
    """Whether money stands before its verb: `9 billion in loans will be granted`."""
    return mark.value == "behind" or (mark.last - mark.first > 1 and read.tokens[mark.first + 1].word == "be")


def of_instrument(read: Reading, number: Number, clause: Range) -> Mark | None:
    """The tax credit, levy or duty whose rate stands before it: `a 25 % investment tax credit`."""
    last = read.at(number.span.end - 1) + 1
    if number.unit != "percent" or read.tokens[clause[0]].han:
        return None
    held = [m for m in read.tagged("policy_object", (last, last + _NEAR)) if m.value == "tariff"]
    words = [t.word for t in read.tokens[last : held[0].first]] if held else []
    return held[0] if held and all(w.isalpha() and w not in words_tagged("stop") for w in words) else None


def rate_of_duty(read: Reading, number: Number, clause: Range) -> Mark | None:
    """The duty that the clauses before impose, whose rate this Chinese one gives: `征收反补贴税，税率最高达35.3%`."""
    rates = words_tagged("duty_rate")
    if number.unit not in _RATES or not read.words(clause).startswith(tuple(rates)):
        return None
    held = [m for m in read.tagged("event", (0, clause[0])) if m.value == "tariff"]
    return held[-1] if held else None


def _joined(read: Reading, number: Number, at: int) -> Mark | None:
    """The word of funding of the number before that this one goes on to list: `50 % for mills, and 20 % for mines`."""
    before = [n for n in read.numbers if read.at(n.digits.start) < at]
    if not before or before[-1].unit != number.unit or read.tokens[at].han:
        return None
    first, last = read.at(before[-1].span.end - 1) + 1, read.at(number.span.start)
    if tuple(t.word for t in read.tokens[max(first, last - 2) : last]) == _OF_IT:
        last -= 2  # `500 million, of which 200 million is for small firms`
        return _before_it(read, before[-1]) if last - first <= 1 else None
    words = {read.tokens[k].word for k in range(first, last)}
    verbs = any(k in read.verbs for k in range(first, last)) or not words.isdisjoint(
        words_tagged("auxiliary")
    )
    if (
        verbs
        or words.isdisjoint(_LINKS)
        or not words.isdisjoint(_APART)
        or read.tagged("present", (first, last))
    ):
        return None
    return _before_it(read, before[-1])


def _before_it(read: Reading, number: Number) -> Mark | None:
    start = read.at(number.digits.start)
    return funding(read, number, start, read.clause(start))


def _sum(number: Number, mark: Mark) -> bool:
    """Whether a number is a sum of money, or the part of it that a government pays."""
    money = len(number.unit) == _MONEY and number.unit.isupper()
    return money or (mark.value in ("share", "pays") and number.unit in _RATES)


def _public(read: Reading, mark: Mark, clause: Range) -> bool:
    """Whether a government, a plan, a fund or a public bank is who gives; no firm does where none is named."""
    if mark.value in ("public", "share") or read.tokens[mark.first].han:
        return True
    before = (clause[0], mark.first)
    names = [m for m in read.names if before[0] <= m.first < before[1]]
    if mark.value == "pays":  # households in a country pay, too
        names = [m for m in names if m.tag != "place" or (m.first == before[0] and m.last == mark.first)]
    if any(m.tag in ("plan", "common", "place") for m in names) or read.tagged("plan_noun", before):
        return True
    return any(t.word in words_tagged("public_body") for t in read.tokens[slice(*before)])


def _instrument_changed(read: Reading, number: Number, at: int, clause: Range) -> Mark | None:
    """A tax credit, tariff or subsidy as the subject of what will change: `the tax credit will double to 30 %`."""
    if number.unit not in ("percent", "percentage_point", "ratio"):
        return None
    subjects = [m for m in read.tagged("policy_object", clause) if m.value == "tariff" and m.first < at]
    ahead = [m for m in read.tagged("future", clause) if m.first < at]
    if subjects and read.tokens[at].text[0].isdigit() and read.tokens[subjects[-1].first].han:
        return subjects[-1] if _han_change(read, subjects[-1], at, clause) else None
    return subjects[-1] if subjects and ahead and subjects[-1].first < ahead[-1].first else None


def _han_change(read: Reading, instrument: Mark, at: int, clause: Range) -> bool:
    """Whether somebody changes a Chinese instrument to a level: `将关税由25%提高至100%`, `关税上调至25%`."""
    changes = [m for m in read.tagged("event", (instrument.last, at)) if m.value == "changed"]
    taken = any(t.text in ("将", "把") for t in read.tokens[clause[0] : instrument.first])
    decided = any(read.words((m.first, m.last)).endswith("调") for m in changes)
    supposed = any(t.text in ("若", "如") for t in read.tokens[clause[0] : instrument.first])
    return bool(changes) and (taken or decided) and not supposed


def promised(read: Reading, cue: Mark) -> bool:
    """Whether `would` reports a promise: `the firm said it would invest`."""
    after = read.tokens[cue.last : cue.last + 2]
    told = any(m.first < cue.first for m in read.cues.get("say", ()))
    return (
        read.tokens[cue.first].word == "would"
        and cue.last - cue.first == 1
        and told
        and any(t.word in words_tagged("promise") for t in after)
    )
