"""Value added in exports: the kernels against published figures and against what other programs computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pytest

from cases.reading import SHARED, Row, labelled, rows
from zizhu.depend.valueadded import borin_mancini, kww, tiva, wwz
from zizhu.depend.valueadded.blocks import Exporter, World
from zizhu.depend.valueadded.terms import Pieces, Tree, complete, values
from zizhu.tables.leontief import Matrix, factor, value_added_share

FOLDER = SHARED / "cases" / "gvc"
OWNER = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}
METHODS: Mapping[str, tuple[Callable[[Exporter], Pieces], Tree]] = {
    "bm_src": (borin_mancini.source, borin_mancini.TREE),
    "bm_snk": (borin_mancini.sink, borin_mancini.TREE),
    "my": (borin_mancini.source, borin_mancini.TREE),
    "kww": (kww.kww, kww.TREE),
    "wwz": (wwz.wwz, wwz.TREE),
}
"""Miroudot and Ye's decomposition (my) in the perspective of the exporter is Borin and Mancini's by source."""


@cache
def table(case: str) -> tuple[World, tuple[str, ...], tuple[str, ...]]:
    """A table with x = Z1 + Y1, its regions and its nodes; parts of a country are rows of one region."""
    if case == "decompr_leather":
        names, _, Z = labelled(FOLDER / "leather_inter.csv")
        _, _, Y = labelled(FOLDER / "leather_final.csv")
        owners = [n.partition(".")[0] for n in names]
    else:
        names, _, Z = labelled(FOLDER / f"{case}_Z.csv")
        _, _, Y = labelled(FOLDER / f"{case}_Y.csv")
        owners = [OWNER.get(n[:3], n[:3]) for n in names]
    regions = tuple(dict.fromkeys(owners))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    of = np.array([regions.index(o) for o in owners], dtype=np.intp)
    return World(Z, x, value_added_share(Z, x), Y, of, factor(Z, x)), regions, tuple(names)


@cache
def terms(case: str, method: str, region: str) -> Mapping[str, Matrix]:
    world, regions, _ = table(case)
    of = Exporter(world, regions.index(region))
    if method == "oecd":
        return oecd(of)
    kernel, tree = METHODS[method]
    found = values(world, of.s, complete(kernel(of), tree))
    exports = world.exports[of.rows]
    assert np.allclose(found["EXGR"], exports, rtol=1e-10, atol=1e-10)
    final = np.where(np.arange(world.count) == of.s, 0.0, world.Y[of.rows])
    return {**found, "texp": exports, "texpfd": final, "texpint": exports - final}


def oecd(of: Exporter) -> Mapping[str, Matrix]:
    """The OECD's indicators under the names of the other methods."""
    given = values(of.world, of.s, complete(tiva.contents(of), tiva.TREE))
    forward = tiva.forward(of)
    first = given["EXGR_DDC"] + given["EXGR_IDC"]
    return {
        "EXGR": given["EXGR"],
        "DC": given["EXGR_DVA"],
        "FC": given["EXGR_FVA"],
        "DVA": first,
        "DDC": given["EXGR_RIM"],
        "VAX": forward["FFD_DVA"],
        "REF": np.array([first.sum() - forward["FFD_DVA"].sum()]),
        "GVCB": given["EXGR_FVA"],
        "GVCF": forward["FEXDVA"],
        "GVC": given["EXGR_FVA"] + forward["FEXDVA"],
    }


def check(case: str, row: Row) -> None:
    """One number, of all partners or of `exporter -> importer`."""
    method, _, term = row.quantity.partition(".")
    region, _, partner = row.entity.partition(" -> ")
    if term == "DViX_Fsr":  # decompr's name for the domestic value added of a flow
        method, term = "bm_src", "DVA"
    found = terms(case, method, region)[term]
    _, regions, _ = table(case)
    row.check(float(found[:, regions.index(partner)].sum() if partner else found.sum()))


@pytest.mark.parametrize("row", rows("gvc", "iciotest", lambda _: True))
def test_countries_in_parts(row: Row) -> None:
    check("iciotest", row)


@pytest.mark.parametrize("row", rows("gvc", "wiodtest", lambda _: True))
def test_a_square_table(row: Row) -> None:
    check("wiodtest", row)


@pytest.mark.parametrize("row", rows("gvc", "decompr_leather", lambda q: q.startswith(("kww", "wwz"))))
def test_every_term_of_kww_and_wwz(row: Row) -> None:
    """By column: the labels of the returned terms do not run in the order of the terms."""
    check("decompr_leather", row)


@pytest.mark.parametrize("row", rows("gvc", "decompr_leather", lambda q: q.startswith("leontief")))
def test_value_added_by_source_and_use(row: Row) -> None:
    world, regions, names = table("decompr_leather")
    origin, industry, *use = row.entity.split("|")
    contained = world.v[:, None] * world.lu.inverse
    weights = {
        "leontief post=output": np.diag(world.x),
        "leontief post=exports": np.diag(world.exports.sum(axis=1)),
        "leontief post=final_demand": world.Y,
    }[row.quantity]
    column = regions.index(use[0]) if len(use) == 1 else names.index(".".join(use))
    row.check(float((contained @ weights)[names.index(f"{origin}.{industry}"), column]))
