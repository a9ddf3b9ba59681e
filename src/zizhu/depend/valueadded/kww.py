"""Koopman, Wang and Wei (2014): gross exports of a country in nine terms.

R. Koopman, Z. Wang and S.-J. Wei, Tracing value-added and double counting in gross exports, American Economic Review
104(2), equation 36. The terms are of a country's exports to all. They are written here as contents of the flows by
which they leave, with B_sr = L_s sum over j != s of A_sj B_jr for r != s; sums over r, t, u leave out s:
  DVA_FIN     V_s B_ss Y_sr                 DVA_INT     V_s B_sr Y_rr
  DVA_INTrex  V_s B_sr Y_rt, t != r         RDV_FIN     V_s B_sr Y_rs
  RDV_INT     V_s (B_ss - L_s) Y_ss         DDC         V_s (B_ss - L_s) E_s
  FVA_FIN     V_t B_ts Y_sr                 FVA_INT     V_t B_ts A_sr L_r Y_rr
  FDC         V_t B_ts A_sr L_r E_r
"""

from __future__ import annotations

import numpy as np

from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree

TREE: Tree = {
    "EXGR": "",
    "DC": "EXGR",
    "DVA": "DC",
    "VAX": "DVA",
    "DVA_FIN": "VAX",
    "DVA_INT": "VAX",
    "DVA_INTrex": "VAX",
    "REF": "DVA",
    "RDV_FIN": "REF",
    "RDV_INT": "REF",
    "DDC": "DC",
    "FC": "EXGR",
    "FVA": "FC",
    "FVA_FIN": "FVA",
    "FVA_INT": "FVA",
    "FDC": "FC",
}


def kww(of: Exporter) -> Pieces:
    """The nine terms."""
    w, s = of.world, of.s
    at_home, own = w.for_home[:, s], w.for_home.sum(axis=1)
    back = w.for_final[:, s] - at_home
    direct = own - at_home
    onward = w.for_sales.sum(axis=1) - w.for_sales[:, s] - back - direct
    return {
        "DVA_FIN": (Piece(of.everywhere, True, None),),
        "DVA_INT": (Piece(of.first, False, direct),),
        "DVA_INTrex": (Piece(of.first, False, onward),),
        "RDV_FIN": (Piece(of.first, False, back),),
        "RDV_INT": (Piece(of.first, False, np.ascontiguousarray(at_home)),),
        "DDC": (
            Piece(of.first, False, w.for_sales[:, s] - at_home),
            Piece(of.everywhere - of.first, False, w.x),
        ),
        "FVA_FIN": (Piece(of.foreign, True, None),),
        "FVA_INT": (Piece(of.foreign, False, w.local_home),),
        "FDC": (Piece(of.foreign, False, w.local_exports),),
    }
