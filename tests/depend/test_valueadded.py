"""Decompositions of exports on random tables and WIOD: the formulas of the papers, and identities that always hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from depend import exporting as paper
from depend.exporting import Blocks, exporting
from examples import examples
from tables import wiod2013
from zizhu.depend.sides import world_of
from zizhu.depend.valueadded import borin_mancini, kww, stages, tiva, wwz
from zizhu.depend.valueadded.blocks import Exporter, World
from zizhu.depend.valueadded.methods import DECOMPOSITIONS, Perspective, decomposed
from zizhu.depend.valueadded.terms import values
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO

SPLITS = [m for m in DECOMPOSITIONS if m != "intermediates"]


def each(mrio: MRIO) -> World:
    """The table with every country a region."""
    return world_of(mrio, tuple(range(len(mrio.nodes.countries))))


def found(world: World, s: int, method: str, perspective: Perspective = "country") -> Mapping[str, Matrix]:
    return values(world, s, decomposed(Exporter(world, s), method, perspective)[0])


def close(a: object, b: object, world: World) -> None:
    """Equal to 1e-9 of what is equal, or of rounding beside the largest exports."""
    assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-9, atol=1e-11 * max(1.0, world.exports.max()))


# --- the formulas ---


@examples(25)
@given(exporting())
def test_borin_and_mancini_as_written(mrio: MRIO) -> None:
    world, dense = each(mrio), Blocks.dense(mrio, mrio.nodes.country_index)
    for s in dense.regions:
        one, two = (found(world, s, m) for m in ("bm-source", "bm-sink"))
        for r in (r for r in dense.regions if r != s):
            for name, value in paper.borin_mancini(dense, s, r).items():
                form, _, term = name.partition(" ")
                close({"1": one, "2": two}[form][term][:, r], value, world)


@examples(25)
@given(exporting())
def test_wang_wei_and_zhu_as_written(mrio: MRIO) -> None:
    world, dense = each(mrio), Blocks.dense(mrio, mrio.nodes.country_index)
    for s in dense.regions:
        terms = found(world, s, "wwz")
        for r in (r for r in dense.regions if r != s):
            for name, value in paper.wwz(dense, s, r).items():
                close(terms[name][:, r], value, world)


@examples(25)
@given(exporting())
def test_koopman_wang_and_wei_as_written_and_as_sums_of_wwz(mrio: MRIO) -> None:
    """WWZ section 2: its terms, added over partners and industries, are those of KWW."""
    world, dense = each(mrio), Blocks.dense(mrio, mrio.nodes.country_index)
    added = {
        "DVA_FIN": ("DVA_FIN",),
        "DVA_INT": ("DVA_INT", "DVA_INTrexI1"),
        "DVA_INTrex": ("DVA_INTrexF", "DVA_INTrexI2"),
        "RDV_FIN": ("RDV_FIN", "RDV_FIN2"),
        "RDV_INT": ("RDV_INT",),
        "DDC": ("DDC_FIN", "DDC_INT"),
        "FVA_FIN": ("MVA_FIN", "OVA_FIN"),
        "FVA_INT": ("MVA_INT", "OVA_INT"),
        "FDC": ("MDC", "ODC"),
    }
    for s in dense.regions:
        nine, sixteen = found(world, s, "kww"), found(world, s, "wwz")
        for name, value in paper.kww(dense, s).items():
            close(nine[name].sum(), value, world)
            close(sum(sixteen[part].sum() for part in added[name]), value, world)


@examples(25)
@given(exporting())
def test_indicators_of_the_oecd_as_written(mrio: MRIO) -> None:
    world, k = each(mrio), Blocks.dense(mrio, mrio.nodes.country_index)
    for s in k.regions:
        content, forward = found(world, s, "tiva"), tiva.forward(Exporter(world, s))
        for r in (r for r in k.regions if r != s):
            direct = k.va(s) * np.diag(k.local(s)) * k.e(s, r)
            close(content["EXGR_DVA"][:, r], k.va(s) @ k.b(s, s) * k.e(s, r), world)
            close(content["EXGR_DDC"][:, r], direct, world)
            close(content["EXGR_IDC"][:, r], k.va(s) @ k.local(s) * k.e(s, r) - direct, world)
            close(forward["FEXDVA"][:, r], k.va(s) * (k.b(s, r) @ k.all_e(r)), world)
            absorbed = sum(k.b(s, t) @ k.y(t, r) for t in k.regions)
            close(forward["FFD_DVA"][:, r], k.va(s) * absorbed, world)


# --- identities ---


def check_identities(world: World) -> None:
    """What holds for every region; shares of value added in a unit of output sum to one."""
    active = world.x != 0
    assert_allclose(world.contained.sum(axis=0)[active], 1.0, rtol=1e-9)
    for s in range(world.count):
        of = Exporter(world, s)
        exports = world.exports[of.rows]
        split = {m: found(world, s, m) for m in SPLITS}
        for method, terms in split.items():
            close(terms[DECOMPOSITIONS[method].total], exports, world)
        domestic, foreign = split["bm-source"]["DC"], split["bm-source"]["FC"]
        nobodys = split["bm-source"].get("OTHER", np.zeros_like(domestic))
        close(domestic + foreign + nobodys, exports, world)
        close(nobodys[world.x[of.rows] != 0], 0.0, world)
        for term in ("DC", "DVA", "VAX", "REF", "DDC", "FC", "FVA", "FDC"):
            one, two = (split[m][term] for m in ("bm-source", "bm-sink"))
            close(one.sum(), two.sum(), world)
        for term in ("DC", "DVA", "VAX", "REF", "DDC", "FC", "FVA", "FDC"):
            close(split["kww"][term].sum(), split["wwz"][term].sum(), world)
        for term in ("DC", "DVA", "VAX", "REF", "DDC", "FC"):
            close(split["bm-source"][term].sum(), split["wwz"][term].sum(), world)
        absorbed = tiva.forward(of)["FFD_DVA"].sum()
        close(split["bm-source"]["VAX"].sum(), absorbed, world)


@examples(40)
@given(exporting())
def test_identities_on_random_tables(mrio: MRIO) -> None:
    check_identities(each(mrio))


@examples(25)
@given(exporting(least=3))
def test_identities_hold_for_groups_and_a_group_is_not_its_members(mrio: MRIO) -> None:
    of = (0, 1, 0, *range(2, len(mrio.nodes.countries) - 1))
    world, apart = world_of(mrio, of), each(mrio)
    check_identities(world)
    rows = world.rows[0]
    inside = apart.exports[np.ix_(rows, [0, 2])].sum()
    close(world.exports[rows].sum() + inside, apart.exports[rows].sum(), apart)
    dense = Blocks.dense(mrio, np.array(of)[mrio.nodes.country_index])
    source = found(world, 0, "bm-source")
    for r in range(1, world.count):
        for name, value in paper.borin_mancini(dense, 0, r).items():
            if name.startswith("1 "):
                close(source[name[2:]][:, r], value, world)


@examples(25)
@given(exporting())
def test_from_the_world_every_value_is_counted_once(mrio: MRIO) -> None:
    """The value added that crosses borders is the same whether it is met at the first or at the last of them."""
    world = each(mrio)
    counted = {}
    for method in ("bm-source", "bm-sink"):
        split = [found(world, s, method, "world") for s in range(world.count)]
        for s, terms in enumerate(split):
            close(terms["EXGR"], world.exports[world.rows[s]], world)
        counted[method] = sum(t["DVA"].sum() + t["FVA"].sum() for t in split)
    close(counted["bm-source"], counted["bm-sink"], world)
    first = sum(found(world, s, "bm-source")["DVA"].sum() for s in range(world.count))
    close(counted["bm-source"], first, world)


@examples(25)
@given(exporting())
def test_what_enters_production_and_what_leaves_it_are_as_far_apart_from_both_ends(mrio: MRIO) -> None:
    """Weighted by final sales D, and by value added U, both are gross output over value added (Miller, Temurshoev)."""
    U, D = stages.upstreamness(mrio.lu, mrio.x), stages.downstreamness(mrio.lu)
    assert (U >= 1 - 1e-12).all()
    assert (D >= 1 - 1e-12).all()
    added = mrio.v * mrio.x
    final = mrio.x - np.asarray(mrio.Z, dtype=float).sum(axis=1)
    assert U @ added == pytest.approx(mrio.x.sum(), rel=1e-9)
    assert D @ final == pytest.approx(mrio.x.sum(), rel=1e-9)
    nodes = np.flatnonzero(mrio.x > 0)
    assert_allclose(1 + stages.buyers(mrio.Z, mrio.x, U, nodes).sum(axis=1), U[nodes], rtol=1e-9)
    assert_allclose(1 + stages.suppliers(mrio.Z, mrio.x, D, nodes).sum(axis=1), D[nodes], rtol=1e-9)


def test_every_method_has_its_terms_in_its_tree() -> None:
    mrio = paper.exporting_table(1)
    of = Exporter(each(mrio), 0)
    kernels = {borin_mancini.source: borin_mancini.TREE, kww.kww: kww.TREE, wwz.wwz: wwz.TREE}
    for kernel, tree in kernels.items():
        assert set(kernel(of)) <= set(tree)
    assert len(kww.kww(of)) == 9
    assert len(wwz.wwz(of)) == 16


@pytest.mark.slow
@wiod2013.needed
@pytest.mark.parametrize(
    "year", [pytest.param(y, marks=() if y == 2011 else pytest.mark.slow) for y in wiod2013.YEARS]
)
def test_identities_on_wiod(year: int) -> None:
    check_identities(each(wiod2013.table(year)))


@wiod2013.needed
def test_identities_on_wiod_for_a_group() -> None:
    mrio = wiod2013.table(2011)
    of = [0 if c in ("DEU", "FRA", "ITA", "POL") else i + 1 for i, c in enumerate(mrio.nodes.countries)]
    world = world_of(mrio, tuple(int(r) for r in np.unique(of, return_inverse=True)[1]))
    s = int(world.region[mrio.nodes.position["DEU", "c1"]])
    exports = world.exports[world.rows[s]]
    for method in SPLITS:
        close(found(world, s, method)[DECOMPOSITIONS[method].total], exports, world)
