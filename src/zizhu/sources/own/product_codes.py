"""Codes of products told apart: those of the Harmonised System, and those of PRODCOM, which are as long.

A code of PRODCOM begins with an industry of NACE, a code of the Combined Nomenclature with six digits of the HS.
"""

from __future__ import annotations

from zizhu.sources.own.layout import Guess
from zizhu.sources.own.looks import Look
from zizhu.sources.own.words import class_of_name

HS, PRODCOM = "HS", "PRODCOM"
MOST, FEW = 0.5, 0.2
"""Shares of codes that begin as one of HS 1992: of all codes of the revisions from 2012 to 2022 0.70 to 0.79 do, of
six digits of other classifications (NAICS, SITC) less than 0.03."""
INDUSTRIES = 0.95
LENGTHS = (6, 8, 10)


def coding(look: Look) -> Guess[str]:
    """`HS6`, `HS8`, `HS10`, or "" for what is no code of the HS; low where both classifications fit."""
    said, valid, industries = class_of_name(look.name), look.share("hs6"), look.share("prodcom")
    like_prodcom = industries >= INDUSTRIES
    hs = f"HS{look.digits if look.digits in LENGTHS else 6}"
    facts = f"{valid:.0%} of the codes begin as one of HS 1992"
    if like_prodcom:
        facts += f", {industries:.0%} as an industry of NACE that makes goods"
    if said == PRODCOM:
        return Guess("", 0.9 if valid < MOST else 0.5, f"the name says PRODCOM; {facts}")
    if like_prodcom and valid >= MOST:
        return Guess(hs, 0.75 if said == HS else 0.6, f"HS or PRODCOM: {facts}")
    if like_prodcom and valid < FEW:
        return (
            Guess(hs, 0.5, f"the name says HS, but {facts}")
            if said == HS
            else Guess("", 0.8, f"PRODCOM: {facts}")
        )
    if look.digits not in LENGTHS:
        return Guess(hs, 0.4, f"most codes have {look.digits} digits")
    sure = 0.9 if valid >= MOST or look.digits != 8 else 0.75 if said == HS else 0.6
    return Guess(hs, sure, f"most codes have {look.digits} digits; {facts}")


def is_prodcom(look: Look) -> bool:
    """Whether the cells alone speak for PRODCOM."""
    return look.share("prodcom") >= INDUSTRIES and look.share("hs6") < FEW and look.distinct > 2
