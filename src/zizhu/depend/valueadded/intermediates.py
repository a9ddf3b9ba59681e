"""Domestic and foreign content of exported inputs: what can be said without final demand by destination.

EXGR_INT = A_sr x_r, the sales of region s to industries of r; DC = V_s B_ss EXGR_INT; FC = value added of others in it.
Value added that leaves s more than once is counted each time.
"""

from __future__ import annotations

from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree

TREE: Tree = {"EXGR_INT": "", "DC": "EXGR_INT", "FC": "EXGR_INT"}


def contents(of: Exporter) -> Pieces:
    """What the exported inputs of s contain."""
    x = of.world.x
    return {"DC": (Piece(of.everywhere, False, x),), "FC": (Piece(of.foreign, False, x),)}
