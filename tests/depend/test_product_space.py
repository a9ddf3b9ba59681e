"""The stored map of products: made once, kept with its links, made again for another question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from depend.selling import OPEN, flows, store
from zizhu.depend import product_space
from zizhu.depend.baskets import Filters, filtered, load_sold, sales
from zizhu.depend.specialisation import proximity
from zizhu.vocab.problems import CannotAnswer


def test_a_map_is_made_once(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    params = product_space.Params(trade="sales", level=6, filters=OPEN)
    first = product_space.keep(ws, params)
    assert first.new
    again = product_space.keep(ws, params)
    assert not again.new
    assert (again.places, again.links) == (first.places, first.links)
    other = product_space.keep(ws, params.model_copy(update={"first": 2020}))
    assert other.new
    assert other.places.digest != first.places.digest


def test_the_links_carry_proximity(tmp_path: Path) -> None:
    ws = store(tmp_path, flows())
    product_space.keep(ws, product_space.Params(trade="sales", level=6, filters=OPEN))
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
        product_space.keep(ws, product_space.Params(trade="sales", level=6, filters=OPEN))
