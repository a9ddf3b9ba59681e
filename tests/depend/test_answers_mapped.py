"""Figures on maps: what is drawn of an answer, what is left to words, and the product space with its country."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import polars as pl
import pytest

from depend.selling import OPEN, flows, store
from zizhu.depend import complexity, exposure, markets, product_space, suppliers
from zizhu.depend.draw import mapped
from zizhu.depend.draw.mapped import FLOWS
from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.show.spec import spec
from zizhu.store import Workspace
from zizhu.vocab.places import borders, places
from zizhu.vocab.problems import CannotAnswer, ZizhuError


@cache
def content() -> Result:
    params = exposure.Params(buyers=("CHN:C26",))
    return exposure.solve(exposure.load(Workspace(), params))


def total(figure: Figure) -> float:
    return sum(r["value"] for r in figure.rows if r["value"] is not None and not r.get("home"))


def percent(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found is not None, text
    return float(found[1])


def test_a_map_of_a_buyer_has_every_source_and_says_its_own_apart() -> None:
    answer = content()
    drawn = answer.figure("map")
    by_code = {r["place"]: r for r in drawn.rows}
    assert by_code.keys() == set(answer.frame["source"])
    assert [code for code, r in by_code.items() if r["home"]] == ["CHN"]
    for row in answer.frame.iter_rows(named=True):
        assert by_code[row["source"]]["value"] == row["value_added_content"]
        assert by_code[row["source"]]["ref"] == answer.ref(row, "value_added_content")
    assert percent(r"together ([\d.]+)% of output", drawn.sentence) == pytest.approx(
        100 * total(drawn), abs=0.05
    )
    assert borders() in drawn.notes
    assert any(n.startswith("Coverage of the imported inputs of China") for n in drawn.notes)
    assert spec(drawn)["layer"]


def test_flows_are_the_largest_and_the_rest_is_said() -> None:
    answer = content()
    drawn, whole = answer.figure("flows"), answer.figure("map")
    values = sorted((r["value"] for r in whole.rows if not r["home"]), reverse=True)
    assert [r["value"] for r in drawn.rows] == values[:FLOWS]
    assert {r["to"] for r in drawn.rows} == {"CHN"}
    rest = percent(r"The 64 that are not drawn are ([\d.]+)% together", drawn.sentence)
    assert rest == pytest.approx(100 * sum(values[FLOWS:]), abs=0.05)
    assert "Drawn: 15 of 79 flows, the largest." in drawn.notes


def test_sales_flow_out_of_the_seller() -> None:
    params = markets.Params(sellers=("DEU",))
    drawn = markets.solve(markets.load(Workspace(), params)).figure("flows")
    assert {r["from"] for r in drawn.rows} == {"DEU"}
    assert "DEU" not in {r["to"] for r in drawn.rows}


def test_one_source_in_several_economies_is_a_map_of_these_and_groups_are_named_beside_it() -> None:
    params = exposure.Params(buyers=("USA", "JPN", "EU27"), sources=("CHN",))
    answer = exposure.solve(exposure.load(Workspace(), params))
    drawn = answer.figure("map")
    assert {r["place"] for r in drawn.rows} == {"USA", "JPN", "CHN"}
    assert "Not on the map: the EU27." in drawn.notes
    assert {r["from"] for r in answer.figure("flows").rows} == {"CHN"}


def asked(**question: Any) -> Result:
    return suppliers.solve(suppliers.load(Workspace(), suppliers.Params(**question)))


def test_suppliers_of_a_bloc_are_a_map_without_flows() -> None:
    answer = asked(reporter="EU27", products=("284690",))
    assert set(answer.others) == {"map"}
    drawn = answer.figure("map")
    assert sum(r["home"] for r in drawn.rows) == 27
    last = answer.frame.filter(year=answer.frame["year"].to_numpy().max())
    held = last.filter(last["partner"].is_in([*places()]))
    assert total(drawn) == pytest.approx(held["share"].sum())


def test_several_products_or_industries_have_no_map() -> None:
    assert asked(reporter="CHN", products=("284690", "260300")).others == {}
    params = exposure.Params(buyers=("CHN",), sources=("USA",), each_industry=True)
    assert exposure.solve(exposure.load(Workspace(), params)).others == {}


def test_parts_of_a_country_have_no_map_and_the_rest_of_the_world_no_place() -> None:
    parts = pl.DataFrame({"buyer": ["reg1:mining"] * 2, "source": ["reg1", "reg2"]})
    assert mapped.exposure(parts, 2022) == {}
    some = pl.DataFrame({"buyer": ["reg1:mining"] * 2, "source": ["ROW", "JPN"]})
    assert set(mapped.exposure(some, 2022)) == {"map"}


def test_a_figure_that_an_answer_does_not_have_is_named() -> None:
    with pytest.raises(ZizhuError, match="no drawing 'maps'"):
        content().figure("maps")


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return store(tmp_path_factory.mktemp("sold"), flows())


def spaced(ws: Workspace, country: str | None) -> tuple[product_space.Inputs, Result]:
    params = product_space.Params(trade="sales", level=6, filters=OPEN, insist=True, country=country)
    inputs = product_space.load(ws, params)
    return inputs, product_space.solve(inputs)


def test_rings_are_the_products_in_which_complexity_finds_the_country_specialised(ws: Workspace) -> None:
    country = product_space.load(
        ws, product_space.Params(trade="sales", level=6, filters=OPEN)
    ).baskets.places[0]
    _, answer = spaced(ws, country)
    params = complexity.Params(trade="sales", level=6, filters=OPEN, insist=True, country=country)
    other = complexity.solve(complexity.load(ws, params)).frame.filter(of="product")
    theirs = dict(other.select("code", "rca").iter_rows())
    for row in answer.frame.iter_rows(named=True):
        assert row["rca"] == pytest.approx(theirs[row["product"]])
    drawn = answer.figure()
    ringed = {r["product"] for r in drawn.rows if r.get("specialised")}
    assert ringed == {code for code, value in theirs.items() if value >= 1}
    assert f"specialised in {len(ringed)} of those drawn" in drawn.sentence


def test_the_map_is_the_same_for_every_country(ws: Workspace) -> None:
    first, plain = spaced(ws, None)
    second, answer = spaced(ws, first.baskets.places[0])
    assert plain.frame.equals(answer.frame.select(plain.frame.columns))
    assert product_space.keep(ws, first).new
    assert not product_space.keep(ws, second).new
    assert sum("to" in r for r in plain.figure().rows) == first.map[1].height
    assert "ring" not in plain.figure().encoding


def test_sales_on_the_map_open_into_flows(ws: Workspace) -> None:
    inputs, answer = spaced(ws, spaced(ws, None)[0].baskets.places[0])
    for row in answer.frame.head(5).iter_rows(named=True):
        for column in ("exports_usd", "sold_usd"):
            opened = product_space.explain(inputs, answer, row["product"], column, top=10_000)
            assert sum(p.value for p in opened.parts) == pytest.approx(row[column], abs=1e-6)
        four = product_space.explain(inputs, answer, row["product"], "rca").parts
        mine, own, world, everything = (p.value for p in four)
        assert row["rca"] == pytest.approx(mine / own / (world / everything))


def test_a_country_that_sells_nothing_there_is_refused(ws: Workspace) -> None:
    with pytest.raises(ZizhuError, match="unknown country 'ATA'"):
        spaced(ws, "ATA")


def test_the_built_in_table_is_refused_unless_asked_for() -> None:
    with pytest.raises(CannotAnswer, match="of the products of HS1992"):
        product_space.solve(product_space.load(Workspace(), product_space.Params(country="CHN")))
