"""Whom and where a claim is about, and under which plan: from the clause, else its sentence, else what went before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zizhu.ledger.claims import ClaimKind
from zizhu.read.rules.carrying import Dates, goes_on, heads, is_item, opens_aims
from zizhu.read.rules.columns import Columns
from zizhu.read.rules.editions import countermeasures
from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.indicators import Measuring
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.parallels import compared, own_place
from zizhu.read.rules.plan_ends import PlanEnds
from zizhu.read.rules.plan_nouns import definite, measures, noun_heads, opens, says_new
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.restating import Aims
from zizhu.read.rules.sentences import Sentence
from zizhu.vocab.countries import countries

_WORLD = "WLD"
_AFTER = 5
"""Characters behind the name of a Chinese plan that say how it is meant, with a quotation mark."""
_YEARS_OF = ("收官", "开局", "收关", "承上启下", "关键之年")
"""What a year of a Chinese plan is: its last, its first, its decisive one."""
_OFTEN = 3
_CURRENCY = 3
_NAME = 7
_WORDS = 2
"""Words of the name of an organisation that no list has, at least; tokens in which it stands, at most."""
_TRADED = ("USD", "EUR")
_REACH = 5
"""Paragraphs over which a plan stays the topic."""
_HEAD = 8
"""Sentences at the beginning among which a title stands."""
_LEAD = 4
"""Sentences at the beginning that tell what a document is about."""


@dataclass
class Topic:
    """What a document is about while it is read: its country, the last plan and the last subject."""

    home: str = ""
    year: str = ""
    """The year of the document, if known: what is dated after it has not been yet."""
    earliest: str = ""
    """That year, else the first one in which the document can have been written."""
    day: str = ""
    """The day of the document, if known: no fact is dated after it."""
    main_plan: str = ""
    titled: bool = False
    """Whether a title names that plan."""
    opened: bool = False
    """Whether the title opens with it: a document on that plan."""
    plan: str = ""
    plan_paragraph: int = -9
    last: str = ""
    """The plan that was named last."""
    since: int = 99
    """Sentences since that plan was last named or meant."""
    measure: str = ""
    measure_since: int = 99
    """The last measure against another country, and the sentences since it was spoken of."""
    section: str = ""
    """The plan that the last heading names."""
    names: Mapping[str, str] = field(default_factory=dict)
    """All plans of the document with their names as written."""
    ends: PlanEnds = field(default_factory=PlanEnds)
    """The years in the names of plans by which what they aim at is due."""
    place: str = ""
    paragraph: int = -9
    sectors: tuple[str, ...] = ()
    """The sectors that the title names."""
    headed: tuple[str, ...] = ()
    """The sectors that the last heading names."""
    dates: Dates = field(default_factory=Dates)
    """The dates that reach on to what has none."""
    measuring: Measuring = field(default_factory=Measuring)
    """What the numbers before measured."""
    columns: Columns = field(default_factory=Columns)
    """The dates over the columns of a table."""
    aims: Aims = field(default_factory=Aims)
    """The aims that were stated so far."""
    lead: int = -9
    """Paragraph of the last line that opened a list of aims (`Our objectives are:`), or of the last item of it."""

    run: int = -9
    """Paragraph of the last sentence that stated aims and went on behind a Chinese semicolon."""

    def listed_aim(self, read: Reading) -> bool:
        """Whether a sentence is an item of a list of aims, or goes on with them: `力争产值达到3亿元；就业1万人；`."""
        return self._item(read) or (self.run == read.sentence.paragraph and not read.tagged("done"))

    def _item(self, read: Reading) -> bool:
        return 0 <= read.sentence.paragraph - self.lead <= 1 and is_item(read)

    def speaks_on(self, read: Reading) -> bool:
        """Whether a sentence goes on about the plan before it: `It builds on ...`, `The act replaces ...`."""
        if not self.plan or read.sentence.paragraph - self.plan_paragraph > _REACH:
            return False
        return read.tokens[0].word in ("it", "its") or opens(read)

    def meant(self, read: Reading) -> str:
        """The plan that `the plan` means: the document's, unless another one was named just before."""
        here = read.sentence.paragraph
        other = bool(self.plan) and self.plan != self.main_plan and self.since == 0 and not says_new(read)
        heads = noun_heads(read)
        suits = {
            p: not heads.isdisjoint(self.names.get(p, "").lower().split())
            for p in (self.main_plan, self.plan)
        }
        other = other and not (suits[self.main_plan] and not suits[self.plan])
        if self.main_plan and self.plan_paragraph != here and not other:
            return self.main_plan
        return self.plan if here - self.plan_paragraph <= _REACH else ""

    def after(self, read: Reading) -> None:
        """Go on past a sentence."""
        here = read.sentence.paragraph
        self.dates.after(read, self.year)
        self.columns.after(read)
        opens = read.tokens[-1].text in ":：" and (read.tagged("target") or read.tagged("aim_noun"))
        self.run = here if opens_aims(read) or (goes_on(read) and self.listed_aim(read)) else -9
        if opens or self._item(read):
            self.lead = here
        if heads(read) and here:
            self.headed = tuple(dict.fromkeys(m.value for m in read.sectors))
        self._plans_after(read, here)
        self.ends.after(read, heads(read))
        if self.paragraph != here:
            self.place, self.paragraph = "", here
        named = [m for m in read.names if m.tag == "place" and m.value != _WORLD]
        places = [m.value for m in named if not compared(read, m)]
        if places:
            self.place = places[0]

    def _plans_after(self, read: Reading, here: int) -> None:
        """Go on past the plans and measures of a sentence."""
        against = measures(read)
        self.measure, self.measure_since = (
            (against[-1].value, 0) if against else (self.measure, self.measure_since + 1)
        )
        plans = [
            m.value
            for m in read.named("plan")
            if m.value not in countermeasures() and not _only_a_year_of(read.sentence, m)
        ]
        if heads(read):
            self.section = plans[0] if plans else ""
        self.last = plans[-1] if plans else self.last
        meant = self.meant(read) if definite(read) else ""
        if plans and not (self.plan and self.speaks_on(read)):
            self.plan, self.plan_paragraph, self.since = plans[0], here, 0
        elif meant:
            self.plan, self.plan_paragraph, self.since = meant, here, 0
        else:
            self.since = 0 if plans else self.since + 1


def home_region(title: Sequence[Mark]) -> str:
    """The region whose name opens a title, if one does: a document on it."""
    places = [m.value for m in title if m.tag == "place"]
    return places[0] if places and "-" in places[0] else ""


def of_currencies(units: Iterable[str]) -> Counter[str]:
    """How often sums are in the currency of a country: those of world trade tell nothing."""
    by_letters = {c.iso2: code for code, c in countries().items() if c.iso2}
    money = [u for u in units if len(u) == _CURRENCY and u.isupper() and u not in _TRADED]
    return Counter(by_letters[u[:2]] for u in money if u[:2] in by_letters)


def home_country(
    marks: Iterable[Mark], usual: str = "", money: Mapping[str, int] | None = None, title: Iterable[Mark] = ()
) -> str:
    """The country that a document names most, provinces counted with it; empty where it names none.

    `usual` is the one meant where none is named often, unless only the country of the title is named; `money` is how
    often sums are in the currency of a country.
    """
    counted = Counter(whole(m.value) if "-" in m.value else m.value for m in marks if m.tag == "place")
    counted.update(money or {})
    counted.pop(_WORLD, None)
    most = counted.most_common(1)
    alone = most and usual not in counted and any(m.value == most[0][0] for m in title)
    often = most and (not usual or alone or most[0][1] >= _OFTEN)
    return most[0][0] if often else usual


def main_plan(parts: Sequence[Sentence], names: Sequence[Sequence[Mark]], meant: int = 0) -> tuple[str, bool]:
    """The plan of a document, and whether a title names it: that of its first line, else the one named most.

    Being named in another title counts double, being named once does not, unless it is the only plan at the beginning
    and is meant often enough later. `names` are those of every sentence, `meant` how many speak of `the plan`.
    """
    plans = [
        [m.value for m in of if m.tag in ("plan", "common") and not of_years(part, m)]
        for part, of in zip(parts, names, strict=False)
    ]
    if plans and plans[0]:
        return plans[0][0], True
    titled = {p for part, of in zip(parts[:_HEAD], plans, strict=False) if _is_title(part) for p in of}
    counted = Counter(p for of in plans for p in of)
    often = [(n + (p in titled), p) for p, n in counted.items() if n > 1]
    if not often:
        opening = {p for of in plans[:_HEAD] for p in of}
        return (opening.pop(), True) if len(opening) == 1 and meant >= _OFTEN else ("", False)
    times, plan = max(often, key=lambda x: x[0])
    lead = any(plan in of for of in plans[:_LEAD]) and times > 1
    return plan, plan in titled or lead


def _is_title(part: Sentence) -> bool:
    """Whether a sentence is a line such as a title: it has no stop at its end, and no number of a section in front."""
    first, second = part.tokens[0], part.tokens[min(1, len(part.tokens) - 1)]
    numbered = second.text in "、.．" or (first.text == "第" and part.tokens[-1].text not in "法")
    return part.tokens[-1].text not in ".!?。！？；;,，" and first.text.isalnum() and not numbered


def of_years(part: Sentence, mark: Mark) -> bool:
    """Whether a five-year plan is named for its years only: “十四五”时期."""
    return _behind(part, mark).startswith(("时期", "期间", "以来", "末", "初"))


def _only_a_year_of(part: Sentence, mark: Mark) -> bool:
    """Whether a plan is named only for which of its years it is: `今年是“十四五”规划收官之年`."""
    return _behind(part, mark).startswith(_YEARS_OF)


def _behind(part: Sentence, mark: Mark) -> str:
    """What stands right behind a name, quotation marks left out."""
    return "".join(t.text for t in part.tokens[mark.last : mark.last + _AFTER]).lstrip('”"’')


def whole(region: str) -> str:
    return {"CN": "CHN", "US": "USA", "DE": "DEU", "IN": "IND"}.get(region.split("-")[0], region)


def geography(
    read: Reading, clause: Range, at: int, said: Range, topic: Topic
) -> tuple[tuple[str, ...], str]:
    """The place that a claim is about, and the rule: the nearest before its word, else before in the text."""
    own = own_place(read, at, clause)
    if own:
        return (own.value,), "geography.beside"
    all_inside = [m for m in _places(read, clause, topic) if not said[0] <= m.first < said[1]]
    inside = [m for m in all_inside if m.value != _WORLD]
    held = [m for m in inside if m.first <= at]
    if held:
        return (held[0].value,), "geography.before"
    earlier = [m for m in _places(read, (0, clause[0]), topic) if not said[0] <= m.first < said[1]]
    earlier = [m for m in earlier if m.value != _WORLD]
    if earlier:
        nearest = read.tokens[clause[0]].word in words_tagged("relative")
        return (earlier[-1 if nearest else 0].value,), "geography.sentence"
    inside = [m for m in inside if not _origin(read, m)]
    if inside:
        return (inside[0].value,), "geography.clause"
    if all_inside and all_inside[0].first <= at:
        return (_WORLD,), "geography.world"
    if topic.place and topic.paragraph == read.sentence.paragraph:
        return (topic.place,), "geography.paragraph"
    return ((topic.home,), "geography.document") if topic.home else ((), "")


def of_plan(under: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The country that the id of a plan begins with, for what names no place: `KE-SP2030` is of Kenya; and the rule."""
    letters = under[0].partition("-")[0] if under else ""
    held = [code for code, c in countries().items() if letters and c.iso2 == letters]
    return (held[0],) if held else (), "geography.plan" if held else ""


def _places(read: Reading, of: Range, topic: Topic) -> list[Mark]:
    """The places of a token range that something may be about: not an example (`including Spain`) or a comparison.

    In a document on a region, its country is only what it is part of.
    """
    country = whole(topic.home) if "-" in topic.home else ""
    named = (m for m in read.named("place", of) if m.value != country and not _beside(read, m))
    return [m for m in named if not compared(read, m)]


def _origin(read: Reading, mark: Mark) -> bool:
    """Whether a place, or the one that it is joined to, is where something comes from: `from Japan and Germany`."""
    first = mark.first - (mark.first > 0 and read.tokens[mark.first - 1].word == "the")
    before = read.tokens[first - 1].word if first else ""
    if before not in ("and", ",", "or"):
        return before == "from"
    joined = [m for m in read.names if m.tag == "place" and m.last == first - 1]
    return bool(joined) and _origin(read, joined[0])


def _beside(read: Reading, mark: Mark) -> bool:
    words = [t.word for t in read.tokens[max(0, mark.first - 2) : mark.first]]
    return bool(words) and (words[-1] in words_tagged("beside") or " ".join(words) in words_tagged("beside"))


def subject(
    read: Reading,
    clause: Range,
    at: int,
    where: Sequence[str],
    under: Sequence[str],
    kind: ClaimKind,
    said: Range = (0, 0),
) -> tuple[str, str]:
    """Who does what a claim says, as an id, and the rule: the first name before its word, else the place.

    `said` are the tokens that name the speaker.
    """
    named = [m for m in read.names if m.value != _WORLD and m.first <= at]
    before = [m for m in named if clause[0] <= m.first] or named
    acts = kind in ("policy_event", "relation") and under and all(m.tag == "place" for m in before)
    if acts:
        return under[0], "subject.plan-acts"
    firm = _firm(read, clause, before, said)
    if firm:
        return firm, "subject.name"
    if before:
        return as_subject(before[0]), "subject.first-name"
    if read.tagged("plan_noun", (0, max(at, 1))) and under:
        return under[0], "subject.plan"
    return (of_place(where[0]), "subject.place") if where else ("", "")


def _firm(read: Reading, clause: Range, before: Sequence[Mark], said: Range) -> str:
    """An organisation that no list has, as the subject: a name of two words or more that opens a clause or sentence."""
    for first in dict.fromkeys((clause[0], 0)):
        run = next(capital_runs(read.tokens, first, first + _NAME), None)
        if run is None or run[0] > first + 1:
            continue
        if said[0] <= run[0] < said[1] and not _of_itself(read, said):
            continue  # `Lena Hofstad argues that firms …`
        start = run[0] + (
            read.tokens[run[0]].word in words_tagged("determiner") or read.tokens[run[0]].word == "the"
        )
        listed = any(m.first < run[1] and start < m.last for m in read.names)
        words = [t.text for t in read.tokens[start : run[1]] if t.text.isalnum()]
        if (
            run[1] - start >= _WORDS
            and max(map(len, words), default=0) > 1  # no R&D
            and not listed
            and not any(m.last <= start for m in before if m.tag != "place")
        ):
            return "org:" + "-".join(words)
    return ""


def _of_itself(read: Reading, said: Range) -> bool:
    """Whether who speaks goes on about itself: `Rapid Steel said it would invest`."""
    after = [t.word for t in read.tokens[said[1] : said[1] + 2] if t.word not in ("that", ",")]
    return after[:1] == [] or after[0] in words_tagged("pronoun") or after[0] in ("its", "their")


def as_subject(mark: Mark) -> str:
    """A name as the subject or object of a claim: `country:CHN`, a plan's or an organisation's id."""
    return of_place(mark.value) if mark.tag == "place" else mark.value


def of_place(code: str) -> str:
    """A place as a subject: a country, or a region of one or of several."""
    return f"country:{code}" if code in countries() else f"region:{code}"
