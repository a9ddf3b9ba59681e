"""Input-output acceptance cases: the kernels against numbers computed or published by others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import pytest

from cases.reading import ABSENT, SHARED, Row, labelled, rows
from zizhu.depend.structure import influence, linkages
from zizhu.depend.structure.extraction import Kind, block, every
from zizhu.tables.content import (
    country_indicator,
    face_value,
    gross_look_through,
    value_added_content,
)
from zizhu.tables.cut import Cut, cut
from zizhu.tables.leontief import LU, Index, Matrix, Vector, factor, value_added_share

BOOK = ("leontief_inverse", "output_for_final_demand", "output_multiplier", "value_added_content")


@dataclass(frozen=True)
class Table:
    """A table with its final demand by destination: Z (n, n), F (n, C), x = Z1 + F1."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    Z: Matrix
    F: Matrix
    x: Vector
    lu: LU
    v: Vector

    @property
    def of(self) -> Index:
        return np.repeat(np.arange(len(self.regions)), len(self.sectors))

    @property
    def A(self) -> Matrix:  # noqa: N802
        return self.Z / self.x

    def node(self, region: str, sector: str) -> int:
        return self.regions.index(region) * len(self.sectors) + self.sectors.index(sector)

    def rows(self, region: str) -> Index:
        return np.flatnonzero(self.of == self.regions.index(region))


@cache
def book() -> Table:
    _, _, cells = labelled(SHARED / "cases" / "io" / "miller_blair.csv")
    Z, final, x = cells[:, :2], cells[:, 2:3], cells[:, 3]
    return Table(("one",), ("1", "2"), Z, final, x, factor(Z, x), value_added_share(Z, x))


@cache
def six_regions() -> Table:
    folder = SHARED / "cases" / "io"
    names, columns, Z = labelled(folder / "testmrio_Z.csv")
    same, regions, F = labelled(folder / "testmrio_F.csv")
    assert names == columns == same
    sectors = tuple(n.partition("|")[2] for n in names[:8])
    x = Z.sum(axis=1) + F.sum(axis=1)
    return Table(tuple(regions), sectors, Z, F, x, factor(Z, x), value_added_share(Z, x))


@pytest.mark.parametrize("row", rows("io", "miller_blair", lambda q: q.startswith(BOOK)))
def test_miller_and_blair(row: Row) -> None:
    table = book()
    place = [int(i) - 1 for i in row.entity.split(",")]
    if row.quantity.startswith("leontief_inverse"):
        found = table.lu.inverse[place[0], place[1]]
    elif row.quantity.startswith("output_for_final_demand_600_1500"):
        found = table.lu.solve(np.array([600.0, 1500.0]))[place[0]]
    elif row.quantity == "output_multiplier":
        found = table.lu.solve_transposed(np.ones(2))[place[0]]
    else:
        assert row.quantity == "value_added_content_of_final_demand"
        found = value_added_content(table.lu, table.v, table.of, 1)[0, place[0]]
    row.check(float(found))


def every_extraction(table: Table, kind: Kind) -> Matrix:
    """Losses (n, n): of every node (row) by the extraction of every node (column)."""
    return every(table.lu.inverse, np.eye(len(table.x)), table.x, table.Z.sum(axis=1), kind)


STRUCTURE = ("ghosh", "upstreamness", "downstreamness", "field_of_influence", "extraction")


@pytest.mark.parametrize("row", rows("io", "miller_blair", lambda q: q.startswith(STRUCTURE)))
def test_miller_and_blair_on_linkages(row: Row) -> None:
    table = book()
    place = tuple(int(i) - 1 for i in row.entity.split(","))
    found = {
        "ghosh_inverse": lambda: table.lu.inverse * table.x / table.x[:, None],
        "upstreamness": lambda: linkages.forward(table.lu, table.x),
        "downstreamness": lambda: linkages.backward(table.lu),
        "field_of_influence_of_a12": lambda: np.outer(table.lu.inverse[:, 0], table.lu.inverse[1]),
        "extraction_full_loss_total": lambda: every_extraction(table, "complete").sum(axis=0),
    }[row.quantity]()
    row.check(float(found[place]))


@pytest.mark.skipif(not SHARED.joinpath("cases").is_dir(), reason=ABSENT)
def test_the_norm_of_the_field_of_influence() -> None:
    columns, others = influence.norms(book().lu.inverse)
    field = np.outer(book().lu.inverse[:, 0], book().lu.inverse[1])
    assert columns[0] * others[1] == pytest.approx(np.linalg.norm(field), rel=1e-12)


KINDS: dict[str, Kind] = {"full": "complete", "backward": "backward", "forward": "forward"}


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("extraction")))
def test_extraction_of_a_node(row: Row) -> None:
    table = six_regions()
    region, _, sector = row.entity.partition(" ")
    k = table.node(region, sector)
    kind = KINDS[row.quantity.split("_")[1]]
    lost = every_extraction(table, kind)[:, k]
    K = np.array([k])
    assert block(table.lu.inverse[:, K], K, table.x, table.Z.sum(axis=1), kind) == pytest.approx(
        lost, rel=1e-12
    )
    others = row.quantity.endswith("others")
    row.check(float((np.delete(lost, k) if others else lost).sum()), cancelled(table))


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("closed_form")))
def test_extraction_of_every_node_is_the_direct_solution(row: Row) -> None:
    table, everybody, worst = six_regions(), np.eye(48), 0.0
    lost = every_extraction(table, "complete")
    for k in range(len(table.x)):
        left, y = table.A.copy(), table.F.sum(axis=1)
        left[k], left[:, k], y[k] = 0, 0, 0
        direct = np.linalg.solve(everybody - left, y)
        worst = max(worst, float(np.abs(table.x - lost[:, k] - direct).max() / direct.max()))
    row.check(worst)


# --- embargo ---


def sellers_and_buyers(entity: str) -> tuple[Index, Index]:
    """`reg1 manufactoring -> reg2` or, for all sectors, `reg1 -> reg2`."""
    table = six_regions()
    origin, _, destination = entity.partition(" -> ")
    region, _, sector = origin.partition(" ")
    sellers = np.array([table.node(region, sector)]) if sector else table.rows(region)
    return sellers, table.rows(destination)


def embargo(sellers: Index, buyers: Index) -> Cut:
    table = six_regions()
    return cut(table.lu, table.x, table.v, table.A[np.ix_(sellers, buyers)], sellers, buyers)


def cancelled(table: Table) -> float:
    """What the difference of two solutions of the whole table loses; exact arithmetic agrees with the kernel."""
    return float(np.finfo(float).eps * table.x.sum())


def direct_output_at_risk(entity: str) -> float:
    """sum over buyers j of x_j times the origin's part in j's purchases of the product."""
    table = six_regions()
    (seller,), buyers = sellers_and_buyers(entity)
    product = np.arange(len(table.regions)) * len(table.sectors) + seller % len(table.sectors)
    part = table.Z[seller, buyers] / table.Z[np.ix_(product, buyers)].sum(axis=0)
    return float(table.x[buyers] @ part)


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("embargo")))
def test_embargo(row: Row) -> None:
    table = six_regions()
    sellers, buyers = sellers_and_buyers(row.entity)
    if row.quantity == "embargo_direct_output_at_risk":
        return row.check(direct_output_at_risk(row.entity))
    if row.quantity == "embargo_removed_sales":
        return row.check(float(table.Z[np.ix_(sellers, buyers)].sum()))
    effects = embargo(sellers, buyers)
    loss = effects.carried if "ghosh_downstream" in row.quantity else effects.lost_output
    where = row.quantity.rpartition("_")[2]
    part = {"world": np.arange(len(loss)), "destination": buyers, "origin": table.rows(row.entity[:4])}
    return row.check(float(loss[part[where]].sum()), cancelled(table))


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("extraction_forward")))
def test_forward_extraction_is_a_cut_of_the_row(row: Row) -> None:
    table = six_regions()
    region, _, sector = row.entity.partition(" ")
    node, everybody = np.array([table.node(region, sector)]), np.arange(len(table.x))
    lost = embargo(node, everybody).lost_output
    others = row.quantity.endswith("others")
    row.check(float((np.delete(lost, node) if others else lost).sum()), cancelled(table))


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("low_rank_update")))
def test_low_rank_update_of_every_pair(row: Row) -> None:
    table, everybody = six_regions(), np.eye(48)
    y, worst = table.F.sum(axis=1), 0.0
    for seller in range(len(table.x)):
        for region in table.regions:
            buyers = table.rows(region)
            if seller not in buyers:
                changed = table.A.copy()
                changed[seller, buyers] = 0
                left = np.linalg.solve(everybody - changed, y)
                found = embargo(np.array([seller]), buyers).lost_output
                worst = max(worst, float(np.abs(table.x - found - left).max() / left.max()))
    row.check(worst)


# --- look-through ---


def look_through(quantity: str, entity: str) -> float:
    """`reg2 manufactoring <- reg1`, by the definitions of the cases."""
    table = six_regions()
    user, _, origin = entity.partition(" <- ")
    j, o = table.node(*cast(tuple[str, str], tuple(user.split(" ")))), table.regions.index(origin)
    count = len(table.regions)
    F = face_value(table.Z, table.x, table.of, count)[:, j]
    G = gross_look_through(table.lu, table.of, count)[:, j]
    own = country_indicator(table.of, count)[j]
    whole = (G + own).sum()
    measures = {
        "face_value_share": F[o] / F.sum(),
        "lookthrough_share": G[o] / G.sum(),
        "FPEM": (G + own)[o] / whole,
        "FPEM_face_value": (F + own)[o] / whole,
        "hidden_multiple": (G + own)[o] / (F + own)[o],
        "residual_value_share": value_added_content(table.lu, table.v, table.of, count)[o, j],
    }
    return float(measures[quantity])


LOOK_THROUGH = ("face_value_share", "lookthrough_share", "FPEM", "residual_value_share", "hidden_multiple")


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith(LOOK_THROUGH)))
def test_look_through(row: Row) -> None:
    row.check(look_through(row.quantity, row.entity))


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q.startswith("column_sums_of_v_L")))
def test_value_added_content_sums_to_one(row: Row) -> None:
    table = six_regions()
    H = value_added_content(table.lu, table.v, table.of, len(table.regions))
    row.check(float(np.abs(H.sum(axis=0) - 1).max()))


# --- content of exports ---


def content_of_exports(quantity: str, region: str) -> float:
    """EXGR = 1'e, DC = v_s L_ss e, FC = v_-s L_-s,s e, DVA = v_s (I - A_ss)^-1 e, VAX = v_s (L F_-s)."""
    table = six_regions()
    own, s = table.rows(region), table.regions.index(region)
    abroad = table.of != s
    e = table.Z[np.ix_(own, np.flatnonzero(abroad))].sum(axis=1) + np.delete(table.F[own], s, axis=1).sum(
        axis=1
    )
    H = value_added_content(table.lu, table.v, table.of, len(table.regions))[:, own] @ e
    alone = factor(table.Z[np.ix_(own, own)], table.x[own])
    to_others = table.lu.solve(np.delete(table.F, s, axis=1).sum(axis=1))
    measures = {
        "EXGR": e.sum(),
        "DC": H[s],
        "FC": np.delete(H, s).sum(),
        "DVA": table.v[own] @ alone.solve(e),
        "VAX": table.v[own] @ to_others[own],
    }
    return float(measures[quantity])


EXPORTS = ("EXGR", "DC", "FC", "DVA", "VAX")


@pytest.mark.parametrize("row", rows("io", "testmrio", lambda q: q in EXPORTS))
def test_content_of_exports(row: Row) -> None:
    row.check(content_of_exports(row.quantity, row.entity))
