"""The WIOD of 2013: written as its workbook, read back cell by cell, and compared with what pymrio reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest

from sources import layouts
from sources.layouts import Cells, generated, same
from zizhu.sources.catalogue import read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.files.sheets import grid
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.readers.wiod2013 import ABOVE, read
from zizhu.sources.readers.wiot import LEFT, Layout, table
from zizhu.sources.reading import Request
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

WIOD = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "test" / "wiod2013"
CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")
C35 = tuple(f"c{i}" for i in range(1, 36))


def request(path: Path, *years: int) -> Request:
    return Request(read_entry(pack("catalogue/wiod-2013.yaml")), members(path), frozenset(years))


def tables(asked: Request) -> list[IOTable]:
    layout = Layout(**asked.entry.parameters)
    return [table(grid(file.member, ABOVE, LEFT), file, layout) for file in by_year(asked)]


def small(year: int = 2011) -> IOTable:
    return generated(("AUS", "ROU", "ROW"), ("c1", "c2", "c3"), CATEGORIES, year=year, other=True)


def written(path: Path, wanted: IOTable, change: Callable[[Cells], object] = lambda _: None) -> Path:
    """The workbook with Romania and the rest of the world as the producer calls them."""
    told = {"ROU": "ROM", "ROW": "RoW"}
    country = tuple(told.get(c, c) for c in wanted.country)
    buyers = tuple(told.get(c, c) for c in wanted.buyers)
    cells = layouts.wiot(replace(wanted, country=country, buyers=buyers), 2013)
    change(cells)
    return layouts.workbook(path, cells, f"WIOT_{wanted.year}")


def test_a_year_comes_back_cell_by_cell(tmp_path: Path) -> None:
    wanted = small()
    found = tables(request(written(tmp_path / "wiot11_row_sep12.xlsx", wanted)))[0]
    same(found, wanted)
    assert found.balanced
    assert found.sections["c3"] == "C"
    assert found.notes == (
        f"other_inputs of the nodes holds international transport margins ({found.other_inputs.sum():,.0f}).",
    )


def test_years_of_the_zip_are_told_by_two_digits(tmp_path: Path) -> None:
    wanted = [small(1995), small(2008)]
    with ZipFile(tmp_path / "WIOTS_in_EXCEL.zip", "w") as archive:
        for t, month in zip(wanted, ("Apr", "Sep"), strict=True):
            name = f"WIOT{t.year % 100:02d}_ROW_{month}12.xlsx"
            archive.write(written(tmp_path / name, t), name)
    for found, t in zip(tables(request(tmp_path / "WIOTS_in_EXCEL.zip")), wanted, strict=True):
        same(found, t)


def test_all_that_a_column_pays_besides_is_kept(tmp_path: Path) -> None:
    wanted = small()
    n = len(wanted.country)
    rows = {k: np.arange(n) * f for k, f in (("CIF", 1.0), ("RES", 0.5), ("NON", -0.25), ("ITM", 2.0))}
    path = layouts.workbook(tmp_path / "wiot11_row_sep12.xlsx", layouts.wiot(wanted, 2013, rows), "WIOT_2011")
    found = tables(request(path))[0]
    np.testing.assert_array_equal(found.other_inputs, np.arange(n) * 3.25)
    assert "cif/fob adjustments on exports (36); direct purchases abroad by residents (18)" in found.notes[0]
    made = next(read(request(path)))
    nodes = made["wiod-2013-2011-nodes"].frame  # type: ignore[union-attr]
    assert nodes["other_inputs"].to_list() == (np.arange(n) * 3.25).tolist()


def unlabelled(cells: Cells) -> None:
    """As some workbooks have it: no country but of r60, no number of the margins, nothing but a name over output."""
    for row in cells[-7:]:
        row[2] = ""
    cells[-2][1], cells[-2][3] = "International Transport Margins", ""
    cells[4][-1] = cells[5][-1] = ""


def test_totals_without_country_and_number_are_known_by_their_place_and_name(tmp_path: Path) -> None:
    wanted = small()
    found = tables(request(written(tmp_path / "wiot11_row_sep12.xlsx", wanted, unlabelled)))[0]
    same(found, wanted)
    assert found.balanced


FAULTS: dict[str, tuple[Callable[[Cells], object], str]] = {
    "a row missing": (lambda c: c.pop(8), "row ('ROU', 'c1') where the columns have ('AUS', 'c3')"),
    "the foot cut off": (lambda c: c.__delitem__(slice(17, None)), "no row r64 (value added)"),
    "no total": (lambda c: [r.pop() for r in c[2:]], "no column of TOT"),
    "a word": (lambda c: c[7].__setitem__(6, "n.a."), "cell G8: 'n.a.' is no number"),
    "negative output": (lambda c: c[6].__setitem__(-1, -5.0), "output of -5.0 at the right"),
    "two tables": (lambda c: c.extend([c[6]] * 2), "rows c1 of a country below TOT"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_sheets_are_named(fault: str, tmp_path: Path) -> None:
    change, told = FAULTS[fault]
    path = written(tmp_path / "wiot11_row_sep12.xlsx", small(), change)
    with pytest.raises(ZizhuError, match=re.escape(told)):
        tables(request(path))


def test_a_sheet_of_another_year_and_a_file_that_is_no_workbook_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "wiot11_row_sep12.xlsx", small())
    path.rename(tmp_path / "wiot10_row_sep12.xlsx")
    with pytest.raises(ZizhuError, match=re.escape("the sheet 'WIOT_2011'; expected a table of 2010")):
        tables(request(tmp_path / "wiot10_row_sep12.xlsx"))
    bad = tmp_path / "wiot09_row_sep12.xlsx"
    bad.write_bytes(b"no workbook at all")
    with pytest.raises(ZizhuError, match="no workbook that can be read"):
        tables(request(bad))


def published(year: int) -> IOTable:
    """The table of a year as the test data have it; taxes and adjustments are in value added there."""
    if not WIOD.exists():
        pytest.skip("the WIOD of 2013 is not at hand (shared/data/test/wiod2013)")
    told = {"ROM": "ROU", "RoW": "ROW"}
    labels = pl.read_parquet(WIOD / "labels.parquet")
    country = tuple(told.get(c, c) for c in labels["iso3"])
    buyers, n = tuple(dict.fromkeys(country)), labels.height
    Z, final = np.zeros((n, n)), np.zeros((n, len(buyers), 5))
    z, f, x = (pl.read_parquet(WIOD / f"{k}.parquet").filter(pl.col("year") == year) for k in "ZFX")
    Z[z["i"].to_numpy(), z["j"].to_numpy()] = z["v"].to_numpy()
    final[f["i"].to_numpy(), f["dest"].to_numpy(), f["cat"].to_numpy()] = f["v"].to_numpy()
    output = x.sort("i")["output"].to_numpy().astype(float)
    value_added = x.sort("i")["value_added_plus_other"].to_numpy().astype(float)
    return IOTable(
        year, "million USD", country, tuple(labels["sector"]), country, Z, final, buyers, CATEGORIES,
        value_added, np.zeros(n), output, True, {}, other_inputs=np.zeros(n),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("year", [1995, 2008, 2011])
@pytest.mark.filterwarnings(
    "ignore"
)  # the peer warns of satellite accounts that are not there, and of pandas
def test_real_years_come_back_and_pymrio_reads_the_same(year: int, tmp_path: Path) -> None:
    wanted = published(year)
    month = "apr" if year < 2008 else "sep"
    path = written(tmp_path / f"wiot{year % 100:02d}_row_{month}12.xlsx", wanted)
    found = tables(request(path, year))[0]
    same(found, wanted)
    assert not found.balanced, "the test data are truncated to whole millions"
    pymrio = pytest.importorskip("pymrio")
    peer = pymrio.parse_wiod(str(path))
    np.testing.assert_array_equal(peer.Z.to_numpy(), wanted.Z)
    np.testing.assert_array_equal(peer.Y.to_numpy(), wanted.final.reshape(len(wanted.country), -1))
