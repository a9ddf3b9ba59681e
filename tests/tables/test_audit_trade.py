"""The audit of trade works through queries, product by product, and says the same as on the whole table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tables.stored import Flow, trade, workspace
from zizhu.store import Table, Workspace
from zizhu.tables import audit, audit_trade
from zizhu.tables.audit import check_table
from zizhu.tables.finding import is_garbled, is_total, ranked, repaired, times, when_changed
from zizhu.tables.outliers import outliers

KEY = ("year", "exporter", "importer", "hs6")
UNITS = {"value_usd": "USD", "quantity_t": "t"}


def put(space: Workspace, *flows: Flow) -> None:
    described = {"title": "Trade", "sources": ("test",), "units": UNITS}
    space.commit("trade", trade(*flows).frame, KEY, described)


@pytest.mark.slow
def test_off_prices_in_parts_are_those_of_the_whole_table(
    built_in_tables: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "baci-raw-materials"
    monkeypatch.setattr(audit_trade, "ROWS_AT_ONCE", 200_000)
    sums = audit_trade._sums(built_in_tables, name, f'"{name}"')
    assert len(list(audit_trade._chunks(sums.products))) > 5
    (found,) = audit_trade._off_price(built_in_tables, sums)
    whole = outliers(built_in_tables.read(name).frame)
    assert found.what.startswith(f"{whole.height:,} flows of 0.5 %")
    assert found.weight == pytest.approx(whole["value_usd"].sum() / sums.value)


def test_a_large_trade_table_is_never_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = workspace(tmp_path)
    put(
        space,
        *((2000 + y, a, b, "260900", 50, 5.0) for y in range(3) for a, b in (("AUS", "CHN"), ("CHN", "AUS"))),
    )
    whole = check_table(space, "trade")
    monkeypatch.setattr(audit, "LARGE", 1)

    def refuse(_: Table) -> pl.DataFrame:
        raise AssertionError("read whole")

    monkeypatch.setattr(Table, "frame", property(refuse))
    assert check_table(space, "trade") == whole


def test_chunks_hold_whole_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_trade, "ROWS_AT_ONCE", 4_000_000)
    products = pl.DataFrame(
        {"hs6": ["a", "a", "b", "c", "d"], "flows": [2_000_000, 1_000_000, 2_000_000, 1, 9_000_000]}
    )
    assert list(audit_trade._chunks(products)) == [["a"], ["b", "c"], ["d"]]


def test_a_few_flows_of_a_country_to_itself_are_told_and_no_fault(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    put(space, (2021, "CHN", "CHN", "284690", 5, 1.0), (2021, "CHN", "USA", "284690", 95, 19.0))
    (note,) = (f for f in check_table(space, "trade") if not f.fine)
    assert (note.fault, note.weight) == (False, 0.05)
    assert note.what.startswith("1 flows of a country to itself, 5 % of the value")


def test_codes_that_are_no_six_digits_are_told(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    put(space, (2021, "CHN", "USA", "2846", 5, 1.0), (2021, "CHN", "USA", "284720", 5, 1.0))
    (note,) = (f for f in check_table(space, "trade") if not f.fine)
    assert note.what == "codes that are not six digits of the Harmonised System: 2846"
    assert (note.fault, note.weight) == (False, 0.5)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([0], ("in 2000", [2000])),
        ([4], ("in 2005", [2005])),
        ([1, 2], ("in 2002", [2002])),
        ([0, 1], ("in 2001", [2001])),
        ([0, 1, 3, 4], ("in 2001, 2004", [2001, 2004])),
        ([2], ("from 2003 on", [2003, 2004, 2005])),
    ],
)
def test_which_years_differ(pairs: list[int], said: tuple[str, list[int]]) -> None:
    assert when_changed(range(2000, 2006), pairs) == said


def test_the_second_of_two_years_is_named() -> None:
    assert when_changed((2000, 2001), [0]) == ("in 2001", [2001])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("CÃ´te d'Ivoire", "Côte d'Ivoire"),
        ("TÃ¼rkiye", "Türkiye"),
        ("ä¸\xadå\x9b½", "中国"),
        ("Côte d'Ivoire", "Côte d'Ivoire"),
        ("中国", "中国"),
        ("China", "China"),
    ],
)
def test_names_in_a_wrong_encoding_are_known_and_mended(text: str, right: str) -> None:
    assert repaired(text) == right
    assert is_garbled(text) == (text != right)
    assert is_garbled("T\ufffdrkiye")


@pytest.mark.parametrize("code", ["WLD", "World", "TOTAL", "All products total", "TOT", "世界"])
def test_totals_are_known_by_name(code: str) -> None:
    assert is_total(code)


@pytest.mark.parametrize("code", ["CHN", "TOGO", "284690", "ROW", "Rest of World", "Other, not in the total"])
def test_countries_are_no_totals(code: str) -> None:
    assert not is_total(code)


def test_factors_are_said_with_what_is_behind_them() -> None:
    assert times(1020) == "about 1,000 times (thousands against units)"
    assert times(1 / 980) == "about 1,000 times less than (thousands against units)"
    assert times(120) == "about 100 times (per cent against shares)"
    assert times(4.2) == "4.2 times"


def test_findings_are_ranked_by_weight_and_what_is_fine_comes_last() -> None:
    F = audit.Finding
    heavy, light, note, fine = (
        F("t", "a", True, weight=0.5),
        F("t", "b", True),
        F("t", "c", weight=0.5),
        F("t", "d", fine=True),
    )
    assert ranked([fine, light, note, heavy]) == [heavy, note, light, fine]
