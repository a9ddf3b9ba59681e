"""The industry of every product: a sector of the table, and mostly that of a published concordance."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from zizhu.vocab.product_sectors import made_by
from zizhu.vocab.products import products, raw_materials
from zizhu.vocab.sectors import sectors

CONCORDANCE = Path(__file__).resolve().parents[3] / "shared/data/test/concordance/hs_isic4.parquet"


def divisions(sector: str) -> set[str]:
    """The ISIC divisions and groups of a sector, `10-12` written out."""
    found = set()
    for part in re.split(r"[;,]\s*", sectors()[sector].isic):
        first, _, last = part.partition("-")
        found |= {str(k).zfill(len(first)) for k in range(int(first), int(last or first) + 1)}
    return found


def test_every_product_has_an_industry_of_the_table() -> None:
    for code in (c for c in products() if not c.startswith("9999")):
        found = made_by(code)
        assert found is not None, code
        assert found.sector in sectors()
        assert code.startswith(found.prefix)
        assert found.basis


@pytest.mark.parametrize(
    ("hs6", "sector"),
    [
        ("260300", "B07"),
        ("270900", "B06"),
        ("284690", "C20"),
        ("854211", "C26"),
        ("870321", "C29"),
        ("999999", None),
    ],
)
def test_plain_cases(hs6: str, sector: str | None) -> None:
    found = made_by(hs6)
    assert (found.sector if found else None) == sector


@pytest.mark.skipif(
    not CONCORDANCE.is_file(), reason="the concordances (../shared/data/test) are not on this machine"
)
def test_the_industry_is_among_those_of_a_published_concordance() -> None:
    listed = pl.read_parquet(CONCORDANCE).filter(pl.col("HS_6d").is_in(list(products())))
    theirs: dict[str, set[str]] = {}
    for code, *isic in listed.select("HS_6d", "ISIC4_2d", "ISIC4_3d").iter_rows():
        theirs.setdefault(code, set()).update(i for i in isic if i)
    known = [c for c, isic in theirs.items() if isic]
    agreed = [c for c in known if (m := made_by(c)) is not None and divisions(m.sector) & theirs[c]]
    assert len(known) > 4_900
    assert len(agreed) / len(known) > 0.95
    assert {c for c in raw_materials() if c in theirs} - set(agreed) <= {
        "711290",
        "250390",
    }  # waste, and what refineries recover
