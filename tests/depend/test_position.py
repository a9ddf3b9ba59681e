"""A country's place in world trade by hand, and the year in which it changes sides."""

from __future__ import annotations

import polars as pl
import pytest

from tables.stored import Flow, trade
from zizhu.depend import position
from zizhu.vocab.problems import CannotAnswer, ZizhuError

REE, GRA = "284690", "250410"


def inputs(*flows: Flow, reporter: str = "CHN", products: tuple[str, ...] = ()) -> position.Inputs:
    return position.Inputs(position.Params(reporter=reporter, products=products), trade(*flows))


FLOWS: tuple[Flow, ...] = (
    (2022, "CHN", "USA", REE, 30, 3.0),
    (2022, "CHN", "DEU", REE, 30, None),
    (2022, "USA", "CHN", REE, 20, 1.0),
    (2022, "MMR", "CHN", REE, 60, 5.0),
    (2022, "USA", "DEU", REE, 60, None),
    (2022, "USA", "DEU", GRA, 5, None),
)


def test_shares_tonnes_and_concentration() -> None:
    row = position.solve(inputs(*FLOWS)).row(f"CHN|{REE}|2022")
    assert row["world_usd"] == 200
    assert (row["export_share"], row["import_share"]) == (0.3, 0.4)
    assert (row["exports_usd"], row["imports_usd"]) == (60, 80)
    assert (row["exports_t"], row["imports_t"]) == (3.0, 6.0)
    assert (row["export_unit_value"], row["import_unit_value"]) == (10.0, 80 / 6)
    assert row["import_hhi"] == pytest.approx(0.75**2 + 0.25**2)


def test_a_product_that_the_reporter_does_not_import_has_no_concentration() -> None:
    row = position.solve(inputs(*FLOWS)).row(f"CHN|{GRA}|2022")
    assert (row["export_share"], row["import_share"], row["import_hhi"]) == (0.0, 0.0, None)


def test_a_bloc_is_one_trader() -> None:
    flows = (*FLOWS, (2022, "DEU", "FRA", REE, 1000, None))
    row = position.solve(inputs(*flows, reporter="EU27")).row(f"EU27|{REE}|2022")
    assert (row["world_usd"], row["imports_usd"], row["exports_usd"]) == (200, 90, 0)
    assert position.solve(inputs(*flows)).row(f"CHN|{REE}|2022")["world_usd"] == 1200


@pytest.mark.parametrize("column", list(position.UNITS))
def test_a_share_opens_into_partners(column: str) -> None:
    asked = inputs(*FLOWS)
    opened = position.explain(asked, position.solve(asked), f"CHN|{REE}|2022", column)
    assert sum(p.value for p in opened.parts) == pytest.approx(opened.value)
    assert opened.remainder == pytest.approx(0, abs=1e-12)
    assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1)
    assert opened.unit == position.UNITS[column]
    few = position.explain(asked, position.solve(asked), f"CHN|{REE}|2022", column, 1)
    assert sum(p.value for p in few.parts) + few.remainder == pytest.approx(opened.value)
    assert few.left_out == len(opened.parts) - 1


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        ("exports_t", {"CHN,USA": 3.0}),
        ("imports_t", {"MMR,CHN": 5.0, "USA,CHN": 1.0}),
        ("export_unit_value", {"CHN,USA": 10.0}),
        ("import_unit_value", {"MMR,CHN": 10.0, "USA,CHN": 20 / 6}),
        ("import_hhi", {"MMR,CHN": 0.5625, "USA,CHN": 0.0625}),
        ("world_usd", {"USA,WLD": 80.0, "CHN,WLD": 60.0, "MMR,WLD": 60.0}),
        ("export_share", {"CHN,DEU": 0.15, "CHN,USA": 0.15}),
    ],
)
def test_each_number_has_the_parts_of_a_calculation_by_hand(column: str, parts: dict[str, float]) -> None:
    asked = inputs(*FLOWS)
    opened = position.explain(asked, position.solve(asked), f"CHN|{REE}|2022", column)
    found = {p.ref.partition(f"#2022,{REE},")[2]: p.value for p in opened.parts}
    assert found == pytest.approx(parts)
    assert list(found) == list(parts)


def test_a_unit_value_says_both_totals() -> None:
    asked = inputs(*FLOWS)
    told = position.explain(asked, position.solve(asked), f"CHN|{REE}|2022", "export_unit_value").sentence
    assert "30 USD over 3 t. Left out: 30 USD whose tonnes are not known." in told


def test_a_group_of_changing_members_is_referred_to_with_the_year_of_its_members() -> None:
    flows = (*FLOWS, (2024, "CHN", "FRA", REE, 7, 1.0))
    for reporter, written in (("EU27", "EU27"), ("EU", "EU@2024"), ("DEU", "DEU")):
        asked = inputs(*flows, reporter=reporter)
        opened = position.explain(asked, position.solve(asked), f"{reporter}|{REE}|2022", "imports_usd")
        assert opened.parts[0].ref.endswith(f"#2022,{REE},USA,{written}")


def test_a_share_of_zero_opens_into_nothing() -> None:
    asked = inputs(*FLOWS)
    opened = position.explain(asked, position.solve(asked), f"CHN|{GRA}|2022", "import_share")
    assert (opened.parts, opened.value, opened.remainder) == ((), 0.0, 0.0)


def test_what_does_not_open_is_said() -> None:
    asked = inputs(*FLOWS)
    for column in ("import_hhi", "imports_t", "export_unit_value"):
        with pytest.raises(CannotAnswer, match=f"{column} has no value"):
            position.explain(asked, position.solve(asked), f"CHN|{GRA}|2022", column)
    with pytest.raises(ZizhuError, match="no trade in 280461"):
        position.solve(inputs(*FLOWS, products=("280461",)))


def test_all_years_and_products_have_one_row() -> None:
    result = position.solve(inputs(*FLOWS, (2020, "CHN", "USA", REE, 5, None)))
    assert result.table().select("hs6", "year").rows() == [(GRA, 2022), (REE, 2020), (REE, 2022)]
    assert result.frame.filter(pl.col("year") == 2020)["export_share"].to_list() == [1.0]
