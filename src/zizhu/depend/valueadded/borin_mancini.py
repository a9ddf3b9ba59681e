"""Borin and Mancini: value added in exports without double counting, by source and by sink.

A. Borin and M. Mancini (2019), Measuring what matters in global value chains and value-added trade, World Bank Policy
Research Working Paper 8804. Value added that crosses the border of s more than once is counted once: the first time in
the source-based form, the last time in the sink-based one; what crosses again is double counted. Both agree for all
exports of s together and differ by partner and industry. With T = (I - A_ss) B_ss, the inverse of I - A without the
exports of inputs by s is B_ts T^-1 in the columns of s.

          source                                    sink
  DVA     V_s L_s E_sr                              V_s B_ss (E_sr - A_sr q_r)
  REF     V_s L_s A_sr (B Y_s)_r                    V_s B_ss A_sr ((B Y_s)_r - h_r)
  DDC     V_s (B_ss - L_s) E_sr                     V_s B_ss A_sr q_r
  FVA     sum_t V_t B_ts T^-1 E_sr                  sum_t V_t B_ts (E_sr - A_sr q_r)          t != s
  FDC     sum_t V_t B_ts E_sr - FVA                 sum_t V_t B_ts A_sr q_r
with q = B_.s T^-1 E_s and h = B_.s T^-1 (sum over j != s of A_sj (B Y_s)_j); VAX = DVA - REF.

Seen from the world, value added is double counted once it crosses any border again (Miroudot and Ye 2021, Decomposing
value added in gross exports): by source, all foreign content; by sink, all that the importer exports again.

Participation in global value chains, by source: what crosses more than one border is what does not go straight to the
importer's own use, GVCF = V_s L_s A_sr L_r E_r; backward GVCB = FC + DDC; GVC their sum.
"""

from __future__ import annotations

import numpy as np

from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree
from zizhu.tables.leontief import Vector

TREE: Tree = {
    "EXGR": "",
    "DC": "EXGR",
    "DVA": "DC",
    "VAX": "DVA",
    "REF": "DVA",
    "DDC": "DC",
    "FC": "EXGR",
    "FVA": "FC",
    "FDC": "FC",
    "GVC": "",
    "GVCB": "GVC",
    "GVCF": "GVC",
}


def source(of: Exporter) -> Pieces:
    """Counted the first time it leaves s."""
    x, back = of.world.x, np.ascontiguousarray(of.world.for_final[:, of.s])
    once = of.passing.solve_transposed(of.foreign)
    return {
        "VAX": (Piece(of.first, True, x - back),),
        "REF": (Piece(of.first, False, back),),
        "DDC": (Piece(of.everywhere - of.first, True, x),),
        "FVA": (Piece(once, True, x),),
        "FDC": (Piece(of.foreign - once, True, x),),
        "GVCB": (Piece(of.foreign + of.everywhere - of.first, True, x),),
        "GVCF": (Piece(of.first, False, of.world.local_exports),),
    }


def sink(of: Exporter) -> Pieces:
    """Counted the last time it leaves s."""
    back = np.ascontiguousarray(of.world.for_final[:, of.s])
    again, home_again = _again(of, back)
    last, home = of.world.x - again, back - home_again
    return {
        "VAX": (Piece(of.everywhere, True, last - home),),
        "REF": (Piece(of.everywhere, False, home),),
        "DDC": (Piece(of.everywhere, False, again),),
        "FVA": (Piece(of.foreign, True, last),),
        "FDC": (Piece(of.foreign, False, again),),
    }


def world_source(of: Exporter) -> Pieces:
    """Counted the first time it leaves its own region: nothing foreign is left to count."""
    held = source(of)
    nothing = (Piece(np.zeros_like(of.foreign), True, None),)
    foreign = (Piece(of.foreign, True, of.world.x),)
    return {k: held[k] for k in ("VAX", "REF", "DDC")} | {"FVA": nothing, "FDC": foreign}


def world_sink(of: Exporter) -> Pieces:
    """Counted the last time it crosses any border: what the importer uses at home."""
    here, on = of.world.local_home, of.world.local_exports
    return {
        "DVA": (Piece(of.everywhere, True, here),),
        "DDC": (Piece(of.everywhere, False, on),),
        "FVA": (Piece(of.foreign, True, here),),
        "FDC": (Piece(of.foreign, False, on),),
    }


def _again(of: Exporter, back: Vector) -> tuple[Vector, Vector]:
    """q and h (n,): output of all nodes behind what s exports, and behind what it exports to serve itself."""
    world = of.world
    foreign = np.where(world.region == of.s, 0.0, back)
    wanted = np.stack([world.exports[of.rows].sum(axis=1), world.inputs(of.s) @ foreign], axis=1)
    placed = np.zeros((len(world.x), 2), order="F")
    placed[of.rows] = of.passing.solve(wanted)
    q, h = world.lu.solve(placed).T
    return np.ascontiguousarray(q), np.ascontiguousarray(h)
