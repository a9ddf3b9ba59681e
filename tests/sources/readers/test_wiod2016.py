"""The WIOD of 2016: its workbook and the CSV of its R release are read to the same cells that were written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sources import layouts
from sources.layouts import generated, same
from zizhu.sources.catalogue import read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.files.sheets import grid
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.readers.wiod2016 import ABOVE, from_r, read
from zizhu.sources.readers.wiot import LEFT, Layout, table
from zizhu.sources.reading import Request
from zizhu.vocab.industries import classifications
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")


def request(path: Path) -> Request:
    return Request(read_entry(pack("catalogue/wiod-2016.yaml")), members(path))


def found(path: Path) -> IOTable:
    asked = request(path)
    file = by_year(asked)[0]
    sheet = from_r(file.member) if path.suffix == ".csv" else grid(file.member, ABOVE, LEFT)
    return table(sheet, file, Layout(**asked.entry.parameters))


def small() -> IOTable:
    sectors = tuple(classifications()["wiod-2016"])
    return generated(("AUS", "CHN", "ROW"), sectors, CATEGORIES, year=2014, other=True)


def test_the_workbook_comes_back_cell_by_cell(tmp_path: Path) -> None:
    wanted = small()
    path = layouts.workbook(tmp_path / "WIOT2014_Nov16_ROW.xlsx", layouts.wiot(wanted, 2016), "2014")
    one = found(path)
    same(one, wanted)
    assert one.balanced
    assert (one.sections["C10-C12"], one.sections["R_S"]) == ("C", "S")
    assert list(next(read(request(path)))) == [
        "wiod-2016-2014",
        "wiod-2016-2014-nodes",
        "wiod-2016-2014-final",
    ]


def test_the_table_of_the_r_release_is_the_same(tmp_path: Path) -> None:
    wanted = small()
    path = tmp_path / "WIOT2014_October16_ROW.csv"
    same(found(layouts.wiot_from_r(path, layouts.wiot(wanted, 2016), 2014)), wanted)
    assert next(read(request(path)))["wiod-2016-2014-nodes"].describe.title.endswith("with their totals")


def test_faults_of_the_csv_are_named(tmp_path: Path) -> None:
    path = tmp_path / "WIOT2014_Nov16_ROW.csv"
    layouts.wiot_from_r(path, layouts.wiot(small(), 2016), 2013)
    with pytest.raises(ZizhuError, match=re.escape("the sheet '2013'; expected a table of 2014")):
        found(path)
    text = path.read_text()
    path.write_text(text.replace(",RNr,", ",Row,"))
    with pytest.raises(ZizhuError, match="columns IndustryCode, IndustryDescription, Country, Row, Year"):
        found(path)
    path.write_text(text[: len(text) // 2])
    with pytest.raises(ZizhuError):
        found(path)
    path.write_text(text.replace(",2013,", ",2013,x"))
    with pytest.raises(ZizhuError, match="is no number"):
        found(path)
