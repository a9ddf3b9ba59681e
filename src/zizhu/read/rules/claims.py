"""Candidates of a sentence: one for every number, one for every clause that claims something without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zizhu.ledger.claims import Modality
from zizhu.read.model import Candidate, Number, Span
from zizhu.read.rules.carrying import continued, dated, reaching
from zizhu.read.rules.columns import dated_by, of_column
from zizhu.read.rules.elapsed import by_now
from zizhu.read.rules.fields import TITLE, Voice, filled
from zizhu.read.rules.indicators import of_clause, of_number
from zizhu.read.rules.kinds import ahead, kind_of_number, lies_ahead
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.own_things import of_title
from zizhu.read.rules.patterns import patterns
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.second_voice import within
from zizhu.read.rules.spans import fitted
from zizhu.read.rules.starts import starts
from zizhu.read.rules.statements import Statement, statements
from zizhu.read.rules.subjects import Topic, as_subject
from zizhu.read.rules.times import due, times
from zizhu.read.rules.views import views

_TIME = ("year", "month", "week", "day")
_HAN_TIME = ("时间", "内", "之内", "努力")
"""What makes a time for something of Chinese years: 用三年时间."""
_RUNNING = "连续"
"""What a run of Chinese years follows: 连续八年."""
_AND_OTHERS, _BODIES = "等", ("部门", "部委", "单位", "机构")
_SHORTEST = 3
"""Tokens that a clause needs to be a claim of its own."""
_LONGEST_SENTENCE = 350
"""Code points up to which the evidence of a number without a subject is the whole sentence."""


def candidates(read: Reading, topic: Topic, voice: Voice) -> Iterator[Candidate]:
    """All candidates of a sentence in the order of the text."""
    taken: set[Range] = set()
    for number in read.numbers:
        at = read.at(number.digits.start)
        clause = read.clause(at)
        if _recurs(read, at) or _stretches(read, number, clause) or _sums_up(read, number):
            continue
        if _specifies(read, number, clause):
            continue
        taken.add(clause)
        yield _of_number(read, number, at, clause, topic, voice)
    yield from patterns(read, topic)
    told = list(statements(read, voice.words, voice.named, topic.listed_aim(read), voice.owned))
    for statement in told:
        if statement.clause not in taken and statement.clause[1] - statement.clause[0] >= _SHORTEST:
            yield _of_statement(read, statement, topic, voice)
    if not told and not read.numbers:
        yield from views(read, topic, voice)


def _recurs(read: Reading, at: int) -> bool:
    """Whether a number says how often, not how much: `every two years`."""
    return at > 0 and read.tokens[at - 1].word in words_tagged("every")


def _sums_up(read: Reading, number: Number) -> bool:
    """Whether a number only sums up who acts together, the first of whom is named: 工信部等八部门."""
    first = read.at(number.span.start)
    return first > 0 and read.tokens[first - 1].text == _AND_OTHERS and number.noun in _BODIES


def _specifies(read: Reading, number: Number, clause: Range) -> bool:
    """Whether a number only says of which chips another one is: `39 % of capacity at 28 nanometres and above`."""
    first = read.at(number.span.start)
    others = any(clause[0] <= k < clause[1] and k != read.at(number.digits.start) for k in read.figures)
    return number.unit == "nm" and others and first > 0 and read.tokens[first - 1].word == "at"


def _stretches(read: Reading, number: Number, clause: Range) -> bool:
    """Whether a number says over what time another one is: `9,000 jobs over six years`, `within five years`, 三年内."""
    first = read.at(number.span.start)
    if number.unit not in _TIME or number.comparator != "=" or first == 0:
        return False
    if len(read.numbers) > 1 and (
        read.text.startswith(_HAN_TIME, number.span.end) or read.text.endswith(_RUNNING, 0, number.span.start)
    ):
        return True
    before = read.tokens[first - 1].word
    before = read.tokens[first - 2].word if before in ("the", "next", "first") and first > 1 else before
    others = [n for n in read.numbers if n.unit not in _TIME and clause[0] <= read.at(n.digits.start) < first]
    return before in ("over", "within") and bool(others)


def _of_number(
    read: Reading, number: Number, at: int, clause: Range, topic: Topic, voice: Voice
) -> Candidate:
    led = topic.listed_aim(read)
    whole, voice = voice, within(read, clause, voice)
    judged = kind_of_number(read, number, at, clause, voice.words, led)
    own = times(read, at, clause, judged.kind, number)
    told = ahead(read, judged, own, topic.day, at, topic.dates.told)
    own = own if told.kind == judged.kind else times(read, at, clause, told.kind, number)
    listed = led and told.kind == "target"
    judged = told if listed else continued(read, told, topic.dates, own, topic.titled, topic.year)
    column = topic.columns.over(read, number)
    judged = of_column(judged, column, topic.day, bool(topic.main_plan))
    named = clause if voice is whole else (voice.words[1], clause[1])
    indicator, named_by = of_number(read, number, at, named, judged, topic.measuring)
    when = own if judged.kind == told.kind else None
    made = filled(read, _evidence(read, number, clause), clause, judged, at, topic, voice, number, when)
    rules = {**made.rules, "indicator": named_by, "number": "number.parsed"}
    if made.kind == "actual" and not topic.day:
        made = replace(made, times=by_now(read, made.times, topic.dates.told))
    made = dated_by(made, column)
    if not dated(made.times) and not starts(read, at):
        reached = reaching(read, clause, judged.kind, topic.dates, topic.year, number)
        made = replace(made, times=fitted(read, judged.kind, number, (*reached, *made.times)))
    if column and column.name and number.unit != "rank":
        indicator, rules = column.name, {**rules, "indicator": "indicator.row"}
    made = replace(made, indicator=indicator, number=number, rules=rules)
    if judged.kind == "target" and rules.get("sectors") == TITLE and not of_title(indicator, read):
        made = replace(made, sectors=())
    made = topic.aims.again(read, made, voice.speech is not None)
    if not dated(made.times):
        made = replace(made, times=(*topic.ends.due(read, made), *made.times))
    return _not_yet(read, made, topic.day)


def _of_statement(read: Reading, of: Statement, topic: Topic, voice: Voice) -> Candidate:
    judged, clause = of.judged, of.clause
    at = judged.cue.first if judged.cue else clause[0]
    if judged.kind in ("actual", "attribution", "relation"):
        fact = judged._replace(kind="actual")
        due_later = ahead(read, fact, times(read, at, of.whole, "actual", None), topic.day)
        judged = due_later._replace(cue=judged.cue) if due_later.kind == "target" else judged
        if judged.kind == "target" and read.tagged("forecast", voice.words):
            # `the agency forecasts that by 2030 …`
            judged = judged._replace(kind="forecast", rule="kind.foretold")
    dated = times(read, at, of.whole, judged.kind, None)
    made = filled(read, read.span(of.whole), clause, judged, at, topic, voice, None, dated)
    indicator, named_by = of_clause(read, clause, judged)
    rules = {**made.rules, "indicator": named_by}
    if judged.kind != "relation":
        made = replace(made, indicator=indicator, rules={f: r for f, r in rules.items() if r})
        return _not_yet(read, made, topic.day)
    others = [as_subject(m) for m in read.names if at < m.first < clause[1] and as_subject(m) != made.subject]
    objects = tuple(dict.fromkeys(others)) or None
    return replace(made, indicator=indicator, predicate=indicator, object=objects, rules=rules)


def _not_yet(read: Reading, made: Candidate, day: str) -> Candidate:
    """A candidate that tells as achieved what is dated after the day of the document: an act planned, else a guess.

    The date by which what an act has begun is due (`launched 15 projects by 2030`) is a deadline and none of the act.
    """
    when = next((t.when for t in made.times if t.role in ("observation", "event")), None)
    if made.modality != "achieved" or when is None or not lies_ahead(when, day):
        return made
    if made.kind == "policy_event" and due(read, when):
        times = tuple(replace(t, role="deadline") if t.when == when else t for t in made.times)
        return replace(made, times=times)
    meant: Modality = "planned" if made.kind == "policy_event" else "estimated"
    return replace(made, modality=meant, rules={**made.rules, "modality": "modality.dated-ahead"})


def _evidence(read: Reading, number: Number, clause: Range) -> Span:
    """The clause of a number; the sentence where the clause names nobody and the sentence is of usual length."""
    own = read.span(clause)
    covered = Span(min(own.start, number.span.start), max(own.end, number.span.end))
    whole = read.sentence
    named = any(clause[0] <= m.first < clause[1] for m in read.names)
    return covered if named or whole.end - whole.start > _LONGEST_SENTENCE else Span(whole.start, whole.end)
