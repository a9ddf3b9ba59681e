"""Dates in Chinese: years, months and days in digits or characters, relative years, periods of plans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from zizhu.read.dates.forms import Count, Form, Mention, Part, Point, Weekday, Year
from zizhu.read.dates.resolve import whole
from zizhu.read.dates.words import calendar, months_of, numbered, plan_periods
from zizhu.read.words.numerals import han_value
from zizhu.read.words.tokens import prose

_NUMBER = r"[0-9０-９]{1,3}|[一二三四五六七八九十两]{1,3}"
_DASH = r" ?[-–—－~～至到] ?"
_YEAR = r"(?:[0-9０-９]{4}|[一二][〇零一二三四五六七八九]{3})(?![0-9０-９])"
_MINGUO = r"[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}"
_ERA = "民国"
_BEFORE_ERA = 1911
"""The first year of the Republic is 1912."""
_USUAL = range(80, 150)
"""Years of the Republic that a text may give without the name of the era."""
_NUMERALS = "0123456789０１２３４５６７８９零〇一二三四五六七八九十两"
_BEHIND = frozenset("年财月世季个周天日号-–—－~～至到 ")
_CHARACTERS = str.maketrans("〇零一二三四五六七八九０１２３４５６７８９", "001234567890123456789")
_APART = 5
_EDGE = re.compile("年[底末初]")
_STUCK = frozenset([*_NUMERALS, "去", "今", "明", "前", "后", "多", "来", "同", "当"])
_WILL = 8
"""Characters from 将 to the date of what will be, at most."""
_MARK = re.compile("[，。；、,;：:]")
_AFTER_NEXT = "后年"
_BEFORE_YEAR = frozenset("到在于至和及或年自从")
_MONTHS = 12
_UNTIL = frozenset("到至前")
_QUOTES = '“"「‘'


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """One pattern for each way in which a date begins; no repetition inside a repetition."""
    parts = _any(months_of("part", "zh"))
    rest = (
        rf"(?P<part>的?(?:{parts}))|(?:[前头](?P<upto>{_NUMBER}) ?个月)"
        rf"|(?:(?P<m0>{_NUMBER})月?{_DASH}(?P<m1>{_NUMBER}) ?月(?:份|末|底)?)"
        rf"|(?: ?(?P<month>{_NUMBER}) ?月(?:份|末|底|初|中旬|上旬|下旬)?"
        rf"(?: ?(?P<day>{_NUMBER}) ?[日号](?:{_DASH}(?P<until>{_NUMBER}) ?[日号])?)?)"
        rf"|[底末初中](?![国年心等央])|年[底末初中]|"
    )
    later = _any(numbered("ago", "zh"))
    numeric = (
        rf"(?P<years>{_YEAR} ?年?{_DASH}{_YEAR} ?年)(?!代)"
        rf"|(?P<decade>(?:(?:20|二十|19|十九)世纪)?(?P<tens>[1-9一二三四五六七八九]0|[一二三四五六七八九]十)年代|{_YEAR}年代)"
        rf"|(?P<year>(?:{_YEAR}|[0０][0-9０-９](?=年)) ?(?:财政|财)?年度?)(?:{rest})"
        rf"|(?P<ago>(?P<an>{_NUMBER}) ?(?P<aunit>年|个月|周|天)(?P<way>{later}))"
        rf"|(?P<bare>(?:(?P<b0>{_NUMBER})月?{_DASH})?(?P<bm>{_NUMBER}) ?月(?:份|末|底|初)?"
        rf"(?: ?(?P<bd>{_NUMBER}) ?[日号](?:{_DASH}(?P<bu>{_NUMBER}) ?[日号])?)?)"
        rf"|(?P<bpart>{parts})"
    )
    words = (
        rf"(?P<year>{_any([*numbered('shift', 'zh'), *numbered('chained', 'zh')])})(?:{rest})"
        rf"|(?P<decade>[上本]世纪(?P<tens>[1-9一二三四五六七八九]0|[一二三四五六七八九]十)年代)"
        rf"|(?P<close>[本这]一?个?十年(?:{_any(numbered('decade_end', 'zh'))}))"
        rf"|(?P<span>(?:{_any(numbered('stretch', 'zh'))})的?(?P<n>{_NUMBER}) ?"
        rf"(?P<unit>年|个月|个季度|周|天))(?![级代])|(?P<bpart>{parts})"
        rf"|(?P<first>[前头](?P<months>{_NUMBER}) ?个月)"
        rf"|(?P<monthly>{_any(numbered('shift_month', 'zh'))})|(?P<daily>{_any(numbered('day', 'zh'))})"
        rf"|(?P<weekday>[上下本这]?(?:{_any(numbered('weekday', 'zh'))}))(?![年期岁])"
    )
    minguo = (
        rf"(?P<rocs>(?P<r0>{_MINGUO}) ?年?{_DASH}(?P<r1>{_MINGUO}) ?年)"
        rf"|(?P<roc>(?P<r>{_MINGUO}) ?年度?)(?![来间内历级])(?:{rest})"
    )
    times = "期间|时期|末期?|以来|初期?|期末|前期|后期|中期"
    plan = rf"[{_QUOTES}]?(?P<plan>(?:{_any(plan_periods('zh'))})[”\"」’]?(?:{times}))"
    return {
        "numeric": re.compile(numeric),
        "words": re.compile(words),
        "plan": re.compile(plan),
        "minguo": re.compile(minguo),
    }


@cache
def _starts() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """What finds the places to look at, and the characters by which words and plans begin."""
    kinds = ("shift", "chained", "stretch", "part", "shift_month", "day", "weekday")
    first = {word[0] for kind in kinds for word in calendar(kind, "zh")} | set("上本下这前头")
    plans = {name[0] for name in plan_periods("zh")} | set(_QUOTES)
    found = f"[{_NUMERALS}]+|[{''.join(sorted((first | plans) - set(_NUMERALS)))}]"
    return re.compile(found), frozenset(first), frozenset(plans)


def mentions(text: str) -> list[Mention]:
    """All dates of a text in Chinese."""
    found: list[Mention] = []
    done = 0
    places = _starts()[0]
    republic = any(word in text for word in calendar("republic", "zh"))
    for start in prose([hit.start() for hit in places.finditer(text)], _APART):
        hit = places.match(text, start) if start >= done else None
        if hit is None:
            continue
        match = (republic and _minguo(text, start)) or _match(text, start, hit.end())
        form = _form(match) if match else None
        if (
            match
            and form is not None
            and text[match.end() : match.end() + 2] not in calendar("year_name", "zh")
        ):
            found.append(Mention(match.start(), match.end(), form))
            done = match.end()
    taken = {m.start for m in found} | {m.end - 1 for m in found}
    edges = [
        m
        for m in _EDGE.finditer(text)
        if m.start() not in taken and text[m.start() - 1 : m.start()] not in _STUCK
    ]
    found += [Mention(m.start(), m.end(), Point(_edge(text, m))) for m in edges]
    return sorted(found, key=lambda m: m.start)


def _edge(text: str, match: re.Match[str]) -> Year:
    """The year of a bare `年末`: one that is still to end behind 到 or before 前, else the last that has ended."""
    before = text[max(0, match.start() - 2) : match.start()]
    ahead = (before[-1:] in _UNTIL and before != "截至") or text[match.end() : match.end() + 1] == "前"
    return Year("anchor" if ahead or match.group() == "年初" else "closed")


def _match(text: str, start: int, end: int) -> re.Match[str] | None:
    """What stands at a place to look at, the numerals of which end at `end`."""
    _, words, plans = _starts()
    patterns = _patterns()
    if text[start] in plans:
        match = patterns["plan"].match(text, start)
        if match or text[start] not in _NUMERALS:
            return match
    if text[start] in _NUMERALS:
        behind = text[end : end + 1]
        if behind not in _BEHIND or not behind or text[start - 1 : start] in (".", "第", "个"):
            return None
        return patterns["numeric"].match(text, start)
    if text.startswith(_AFTER_NEXT, start) and not _stands_alone(text[start - 1 : start]):
        return None
    return patterns["words"].match(text, start) if text[start] in words else None


def _stands_alone(before: str) -> bool:
    """Whether 后年 is the year after next there: in 达产后年产值 it is none."""
    return before in _BEFORE_YEAR or not "\u3400" <= before <= "\u9fff"


def _minguo(text: str, start: int) -> re.Match[str] | None:
    """A year of the Republic: 民国113年 is 2024; without the era only one that is no usual number of years (112年)."""
    match = _patterns()["minguo"].match(text, start)
    if match is None or text[start - 1 : start] in (*_NUMERALS, ".", "第"):
        return None
    first = _number(match["r0"] or match["r"])
    named = text[max(0, start - 3) : start].rstrip().endswith(_ERA)
    return match if named or first in _USUAL else None


def _form(match: re.Match[str]) -> Form | None:
    named = match.groupdict()
    return next((make(match) for name, make in _FORMS.items() if named.get(name) is not None), None)


def _number(text: str | None) -> int:
    """A small number in digits or characters, 0 for none."""
    if not text:
        return 0
    if text[0] in "0123456789０１２３４５６７８９":
        return int(text)
    return int(han_value(text) or 0)


def _digits(text: str) -> list[int]:
    return [int(y) for y in re.findall(r"\d{4}", text.translate(_CHARACTERS))]


def _of_minguo(match: re.Match[str]) -> Form | None:
    return _point(Year("fixed", _BEFORE_ERA + _number(match["r"])), match)


def _of_minguos(match: re.Match[str]) -> Form | None:
    first, last = (_BEFORE_ERA + _number(match[name]) for name in ("r0", "r1"))
    return (whole(first), whole(last)) if first < last else None


def _years(match: re.Match[str]) -> Form | None:
    first, last = _digits(match["years"])
    return (whole(first), whole(last)) if first < last else None


def _decade(match: re.Match[str]) -> Form | None:
    given = _digits(match["decade"])
    if given:
        return whole(given[0] // 10 * 10), whole(given[0] // 10 * 10 + 9)
    tens = _number(match["tens"])
    century = 2000 if "本世纪" in match["decade"] or tens < 20 else 1900
    return (whole(century + tens), whole(century + tens + 9)) if tens else None


def _close(match: re.Match[str]) -> Form:
    """The year that is commonly called the end of this decade: 本十年末."""
    years = next(v for k, v in numbered("decade_end", "zh").items() if match["close"].endswith(k))
    return Point(Year("decade", years))


def _base(text: str) -> Year | None:
    shift, chained = numbered("shift", "zh").get(text), numbered("chained", "zh").get(text)
    if shift is not None:
        return Year("anchor", shift)
    if chained is not None:
        return Year("chained", chained)
    years = _digits(text) or [2000 + int(text[:2])]
    return Year("fixed", years[0]) if years and 1000 < years[0] < 2300 else None


def _year(match: re.Match[str]) -> Form | None:
    base = _base(match["year"].strip())
    return _point(base, match) if base else None


def _point(base: Year, match: re.Match[str]) -> Form | None:
    part = _part(match["part"], match["m0"], match["m1"] or match["month"], match["day"], match["until"])
    if match["upto"]:
        part = Part(1, _number(match["upto"]))
    return Point(base, part) if part and part.last <= _MONTHS else None


def _part(
    part: str | None, first: str | None, month: str | None, day: str | None, until: str | None
) -> Part | None:
    if part:
        return Part(*months_of("part", "zh")[part.removeprefix("的")])
    if not month:
        return Part()
    last = _number(month)
    start = _number(first) or last
    return (
        Part(start, last, _number(day), _number(until))
        if 0 < start <= _MONTHS and 0 < last <= _MONTHS
        else None
    )


def _plan(match: re.Match[str]) -> Form | None:
    name = next(n for n in plan_periods("zh") if n in match["plan"])
    first, last = plan_periods("zh")[name]
    if "末" in match["plan"]:
        return whole(last)
    return whole(first), whole(last)


_UNITS = {"年": "year", "个月": "month", "个季度": "quarter", "周": "week", "天": "day"}


def _span(match: re.Match[str]) -> Form | None:
    way = next(v for k, v in numbered("stretch", "zh").items() if match["span"].startswith(k))
    number = _number(match["n"])
    if way * number == -1 and match["unit"] == "年":
        return Count(-1, "closed year", stretch=True)
    return Count(way * number, _UNITS[match["unit"]], stretch=True) if 0 < number < 400 else None


def _ago(match: re.Match[str]) -> Form | None:
    number = _number(match["an"])
    return (
        Count(numbered("ago", "zh")[match["way"]] * number, _UNITS[match["aunit"]])
        if 0 < number < 400
        else None
    )


def _bare(match: re.Match[str]) -> Form | None:
    part = _part(None, match["b0"], match["bm"], match["bd"], match["bu"])
    before = match.string[max(match.start() - _WILL, 0) : match.start()]
    ahead = any(word in _MARK.split(before)[-1] for word in calendar("upcoming", "zh"))
    return Point(Year("ahead" if ahead else "near"), part) if part else None


def _bare_part(match: re.Match[str]) -> Form | None:
    return Point(Year("near"), Part(*months_of("part", "zh")[match["bpart"]]))


def _first(match: re.Match[str]) -> Form | None:
    last = _number(match["months"])
    return Point(Year("near"), Part(1, last)) if 0 < last <= _MONTHS else None


def _monthly(match: re.Match[str]) -> Form | None:
    return Count(numbered("shift_month", "zh")[match["monthly"]], "month")


def _daily(match: re.Match[str]) -> Form | None:
    return Count(numbered("day", "zh")[match["daily"]], "day")


def _weekday(match: re.Match[str]) -> Form | None:
    text = match["weekday"]
    shift = {"上": -1, "下": 1}.get(text[0], 0)
    return Weekday(numbered("weekday", "zh")[text.lstrip("上下本这")], shift)


_FORMS = {
    "years": _years,
    "rocs": _of_minguos,
    "roc": _of_minguo,
    "decade": _decade,
    "close": _close,
    "year": _year,
    "plan": _plan,
    "span": _span,
    "ago": _ago,
    "bare": _bare,
    "bpart": _bare_part,
    "first": _first,
    "monthly": _monthly,
    "daily": _daily,
    "weekday": _weekday,
}
