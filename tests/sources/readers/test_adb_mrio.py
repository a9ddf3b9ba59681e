"""Tables of the Asian Development Bank: both variants of the sheet are read to the cells that were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources import layouts
from sources.layouts import generated, same
from zizhu.sources.catalogue import read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.files.sheets import grid
from zizhu.sources.readers.adb_mrio import above, read
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.wiot import LEFT, Layout, table
from zizhu.sources.reading import Request
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError


@pytest.mark.parametrize("second", [False, True])
def test_both_variants_come_back(second: bool, tmp_path: Path) -> None:
    categories = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")
    wanted = generated(("AUS", "CHN", "ROW"), ("c1", "c2"), categories, year=2024, other=True)
    cells = layouts.adb(wanted, second)
    path = layouts.workbook(tmp_path / "ADB-MRIO-2024-August 2025.xlsx", cells, "ADB MRIO 2024")
    asked = Request(read_entry(pack("catalogue/adb-mrio.yaml")), members(path))
    file = by_year(asked)[0]
    same(table(grid(file.member, above(file.member), LEFT), file, Layout(**asked.entry.parameters)), wanted)
    assert "adb-mrio-2024-nodes" in next(read(asked))


def test_a_sheet_of_something_else_is_refused(tmp_path: Path) -> None:
    path = layouts.workbook(tmp_path / "ADB-MRIO-2024.xlsx", [["title"], ["a", "b", "c", "d", 1.0]], "x")
    with pytest.raises(ZizhuError, match="no row of column numbers"):
        next(read(Request(read_entry(pack("catalogue/adb-mrio.yaml")), members(path))))
