"""The word that governs a number: the nearest aim, forecast or act before it, unless what stands between tells a fact.

A noun such as `goal` governs only what follows it as its content (`a goal of 40 %`); a past verb between a cue and its
number, or behind a goal that was reached, makes a fact of it.
"""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, is_participle, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.willed import does_will, willed

_ACTS = 12
"""Tokens between an act and the number that it sets, at most."""
_BACK = 8
"""Tokens from a number to the noun of the act that it belongs to, at most: `31 firms to its entity list`."""
_AFTER = frozenset(("after", "since", "because", "when", "as", "despite", "before", "amid", "following"))
"""Words behind which something else is told: `fell 5 percent after tariffs rose`."""
_AIM = "标"
_BEHIND = 4
"""Tokens from a number to a participle that makes an aim of it, at most: `the 50 % planned for 2025`."""
_RATE = 8
"""Tokens from a verb of change to the rate or duty that is changed, at most."""
_HAN_FROM = 8
"""Characters between 由, a number and the verb of the change, at most."""
_LEAD = 1
"""Tokens between an aim and the colon that opens its list, at most."""
_GOAL = 4
"""Tokens between a goal and its number, at most, where what follows tells that it was reached."""
_OF_AIM = 5
"""Tokens between the noun of an aim and the verb that says what it is, at most: `the target of the plan was`."""
_HAN_AIMS = ("的目标", "的既定目标", "的预期目标", "的规划目标", "的年度目标", "的增长目标", "的战略目标")
_SIZED = 4
"""Tokens from a number to the noun of the aim whose size it is, at most: `a 5-gigawatt offshore wind target`."""
_JOINS = ("and", "but", "or", "will")
"""Words with which an English clause goes on about the subject of the one before."""
BY_NOUN = ("tariff", "export_ban", "entity_list")
_ACTS_BY_WORD = (*BY_NOUN, "imposed", "blacklisted", "ban", "allocated", "granted")


def is_baseline(read: Reading, at: int) -> bool:
    """Whether a number is where something comes from: `from 5 percent`, `由目前的20%提高到50%`."""
    if read.tokens[at].text[0].isdigit() and _han_baseline(read, at):
        return True
    return any(m.last == at and m.value != "since" for m in read.cues.get("from", ())) or any(
        m.last in (at - 1, at) and read.tokens[m.first].word in ("from", "从", "由")
        for m in read.cues.get("from", ())
    )


def _han_baseline(read: Reading, at: int) -> bool:
    """Whether 由 or 从 stands before a number, with no other between, and a change to a level behind it."""
    froms = [
        m for m in read.cues.get("from", ()) if m.first < at and read.tokens[m.first].word in ("由", "从")
    ]
    if not froms or at - froms[-1].last > _HAN_FROM:
        return False
    if any(froms[-1].last <= k < at for k in read.figures):
        return False
    return any(at < m.first <= at + _HAN_FROM for tag in ("change", "target") for m in read.cues.get(tag, ()))


def governing(read: Reading, at: int, clause: Range) -> Mark | None:
    """The cue that governs a token: the nearest before it in its clause, else one that reaches over from another.

    A cue of an earlier clause reaches on when the clause between begins without a subject of its own.
    """
    inside = [m for m in _cues(read) if clause[0] <= m.first <= at]
    plain = [m for m in inside if m.tag != "event"]
    told = [m for m in inside if m.tag == "event" and m.value == "announced"]
    if told and plain and plain[-1].value == "will" and told[-1].first < plain[-1].first:
        return told[-1]
    if plain and not _done_between(read, plain[-1], at):
        return _foretold(read, plain, clause) or _aim_of_level(read, plain, clause) or plain[-1]
    acts = [m for m in inside if m.tag == "event" and at - m.last <= _ACTS and is_act(read, m, clause)]
    if acts:
        return acts[-1]
    ahead_of = [m for m in read.tagged("future", (clause[0], at)) if read.tokens[m.first].han]
    if ahead_of:
        if does_will(read, ahead_of[-1], at):
            return Mark(ahead_of[-1].first, ahead_of[-1].last, "target", "will")
        told = [m for m in _cues(read) if m.tag == "event" and m.first < ahead_of[0].first]
        told = [m for m in told if m.value != "changed" or is_act(read, m, read.clause(m.first))]
        return told[-1] if told else _aim_before(read, clause) or ahead_of[0]
    will = willed(read, at, clause)
    if will and not _done_between(read, will, at):
        return _foretold(read, [will], clause) or will
    behind = [m for m in _cues(read) if at < m.first < clause[1] and _governs_back(read, m, at)]
    longest = [m for m in behind if m.first == behind[0].first]
    return max(longest, key=lambda m: m.last) if behind else _from_before(read, clause)


def _aim_of_level(read: Reading, marks: list[Mark], clause: Range) -> Mark | None:
    """The aim that a change to a level belongs to: `力争…由35%提高到60%`; the change alone may tell a fact."""
    if marks[-1].value != "level":
        return None
    before = None if read.whens_in(clause) else _aim_before(read, clause)
    held = [m for m in ([before] if before else []) + marks if m.tag == "target"]
    return next((m for m in reversed(held) if m.value not in ("level", "either")), None)


def _foretold(read: Reading, marks: list[Mark], clause: Range) -> Mark | None:
    """The forecast in whose words a verb in the future stands: `预计…将达到`, `预计到2040年，人口将达到…`."""
    if marks[-1].value != "will" or (not read.tokens[marks[-1].first].han and marks[-1].tag != "target"):
        return None
    where = read.clauses.index(clause) if clause in read.clauses else 0
    opening = read.clauses[where - 1][0] if where else clause[0]
    if any(opening <= k < clause[0] for k in read.figures):
        opening = clause[0]
    if not read.tokens[clause[0]].han and read.tokens[clause[0]].word in _JOINS:
        opening = 0
    foretold = (m for m in _cues(read) if m.tag == "forecast" and opening <= m.first < marks[-1].first)
    return next(foretold, None)


def aim_behind(read: Reading, number: Number) -> Mark | None:
    """The noun of an aim whose size a number before it is: `a 100-gigawatt solar target`, `its 40 % goal`."""
    first, last = read.at(number.span.start), read.at(number.span.end - 1) + 1
    if read.text.startswith(_HAN_AIMS, number.span.end):
        return Mark(last, last + 1, "target", "size") if _han_unreached(read, first) else None
    tight = read.text[number.digits.end : number.digits.end + 1] == "-"
    owned = first > 0 and read.tokens[first - 1].word in words_tagged("possessive")
    if number.comparator == "<" or not (tight or (owned and not number.unit.startswith("count"))):
        return None
    for k in range(last, min(last + _SIZED, len(read.tokens))):
        word = read.tokens[k].word
        if word in words_tagged("aim_noun"):
            return Mark(k, k + 1, "target", "size")
        if not (word.isalpha() or word == "-") or word in words_tagged("stop"):
            return None
    return None


def _han_unreached(read: Reading, first: int) -> bool:
    """Whether nothing before a number says that its aim was reached: `未完成下降4%的目标`, `70%的目标难以实现`."""
    before = (read.clause(first)[0], first)
    if read.tagged("aim_set", before) or read.tagged("former", before):
        return True
    verbs = read.tagged("reaches_aim", before)
    return not verbs or any(
        m.last == verbs[-1].first and m.value != "none" for m in read.tagged("negation", before)
    )


def reached(read: Reading, mark: Mark | None, number: Number, clause: Range) -> bool:
    """Whether a number is that of a goal that was reached or missed: `the goal of 40 % was exceeded`."""
    if mark is None or mark.tag != "target" or not _is_aim_noun(read, mark):
        return False
    after = read.at(number.span.end - 1) + 1
    near = after - mark.last <= _GOAL + 4
    return near and any(
        m.value == "goal" for m in read.tagged("done", (after, min(after + _GOAL, clause[1])))
    )


def _done_between(read: Reading, cue: Mark, last: int) -> bool:
    """Whether what follows a cue is told as done: `having raised 3 billion`, `commitments reached 3 billion`.

    A Chinese verb that may tell either is told as done behind 累计 or 已 before it.
    """
    before = (read.clause(cue.first)[0], cue.first)
    if cue.value in ("either", "level") and any(m.value != "now" for m in read.tagged("done", before)):
        return True
    if any(t.word in ("having", "after") for t in read.tokens[cue.last : last]):
        return True
    if _set_against(read, cue, last):
        return True
    told = [m for m in read.tagged("done", (cue.last, last)) if not _equates(read, cue, m)]
    return bool(told) and (_is_aim_noun(read, cue) or told[-1].value == "has")


def _set_against(read: Reading, cue: Mark, last: int) -> bool:
    """Whether what was done is set against an aim before it: `planned to open 20 plants but opened 12`."""
    turns = [k for k in range(cue.last, last) if read.tokens[k].word in words_tagged("against")]
    behind = [t.word for t in read.tokens[turns[-1] + 1 : last]] if turns else []
    return any(is_participle(word) or word in words_tagged("past_verb") for word in behind)


def _equates(read: Reading, aim: Mark, verb: Mark) -> bool:
    """Whether a verb says what an aim is: `the goal was to build 40 plants`; `the goal was met` tells a fact."""
    alone = verb.last - verb.first == 1 and read.tokens[verb.first].word in words_tagged("aim_link")
    after = read.tokens[verb.last].word if verb.last < len(read.tokens) else ""
    of = verb.first == aim.last or read.tokens[aim.last].word in ("of", "for", "in")
    near = verb.first - aim.last <= _OF_AIM and not any(aim.last <= k < verb.first for k in read.figures)
    return alone and of and near and not after.endswith("ed")


def _is_aim_noun(read: Reading, mark: Mark) -> bool:
    return read.tokens[mark.last - 1].word in words_tagged("aim_noun")


def _governs_back(read: Reading, mark: Mark, at: int) -> bool:
    """Whether a cue behind a number governs it: `three-quarters of trucks will be electric`, `a 10 % tariff`."""
    if mark.tag == "event":
        between = (t.word for t in read.tokens[at : mark.first])
        return mark.value in BY_NOUN and mark.first - at <= _BACK and _AFTER.isdisjoint(between)
    if mark.tag == "target" and mark.first - at <= _BEHIND and mark.value == "behind":
        return True
    if read.tokens[mark.first - 1].word in words_tagged("possessive"):
        return False
    return mark.tag == "forecast" or mark.value == "will" or read.tokens[mark.first].han


def _cues(read: Reading) -> list[Mark]:
    marks = (*read.cues.get("target", ()), *read.cues.get("forecast", ()), *read.cues.get("event", ()))
    told = {m.first for m in read.cues.get("done", ()) if m.last > m.first + 1}  # `could verify` tells a fact
    figures = frozenset(read.figures)  # `18 projects that won` foresees nothing
    held = (
        m
        for m in marks
        if (m.tag != "target" or _opens(read, m))
        and not (m.tag == "forecast" and (m.first in told or m.first - 1 in figures))
        and not _published(read, m)
    )
    return sorted(held, key=lambda m: (m.first, m.tag))


def _published(read: Reading, mark: Mark) -> bool:
    """Whether an act is only how a report came out: `a report published last week says`."""
    before = read.tokens[mark.first - 1].word if mark.first else ""
    return mark.value == "released" and before in words_tagged("source_noun")


def _opens(read: Reading, mark: Mark) -> bool:
    """Whether a target word is one here: a noun such as `commitments` is only before what was committed."""
    if read.tokens[mark.first].han:
        return read.tokens[mark.last - 1].word != _AIM or _aimed(read, mark)
    if not _is_aim_noun(read, mark) or mark.last - mark.first > 1:
        return True
    if any(0 <= mark.first - m.last <= 1 for m in read.cues.get("forecast", ())):
        return False
    after = read.tokens[mark.last] if mark.last < len(read.tokens) else None
    sized = next((n for n in read.numbers if after is not None and n.span.start == after.start), None)
    if sized:
        behind = read.text[sized.span.end :].split(maxsplit=1)[:1]
        return behind == [] or behind[0].strip(".,;") not in words_tagged("on_time")
    return after is not None and (
        after.word in words_tagged("aim_link") or not (after.text.isalpha() or after.text in ",.;)")
    )


def _aimed(read: Reading, mark: Mark) -> bool:
    """Whether 目标 opens its content, or a verb before it sets it: `目标是…`, `提出…的目标`."""
    after = read.tokens[mark.last].word if mark.last < len(read.tokens) else ""
    return after in words_tagged("aim_link") or any(m.first < mark.first for m in read.tagged("aim_set"))


def _from_before(read: Reading, clause: Range) -> Mark | None:
    """The target or forecast cue that reaches on from a clause before; one that tells what is stands in its way."""
    where = read.clauses.index(clause) if clause in read.clauses else 0
    if where == 0 or _own_subject(read, clause):
        return None
    for before in reversed(read.clauses[:where]):
        held = [m for m in _cues(read) if before[0] <= m.first < before[1] and m.tag != "event"]
        if held:
            return None if _done_between(read, held[-1], held[-1].last) else held[-1]
        if _own_subject(read, before):
            return None
        if before[0] and read.tokens[before[0] - 1].text in ":：;；":
            return _leading(read, before[0] - 1)
    return _leading(read, clause[0] - 1)


def _aim_before(read: Reading, clause: Range) -> Mark | None:
    """The aim of a clause before that reaches on to one in the future: `提出产量将达到3万吨，成本将降到…`."""
    cue = _from_before(read, clause)
    return cue if cue and cue.tag == "target" else None


def _leading(read: Reading, colon: int) -> Mark | None:
    """The aim that a colon opens to its list: `今年主要预期目标：增长5%，就业110万人`."""
    if read.tokens[colon].text not in ":：":
        return None
    held = [m for m in read.cues.get("target", ()) if m.first < colon <= m.last + _LEAD]
    return held[-1] if held and (_is_aim_noun(read, held[-1]) or read.tokens[held[-1].first].han) else None


def _own_subject(read: Reading, clause: Range) -> bool:
    """Whether a clause has a subject and verb of its own, or compares with what was before."""
    if read.tokens[clause[0]].word in words_tagged("own_subject"):
        return True
    if read.tokens[clause[0]].han:
        if read.tagged("relative_time", (clause[0], clause[0] + 2)):
            return True
        compares = read.tagged("from", (clause[0], clause[0] + 2))
        return bool(compares) and not read.tagged("change", clause)  # `，同比增长约3%` goes on with the aim
    return any(m.first > clause[0] for tag in ("present", "done") for m in read.tagged(tag, clause))


def is_act(read: Reading, mark: Mark, clause: Range) -> bool:
    """Whether a verb such as `announce` names an act of policy: its object is one, or its word is."""
    if mark.value in _ACTS_BY_WORD:
        return True
    if mark.value == "changed":
        after = (mark.last, min(mark.last + _RATE, clause[1]))
        return any(m.value == "tariff" for m in read.tagged("policy_object", after))
    return bool(
        read.tagged("policy_object", (mark.first, clause[1])) or read.named("plan", (mark.first, clause[1]))
    )
