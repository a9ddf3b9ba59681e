"""Which dates belong to a claim, and what they are the dates of.

A date of the same clause belongs to it, else one that opens the sentence, else the nearest in a neighbouring clause
that has no number of its own. A target's date is its deadline, unless the words before it say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from zizhu.ledger.claims import ClaimKind, Role
from zizhu.read.dates.derived import ends
from zizhu.read.dates.words import calendar
from zizhu.read.model import Number, TimeOf, When
from zizhu.read.rules.governing import is_baseline
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.purposes import of_act_before, of_adjunct, of_purpose
from zizhu.read.rules.ratios import based
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.respective import paired
from zizhu.read.rules.set_dates import moved, set_for
from zizhu.read.rules.spans import TOLD, fitted, implied_in, same_place, until_now
from zizhu.read.rules.starts import behind_rate, of_the_end

_BEFORE = 4
"""Tokens before a date in which a word such as `by` governs it."""
_DAY = 2
"""Hyphens of a date with a day."""
_FRONT = 5
"""A date that begins within so many tokens of the sentence opens it."""
_ASIDE = 8
"""Tokens from the comma before words that are put in between to their date, at most."""
_NAMED = 3
"""Words from a year to the noun of the aim that it names, at most."""
_THAN = 8
"""Tokens from `than` to the date that something is compared with, at most."""
_STUDY = 3
"""Tokens between a study and its date, at most."""
_SET = ("set", "sought", "strove")
"""Verbs of aiming whose past has no `ed`."""
_JOINED = 2
"""Tokens between `and` and the verb that it joins, at most."""


def times(
    read: Reading, at: int, clause: Range, kind: ClaimKind, number: Number | None
) -> tuple[TimeOf, ...]:
    """The dates of a claim whose number or cue is token `at`, the one that matters first."""
    if not read.whens and not read.implied:
        return ()
    when = paired(read, number) if number else None
    if when is not None:
        return (TimeOf(when, role(read, when, kind, at)),)
    own = [w for w in read.whens if number is None or not _elsewhere(read, w, number, at, kind)]
    if number and kind not in ("target", "forecast"):
        lasts = number.unit in calendar("unit")  # `hit the 2025 target two years early`
        own = [w for w in own if not _names_aim(read, w, (0, 0) if lasts else clause)]
        own = [w for w in own if not (_of_aim(read, w, at) or of_adjunct(read, w, at, due(read, w)))]
    its_own = _behind(read, own, clause, at) if number else []
    of_noun = set_for(read, own, clause, at, kind) if number and kind in ("target", "forecast") else []
    near = of_noun or _found(read, own, at, kind) or its_own or _in_clause(read, own, clause, at)
    roles = [TimeOf(w, _plain(kind) if of_noun else role(read, w, kind, at)) for w in near]
    if its_own and not _compared_between(read, at, its_own[0]):
        roles = [TimeOf(t.when, _plain(kind)) if t.role == "baseline" else t for t in roles]
    if its_own and all(t.role == "baseline" for t in roles):
        before = [w for w in _in_clause(read, own, (clause[0], at), at) if w not in near]
        roles += [TimeOf(w, role(read, w, kind, at)) for w in before]
    if number and all(t.role in ("statement", "baseline") for t in roles):
        roles += implied_in(read, clause, kind, number)
    if all(t.role in ("statement", "baseline") for t in roles):
        present = bool(read.tagged("now", clause))
        beside = [] if present else _opening(read, own, clause) or _neighbouring(read, own, clause)
        roles += [TimeOf(w, role(read, w, kind, at)) for w in beside if w not in near]
    if kind == "policy_event" and any(t.role == "event" and not due(read, t.when) for t in roles):
        roles = [TimeOf(t.when, "deadline") if t.role == "event" and due(read, t.when) else t for t in roles]
    if number:
        roles = [moved(read, t, kind) for t in _sources_apart(read, roles, kind)]
    if number and number.unit == "ratio":
        roles = based(read, number, roles)
    if number:
        told = not any(due(read, t.when) for t in roles)
        roles = list(fitted(read, kind, number, [until_now(read, t, kind) for t in roles], told))
    return tuple(sorted(roles, key=lambda t: (t.role in ("statement", "baseline"), _undue(read, t))))


def _undue(read: Reading, time: TimeOf) -> bool:
    """Whether a deadline is no date by which something is due: `to double the 2020 output by 2030`."""
    return time.role == "deadline" and not due(read, time.when)


def _sources_apart(read: Reading, roles: list[TimeOf], kind: ClaimKind) -> list[TimeOf]:
    """The dates with that of a report as one of saying, where what it reports has its own, or lies ahead of it."""
    of_source = {t.when.span for t in roles if not due(read, t.when) and from_source(read, t.when)}
    if kind not in ("target", "forecast") and all(
        t.role in ("statement", "baseline") or t.when.span in of_source for t in roles
    ):
        return roles
    return [replace(t, role="statement") if t.when.span in of_source else t for t in roles]


def from_source(read: Reading, when: When) -> bool:
    """Whether a date is that of a report or study: `a report of March 2020`."""
    return _of_source(read, read.at(when.span.start), read.at(when.span.end - 1) + 1)


def _found(read: Reading, whens: Sequence[When], at: int, kind: ClaimKind) -> list[When]:
    """The date of the study that found a number, where it is conceded before: `although ..., by a 2020 study`."""
    begins = {read.tokens[0].word, read.tokens[read.clause(at)[0]].word}
    if kind not in TOLD or begins.isdisjoint(words_tagged("concession")):
        return []
    behind = [w for w in whens if read.at(w.span.start) > at]
    places = ((w, read.at(w.span.start), read.at(w.span.end - 1) + 1) for w in behind)
    return [w for w, first, last in places if _of_source(read, first, last)][:1]


def _elsewhere(read: Reading, when: When, number: Number, at: int, kind: ClaimKind) -> bool:
    """Whether a date of the sentence cannot be that of a number: it is part of it, or belongs to other words.

    What something comes from is due by no date of its end. An aim that was changed has the date before it: `raised its
    2030 target from`.
    """
    there = read.at(when.span.start)
    close = 0 <= there - behind_rate(read, number) <= _BEFORE  # `from 21 % at the end of 2019`
    if same_place(when, number):
        return True
    if kind != "target" or there > at:
        if is_baseline(read, at) and due(read, when) and (not close or _by(read, there)):
            return True
        if of_the_end(read, when, number, at):
            return True
    if _of_what_follows(read, number, there):
        return True
    if number.unit != "rank" and _aside(read, at, there):
        return True
    behind = there > at and (
        _joins_verb(read, at, there) or beside(read, when, at) or _years_after(read, at, there)
    )
    return behind or of_baseline(read, there, at)


def _names_aim(read: Reading, when: When, clause: Range) -> bool:
    """Whether a date names an aim of another clause: `raised its 2030 target, but only 35 MW are running`."""
    first, last = read.at(when.span.start), read.at(when.span.end - 1) + 1
    if clause[0] <= first < clause[1]:
        return False
    return any(t.word in words_tagged("aim_noun") for t in read.tokens[last : last + _NAMED])


def _by(read: Reading, there: int) -> bool:
    """Whether `by` stands right before a date, by which nothing comes from anywhere: `to 15 % from 12 % by 2030`."""
    return there > 0 and read.tokens[there - 1].word == "by"


def _of_what_follows(read: Reading, number: Number, there: int) -> bool:
    """Whether a date is that of a later level: `30 percent, rising to 55 percent from 2028` says nothing of the 30."""
    end = read.at(number.span.end - 1)
    then = (m.last for m in read.cues.get("to_level", ()) if m.value == "then" and m.first > end)
    return any(any(last <= k < there for k in read.figures) for last in then)


def _aside(read: Reading, at: int, there: int) -> bool:
    """Whether a date stands in words that are put in between: `, founded in 1998, employs 5,400 people`."""
    commas = [k for k in range(1, there) if read.tokens[k].text == ","]
    if not commas:
        return False
    word = read.tokens[commas[-1] + 1].word
    end = next((k for k in range(there, len(read.tokens)) if read.tokens[k].text == ","), len(read.tokens))
    apart = not commas[-1] < at < end
    return apart and (word in words_tagged("aside") or word.endswith("ed")) and there - commas[-1] <= _ASIDE


@cache
def _lasting() -> frozenset[str]:
    """The units of time, in the singular and plural."""
    return frozenset((*calendar("unit"), *calendar("units")))


def _years_after(read: Reading, at: int, there: int) -> bool:
    """Whether a date is that of what a number is so long after: `just a year after construction began in 2019`."""
    links = (
        k
        for k in range(at + 1, there)
        if read.tokens[k].word in ("after", "before") and read.tokens[k - 1].word in _lasting()
    )
    return any(t.word in words_tagged("past_verb") for k in links for t in read.tokens[k + 1 : there])


def beside(read: Reading, when: When, at: int) -> bool:
    """Whether a date behind token `at` belongs to what is only compared: `after 5 % in 2024`, `(2024: 7 million)`."""
    first, last = read.at(when.span.start), read.at(when.span.end - 1) + 1
    if last < len(read.tokens) and read.tokens[last].text in ":：" and read.tokens[first - 1].text in "(（":
        return True
    words = (k for k in range(at + 1, first) if read.tokens[k].word in words_tagged("contrast"))
    return any(_numbers_between(read, k, first) for k in words)


def _joins_verb(read: Reading, first: int, last: int) -> bool:
    """Whether `and` with a verb of its own stands between: `is 18 percent and has not moved since 2016`."""
    return any(
        read.tokens[k].word in ("and", "but")
        and any(t.word in words_tagged("auxiliary") for t in read.tokens[k + 1 : min(k + 1 + _JOINED, last)])
        for k in range(first + 1, last)
    )


def _of_aim(read: Reading, when: When, at: int) -> bool:
    """Whether a date behind a fact is that of an aim joined to it: `links 42 plants and aims to ... by 2030`."""
    there = read.at(when.span.start)
    marks = (*read.cues.get("target", ()), *read.cues.get("future", ()))
    aims = (m for m in marks if at < m.first < there)
    return any(read.tokens[m.first - 1].word == "and" for m in aims)


def of_baseline(read: Reading, there: int, at: int) -> bool:
    """Whether a date stands right behind another number, from which something comes: `from 74 in 2020 to 69`."""
    before = [n for n in read.numbers if read.at(n.digits.start) < there]
    if len(read.numbers) < 2 or not before or read.tokens[0].han:
        return False
    owner = read.at(before[-1].digits.start)
    close = there - behind_rate(read, before[-1]) <= _BEFORE and not _by(read, there)
    return owner != at and close and is_baseline(read, owner)


def _compared_between(read: Reading, at: int, when: When) -> bool:
    """Whether a date behind a number is one that it is compared with: `0.8 % fewer than a year earlier`."""
    there = read.at(when.span.end - 1)
    marks = (*read.cues.get("change_from", ()), *read.cues.get("from", ()))
    return any(at < m.first <= there for m in marks if not read.tokens[m.first].han)


def _in_clause(read: Reading, whens: Sequence[When], clause: Range, at: int) -> list[When]:
    """Dates of the clause, the nearest to the claim's token first; one behind it before one in front."""
    held = [w for w in whens if clause[0] <= read.at(w.span.start) < clause[1]]
    reached = [w for w in held if _ends_with(w, held)]
    return reached[:1] or sorted(held, key=lambda w: _distance(read, w, at))[:2]


def _ends_with(when: When, others: Sequence[When]) -> bool:
    """Whether a span of time counts back from another date of the clause: `as of 2018, ... over the past decade`."""
    first, last = ends(when)
    return first != last and any(w.edtf == when.resolved_against for w in others)


def _behind(read: Reading, whens: Sequence[When], clause: Range, at: int) -> list[When]:
    """The first date between a number and the next one, where several share a clause; Chinese puts it before."""
    others = read.figures
    if sum(clause[0] <= k < clause[1] for k in others) < 2:
        return []
    if read.tokens[clause[0]].han:
        last = max([k for k in others if k < at], default=clause[0])
        return [w for w in whens if last <= read.at(w.span.start) < at][-1:]
    stop = min([k for k in others if k > at], default=clause[1])
    return [w for w in whens if at < read.at(w.span.start) < min(stop, clause[1])][:1]


def _distance(read: Reading, when: When, at: int) -> float:
    there = read.at(when.span.start)
    behind, before = (1.5, 1.0) if read.tokens[there].han or read.tokens[at].han else (1.0, 1.5)
    return (there - at) * behind if there >= at else (at - there) * before


def _opening(read: Reading, whens: Sequence[When], clause: Range) -> list[When]:
    """A date that opens the sentence, in Chinese the last one since; that of a dateline (`Oslo, 3 May -`) does not."""
    opens = [w for w in whens[:1] if read.at(w.span.start) <= _FRONT and not _dateline(read, w)]
    if not opens or not read.tokens[clause[0]].han:
        return opens
    return [w for w in whens if read.at(w.span.start) < clause[0] and not beside(read, w, 0)][-1:] or opens


def _dateline(read: Reading, when: When) -> bool:
    after = read.at(when.span.end - 1) + 1
    return after < len(read.tokens) and read.tokens[after].word in ("(", "-")


def _neighbouring(read: Reading, whens: Sequence[When], clause: Range) -> list[When]:
    """The nearest date of a clause beside this one; Chinese puts it before."""
    where = read.clauses.index(clause) if clause in read.clauses else 0
    sides = (-1,) if read.tokens[clause[0]].han else (-1, 1)
    beside = [c for k, c in enumerate(read.clauses) if k - where in sides]
    free = [c for c in beside if not any(c[0] <= read.at(n.span.start) < c[1] for n in read.numbers)]
    return [w for w in whens if any(c[0] <= read.at(w.span.start) < c[1] for c in free)][:1]


def role(read: Reading, when: When, kind: ClaimKind, at: int | None = None) -> Role:
    """What a date is the date of, by the words around it and the kind of the claim; `at` is the claim's token."""
    first, last = read.at(when.span.start), read.at(when.span.end - 1) + 1
    if kind in ("target", "forecast") and due(read, when):
        return "deadline"
    if when.edtf.count("-") == _DAY and _dateline(read, when):
        return "statement"
    if kind == "policy_event" and due(read, when) and read.tagged("future", read.clause(first)):
        return "deadline"
    served = _served(read, when, kind, at)
    if served:
        return served
    if _compared_with(read, first, last) or _of_level(read, last):
        return "baseline"
    begun = [] if _from_to(when) else _near(read, "from", first)
    if begun and kind != "policy_event":
        return "baseline" if _compares(read, begun[0], first, kind) else _begun(kind)
    if _beside_speech(read, first, last) and not (kind in TOLD and _of_source(read, first, last)):
        return "statement"
    if kind in ("target", "forecast") and (_dates_an_act(read, first) or _of_vow(read, first, last)):
        return "statement"
    return _plain(kind)


def _served(read: Reading, when: When, kind: ClaimKind, at: int | None) -> Role | None:
    """The role of a date where an act stands beside what it is for, by when that is due; None where none does."""
    if due(read, when):
        told = kind in ("policy_event", "actual")
        return "deadline" if told and of_purpose(read, when, at, kind == "policy_event") else None
    later = [w for w in read.whens if kind == "target" and due(read, w)]
    return "statement" if any(of_act_before(read, when, w) for w in later) else None


def _from_to(when: When) -> bool:
    """Whether a date says its end as its beginning: `from 2015 to 2024`, `2015年至2024年`."""
    first, last = ends(when)
    decade = when.as_written.endswith(("s", "年代"))
    return first != last and when.resolved_against is None and not decade


def due(read: Reading, when: When) -> bool:
    """Whether something is to be so by a date: `by 2030`, `2030年前`, `到2030年`."""
    known = read.due_by.get(when.span)
    if known is None:
        known = read.due_by[when.span] = _due(read, when)
    return known


def _due(read: Reading, when: When) -> bool:
    first, last = read.at(when.span.start), read.at(when.span.end - 1) + 1
    if first and read.tokens[first - 1].han and _led_to(read, first):
        return False
    inside = any(m.first == first for m in read.cues.get("by", ()))
    return inside or bool(_near(read, "by", first)) or _followed_by(read, last)


def _led_to(read: Reading, there: int) -> bool:
    """Whether a date ends a Chinese change from an earlier one that no word makes an aim: `从2010年…增至2024年`."""
    aims = [m for m in read.cues.get("target", ()) if m.value not in ("level", "either")]
    if aims or read.cues.get("forecast") or read.cues.get("future"):
        return False
    froms = {m.last for m in read.tagged("from", (read.clause(there)[0], there))}
    return any(read.at(w.span.start) in froms for w in read.whens)


def _compared_with(read: Reading, first: int, last: int) -> bool:
    """Whether a date is one of comparison: `on the previous year`, `than in the budget of 2015`."""
    marks = read.cues.get("change_from", ())
    near = any(
        first - _BEFORE < m.last
        and m.first < last
        and not _numbers_between(read, m.last, first)
        and (not read.tokens[m.first].han or read.clause(m.first) == read.clause(first))
        for m in marks
    )
    return near or any(
        read.tokens[k].word == "than"
        and read.tokens[k - 1].word not in words_tagged("no_comparison")
        and read.tokens[k + 1].word in words_tagged("compared_in")
        and not _numbers_between(read, k, first)
        for k in range(max(1, read.clause(first)[0], first - _THAN), first)
    )


def _dates_an_act(read: Reading, first: int) -> bool:
    """Whether a date is that of an act that the clause mentions: `the policy announced in 2021`."""
    acts = (m for m in read.cues.get("event", ()) if first - _BEFORE + 1 <= m.first and m.last <= first)
    return any(
        read.tokens[max(m.first - 1, 0)].word != "be" and read.tokens[m.first].word != "will" for m in acts
    )


def _of_vow(read: Reading, first: int, last: int) -> bool:
    """Whether a date is that of setting an aim: `In 2021 it vowed to plant 40 forests`, `vowed in 2021 to plant`."""
    vows = [m for m in read.cues.get("target", ()) if _past(read, m) and m.first - 1 not in _being(read)]
    opens = read.clause(first)[0]
    behind = any(0 <= first - m.last <= 1 for m in vows) and _to(read, last)
    return behind or any(opens <= first and last <= m.first for m in vows)


def _past(read: Reading, mark: Mark) -> bool:
    return read.tokens[mark.first].word.endswith("ed") or read.tokens[mark.first].word in _SET


def _being(read: Reading) -> set[int]:
    return {k for k, t in enumerate(read.tokens) if t.word in words_tagged("auxiliary")}


def _to(read: Reading, at: int) -> bool:
    return at < len(read.tokens) and read.tokens[at].word == "to"


def _plain(kind: ClaimKind) -> Role:
    if kind == "target":
        return "deadline"
    return "event" if kind == "policy_event" else "observation"


def _begun(kind: ClaimKind) -> Role:
    """What a date is from which something is so: the beginning of an aim is no deadline of it."""
    return "observation" if kind == "target" else _plain(kind)


def _near(read: Reading, tag: str, first: int) -> list[Mark]:
    """The last cue of a tag shortly before a token, no number between."""
    held = [m for m in read.cues.get(tag, ()) if first - _BEFORE <= m.first and m.last <= first]
    if held and read.tokens[held[-1].first].han:  # a Chinese comma ends what 比 or 到 governs
        held = [m for m in held if read.clause(m.first) == read.clause(first)]
    return [m for m in held[-1:] if not _numbers_between(read, m.last, first)]


def _followed_by(read: Reading, last: int) -> bool:
    """Chinese puts the word behind the date: 2030年前; 到 there belongs to what follows (5月底到位)."""
    return any(m.first == last and read.tokens[m.last - 1].word == "前" for m in read.cues.get("by", ()))


def _compares(read: Reading, mark: Mark, first: int, kind: ClaimKind) -> bool:
    """Whether a date is one that a figure is compared with: `from 5 % in 2015`, `from 2014`, `比2025年`."""
    word = read.tokens[mark.first].word
    if word in ("since", "比", "较"):
        return word != "since"
    if mark.value == "compared" and first - mark.last <= 1:
        return True
    if read.tokens[first].han or read.tokens[max(0, first - 1)].han:
        return bool(read.tagged("change", read.clause(first)))
    compared = any(t.word in ("up", "down") for t in read.tokens[read.clause(first)[0] : mark.first])
    return (compared or any(m.first < first for m in read.cues.get("change", ()))) or (
        len(read.numbers) > 1 and kind != "target"
    )


def _beside_speech(read: Reading, first: int, last: int) -> bool:
    """Whether a date is that of the saying: `wrote in a note on Monday`; Chinese puts it before the verb."""
    said = read.cues.get("say", ())
    return (
        any(
            0 <= first - m.last <= 8
            and read.clause(m.first) == read.clause(first)
            and not any(
                m.last <= c.first < first
                for c in (*read.cues.get("target", ()), *read.cues.get("forecast", ()))
            )
            and not _numbers_between(read, m.last, first)
            for m in said
            if not _plural(read, m) and not read.tokens[m.first].han
        )
        and last >= first
    )


def _of_level(read: Reading, last: int) -> bool:
    """Whether a date is that of a level to compare with: `below 2005 levels`."""
    return last < len(read.tokens) and read.tokens[last].word in words_tagged("base_level")


def _of_source(read: Reading, first: int, last: int) -> bool:
    """Whether a date is that of a study, which dates what it found: `a 2020 study`, `a survey made in May 2025`."""
    near = [t.word for t in (*read.tokens[max(0, first - _STUDY) : first], *read.tokens[last : last + 1])]
    return any(word in words_tagged("source_noun") for word in near)


def _plural(read: Reading, mark: Mark) -> bool:
    """Whether a word that may say something is a noun here: `four projects`, `the latest estimates`."""
    if mark.value != "weak" or not mark.first or not read.tokens[mark.first].word.endswith("s"):
        return False
    before = read.tokens[mark.first - 1]
    return not before.capital and not any(m.last == mark.first for m in read.cues.get("people", ()))


def _numbers_between(read: Reading, first: int, last: int) -> bool:
    return any(first <= k < last for k in read.figures)
