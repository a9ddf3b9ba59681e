"""FIGARO in matrix form: written as published, read back cell by cell."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sources import layouts
from sources.layouts import generated, same
from zizhu.sources.catalogue import read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers.figaro import Layout, read, read_year
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.reading import Request
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

NAME = "matrix_eu-ic-io_ind-by-ind_26ed_2021.csv"
CATEGORIES = ("GGFC", "HFCE", "NPISH", "GFCF", "INVNT")


def request(path: Path) -> Request:
    return Request(read_entry(pack("catalogue/figaro.yaml")), members(path))


def found(path: Path) -> IOTable:
    asked = request(path)
    return read_year(by_year(asked)[0], Layout(**asked.entry.parameters))


def small() -> IOTable:
    """Whole numbers, so that output as the sum of a row is exact."""
    return generated(
        ("AUT", "CHN", "ROW"), ("A01", "C26", "L68"), CATEGORIES, year=2021, decimals=0, other=True
    )


def test_the_matrix_comes_back_cell_by_cell(tmp_path: Path) -> None:
    wanted = small()
    path = layouts.figaro(tmp_path / NAME, wanted)
    table = found(path)
    assert table.unit == "million EUR"
    same(layouts.in_unit(table, wanted.unit), wanted)
    assert (table.edition, table.balanced, table.sections["C26"]) == ("26", True, "C")
    assert "figaro-2021-final" in next(read(request(path)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("W2_D1,", "W2_X,", "no row W2_D1"),
        ("CN_P51G", "CN_P7", "other columns of final demand"),
        ("CN_", "XX_", "countries that are not known: XX"),
        ("\nAT_C26,", "\nAT_C27,", "rows of which the first are not the 9 columns"),
        ("\nAT_C26,", "\nAT_C26,9999", "sales of"),
    ],
)
def test_faulty_files_are_named(old: str, new: str, told: str, tmp_path: Path) -> None:
    path = layouts.figaro(tmp_path / NAME, small())
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ZizhuError, match=re.escape(told)):
        found(path)


def test_a_product_table_is_refused_by_its_name(tmp_path: Path) -> None:
    path = layouts.figaro(tmp_path / "matrix_eu-ic-io_prod-by-prod_26ed_2021.csv", small())
    with pytest.raises(ZizhuError, match="no table of figaro"):
        found(path)
    assert np.isfinite(small().Z).all()
