"""Self-sufficiency against arithmetic and published rules, on tables whose trade is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import Row, rows
from tables.stored import workspace
from zizhu.depend import sufficiency
from zizhu.depend.balance.ratios import NO_USE, REEXPORTS, ratios
from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.show.spec import spec
from zizhu.store import Workspace
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab.problems import CannotAnswer, ZizhuError

AMOUNT = st.floats(0, 1e9)
REE = "284690"
NO_TONNES = {"quantity": pl.lit(None, pl.Float64), "unit": pl.lit(None, pl.String)}


def one(P: float, M: float, X: float, own: float | None = None) -> tuple[float, float, float, float, str]:
    found = ratios(*(np.array([v]) for v in (P, M, X)), None if own is None else np.array([own]))
    return tuple(side[0] for side in found)  # type: ignore[return-value]


@given(AMOUNT, AMOUNT, AMOUNT)
def test_self_sufficiency_and_reliance_add_up_to_one(P: float, M: float, X: float) -> None:
    use, sufficient, penetration, reliance, odd = one(P, M, X)
    assert use == P + M - X
    if use <= 0:
        assert np.isnan([sufficient, penetration, reliance]).all()
        assert odd == NO_USE
        return
    scale = (P + M + X) / use
    assert sufficient + reliance == pytest.approx(1, abs=1e-12 * scale)
    assert penetration - reliance == pytest.approx(X / use, rel=1e-9, abs=1e-12 * scale)
    assert (odd == REEXPORTS) == (X > P)


@pytest.mark.parametrize("row", rows("depend", "ssr_toy", lambda _: True))
def test_worked_ratios(row: Row) -> None:
    P, M, X = (float(term.split("=")[1]) for term in row.entity.split())
    _, sufficient, penetration, reliance, odd = one(P, M, X)
    if row.printed == "nan":
        assert np.isnan(sufficient)
        assert odd == NO_USE
        return
    wanted = {"SSR": sufficient, "imp": penetration, "NIR": reliance}[row.quantity[:3]]
    row.check(wanted)
    assert (odd == REEXPORTS) == ("flagged" in row.quantity)


def test_imports_above_use_are_exports_above_production() -> None:
    assert one(50, 100, 40)[4] == ""
    assert one(30, 100, 31)[4] == REEXPORTS
    assert one(30, 100, 30)[4] == ""


@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9))
def test_what_is_made_for_export_alone_is_nothing_odd(P: float, M: float) -> None:
    assert one(P, M, P)[4] == ""  # whatever the rounding of P + M - P


def test_another_basis_shares_the_use_of_the_territory() -> None:
    use, sufficient, _, reliance, _ = one(80, 30, 10, own=40)
    assert (use, sufficient, reliance) == (100, 0.4, 0.2)


# --- from stored tables ---


def store(tmp_path: Path, **changes: Any) -> Workspace:
    """Production of Japan and Korea in two years, on two bases, and their trade with China and each other."""
    space = workspace(tmp_path)
    trade = pl.DataFrame(
        [
            (2021, REE, "CHN", "JPN", 30, 3.0),
            (2021, REE, "JPN", "CHN", 10, 1.0),
            (2021, REE, "KOR", "JPN", 5, 0.5),
            (2022, REE, "CHN", "JPN", 40, None),
            (2022, REE, "JPN", "USA", 100, 1.0),
        ],
        schema=["year", "hs6", "exporter", "importer", "value_usd", "quantity_t"],
        orient="row",
    ).with_columns(pl.lit("HS1992").alias("revision"), pl.col("value_usd").cast(pl.Int64))
    about = {"title": "Trade", "sources": ("test",), "flags": {"kind": "trade", "revision": "HS1992"}}
    space.commit("trade", trade, TRADE_KEY, about | {"units": {"value_usd": "USD", "quantity_t": "t"}})
    for basis, share in (("territorial", 1.0), ("ownership", 0.25)):
        produced = pl.DataFrame(
            [
                (2021, "JPN", REE, int(80 * share), 8.0 * share, "t"),
                (2021, "KOR", REE, int(20 * share), 2.0 * share, "t"),
                (2022, "JPN", REE, int(48 * share), None, None),
            ],
            schema=["year", "country", "product", "value_usd", "quantity", "unit"],
            orient="row",
        ).with_columns(pl.lit("HS1992").alias("classification"), pl.lit(basis).alias("basis"))
        flags = {"kind": "production", "basis": basis, "classification": "HS1992"} | changes
        described = {
            "title": basis,
            "sources": ("test",),
            "units": {"value_usd": "USD", "quantity": "row by row"},
            "flags": flags,
        }
        space.commit(f"made-{basis}", produced, ("year", "country", "product"), described)
    return space


def solve(space: Workspace, *production: str, **options: Any) -> tuple[sufficiency.Inputs, Result]:
    asked = {"trade": "trade", "reporter": "JPN", "production": production or ("made-territorial",)}
    inputs = sufficiency.load(space, sufficiency.Params(**(asked | options)))
    return inputs, sufficiency.solve(inputs)


def test_a_country_on_two_bases(tmp_path: Path) -> None:
    _, result = solve(store(tmp_path), "made-territorial", "made-ownership")
    first = result.row(f"JPN|{REE}|2021|territorial")
    assert [first[c] for c in ("production", "imports", "exports", "use")] == [80, 35, 10, 105]
    assert first["self_sufficiency"] == pytest.approx(80 / 105)
    assert result.row(f"JPN|{REE}|2021|ownership")["self_sufficiency"] == pytest.approx(20 / 105)
    odd = result.row(f"JPN|{REE}|2022|territorial")  # 48 made, 40 bought, 100 sold
    assert odd["self_sufficiency"] is None
    assert odd["oddity"] == NO_USE
    assert any(n.startswith(NO_USE) for n in result.notes)


def test_units_are_tonnes_of_both(tmp_path: Path) -> None:
    _, result = solve(store(tmp_path), measure="units")
    assert result.frame["year"].to_list() == [2021]  # the year after has no tonnes
    assert result.row(f"JPN|{REE}|2021|territorial")["self_sufficiency"] == pytest.approx(8 / (8 + 3.5 - 1))


def test_a_group_needs_all_its_members(tmp_path: Path) -> None:
    with pytest.raises(CannotAnswer, match="production of every member"):
        solve(store(tmp_path), reporter="EU27")


def test_a_group_names_the_members_whose_production_is_not_known(tmp_path: Path) -> None:
    space = store(tmp_path)
    with pytest.raises(CannotAnswer, match=r"no production of 27 of the 27 members \(Austria, "):
        solve(space, reporter="EU27")
    with pytest.raises(
        CannotAnswer, match=f"made-territorial has no production of the United States of {REE}"
    ):
        solve(space, reporter="USA")


def test_a_table_without_the_measure_is_named(tmp_path: Path) -> None:
    space = store(tmp_path)
    in_usd = space.read("made-territorial").frame.with_columns(**NO_TONNES)
    about = space.read("made-territorial").meta
    for name, basis in (("usd-only", "territorial"), ("usd-owned", "ownership")):
        described = {
            "title": name,
            "sources": about.sources,
            "units": dict(about.units),
            "flags": dict(about.flags) | {"basis": basis},
        }
        space.commit(
            name, in_usd.with_columns(basis=pl.lit(basis)), ("year", "country", "product"), described
        )
    for production in (("usd-only",), ("made-territorial", "usd-owned"), ("usd-only", "usd-owned")):
        with pytest.raises(CannotAnswer, match="no production in tonnes") as raised:
            solve(space, *production, measure="units")
        assert [p.where for p in raised.value.problems] == [t for t in production if t.startswith("usd")]


def test_products_without_an_answer_are_named_with_what_is_missing(tmp_path: Path) -> None:
    space = store(tmp_path)
    more = pl.DataFrame(
        [(2021, "JPN", "250410", 7), (2021, "CHN", "283691", 7), (2021, "JPN", REE, 80)],
        schema=["year", "country", "product", "value_usd"],
        orient="row",
    ).with_columns(basis=pl.lit("territorial"), classification=pl.lit("HS1992"), **NO_TONNES)
    about = space.read("made-territorial").meta
    described = {
        "title": "more",
        "sources": about.sources,
        "units": dict(about.units),
        "flags": dict(about.flags),
    }
    space.commit("more", more, ("year", "country", "product"), described)
    _, result = solve(space, "more")
    left_out = [n for n in result.notes if n.startswith("No answer")]
    assert left_out == [
        "No answer: trade lacks imports or exports in USD of 250410.",
        "No answer: more has no production of Japan of 283691.",
    ]
    _, asked = solve(space, "more", products=(REE,))
    assert not [n for n in asked.notes if n.startswith("No answer")]


def test_notes_tell_a_net_exporter_from_goods_that_pass_through(tmp_path: Path) -> None:
    _, result = solve(store(tmp_path))
    said = next(n for n in result.notes if n.startswith("Ratios are not clamped"))
    assert "of a net exporter" in said
    assert "import penetration above one" in said
    assert any("prices" in n for n in result.notes)
    _, tonnes = solve(store(tmp_path / "t"), measure="units")
    assert not any("prices" in n for n in tonnes.notes)


def test_few_years_are_drawn_as_bars_and_more_as_lines(tmp_path: Path) -> None:
    _, result = solve(store(tmp_path), "made-territorial", "made-ownership", measure="units")
    one = result.figure()
    assert one.kind == "bars"
    assert [r["name"] for r in one.rows] == [
        f"Rare-earth compounds, not cerium, {b}" for b in ("ownership", "territorial")
    ]
    assert "in 2021" in one.sentence
    assert spec(one)["description"]

    def over(years: Sequence[int]) -> Figure:
        same = result.frame.schema["year"]
        frames = [result.frame.with_columns(pl.lit(y, same).alias("year")) for y in years]
        return replace(result, frame=pl.concat(frames)).figure()

    assert [r["year"] for r in over((2020, 2022)).rows] == ["2020", "2022"] * 2
    assert over((2020, 2021, 2022)).kind == "bars"
    assert over((2019, 2020, 2021, 2022)).kind == "small_multiples"


def test_numbers_open_into_what_they_are_made_of(tmp_path: Path) -> None:
    inputs, result = solve(store(tmp_path), "made-territorial", "made-ownership")
    key = f"JPN|{REE}|2021|ownership"
    use = sufficiency.explain(inputs, result, key, "use")
    assert sum(p.value for p in use.parts) == pytest.approx(105)
    imports = sufficiency.explain(inputs, result, key, "imports")
    assert [(p.value, p.label) for p in imports.parts] == [(30, "from China"), (5, "from South Korea")]
    own = sufficiency.explain(inputs, result, key, "own")
    assert own.parts[0].ref.startswith("table:made-ownership@")
    assert {p.share for p in sufficiency.explain(inputs, result, key, "self_sufficiency").parts} == {None}
    with pytest.raises(CannotAnswer, match="no value"):
        sufficiency.explain(inputs, result, f"JPN|{REE}|2022|territorial", "self_sufficiency")


@pytest.mark.parametrize(
    ("production", "changes", "said"),
    [
        (("made-ownership",), {}, "territorial basis"),
        (("trade",), {}, "a table of kind 'trade'"),
        (("made-territorial",), {"classification": "HS2017"}, "products in HS2017, trade in HS1992"),
        (("made-territorial", "made-ownership"), {"basis": "territorial"}, "two tables on the basis"),
    ],
)
def test_tables_on_different_ground_are_refused(
    production: tuple[str, ...], changes: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ZizhuError, match=said):
        solve(store(tmp_path, **changes), *production)


def test_unknown_products_are_named(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="284691"):
        solve(store(tmp_path), products=("284691",))
