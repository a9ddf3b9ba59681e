"""The stored map of products: made once, kept with its links, made again for another question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from depend.selling import OPEN, flows, store
from zizhu.depend import product_space
from zizhu.depend.baskets import Filters, filtered, load_sold, sales
from zizhu.depend.specialisation import proximity
from zizhu.store import Workspace
from zizhu.vocab.problems import CannotAnswer


def kept(ws: Workspace, params: product_space.Params) -> product_space.Kept:
    return product_space.keep(ws, product_space.load(ws, params))


def test_the_answer_is_the_same_drawn_or_stored(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    params = product_space.Params(trade="sales", level=6, filters=OPEN, insist=True)
    drawn = product_space.load(ws, params)
    assert drawn.stored is None
    first = product_space.solve(drawn)
    assert kept(ws, params).new
    stored = product_space.load(ws, params)
    assert stored.stored is not None
    again = product_space.solve(stored)
    assert again.run == first.run
    assert again.frame["links"].sum() == 2 * drawn.map[1].height
    assert set(first.units) == {"x", "y", "links", "exports_usd"}
    links = drawn.map[1]
    for row in first.frame.iter_rows(named=True):
        code = row["product"]
        mine = links.filter((pl.col("a") == code) | (pl.col("b") == code))
        counted = product_space.explain(drawn, first, code, "links", top=99)
        assert [p.value for p in counted.parts] == [1.0] * mine.height
        assert counted.remainder == 0
        placed = product_space.explain(drawn, first, code, "x", top=99)
        assert sorted(p.value for p in placed.parts) == sorted(mine["proximity"])
        assert {p.share for p in placed.parts} == {None}


def test_a_map_of_few_of_all_products_is_refused_and_not_stored(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    params = product_space.Params(trade="sales", level=6, filters=OPEN)
    inputs = product_space.load(ws, params)
    assert inputs.coverage.share is not None
    assert inputs.coverage.share < 0.5
    with pytest.raises(CannotAnswer, match="of the products of HS1992"):
        product_space.solve(inputs)
    assert product_space.name_of(params) not in ws.names()


def test_a_map_is_made_once(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    params = product_space.Params(trade="sales", level=6, filters=OPEN)
    first = kept(ws, params)
    assert first.new
    again = kept(ws, params)
    assert not again.new
    assert (again.places, again.links) == (first.places, first.links)
    assert not kept(ws, params.model_copy(update={"insist": True})).new
    other = kept(ws, params.model_copy(update={"first": 2020}))
    assert other.new
    assert other.places.digest != first.places.digest


def test_the_links_carry_proximity(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    kept(ws, product_space.Params(trade="sales", level=6, filters=OPEN))
    filters = Filters(**OPEN)
    b = filtered(sales(load_sold(ws, "sales"), None, None, 6), filters, None)
    places = ws.read("product-space-sales-hs6")
    assert places.frame["product"].to_list() == sorted(b.products)
    phi = proximity.proximity(b.M)
    links = ws.read("product-space-sales-hs6-links").frame
    assert links.height == 2 * len(b.products)
    for one in links.iter_rows(named=True):
        i, j = b.products.index(one["a"]), b.products.index(one["b"])
        assert one["proximity"] == pytest.approx(float(phi[i, j]), rel=1e-6)
    assert np.isfinite(places.frame.select("x", "y").to_numpy()).all()


def test_too_few_products_have_no_map(tmp_path: Path) -> None:
    ws = store(tmp_path, [f for f in flows() if f[3] in ("010110", "010210")])
    with pytest.raises(CannotAnswer, match="2 products are left"):
        product_space.solve(
            product_space.load(ws, product_space.Params(trade="sales", level=6, filters=OPEN, insist=True))
        )
