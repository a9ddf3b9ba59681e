"""Dates that reach over: what is said without a date has that of its sentence or paragraph, where the tense allows.

`In 2023 the region made 40 GWh. It employed 3,000 people.`: the second is of 2023 too. A date ahead holds for aims, one
past for facts. What holds `now` or `still` is of the year of the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from zizhu.ledger.claims import ClaimKind, Role
from zizhu.read.dates.derived import ends
from zizhu.read.model import NEARBY, Number, TimeOf, When
from zizhu.read.rules.kinds import Judged, lies_ahead
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.times import beside, due, from_source, of_baseline, role

_YEAR = 4
_DAY = 2
"""Hyphens of a date with a day: that of a dateline, not of what a heading covers."""
_HEADING = 20
_HEADING_HAN = 40
"""Tokens of a heading, at most."""
_DATED: tuple[Role, ...] = ("observation", "event", "deadline")
_EITHER = ("level", "either")
"""Values of words that tell an aim or a fact."""
_UNSURE = ("kind.plain", "kind.target-cue")
_LASTING = ("year", "month", "week", "day")
_AFTER = ("after", "before", "earlier", "later", "内")
_SHARES = ("percent", "ratio")
_BEHIND = 4
"""Characters behind the years of a plan in which it is said what they stand for."""
_FIRST_LINES = 4
"""Paragraphs at the beginning among which a line that names a year tells of which the whole document is."""
_FACTS: tuple[ClaimKind, ...] = ("actual", "ranking", "attribution")


@dataclass(frozen=True)
class Carried:
    """A date that reaches on: whether it lies ahead of the document or is that of its aims, and its paragraph."""

    when: When
    ahead: bool
    paragraph: int
    due: bool = False
    of_list: bool = False
    """Whether it holds for the items of a list alone."""
    of_source: bool = False
    """Whether it is that of a report, so that it holds for what the report says in the present."""


@dataclass
class Dates:
    """The dates that reach on where a document has been read up to: of the paragraph, of the heading, of the title."""

    last: Carried | None = None
    head: Carried | None = None
    title: Carried | None = None
    issued: When | None = None
    """The day that the head of the document names as its own."""
    aims: bool = False
    """Whether the last heading is one of aims: `2026年主要目标`."""
    goals: bool = False
    """Whether that heading is of goals alone, so that each figure below it is one: `主要目标`."""
    told: str = ""
    """The last year that a document without a day tells of as gone by."""

    def after(self, read: Reading, year: str) -> None:
        """Go on past a sentence."""
        here = read.sentence.paragraph
        own = [w for w in read.whens if role(read, w, "actual") == "observation" and not beside(read, w, 0)]
        own = [w for w in own if not _of_plan(read, w)]
        if here < _FIRST_LINES and heads(read) and self.issued is None:
            self.issued = next((w for w in read.whens if _is_issue(w, year)), None)
        if self.last and self.last.paragraph != here:
            self.last = None
        self.head = self._heading(read)
        if own:
            by = due(read, own[-1])
            aimed = opens_aims(read) and own[-1].edtf[:_YEAR] == year
            ahead, source = aimed or self._ahead(read, own[-1], year), from_source(read, own[-1])
            self.last = Carried(own[-1], ahead, here, by, of_source=source)
        if heads(read):
            self._under(read, own, year, here)

    def _ahead(self, read: Reading, when: When, year: str) -> bool:
        """Whether a date is ahead; without a day of the document what is due after the last year that it tells of."""
        return lies_ahead(when, year) or (not year and due(read, when) and ends(when)[1] > self.told)

    def _under(self, read: Reading, own: list[When], year: str, here: int) -> None:
        """Go on under a heading."""
        spans = [w for w in own if w.edtf.count("-") < _DAY or "/" in w.edtf]
        if here < _FIRST_LINES:
            spans = [w for w in spans if not _is_issue(w, year)]
        headed = read.tagged("heading")
        if headed or _numbered(read):
            self.goals = any(m.value == "goals" for m in headed) and all(m.value != "past" for m in headed)
        if (read.tokens[0].han or (self.head and is_item(read))) and not spans and not headed:
            return  # a heading below the one that told, or an item of its list
        self.aims = any(m.value in ("aims", "goals") for m in headed)
        ahead = bool(spans) and (
            self._ahead(read, spans[0], year) or (self.aims and spans[0].edtf[:_YEAR] >= year)
        )
        opens = read.tokens[-1].text in ":："
        self.head = (
            Carried(spans[0], ahead, here, due(read, spans[0]), opens and not read.tokens[0].han)
            if len(spans) == 1
            else None
        )
        if here < _FIRST_LINES and not self.title and self.head and not ahead:
            of_year = here == 0 or (spans[0].edtf[:_YEAR] < year and _whole_years(spans[0]) and not headed)
            self.title = self.head if of_year else None

    def near(self, read: Reading, start: int) -> tuple[Carried, ...]:
        """The dates that reach a place in a sentence, the nearest first."""
        here = self.last is not None and self.last.paragraph == read.sentence.paragraph
        last = self.last if here and self.last and start - self.last.when.span.end <= NEARBY else None
        return tuple(c for c in (last, self._heading(read), self.title) if c)

    def _heading(self, read: Reading) -> Carried | None:
        """The date of the heading that a sentence is under: that of a list ends with its items."""
        over = self.head and self.head.of_list and self.head.paragraph != read.sentence.paragraph
        return None if over and not is_item(read) else self.head


def opens_aims(read: Reading) -> bool:
    """Whether a sentence states aims and goes on with more behind a Chinese semicolon: `目标：增长5%；就业1万人；`."""
    return goes_on(read) and any(m.value not in _EITHER for m in read.tagged("target"))


def goes_on(read: Reading) -> bool:
    """Whether a sentence ends with a Chinese semicolon."""
    return read.tokens[-1].text == "；"


def is_item(read: Reading) -> bool:
    """Whether a sentence looks like an item of a list: a bullet or an infinitive opens it."""
    return not read.tokens[0].text.isalnum() or read.tokens[0].word == "to"


def _of_plan(read: Reading, when: When) -> bool:
    """Whether years are those of a plan that is spoken of, or begun, and not a time that is told of: “十四五”规划."""
    behind = read.text[when.span.end : when.span.end + _BEHIND].lstrip("”’\"'》")
    return "/" in when.edtf and behind.startswith(tuple(words_tagged("plan_not_time")))


def _numbered(read: Reading) -> bool:
    """Whether a heading is one of the first order: `三、保障措施`."""
    return len(read.tokens) > 1 and read.tokens[1].text == "、" and not read.numbers


def _is_issue(when: When, year: str) -> bool:
    """Whether a date at the head of a document may be its own: a day or month of its year."""
    return "-" in when.edtf and "/" not in when.edtf and when.edtf[:_YEAR] == year


def _whole_years(when: When) -> bool:
    return "-" not in when.edtf


def heads(read: Reading) -> bool:
    """Whether a sentence is a heading or opens a list: a short line without a full stop."""
    short = len(read.tokens) <= (_HEADING_HAN if read.tokens[0].han else _HEADING)
    return short and read.tokens[-1].text not in '.!?。！？；;,，”"'


def dated(times: tuple[TimeOf, ...]) -> bool:
    """Whether a claim has a date of its own, other than that of the saying or of a comparison."""
    return any(t.role in _DATED for t in times)


def reaching(
    read: Reading, clause: Range, kind: ClaimKind, dates: Dates, year: str, number: Number
) -> tuple[TimeOf, ...]:
    """The date that reaches a number without one: of an earlier clause, else of its paragraph, heading or the title."""
    if _lasts(read, number) or (not year and _relative(read, clause)):
        return ()
    near = dates.near(read, read.span(clause).start)
    if near and near[0].of_source and _reports(read):
        return _as(near[0].when, kind, near[0].ahead, near[0].due)
    if read.tagged("now", clause) or _share_now(read, clause, number):
        now = kind == "actual" and dates.issued is not None
        return (TimeOf(dates.issued, "observation"),) if now and dates.issued else ()
    earlier = [w for w in read.whens if read.at(w.span.start) < clause[0]]
    for when in reversed(earlier):
        at = read.at(number.digits.start)
        if role(read, when, "actual") == "observation" and not of_baseline(
            read, read.at(when.span.start), at
        ):
            by = due(read, when)
            aimed = when.edtf[:_YEAR] == year and (
                (kind == "target" and _in_aim(read, when))
                or (kind == "forecast" and _in_forecast(read, when))
            )
            told = _as(when, kind, lies_ahead(when, year) or by or aimed, by)
            if told:
                return told
    if not _same_tense(read, clause, kind):
        return ()
    reached = (_as(c.when, kind, c.ahead, c.due) for c in near)
    return next((times for times in reached if times), ())


def _in_aim(read: Reading, when: When) -> bool:
    """Whether a date stands in a Chinese clause that states an aim: `2025年力争实现销量3000万辆，增长3%`."""
    return read.tokens[0].han and any(
        m.value not in _EITHER for m in read.tagged("target", read.clause(read.at(when.span.start)))
    )


def _in_forecast(read: Reading, when: When) -> bool:
    """Whether a date stands in a clause that foretells: `2024年支出预计将突破400亿美元，占全球的近40%`."""
    return bool(read.tagged("forecast", read.clause(read.at(when.span.start))))


def _relative(read: Reading, clause: Range) -> bool:
    """Whether a clause tells its time by the day of the document: `last year`, 去年; Chinese says it before."""
    first = 0 if read.tokens[clause[0]].han else clause[0]
    marks = read.tagged("relative_time", (first, clause[1]))
    return bool(marks) and not any(marks[-1].first < read.at(w.span.start) < clause[1] for w in read.whens)


def _lasts(read: Reading, number: Number) -> bool:
    """Whether a number is the time that something takes or took: `a year after it began`, `within 14 months`."""
    first, after = read.at(number.span.start), read.at(number.span.end - 1) + 1
    if number.unit not in _LASTING:
        return False
    behind = read.tokens[after].word if after < len(read.tokens) else ""
    return behind in _AFTER or (first > 0 and read.tokens[first - 1].word == "within")


def _share_now(read: Reading, clause: Range, number: Number) -> bool:
    """Whether a share is told in the present: it is that of the document's day (`accounts for 40 % of exports`)."""
    if number.unit not in _SHARES:
        return False
    first = read.at(number.span.start)
    return any(0 <= first - m.last <= 1 for m in read.tagged("share_now", clause))


def continued(
    read: Reading, judged: Judged, dates: Dates, times: tuple[TimeOf, ...], of_plan: bool, year: str
) -> Judged:
    """A fact or aim of a Chinese list that only the date at its head tells apart: `到2030年，产值达到…；产量达到…`.

    Where nothing tells the date, a verb such as 提高到 is an aim in a plan and a fact elsewhere.
    """
    own = [t.when for t in times if t.role in _DATED]
    if own and _over(read, judged, own, year):
        return judged._replace(kind="actual", rule="kind.list-past")
    here = next(iter(dates.near(read, read.sentence.start)), None)
    done = read.tagged("done") or read.tagged("now")
    if not own and dates.goals and judged.rule == "kind.plain" and not done:
        return judged._replace(kind="target", rule="kind.under-goals")
    if not own and here and here.of_list and here.ahead and judged.rule == "kind.plain" and not done:
        return judged._replace(kind="target", rule="kind.list-ahead")
    if own or not read.tokens[0].han or judged.rule not in _UNSURE or _due_before(read, judged, year):
        return judged
    if here is None:
        told_of = judged.cue is not None and judged.cue.value == "level" and not of_plan and not dates.aims
        return judged._replace(kind="actual", rule="kind.level-told") if told_of else judged
    told = read.tagged("done") or any(_tells(read, w, year) for w in read.whens)
    if here.ahead and judged.kind == "actual" and not told:
        return judged._replace(kind="target", rule="kind.list-ahead")
    return (
        judged._replace(kind="actual", rule="kind.list-past")
        if not here.ahead and judged.kind == "target" and _ambiguous(judged)
        else judged
    )


def _due_before(read: Reading, judged: Judged, year: str) -> bool:
    """Whether an aim goes on behind the date by which it is due: `到2027年底建成20座，容量超过3万千瓦`."""
    if judged.kind != "target" or judged.cue is None:
        return False
    return any(
        due(read, w) and lies_ahead(w, year) for w in read.whens if read.at(w.span.start) < judged.cue.first
    )


def _tells(read: Reading, when: When, year: str) -> bool:
    """Whether a date tells of what was: it lies behind, and is none to compare with (`较2024年`)."""
    return not lies_ahead(when, year) and not due(read, when) and role(read, when, "actual") != "baseline"


def _over(read: Reading, judged: Judged, whens: list[When], year: str) -> bool:
    """Whether an aim that a verb such as 提高到 may tell is dated before the document: it is told of, then."""
    if judged.kind != "target" or judged.rule not in _UNSURE or judged.cue is None or not _ambiguous(judged):
        return False
    return bool(year) and read.tokens[judged.cue.first].han and all(ends(w)[1] < year for w in whens)


def _ambiguous(judged: Judged) -> bool:
    """Whether a verb may tell what was done or what is to be done: 建成, 提高到."""
    return judged.cue is not None and judged.cue.value in _EITHER


def _as(when: When, kind: ClaimKind, ahead: bool, by: bool) -> tuple[TimeOf, ...]:
    """A date that reaches a claim, in its role; one ahead tells of no fact, one past of nothing to come."""
    if kind == "forecast":
        return (TimeOf(when, "deadline" if by else "observation"),) if ahead else ()
    if kind == "target":
        return (TimeOf(when, "deadline"),) if ahead else ()
    return (TimeOf(when, "observation"),) if kind in _FACTS and not ahead else ()


def _reports(read: Reading) -> bool:
    """Whether a sentence gives what a report says that was named before: `It says`, `According to the report,`."""
    told = read.tagged("say") or read.tagged("according")
    nouns = {m.first for m in read.cues.get("source_noun", ())}
    again = read.tokens[0].word == "it" or any(
        read.tokens[k - 1].word in ("the", "this", "its") for k in nouns if k
    )
    return again and bool(told)


def _same_tense(read: Reading, clause: Range, kind: ClaimKind) -> bool:
    """Whether a clause goes on in the time of what came before: a fact in the present tense does not."""
    if kind in ("target", "forecast") or read.tokens[clause[0]].han:
        return True
    return bool(read.tagged("done", clause)) or not read.tagged("present", clause)
