"""Wang, Wei and Zhu (2013): gross exports by industry and partner in sixteen terms.

Z. Wang, S.-J. Wei and K. Zhu, Quantifying international production sharing at the bilateral and sector levels, NBER
Working Paper 19677 (revised 2018), equation 37. Each is a content, V_s L_s unless it says otherwise, of sales to the
importer r; sums over third countries t leave out s and r, sums over u leave out s and t:
  DVA_FIN       V_s B_ss of Y_sr               DVA_INT       A_sr B_rr Y_rr
  DVA_INTrexI1  A_sr B_rt Y_tt                 DVA_INTrexF   A_sr B_rr Y_rt
  DVA_INTrexI2  A_sr B_rt Y_tu                 RDV_FIN       A_sr B_rr Y_rs
  RDV_FIN2      A_sr B_rt Y_ts                 RDV_INT       A_sr B_rs Y_ss
  DDC_FIN       A_sr B_rs Y_su                 DDC_INT       V_s (B_ss - L_s) of A_sr x_r
  MVA_FIN       V_r B_rs of Y_sr               OVA_FIN       V_t B_ts of Y_sr
  MVA_INT       V_r B_rs of A_sr L_r Y_rr      OVA_INT       V_t B_ts of A_sr L_r Y_rr
  MDC           V_r B_rs of A_sr L_r E_r       ODC           V_t B_ts of A_sr L_r E_r
The labels are those of R decompr. RDV_FIN2 and RDV_INT are there in another order than the terms of the paper.
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
    "DVA_FIN": "VAX",
    "DVA_INT": "VAX",
    "DVA_INTrexI1": "VAX",
    "DVA_INTrexF": "VAX",
    "DVA_INTrexI2": "VAX",
    "REF": "DVA",
    "RDV_FIN": "REF",
    "RDV_FIN2": "REF",
    "RDV_INT": "REF",
    "DDC": "DC",
    "DDC_FIN": "DDC",
    "DDC_INT": "DDC",
    "FC": "EXGR",
    "FVA": "FC",
    "MVA_FIN": "FVA",
    "OVA_FIN": "FVA",
    "MVA_INT": "FVA",
    "OVA_INT": "FVA",
    "FDC": "FC",
    "MDC": "FDC",
    "ODC": "FDC",
}


def wwz(of: Exporter) -> Pieces:
    """The sixteen terms."""
    return {**_domestic(of), **_foreign(of)}


def _domestic(of: Exporter) -> Pieces:
    through = {name: (Piece(of.first, False, k),) for name, k in _followed(of).items()}
    return {
        "DVA_FIN": (Piece(of.everywhere, True, None),),
        **through,
        "DDC_INT": (Piece(of.everywhere - of.first, False, of.world.x),),
    }


def _followed(of: Exporter) -> dict[str, Vector]:
    """The output (n,) in r that each term of V_s L_s follows; together it is all output, x."""
    w, s = of.world, of.s
    at_home, to_s = w.for_home[:, s], w.within[:, s]
    direct = w.within[np.arange(len(w.x)), w.region]
    onward = w.within.sum(axis=1) - direct - to_s
    third = w.for_home.sum(axis=1) - direct - at_home
    back = w.for_final[:, s] - to_s - at_home
    third_sales = w.for_sales.sum(axis=1) - w.within.sum(axis=1) - w.for_sales[:, s]
    return {
        "DVA_INT": direct,
        "DVA_INTrexI1": third,
        "DVA_INTrexF": onward,
        "DVA_INTrexI2": third_sales - back - third,
        "RDV_FIN": np.ascontiguousarray(to_s),
        "RDV_FIN2": back,
        "RDV_INT": np.ascontiguousarray(at_home),
        "DDC_FIN": w.for_sales[:, s] - at_home,
    }


def _foreign(of: Exporter) -> Pieces:
    w = of.world
    importer = w.contained[:, of.rows].T.copy()
    importer[:, of.s] = 0.0
    others = of.foreign[:, None] - importer
    return {
        "MVA_FIN": (Piece(importer, True, None),),
        "OVA_FIN": (Piece(others, True, None),),
        "MVA_INT": (Piece(importer, False, w.local_home),),
        "OVA_INT": (Piece(others, False, w.local_home),),
        "MDC": (Piece(importer, False, w.local_exports),),
        "ODC": (Piece(others, False, w.local_exports),),
    }
