"""Observations: checked, coded, counted; and releases that are added without a row changed or lost."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from sources.observing import entry, request
from zizhu.sources.readers.observations import (
    KEY,
    SCHEMA,
    check,
    dated,
    merge,
    observed,
    slug,
    source_id,
    table_name,
)
from zizhu.store.workspace import Workspace
from zizhu.vocab.problems import ZizhuError

SOURCE = entry("owid")


def row(**changes: Any) -> dict[str, Any]:
    return {
        "indicator": "rd",
        "entity": "CHN",
        "period": "2020",
        "value": 2.4,
        "lower": None,
        "upper": None,
        "unit": "percent",
        "status": "reported",
        "vintage": "2021-01-01",
        "source": "owid",
        "published": "2021-01-01",
        **changes,
    }


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def raw(**columns: list[Any]) -> pl.DataFrame:
    count = len(columns["value"])
    fixed = {
        "indicator": "i",
        "entity": "CHN",
        "period": "2020",
        "unit": "t",
        "vintage": "2024-01-01",
        "published": "",
    }
    return pl.DataFrame({**{k: [v] * count for k, v in fixed.items()}, **columns})


def test_sound_observations_pass_in_key_order() -> None:
    given_rows = [row(period=p) for p in ("2019-Q1", "2019", "2019-S2", "2019-W07", "2019-03", "2019-03-31")]
    checked = check(frame(*given_rows, row(lower=2.0, upper=3.0)), "t")
    assert checked.sort(KEY).equals(checked)
    assert checked.height == 7


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entity": ""}, "without indicator, entity or unit"),
        ({"indicator": None}, "without indicator, entity or unit"),
        ({"unit": ""}, "without indicator, entity or unit"),
        ({"period": "20"}, "a period that is none"),
        ({"period": "2019Q1"}, "a period that is none"),
        ({"vintage": "v2"}, "a vintage that is no date"),
        ({"status": "guess"}, "a status other than"),
        ({"value": None}, "no finite number"),
        ({"value": float("inf")}, "no finite number"),
        ({"upper": float("nan")}, "no finite number"),
        ({"lower": 3.0}, "outside its bounds"),
        ({"upper": 2.0}, "outside its bounds"),
        ({}, "share indicator"),
    ],
)
def test_faults_are_told_with_the_first_rows(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ZizhuError, match=words) as caught:
        check(frame(row(), row(**changes)), "file.csv")
    assert "file.csv" in str(caught.value)


def test_all_faults_come_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        check(frame(row(period="x", status="y", vintage="z")), "t")
    assert len(caught.value.problems) == 3
    with pytest.raises(ZizhuError, match="no observations"):
        check(frame(), "t")
    with pytest.raises(ZizhuError, match="columns"):
        check(frame(row()).drop("unit"), "t")


def test_entities_become_iso3_where_they_are_one_country_and_are_counted_where_not() -> None:
    asked = ["China", "chn", "Viet Nam", "EUU", "World", "Rest of the world", "Nowhere", "中国香港"]
    made = observed(
        raw(value=list(range(8)), entity=asked, period=[str(2000 + i) for i in range(8)]),
        request(SOURCE, {}),
        "t",
    )
    coded = dict(zip(made.frame["period"], made.frame["entity"], strict=True))
    assert [coded[str(2000 + i)] for i in range(7)] == [
        "CHN", "CHN", "VNM", "EUU", "World", "Rest of the world", "Nowhere",
    ]  # fmt: skip
    told = next(n for n in made.notes if "no single country" in n)
    assert told.startswith("4 of")
    assert all(e in told for e in ("EUU", "Nowhere", "Rest of the world", "World"))


def test_two_letter_and_numeric_codes_are_codes_only_where_the_source_has_them() -> None:
    rows = raw(value=[1.0, 2.0, 3.0], entity=["DE", "156", "EL"])
    plain = observed(rows, request(SOURCE, {}), "t").frame["entity"]
    assert set(plain) == {"DE", "156", "EL"}
    assert set(observed(rows, request(SOURCE, {}), "t", {"EL": "GRC"}, iso2=True).frame["entity"]) == {
        "DEU", "CHN", "GRC",
    }  # fmt: skip


def test_what_is_left_out_is_counted() -> None:
    rows = raw(value=[1.0, 1.0, None], period=["2020", "2020", "2021"])
    made = observed(rows, request(SOURCE, {}), "t")
    assert made.frame.height == 1
    assert "1 of 3 cells are empty and left out." in made.notes
    assert "1 rows repeat another row in every column and are left out." in made.notes


def test_rows_that_share_a_key_and_differ_are_refused() -> None:
    with pytest.raises(ZizhuError, match="share indicator"):
        observed(raw(value=[1.0, 2.0]), request(SOURCE, {}), "t")


def test_only_wanted_years_are_kept() -> None:
    rows = raw(value=[1.0, 2.0, 3.0], period=["2019-03", "2020", "2021-Q1"])
    made = observed(rows, request(SOURCE, {}, years=frozenset({2019, 2021})), "t")
    assert made.frame["period"].to_list() == ["2019-03", "2021-Q1"]


def test_the_vintage_is_what_is_stated_else_the_edition_else_today() -> None:
    asked = request(SOURCE, {}, edition="2025-03")
    assert dated(asked, "2025-07-25") == ("2025-07-25", "2025-07-25", ())
    assert dated(asked) == ("2025-03", "2025-03", ())
    vintage, published, notes = dated(request(SOURCE, {}, edition="v2"), "", date(2026, 5, 4))
    assert (vintage, published) == ("2026-05-04", "")
    assert "2026-05-04" in notes[0]


def test_the_store_takes_the_table(tmp_path: object) -> None:
    asked = request(SOURCE, {})
    table = observed(raw(value=[1.0, 2.0], period=["2020", "2021"]), asked, "t").table(asked, "A title")
    space = Workspace(root=tmp_path)  # type: ignore[arg-type]
    meta = table.describe.model_dump()
    space.commit("owid-x", table.frame, KEY, meta)
    assert space.read("owid-x").frame.equals(table.frame)
    assert table.describe.sources == (source_id(asked),)


def test_a_release_adds_what_it_says_otherwise_and_keeps_the_rest() -> None:
    old = frame(row(value=2.36), row(period="2019", value=2.2))
    new = frame(
        row(value=2.40, vintage="2022-01-01"),
        row(period="2019", value=2.2, vintage="2022-01-01"),
        row(period="2021", value=2.43, vintage="2022-01-01"),
    )
    merged = merge(old, new)
    assert [(r["period"], r["vintage"], r["value"]) for r in merged.iter_rows(named=True)] == [
        ("2019", "2021-01-01", 2.2),
        ("2020", "2021-01-01", 2.36),
        ("2020", "2022-01-01", 2.40),
        ("2021", "2022-01-01", 2.43),
    ]
    assert merge(merged, new).equals(merged)
    assert merge(merged, old.filter(period="2019")).equals(merged)


@pytest.mark.parametrize(
    "changes", [{"status": "derived"}, {"unit": "share"}, {"lower": 2.0}, {"upper": 3.0}]
)
def test_more_than_the_value_may_differ(changes: dict[str, Any]) -> None:
    assert merge(frame(row()), frame(row(vintage="2022", **changes))).height == 2


def test_another_value_for_a_known_or_earlier_vintage_is_refused() -> None:
    for vintage in ("2021-01-01", "2020-06-01"):
        with pytest.raises(ZizhuError, match="Add releases in order"):
            merge(frame(row()), frame(row(value=9.0, vintage=vintage)))


@examples(50)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from([1.0, 2.0]), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_every_release_can_be_told_from_the_merged_table(releases: list[dict[str, float]]) -> None:
    """Model: what was last said of each series at any vintage is what the releases up to it said last."""
    tables = [
        frame(*(row(indicator=i, value=v, vintage=f"20{n:02d}") for i, v in said.items()))
        for n, said in enumerate(releases, start=10)
    ]
    merged = tables[0]
    for before, table in zip(itertools.accumulate(tables, merge), tables[1:], strict=False):
        merged = merge(before, table)
        assert before.join(merged, on=list(SCHEMA), how="anti", nulls_equal=True).is_empty()
    said: dict[str, float] = {}
    for n, release in enumerate(releases, start=10):
        said |= release
        known = merged.filter(pl.col("vintage") <= f"20{n:02d}").sort("vintage").group_by("indicator").last()
        assert dict(known.select("indicator", "value").iter_rows()) == said


def test_names_of_tables_are_valid_and_short() -> None:
    assert slug("NY.GDP.MKTP.CD") == "ny.gdp.mktp.cd"
    assert table_name("sdmx", "OECD.STI", "DSD_X@DF_Y", "1.0") == "sdmx-oecd.sti-dsd_x-df_y-1.0"
    assert len(table_name("a" * 50, "b" * 50)) == 64
    assert table_name("owid", "=x") == "owid-x"
