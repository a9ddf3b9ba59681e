"""Spans of time: what they are in days, and that what is told can be read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from zizhu.stress.scenario.shocks import ExportBan
from zizhu.stress.scenario.spans import days, is_span, told

IN_DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}


@given(
    st.integers(0, 999_999),
    st.sampled_from(sorted(IN_DAYS)),
    st.sampled_from(["", "s"]),
    st.sampled_from(["", " "]),
)
def test_a_whole_number_of_any_unit_is_read_told_and_read_again(
    n: int, unit: str, plural: str, gap: str
) -> None:
    found = days(f"{n}{gap}{unit}{plural}")
    assert found == n * IN_DAYS[unit]
    assert days(told(found)) == pytest.approx(found, rel=1e-12)


@given(st.decimals("0.01", "9999.99", places=2))
def test_a_fraction_of_days_is_told_to_the_hundredth(n: object) -> None:
    assert days(told(days(f"{n} days"))) == pytest.approx(float(str(n)), abs=1e-9)


@pytest.mark.parametrize("text", ["1.5 Years", " 26 WEEKS ", "3months"])
def test_case_and_blanks_do_not_matter(text: str) -> None:
    assert days(text) in (547.5, 182.0, pytest.approx(91.25))


@pytest.mark.parametrize(
    "text",
    [
        "10",
        "",
        "ten days",
        "-3 days",
        "1e3 days",
        "3 days 2 weeks",
        "1,5 years",
        "٣ days",
        "inf days",
        "nan",
        "1234567 days",
        True,
        None,
        [],
        {},
    ],
    ids=repr,
)
def test_all_else_is_no_span(text: object) -> None:
    with pytest.raises(PydanticCustomError, match="a number with its unit, such as 10 days"):
        days(text)


def test_a_run_keeps_days_as_numbers() -> None:
    assert days(45.0) == 45.0
    kept = ExportBan(kind="export_ban", sender="CHN", receiver="USA", duration="26 weeks")  # type: ignore[arg-type]
    assert ExportBan.model_validate_json(kept.model_dump_json()) == kept


def test_settings_of_time_are_known() -> None:
    assert {n for n, f in ExportBan.model_fields.items() if is_span(f)} == {"start", "duration", "ramp"}
