"""Indicators of the OECD's Trade in Value Added: contents of exports, and value added by where it is absorbed.

OECD, Guide to OECD's Trade in Value Added (TiVA) Indicators, 2021 edition. Of region s, with partner r:
  EXGR_DVA  V_s B_ss E_sr, all domestic content: direct (EXGR_DDC, the exporting industry's own: v_i times the diagonal
            of L_s), indirect (EXGR_IDC, its domestic suppliers': the rest of V_s L_s) and re-imported (EXGR_RIM,
            V_s (B_ss - L_s))
  EXGR_FVA  foreign content; as a share of exports backward participation, DEXFVApSH
  FEXDVA    v_i times sum over j of B_ij E_j for the exporters j of r: domestic value added in what r exports in its
            turn; as a share of exports forward participation, FEXDVApSH
  FFD_DVA   v_i times (B Y_r)_i: value added of industry i that final demand in r absorbs, by any route (also VAX)
The industry of a content is the one that exports; that of FEXDVA and FFD_DVA is the one where the value is added.
EXGR_DVA counts domestic value added each time it leaves, which other methods call domestic content (DC).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree
from zizhu.tables.leontief import Matrix

TREE: Tree = {
    "EXGR": "",
    "EXGR_DVA": "EXGR",
    "EXGR_DDC": "EXGR_DVA",
    "EXGR_IDC": "EXGR_DVA",
    "EXGR_RIM": "EXGR_DVA",
    "EXGR_FVA": "EXGR",
}
FORWARD = ("FEXDVA", "FFD_DVA")
"""Indicators that are no part of the exports of s, by industry of origin."""


def contents(of: Exporter) -> Pieces:
    """What the exports of s contain."""
    x = of.world.x
    direct = of.world.v[of.rows] * of.world.local(of.s).inverse.diagonal()
    return {
        "EXGR_DDC": (Piece(direct, True, x),),
        "EXGR_IDC": (Piece(of.first - direct, True, x),),
        "EXGR_RIM": (Piece(of.everywhere - of.first, True, x),),
        "EXGR_FVA": (Piece(of.foreign, True, x),),
    }


def forward(of: Exporter) -> Mapping[str, Matrix]:
    """The forward indicators by industry of origin and partner, (n_s, C); 0 for s itself."""
    v = of.world.v[of.rows, None]
    found = {"FEXDVA": v * of.world.behind_exports[of.rows], "FFD_DVA": v * of.world.for_final[of.rows]}
    for values in found.values():
        values[:, of.s] = 0.0
    return {name: np.asarray(found[name]) for name in FORWARD}
