"""Cuts on the built-in table, recomputed by factoring the changed table anew; and what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import scipy.linalg
from numpy.testing import assert_allclose

from zizhu.stress import what_if
from zizhu.tables.leontief import Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab.names import told
from zizhu.vocab.problems import CannotAnswer


def solved_anew(mrio: MRIO, sender: tuple[str, str], receiver: str) -> tuple[Vector, Vector]:
    """Output lost and output carried when all inputs of a country from one industry stop."""
    country, sector = np.array(mrio.nodes.country), np.array(mrio.nodes.sector)
    Z = mrio.Z.astype(np.float64)
    y, used = mrio.x - Z.sum(axis=1), Z.sum(axis=0)
    A = np.divide(Z, mrio.x, out=np.zeros_like(Z), where=mrio.x > 0)
    A[np.ix_((country == sender[0]) & (sector == sender[1]), country == receiver)] = 0
    v = np.divide(mrio.x - used, mrio.x, out=np.zeros(mrio.n), where=mrio.x > 0)
    changed = scipy.linalg.lu_factor(np.eye(mrio.n) - A, overwrite_a=True)
    lost = mrio.x - scipy.linalg.lu_solve(changed, y)
    carried = mrio.x * ((mrio.x > 0) - scipy.linalg.lu_solve(changed, v, trans=1))
    return lost, carried


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sender", "receiver"), [("CHN:C24B", "USA"), pytest.param("TWN:C26", "CHN", marks=pytest.mark.slow)]
)
def test_both_sides_are_those_of_the_changed_table(sender: str, receiver: str, icio: MRIO) -> None:
    country, _, sector = sender.partition(":")
    asked = what_if.Inputs(what_if.Params(sender=sender, receiver=receiver), icio)
    result = what_if.solve(asked)
    lost, carried = solved_anew(icio, (country, sector), receiver)
    nodes = result.frame.filter(pl.col("sector") != "TOTAL")
    at = [icio.nodes.position[pair] for pair in nodes.select("country", "sector").iter_rows()]
    expected = np.where(nodes["side"] == "receiver", carried[at], lost[at])
    # million USD; the difference of two solutions carries no more
    assert_allclose(nodes["all_tiers"].to_numpy(), expected, rtol=1e-7, atol=1e-5)
    of = np.array(icio.nodes.country)
    totals = {
        r["side"]: r["all_tiers"]
        for r in result.frame.filter(pl.col("sector") == "TOTAL").iter_rows(named=True)
    }
    assert totals["sender"] == pytest.approx(lost[of == country].sum(), rel=1e-7)
    assert totals["receiver"] == pytest.approx(carried[of == receiver].sum(), rel=1e-7)
    assert totals["others"] == pytest.approx(lost[(of != country) & (of != receiver)].sum(), rel=1e-6)
    seller = icio.nodes.position[country, sector]
    sold = icio.Z[seller, of == receiver].sum(dtype=float)
    assert result.row(f"sender|{country}|{sector}")["direct"] == pytest.approx(sold, rel=1e-12)
    for key in (f"sender|{country}|{sector}", f"sender|{country}|D", f"receiver|{receiver}|C29"):
        row = result.row(key)
        i = icio.nodes.position[row["country"], row["sector"]]
        opened = what_if.explain(asked, result, key, "all_tiers", icio.n)
        assert sum(p.value for p in opened.parts) == pytest.approx(row["all_tiers"], rel=1e-9)
        anew = carried if row["side"] == "receiver" else lost
        assert sum(p.value for p in opened.parts) == pytest.approx(anew[i], rel=1e-7, abs=1e-5)
        sold_to = {
            f"{told(sender)} to {told(icio.nodes.label(int(j)))}"
            for j in np.flatnonzero(icio.Z[seller] * (of == receiver))
        }
        assert {p.label for p in opened.parts} == sold_to
    for side in (f"sender|{country}", f"receiver|{receiver}", "others|TOTAL"):
        opened = what_if.explain(asked, result, f"{side}|TOTAL", "all_tiers", icio.n)
        assert sum(p.value for p in opened.parts) == pytest.approx(opened.value, rel=1e-9)


def test_a_cut_of_which_the_table_sees_a_third_is_refused_unless_told(icio: MRIO) -> None:
    asked = what_if.Params(sender="USA:C26", receiver="CHN")
    with pytest.raises(CannotAnswer, match="the table sees 33%") as caught:
        what_if.solve(what_if.Inputs(asked, icio))
    assert "--insist" in caught.value.problems[0].remedy
    told = what_if.solve(what_if.Inputs(asked.model_copy(update={"insist": True}), icio))
    assert told.coverage[0].share == pytest.approx(0.33, abs=5e-3)
    assert told.row("sender|USA|C26")["direct"] > 0
