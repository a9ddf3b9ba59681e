from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.vocab.periods import Period, edtf, label, parse
from zizhu.vocab.problems import ZizhuError

DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2025-12-22", date(2025, 12, 22), date(2025, 12, 22), "22 December 2025"),
        ("2024-40", date(2024, 1, 1), date(2024, 6, 30), "first half of 2024"),
        ("2025-41", date(2025, 7, 1), date(2025, 12, 31), "second half of 2025"),
        ("2023-34", date(2023, 4, 1), date(2023, 6, 30), "second quarter of 2023"),
        ("2013/2022", date(2013, 1, 1), date(2022, 12, 31), "2013 to 2022"),
        ("2021/2025-07", date(2021, 1, 1), date(2025, 7, 31), "January 2021 to July 2025"),
        ("2025-01/2025-09", date(2025, 1, 1), date(2025, 9, 30), "January 2025 to September 2025"),
        ("2025-01-01/2025-12-22", date(2025, 1, 1), date(2025, 12, 22), "1 January 2025 to 22 December 2025"),
    ],
)
def test_forms(text: str, start: date, end: date, words: str) -> None:
    assert parse(text) == Period(start, end)
    assert label(parse(text)) == words


@pytest.mark.parametrize("mark", "~?%")
def test_marks_read_as_about(mark: str) -> None:
    assert parse(f"2021-01{mark}") == Period(date(2021, 1, 1), date(2021, 1, 31), approximate=True)
    assert label(parse(f"2021-01{mark}")) == "about January 2021"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-13",
        "2024-00",
        "2024-02-30",
        "2024-2",
        "2024H1",
        "2022/2021",
        "2021-12/2021",
        "2020/2021/2022",
        "2024-40-05",
        "0000",
        "2024-32",
        "2024-42",
        "about 2020",
        "2024 ",
    ],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ZizhuError) as error:
        parse(text, "targets.csv, row 7")
    assert error.value.problems[0].where == "targets.csv, row 7"


@given(DAYS, DAYS, st.booleans())
def test_written_periods_are_read_back(one: date, other: date, approximate: bool) -> None:
    period = Period(min(one, other), max(one, other), approximate)
    assert parse(edtf(period)) == period
    assert edtf(parse(edtf(period))) == edtf(period)


@given(st.integers(1000, 9999), st.sampled_from([*range(1, 13), *range(33, 37), 40, 41]), st.booleans())
def test_single_codes_are_the_shortest_form(year: int, code: int, approximate: bool) -> None:
    text = f"{year}-{code}" if code > 9 else f"{year}-0{code}"
    text += "~" * approximate
    assert edtf(parse(text)) == text


@given(st.lists(st.tuples(DAYS, DAYS), min_size=2, max_size=6))
def test_periods_are_ordered_by_their_end(pairs: list[tuple[date, date]]) -> None:
    ordered = sorted(Period(min(p), max(p)) for p in pairs)
    assert [p.end for p in ordered] == sorted(max(p) for p in pairs)


def test_whole_years_are_counted() -> None:
    assert parse("2013/2022").years == 10
    assert parse("2024").years == 1
    assert parse("2024-40").years is None
