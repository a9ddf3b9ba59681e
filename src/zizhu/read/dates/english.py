"""Dates in English and in digits: what stands at a token, read forwards."""

from __future__ import annotations

from collections.abc import Callable

from zizhu.read.dates.forms import WHOLE, Count, Form, Mention, Part, Point, Year
from zizhu.read.dates.relative import ago, decade_end, shifted, stretch, today, weekday
from zizhu.read.dates.resolve import whole
from zizhu.read.dates.words import months_of, numbered, plan_periods
from zizhu.read.dates.years import is_amount, is_year, year_at
from zizhu.read.words.lexicon import function_words, number_words
from zizhu.read.words.numerals import cardinal
from zizhu.read.words.tokens import Tokens, plain_digits

Read = tuple[Form, int]
_DASHES = frozenset({"-", "–", "—", "‒", "−", "~", "～"})
_TO = _DASHES | {"to", "through", "until", "till", "/"}
_SHORT_MONTH = 5
_AHEAD = 16
"""Tokens from `will` to the date of what will be, at most."""
_TOLD = 6
"""Tokens before or behind a month among which the perfect of its clause stands."""
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})


def month_led(cut: Tokens, i: int) -> Read | None:
    """`May 2023`, `Oct. 21`, `October 26-29, 2020`, `March to June 2020`, a bare `September`."""
    month = _month(cut, i)
    if month is None:
        return None
    j = _dotless(cut, i)
    days, k = _days(cut, j)
    if days:
        part = Part(month, month, *days)
        return _with_year(cut, k, part) or ((Point(_bare(cut, i), part)), k)
    found = _with_year(cut, j, Part(month, month)) or _months(cut, i, month, j)
    return found or _bare_month(cut, i, month, j)


def _month(cut: Tokens, i: int) -> int | None:
    return numbered("month").get(cut.low[i]) if cut.word[i][:1].isupper() else None


def _dotless(cut: Tokens, i: int) -> int:
    """The token behind a month, and behind the dot of a short one."""
    return i + 1 + (cut.low[i + 1] == "." and cut.joined(i + 1) and len(cut.word[i]) < _SHORT_MONTH)


def _days(cut: Tokens, j: int) -> tuple[tuple[int, int] | None, int]:
    """A day or a range of days from token `j` on."""
    day, k = _day(cut, j)
    if not day:
        return None, j
    if cut.low[k] in _TO or cut.low[k] == "and":
        until, after = _day(cut, k + 1)
        if until > day:
            return (day, until), after
    return (day, 0), k


def _day(cut: Tokens, j: int) -> tuple[int, int]:
    word = cut.word[j]
    if not (0 < len(word) < 3 and word.isdecimal() and 0 < int(word) < 32):
        return 0, j
    k = j + 1
    if cut.low[k] in _ORDINAL_ENDS and cut.joined(k):
        k += 1
    elif cut.joined(k) and (cut.word[k][:1].isalpha() or cut.low[k] in ("%", ":")):
        return 0, j
    return int(word), k


def _with_year(cut: Tokens, j: int, part: Part) -> Read | None:
    """The year behind a month or a day, with a comma, `of` or nothing between."""
    k = j + (cut.low[j] in (",", "of", "-", "in"))
    year = year_at(cut, k)
    if year is not None and not cut.broken(k) and (cut.low[j] != "in" or not part.day):
        return Point(Year("fixed", year), part), k + 1
    if cut.low[j] == "of" or cut.low[j + 1] == "year":
        found = shifted(cut, j + (cut.low[j] == "of"))
        if found and isinstance(found[0], Point):
            return Point(found[0].year, part), found[1]
    return None


def _months(cut: Tokens, i: int, month: int, j: int) -> Read | None:
    """`March-June 2020`, `from March 2019 to June 2020` is two dates; `March and June 2020` are two of one year."""
    if cut.low[j] in ("and", "or") and cut.low[i - 1] != "between":
        return _month_of_next(cut, month, j)
    if cut.low[j] not in _TO and not (cut.low[j] == "and" and cut.low[i - 1] == "between"):
        return None
    last = _month(cut, j + 1)
    if last is None:
        return None
    k = _dotless(cut, j + 1)
    part = Part(month, last)
    return _with_year(cut, k, part) or (Point(_bare(cut, i), part), k)


def _month_of_next(cut: Tokens, month: int, j: int) -> Read | None:
    """The month before `and`, in the year behind the next one; both together where they follow one another."""
    last = _month(cut, j + 1)
    if last is None:
        return None
    found = _with_year(cut, _dotless(cut, j + 1), Part(last, last))
    if found is None or not isinstance(found[0], Point):
        return None
    if last == month + 1:
        return found[0]._replace(part=Part(month, last)), found[1]
    return found[0]._replace(part=Part(month, month)), j


def _bare_month(cut: Tokens, i: int, month: int, j: int) -> Read | None:
    unsure = cut.low[i] in numbered("unsure")
    before = cut.low[i - 1]
    led = before in numbered("temporal") or before in function_words() or before in months_of("edge")
    if unsure and not (led and before in numbered("temporal")):
        return None
    after = cut.word[j]
    named = after[:1].isupper() or (cut.word[i - 1][:1].isupper() and not led and before != "")
    if named and not (led and cut.low[j] in function_words()):
        return None
    return Point(_bare(cut, i), Part(month, month)), j


def _bare(cut: Tokens, i: int) -> Year:
    """A month without a year: the latest one; the coming one behind `by`, `until` or `will`, unless told as done."""
    beside = range(max(i - _TOLD, 0), min(i + _TOLD, len(cut.low)))
    told = any(cut.low[k] in ("had", "has", "have") for k in beside)
    ahead = cut.low[i - 1] in numbered("ahead") or _will(cut, i)
    return Year("ahead" if ahead and not told else "near")


def _will(cut: Tokens, i: int) -> bool:
    """Whether a date is that of what will be: `will rise in July`, but not `will use the plant that opened in July`."""
    for k in range(i - 1, max(i - _AHEAD, -1), -1):
        if cut.low[k] in numbered("upcoming"):
            return True
        past = cut.low[k].endswith("ed") and cut.low[k - 1] not in ("be", "get", "been")
        if (
            past
            or cut.low[k] in (".", ";", ":", "after", "since", "from")
            or cut.low[k] in ("which", "that", "who")
        ):
            return False
    return False


def day_led(cut: Tokens, i: int) -> Read | None:
    """`21 October 2020`, `26-29 October`, `the 5th of May`."""
    days, j = _days(cut, i)
    if not days:
        return None
    j += cut.low[j] == "of"
    month = _month(cut, j)
    if month is None:
        return None
    k = _dotless(cut, j)
    part = Part(month, month, *days)
    return _with_year(cut, k, part) or (Point(_bare(cut, i), part), k)


def year_led(cut: Tokens, i: int) -> Read | None:
    """A year, a span of years, a decade, an ISO date, `2020 Q1`."""
    year = year_at(cut, i)
    if year is None:
        return _dotted(cut, i)
    if cut.joined(i + 1):
        found = _iso(cut, i, year) or _decade(cut, i, year)
        if found:
            return found
    return (
        _years(cut, i, year)
        or _year_quarter(cut, i, year)
        or ((whole(year), i + 1) if is_year(cut, i) else None)
    )


def _iso(cut: Tokens, i: int, year: int) -> Read | None:
    """`2020-10-28`, `2020/10/28`; `2020-10` where it is no span of years."""
    sign, month, day = cut.low[i + 1], cut.word[i + 2], cut.word[i + 4]
    if sign not in ("-", "/") or not _two(cut, i + 2, 12):
        return None
    if cut.low[i + 3] == sign and cut.joined(i + 3) and _two(cut, i + 4, 31):
        return Point(Year("fixed", year), Part(int(month), int(month), int(day))), i + 5
    later = int(month) > year % 100
    if sign == "/" or len(month) < 2 or later or (cut.joined(i + 3) and cut.word[i + 3][:1].isalnum()):
        return None
    return Point(Year("fixed", year), Part(int(month), int(month))), i + 3


def _two(cut: Tokens, i: int, most: int) -> bool:
    word = cut.word[i]
    return cut.joined(i) and 0 < len(word) < 3 and word.isdecimal() and 0 < int(word) <= most


def _decade(cut: Tokens, i: int, year: int) -> Read | None:
    """`1990s`, `1990's`."""
    j = i + 1 + (cut.low[i + 1] in ("'", "’"))
    if year % 10 or cut.low[j] != "s" or not cut.joined(j):
        return None
    if j > i + 1 and cut.low[i - 1] != "the":
        return None
    return (whole(year), whole(year + 9)), j + 1


def _years(cut: Tokens, i: int, year: int) -> Read | None:
    """`2021-2025`, `2016-20`, `2019/20`, `from 2010 to 2015`."""
    sign, word = cut.low[i + 1], cut.word[i + 2]
    between = sign == "and" and cut.low[i - 1] == "between"
    if sign not in _TO and not between:
        return None
    last = year_at(cut, i + 2)
    if last is None and len(word) == 2 and word.isdecimal() and (sign in _DASHES or sign == "/"):
        last = year - year % 100 + int(word) if int(word) > year % 100 else None
    if last is None and len(word) == 1 and word.isdecimal() and sign in ("-", "/") and cut.joined(i + 2):
        last = year - year % 10 + int(word)
    if last is None or last <= year or _out(cut, i, i + 2):
        return None
    return (whole(year), whole(last)), i + 3


def _out(cut: Tokens, i: int, j: int) -> bool:
    """Whether a span of years is an amount or a reference after all."""
    glued = cut.joined(i) and (cut.word[i - 1][:1].isalnum() or cut.low[i - 1] in ("$", "€", "£", "-", "/"))
    follows = cut.joined(j + 1) and (
        cut.low[j + 1] in ("-", "/", "%") or (cut.word[j + 1].isascii() and cut.word[j + 1].isalpha())
    )
    if glued and cut.low[i - 1] not in ("fy",) and cut.word[i - 1][:1] < "\u3400":
        return True
    return follows or (len(cut.word[j]) == 4 and is_amount(cut, j))


def _year_quarter(cut: Tokens, i: int, year: int) -> Read | None:
    """`2020 Q1`, `2024H1`."""
    part = _letter_part(cut, i + 1 + (cut.low[i + 1] == "-"))
    return (Point(Year("fixed", year), part[0]), part[1]) if part else None


def _letter_part(cut: Tokens, j: int) -> tuple[Part, int] | None:
    letter, number = cut.low[j], cut.word[j + 1]
    if letter not in ("q", "h") or not cut.joined(j + 1) or len(number) != 1:
        return None
    length = 3 if letter == "q" else 6
    if number not in "1234"[: 12 // length]:
        return None
    return _nth(int(number), length), j + 2


def _nth(number: int, length: int) -> Part:
    return Part((number - 1) * length + 1, number * length)


def _dotted(cut: Tokens, i: int) -> Read | None:
    """`28.10.2020`, `2020.10.28` and `28/10/2020`; where day and month can be swapped, the year alone."""
    word, j = plain_digits(cut.word[i]), i + 1
    if "." in word and "," not in word:
        fields = word.split(".")
    elif cut.low[i + 1] == "/" == cut.low[i + 3] and cut.joined(i + 1) and cut.joined(i + 3):
        fields, j = [word, cut.word[i + 2], cut.word[i + 4]], i + 5
    else:
        return None
    if len(fields) != 3 or not all(f.isdecimal() and len(f) in (1, 2, 4) for f in fields):
        return None
    if len(fields[0]) == 4:
        fields.reverse()
    day, month, year = map(int, fields)
    if len(fields[2]) != 4 or not 1700 <= year <= 2199:
        return None
    if "." not in word and month > 12:
        day, month = month, day
    elif "." not in word and day <= 12 and day != month:
        return whole(year), j
    return (
        (Point(Year("fixed", year), Part(month, month, day)), j) if 0 < month < 13 and 0 < day < 32 else None
    )


def part_led(cut: Tokens, i: int) -> Read | None:
    """`first half of 2024`, `Q3 2019`, `first nine months of this year`, `fall of 2018`."""
    found = _letter_part(cut, i) or _ordinal_part(cut, i) or _season(cut, i)
    if found is None:
        return None
    part, j = found
    k = j + (cut.low[j] in ("of", "in", ","))
    k += cut.low[k] == "the" and cut.low[k + 1] in ("year", "fiscal", "financial")
    year = _year_of(cut, k)
    if year:
        return Point(year[0], part), year[1]
    seasonal = cut.low[i] in numbered("season")
    if seasonal or cut.low[j] in ("of", "-") or not _framed(cut, i):
        return None
    return Point(Year("near"), part), j


def _framed(cut: Tokens, i: int) -> bool:
    """`in the third quarter`, `Q3 sales`."""
    return cut.low[i] == "q" or (cut.low[i - 1] == "the" and cut.low[i - 2] in numbered("temporal"))


def _year_of(cut: Tokens, k: int) -> tuple[Year, int] | None:
    k += cut.low[k] in ("fiscal", "financial", "calendar", "fy")
    if cut.low[k] == "year" and cut.low[k - 1] in ("the", "fiscal", "financial", "calendar"):
        if year_at(cut, k + 1) is None:
            return Year("closed", 0), k + 1
        k += 1
    number = year_at(cut, k)
    if number is not None and (cut.low[k + 1] not in _TO or year_at(cut, k + 2) is None):
        return Year("fixed", number), k + 1
    found = shifted(cut, k)
    if found and isinstance(found[0], Point) and found[0].part == WHOLE:
        return found[0].year, found[1]
    return None


def _ordinal_part(cut: Tokens, i: int) -> tuple[Part, int] | None:
    """`third quarter`, `1st half`, `first nine months`, `final quarter`."""
    words, j = number_words(), i + 1
    rank = int(words.get(cut.low[i], {}).get("ordinal", 0))
    if cut.word[i].isdecimal() and len(cut.word[i]) == 1 and cut.low[j] in _ORDINAL_ENDS:
        rank, j = int(cut.word[i]), j + 1
    if cut.low[i] in ("final", "closing", "last") and cut.low[j] == "quarter" and cut.low[j + 1] == "of":
        rank = 4
    length = {"quarter": 3, "half": 6}.get(cut.low[j], 0)
    if length and 0 < rank <= 12 // length:
        return _nth(rank, length), j + 1
    if rank != 1:
        return None
    count = _small(cut, j)
    length = {"months": 1, "quarters": 3}.get(cut.low[j + 1], 0)
    return (Part(1, count * length), j + 2) if length and 0 < count * length <= 12 else None


def _small(cut: Tokens, i: int) -> int:
    if cut.word[i].isdecimal() and len(cut.word[i]) < 3:
        return int(cut.word[i])
    found = cardinal(cut, i)
    return int(found[0]) if found and found[1] == i + 1 and found[0] < 100 else 0


def _season(cut: Tokens, i: int) -> tuple[Part, int] | None:
    month = numbered("season").get(cut.low[i])
    if month is None or (
        cut.low[i] == "fall" and cut.low[i + 1] not in ("of", "in") and not cut.word[i + 1].isdecimal()
    ):
        return None
    return Part(month, (month + 1) % 12 + 1), i + 1


def edge_led(cut: Tokens, i: int) -> Read | None:
    """`early 2019`, `mid- and late-2016`, `the end of this year`, `late October`; all of the year or month meant."""
    first = months_of("edge")[cut.low[i]]
    j = i + 1 + (cut.low[i + 1] == "-")
    if cut.low[j] in ("and", "to") and cut.low[j + 1] in months_of("edge"):
        last, j = months_of("edge")[cut.low[j + 1]], j + 2
        j += cut.low[j] == "-"
        year = _year_of(cut, j)
        return (Point(year[0], Part(first[0], last[1])), year[1]) if year else None
    j += cut.low[j] == "of"
    j += cut.low[j] == "the"
    dated = year_led(cut, j) if cut.word[j][:1].isdecimal() else None
    return dated or month_led(cut, j) or shifted(cut, j) or _the_year(cut, j)


def _the_year(cut: Tokens, j: int) -> Read | None:
    """`the end of the year`."""
    if cut.low[j] == "decade" and cut.low[j - 1] in ("the", "this"):
        return Count(0, "this decade"), j + 1
    if cut.low[j] != "year" or cut.low[j - 1] != "the":
        return None
    if year_at(cut, j + 1) is not None:
        return whole(year_at(cut, j + 1) or 0), j + 2
    return Point(Year("anchor"), WHOLE), j + 1


def fiscal_led(cut: Tokens, i: int) -> Read | None:
    """`FY2023`, `fiscal year 2022-23`, `the year 2035`."""
    j = i + 1 + (cut.low[i] != "year" and cut.low[i + 1] == "year")
    year = year_at(cut, j)
    if year is not None:
        return _years(cut, j, year) or (whole(year), j + 1)
    word = cut.word[j]
    if cut.low[i] == "fy" and cut.joined(j) and len(word) == 2 and word.isdecimal():
        return whole(2000 + int(word)), j + 1
    return None


def plan_led(cut: Tokens, i: int) -> Read | None:
    """`the 14th Five-Year Plan period`."""
    years = plan_periods("en").get(cut.word[i])
    phrase = ("th", "five", "-", "year", "plan", "period")
    if years is None or tuple(cut.low[i + 1 : i + 7]) != phrase:
        return None
    return (whole(years[0]), whole(years[1])), i + 7


Reader = Callable[[Tokens, int], Read | None]


def readers() -> dict[str, tuple[Reader, ...]]:
    """Which readers to try at a word, in order."""
    table: dict[str, tuple[Reader, ...]] = {}

    def add(words: object, *found: Reader) -> None:
        for word in words:  # type: ignore[attr-defined]
            table[word] = (*table.get(word, ()), *found)

    add(numbered("month"), month_led)
    add(numbered("weekday"), weekday)
    add((*numbered("decade_end"), "decade"), decade_end)
    add(months_of("edge"), edge_led)
    add(("first", "second", "third", "fourth", "final", "closing", "last", "q", "h"), part_led)
    add(numbered("season"), part_led)
    add(("fy", "fiscal", "financial", "year", "cy"), fiscal_led)
    add(numbered("stretch"), stretch)
    add(numbered("shift"), shifted)
    add(numbered("chained"), shifted)
    add(("that", "yesterday", "tomorrow"), shifted)
    add(("today",), today)
    add(("year",), ago)
    add((*numbered("ago"), *numbered("chained_ago")), ago)
    return table


DIGIT_READERS: tuple[Reader, ...] = (year_led, day_led, part_led, plan_led)


def mention(cut: Tokens, i: int, read: Read) -> Mention:
    """The mention over tokens `i` to before the reader's end."""
    return Mention(cut.start[i], cut.end[read[1] - 1], read[0])
