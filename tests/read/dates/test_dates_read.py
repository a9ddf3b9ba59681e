"""Dates in words and digits, resolved against a day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zizhu.read.dates import dates, implied
from zizhu.read.dates.derived import derived, from_to

ANCHOR = "2020-10-28"  # a Wednesday

READ = [
    ("on October 28, 2019", "2019-10-28", None),
    ("on 3rd of May 2021", "2021-05-03", None),
    ("Thursday, November 21, 2024", "2024-11-21", None),
    ("Tuesday 5 March 2019", "2019-03-05", None),
    ("since 2020-01-05", "2020-01-05", None),
    ("on 28.10.2019", "2019-10-28", None),
    ("on 28/10/2019", "2019-10-28", None),
    ("on 03/04/2019", "2019", None),
    ("in May 2023", "2023-05", None),
    ("October 26-29, 2020", "2020-10-26/2020-10-29", None),
    ("from March to June 2020", "2020-03/2020-06", None),
    ("in May and June 2023", "2023-05/2023-06", None),
    ("2021-2025", "2021/2025", None),
    ("(2016-20)", "2016/2020", None),
    ("in 2019/20", "2019/2020", None),
    ("from 2010 to 2015", "2010/2015", None),
    ("between 2010 and 2015", "2010/2015", None),
    ("in the 1990s", "1990/1999", None),
    ("the mid-1960s", "1960/1969", None),
    ("in the first quarter of 2024", "2024-33", None),
    ("Q3 2019", "2019-35", None),
    ("2020 Q1", "2020-33", None),
    ("the second half of this year", "2020-41", ANCHOR),
    ("in the first nine months of 2020", "2020-01/2020-09", None),
    ("the fall of 2018", "2018-09/2018-11", None),
    ("winter of 2018", "2018-12/2019-02", None),
    ("early 2019", "2019", None),
    ("early last year", "2019", ANCHOR),
    ("mid- and late-2016", "2016-06/2016-12", None),
    ("by the end of 2025", "2025", None),
    ("FY2023", "2023", None),
    ("fiscal year 2022-23", "2022/2023", None),
    ("the year 2035", "2035", None),
    ("next year", "2021", ANCHOR),
    ("this month", "2020-10", ANCHOR),
    ("last week", "2020-10-19/2020-10-25", ANCHOR),
    ("five years ago", "2015", ANCHOR),
    ("two months ago", "2020-08", ANCHOR),
    ("over the past decade", "2010/2020", ANCHOR),
    ("in the next five years", "2020/2025", ANCHOR),
    ("by the end of the decade", "2030", ANCHOR),
    ("before the decade's end", "2030", ANCHOR),
    ("by the close of next decade", "2040", ANCHOR),
    ("later this decade", "2020/2029", ANCHOR),
    ("by the end of the 2020s", "2020/2029", None),
    ("到本十年末", "2030", ANCHOR),
    ("在这个十年结束前", "2030", ANCHOR),
    ("on Tuesday", "2020-10-27", ANCHOR),
    ("on Wednesday", "2020-10-28", ANCHOR),
    ("on Friday", "2020-10-23", ANCHOR),
    ("next Monday", "2020-11-02", ANCHOR),
    ("in a September report", "2020-09", ANCHOR),
    ("in December", "2019-12", ANCHOR),
    ("by December", "2020-12", ANCHOR),
    ("on Sept. 25", "2020-09-25", ANCHOR),
    ("yesterday", "2020-10-27", ANCHOR),
    ("the 14th Five-Year Plan period", "2021/2025", None),
    ("2025年10月", "2025-10", None),
    ("2025年10月28日", "2025-10-28", None),
    ("二〇二五年", "2025", None),
    ("2021—2025年", "2021/2025", None),
    ("2021年至2025年", "2021/2025", None),
    ("到2025年底", "2025", None),
    ("2024年上半年", "2024-40", None),
    ("2020年前三季度", "2020-01/2020-09", None),
    ("2020年1-9月", "2020-01/2020-09", None),
    ("20世纪90年代", "1990/1999", None),
    ("上世纪八十年代", "1980/1989", None),
    ("去年", "2019", ANCHOR),
    ("今年三季度", "2020-35", ANCHOR),
    ("明年底", "2021", ANCHOR),
    ("近五年", "2015/2020", ANCHOR),
    ("未来十年", "2020/2030", ANCHOR),
    ("五年前", "2015", ANCHOR),
    ("“十四五”期间", "2021/2025", None),
    ("十三五末", "2020", None),
    ("9月25日", "2020-09-25", ANCHOR),
    ("星期二", "2020-10-27", ANCHOR),
    ("上个月", "2020-09", ANCHOR),
]


@pytest.mark.parametrize(("text", "edtf", "against"), READ, ids=[r[0] for r in READ])
def test_a_date(text: str, edtf: str, against: str | None) -> None:
    (found,) = dates(text, ANCHOR)
    assert (found.edtf, found.resolved_against) == (edtf, against)
    assert found.as_written == text[slice(*found.span)]


NONE = [
    "Made in China 2025",
    "MIC2025",
    "Made-in-China-2025",
    "Vision 2030 and Horizon 2020",
    "the 2030 Agenda",
    "Global Innovation Index 2020",
    "Regulation (EU) 2019/1020",
    "more than 2000 firms",
    "2020 tonnes",
    "$2015",
    "it may march on",
    "the Sunday Times",
    "in recent years",
    "the second quarter-final",
    "https://example.org/2020/10/28",
    "中国制造2025",
    "十四五规划",
    "2030年议程",
    "2025个",
]


@pytest.mark.parametrize("text", NONE)
def test_no_date(text: str) -> None:
    assert dates(text, ANCHOR) == ()


@pytest.mark.parametrize("text", ["last year", "on Tuesday", "in September", "去年", "the past decade"])
def test_nothing_is_resolved_without_an_anchor(text: str) -> None:
    assert dates(text) == ()


def test_a_coarse_anchor_resolves_only_what_is_as_coarse() -> None:
    assert dates("on Tuesday", "2021-01") == ()
    assert dates("last month", "2021") == ()
    assert [d.edtf for d in dates("last year", "2021-01")] == ["2020"]
    assert [d.edtf for d in dates("last month", "2021-01")] == ["2020-12"]


def test_the_year_before_counts_from_the_date_before_it() -> None:
    first, second = dates("in 2015, more than a year earlier", ANCHOR)
    assert (second.edtf, second.resolved_against) == ("2014", first.edtf)


def test_a_month_is_of_the_year_that_its_sentence_names() -> None:
    found = dates("In June 2018 it signed, and in August it paid. In August it left.", ANCHOR)
    assert [d.edtf for d in found] == ["2018-06", "2018-08", "2020-08"]


@pytest.mark.parametrize(
    ("text", "anchor", "found"),
    [
        ("The council today approved it.", "2026-02-10", ["2026-02-10"]),
        ("Today, the Ministry of Mines announced it.", "2026-02-10", ["2026-02-10"]),
        ("Today the plant is closed.", "2026-02-10", []),
        ("Sales fell in the first half.", "2026-08-10", ["2026-40"]),
        ("From January to June sales fell.", "2026-02-10", ["2025-40"]),
        ("From January to June sales fell.", "2026-07-10", ["2026-40"]),
        ("From January to June sales fell.", "2026-04-20", ["2025-40"]),
        ("In the first nine months sales fell.", "2026-05-20", ["2025-01/2025-09"]),
        ("In the first nine months sales fell.", "2026-10-05", ["2026-01/2026-09"]),
        ("前三季度出口增长4%。", "2026-05-20", ["2025-01/2025-09"]),
        ("前11个月出口增长4%。", "2026-12-20", ["2026-01/2026-11"]),
        ("达产后年产值可达5亿元。", "2026-05-20", []),
        ("到后年建成5座。", "2026-05-20", ["2028"]),
        ("The tax will rise to 5 percent in July.", "2026-01-15", ["2026-07"]),
        ("The tax rose to 5 percent in July.", "2026-01-15", ["2025-07"]),
        ("The firm will use 40 trucks that arrived in November.", "2026-01-15", ["2025-11"]),
        (
            "The bank said in November that rates would rise on 12 March.",
            "2026-01-15",
            ["2025-11", "2026-03-12"],
        ),
        ("新政将于7月实施。", "2026-01-15", ["2026-07"]),
        ("2024年产值比上年增长5%，投入由上年的2%提高到3%。", "2025-01-22", ["2024", "2023", "2023"]),
        ("By March, it had paid out 5 billion.", "2025-08-14", ["2025-03"]),
        ("新政已于7月实施。", "2026-01-15", ["2025-07"]),
        ("In the second half of the year sales fell.", "2026-02-10", ["2025-41"]),
        ("In the second half of the year sales will rise.", "2026-05-10", ["2026-41"]),
        (
            "It was 4 % in the first quarter of 2025, from 5 % a year earlier.",
            "2026-02-10",
            ["2025-33", "2024-33"],
        ),
        ("年末人口83万人。", "2026-03-02", ["2025"]),
        ("年末人口83万人。", "2026-12-02", ["2026"]),
        ("截至年底有2万件。", "2026-03-02", ["2025"]),
        ("到年底建成。", "2026-03-02", ["2026"]),
        ("过去一年增长5%。", "2026-01-20", ["2025"]),
        ("过去一年增长5%。", "2026-08-20", ["2025/2026"]),
        ("今天发布。", "2026-02-10", ["2026-02-10"]),
    ],
)
def test_the_day_of_the_document_tells_which_year_is_meant(text: str, anchor: str, found: list[str]) -> None:
    assert [d.edtf for d in dates(text, anchor)] == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lifts were added since 2021.", ["2021/2024"]),
        ("Since the canal opened in 2016, tolls have paid for it.", ["2016/2024"]),
        ("It had been so since May 2024.", []),
        ("in the next five to 10 years", ["2029/2034"]),
        ("within eight years or within a decade", ["2032", "2034"]),
        ("within 14 months", []),
        ("in the six years to 2022", ["2016/2022"]),
        ("the Rail Safety Index 2023 and the Rail Outlook 2040", ["2023"]),
        ("the index 2023 points higher", []),
        ("未来5至10年，三年内，五年间", ["2029/2034", "2027", "2019/2024"]),
        ("2019年以来，据全球物流指数2023", ["2019/2024", "2023"]),
        ("within 900 years, next 1 to 0 years", []),
    ],
)
def test_words_that_imply_a_time(text: str, expected: list[str]) -> None:
    found = implied(text, dates(text, "2024-05-20"), "2024-05-20")
    assert [w.edtf for w in found] == expected
    assert all(text[slice(*w.span)] == w.as_written for w in found)


def test_without_a_day_of_the_document_only_names_imply_a_time() -> None:
    text = "since 2021, within eight years, in the Rail Safety Index 2023"
    assert [w.edtf for w in implied(text, dates(text))] == ["2023"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As of 2018, it had grown over the past decade.", ["2018", "2008/2018"]),
        ("截至2020年底，近五年建成两座。", ["2020", "2015/2020"]),
        ("It opened in 2018. It has grown over the past decade.", ["2018", "2014/2024"]),
    ],
)
def test_a_stretch_ends_where_figures_end(text: str, expected: list[str]) -> None:
    assert [w.edtf for w in dates(text, "2024-05-20")] == expected


def test_a_time_made_of_dates_is_made_again() -> None:
    text = "from 2014 on, and last year again"
    first, last = dates(text, "2024-05-20")
    made = from_to(first, last, text)
    assert (made.edtf, made.as_written) == ("2014/2023", text[5:-6])
    assert derived(made, (first, last), text) == made
    assert derived(replace(made, edtf="2013/2023"), (first, last), text) is None
    assert derived(replace(first, edtf="2015"), (first,), text) is None
    assert derived(made, (), text) is None
