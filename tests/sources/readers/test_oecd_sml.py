"""ICIO tables: what was written in the OECD's layout is read back, cell by cell; faulty files are named."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import polars as pl
import pytest

from sources import layouts
from sources.layouts import generated, same
from zizhu.sources.catalogue import Entry, read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.readers.oecd_sml import Names, read, read_year
from zizhu.sources.reading import Made, Request
from zizhu.store import Workspace
from zizhu.tables.load import load_final, load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

CUBES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "test" / "icio_cubes"
OLD, NEW = ("01T02", "03", "C26"), ("A01", "C24A", "C26")
SPLIT = ("AUS", "ROW", "CN1", "CN2", "MX1", "MX2")
WHOLE = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}


def entry() -> Entry:
    return read_entry(pack("catalogue/oecd-icio.yaml"))


def request(path: Path, *years: int) -> Request:
    return Request(entry(), members(path), frozenset(years))


def tables(asked: Request) -> list[IOTable]:
    return [read_year(file, Names.of(asked.entry.parameters)) for file in by_year(asked)]


def zipped(path: Path, *files: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
        archive.writestr("ReadMe.txt", "notes " * 40)
    return path


def test_a_regular_table_comes_back_cell_by_cell(tmp_path: Path) -> None:
    wanted = generated(("AUS", "CHN", "ROW"), NEW, year=2020)
    found = tables(request(layouts.icio(tmp_path / "2020_SML.csv", wanted)))
    same(found[0], wanted)
    assert found[0].edition == "2025"
    assert found[0].balanced
    assert found[0].sections["C26"] == "C"


def test_years_of_a_zip_are_read_as_asked(tmp_path: Path) -> None:
    wanted = [generated(("AUS", "ROW"), NEW, seed=y, year=y) for y in (2016, 2017, 2018)]
    files = [layouts.icio(tmp_path / f"{t.year}_SML.csv", t) for t in wanted]
    archive = zipped(tmp_path / "2016-2022_SML.zip", *files)
    for found, table in zip(tables(request(archive)), wanted, strict=True):
        same(found, table)
    assert [t.year for t in tables(request(archive, 2018, 2016))] == [2016, 2018]
    with pytest.raises(ZizhuError, match=re.escape("no table of 2021; expected a file for every year")):
        tables(request(archive, 2018, 2021))


def test_parts_of_china_and_mexico_stay_parts(tmp_path: Path) -> None:
    wanted = generated(SPLIT, NEW, year=2019, whole=WHOLE)
    found = tables(request(layouts.icio(tmp_path / "2019.csv", wanted, empty=("CHN", "MEX"))))[0]
    same(found, wanted)
    assert found.buyers == ("AUS", "ROW", "CHN", "MEX")
    assert found.notes == ("CN1, CN2, MX1, MX2 are parts of CHN, MEX.",)


def test_codes_that_are_no_country_are_told_with_their_weight(tmp_path: Path) -> None:
    wanted = generated(("AUS", "XQZ", "ROW", "CN1", "CN2"), NEW, year=2019, whole=WHOLE)
    found = tables(request(layouts.icio(tmp_path / "2019.csv", wanted, empty=("CHN",))))[0]
    same(found, wanted)
    part = wanted.output[[c == "XQZ" for c in wanted.country]].sum() / wanted.output.sum()
    assert len(found.notes) == 2
    assert found.notes[1].startswith(
        f"No country and no part of one that is documented: XQZ, with {part:.2%} of"
    )


def test_the_edition_of_2021_has_taxes_by_country_and_other_names(tmp_path: Path) -> None:
    wanted = generated(SPLIT, OLD, year=2018, whole=WHOLE)
    path = layouts.icio(tmp_path / "ICIO2021_2018.csv", wanted, edition="2021", empty=("CHN", "MEX"))
    found = tables(request(path))[0]
    same(found, wanted)
    assert (found.edition, found.sections["01T02"]) == ("2021", "A")


def test_a_file_of_another_name_is_taken_for_the_one_year_asked_for(tmp_path: Path) -> None:
    wanted = generated(("AUS", "ROW"), NEW, year=2022)
    path = layouts.icio(tmp_path / "mine.csv", wanted)
    same(tables(request(path, 2022))[0], wanted)
    with pytest.raises(ZizhuError, match=re.escape("mine.csv: no table of oecd-icio")):
        tables(request(path))


def test_two_files_of_a_year_are_refused(tmp_path: Path) -> None:
    wanted = generated(("AUS", "ROW"), NEW, year=2020)
    files = [layouts.icio(tmp_path / name, wanted) for name in ("2020.csv", "2020_SML.csv")]
    with pytest.raises(ZizhuError, match=re.escape("2020.csv, 2020_SML.csv are of the same year")):
        tables(request(zipped(tmp_path / "both.zip", *files)))


def stored(made: Made, root: Path) -> tuple[Workspace, MRIO]:
    """The table as the store keeps it and the verbs read it."""
    space = Workspace(root=root / "mine", builtin=root / "none")
    refs: dict[str, str] = {}
    with space.batch() as batch:
        for name, table in sorted(made.items(), key=lambda item: bool(item[1].describe.parts)):
            described = table.describe
            parts = {role: refs[part] for role, part in described.parts.items()}
            frame = table.frame  # type: ignore[union-attr]
            refs[name] = batch.add(name, frame, described.key, described.model_dump() | {"parts": parts}).ref
    return space, load_mrio(space, min(made))


def test_stored_and_loaded_it_is_the_same_table(tmp_path: Path) -> None:
    wanted = generated(("AUS", "ROW", "CN1", "CN2"), NEW, year=2020, whole=WHOLE)
    made = next(iter(read(request(layouts.icio(tmp_path / "2020.csv", wanted, empty=("CHN",))))))
    assert list(made) == ["oecd-icio-2020", "oecd-icio-2020-nodes", "oecd-icio-2020-final"]
    space, mrio = stored(made, tmp_path)
    assert mrio.title == (
        "OECD, Inter-Country Input-Output tables (ICIO), 2020, edition 2025, intermediate sales"
    )
    np.testing.assert_array_equal(mrio.Z, wanted.Z)
    np.testing.assert_array_equal(mrio.x, wanted.output)
    np.testing.assert_array_equal(mrio.value_added, wanted.value_added)
    assert mrio.primary is not None
    np.testing.assert_array_equal(mrio.primary, wanted.taxes)
    assert mrio.final is not None
    np.testing.assert_array_equal(mrio.final, wanted.final.sum(axis=2))
    final = load_final(space, space.read("oecd-icio-2020"), mrio.n)
    np.testing.assert_array_equal(final.values, wanted.final)
    assert (mrio.flags.edition, mrio.flags.has_rest_of_world, mrio.flags.balanced) == ("2025", True, True)
    assert mrio.nodes.countries == ("AUS", "ROW", "CHN")
    assert mrio.nodes.sections_of("C") == ("C24A", "C26")


Change = Callable[[list[list[str]]], None]


def without_column(cells: list[list[str]], first: int, last: int | None) -> None:
    for row in cells:
        del row[first:last]


def put(row: int, column: int, text: str) -> Change:
    def change(cells: list[list[str]]) -> None:
        cells[row][column] = text

    return change


def swapped(cells: list[list[str]]) -> None:
    cells[1], cells[2] = cells[2], cells[1]


FAULTS: dict[str, tuple[Change, str]] = {
    "columns cut short": (lambda c: without_column(c, -3, None), "columns from AUS_A01 to ROW_GFCF"),
    "no final demand": (lambda c: without_column(c, 7, -1), "columns from AUS_A01 to OUT"),
    "a column of another table": (put(0, -2, "ROW_EXPO"), "1 columns that are not known: ROW_EXPO"),
    "a row missing": (lambda c: c.pop(3), "ROW_A01 stands where the columns have AUS_C26"),
    "rows cut short": (
        lambda c: c.__delitem__(slice(4, None)),
        "nothing stands where the columns have ROW_A01",
    ),
    "no totals": (lambda c: c.__delitem__(slice(7, None)), "no value added"),
    "rows in another order": (swapped, "AUS_C24A stands where the columns have AUS_A01"),
    "a word": (put(2, 4, "confidential"), "line 3, column ROW_A01: 'confidential' is no number"),
    "a decimal comma": (put(2, 4, "1,5"), "line 3: 21 cells; expected 20 cells"),
    "negative output": (put(3, -1, "-7"), "AUS_C26: an output of -7.0"),
    "columns moved": (put(-1, 3, "123456"), "and 123,456.0 at the foot"),
    "a cell of nothing but a point": (put(2, 4, "."), "line 3, column ROW_A01: '.' is no number"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_files_are_named(fault: str, tmp_path: Path) -> None:
    path = layouts.icio(tmp_path / "2020_SML.csv", generated(("AUS", "ROW"), NEW))
    cells = [line.split(",") for line in path.read_text().splitlines()]
    change, told = FAULTS[fault]
    change(cells)
    path.write_text("\n".join(",".join(row) for row in cells))
    with pytest.raises(ZizhuError, match=re.escape(told)):
        tables(request(path))


def test_semicolons_and_decimal_commas_are_told_from_a_table(tmp_path: Path) -> None:
    path = layouts.icio(tmp_path / "2020_SML.csv", generated(("AUS", "ROW"), NEW))
    path.write_text(path.read_text().replace(",", ";").replace(".", ","))
    with pytest.raises(
        ZizhuError, match=r"is no number: a decimal comma.*\d such cells.*expected a number such as 1234\.5"
    ) as caught:
        tables(request(path))
    assert len(caught.value.problems) == 1


def test_a_country_beside_its_parts_is_refused(tmp_path: Path) -> None:
    wanted = generated(("CHN", "CN1", "ROW"), NEW, year=2019)
    path = layouts.icio(tmp_path / "2019.csv", dataclasses.replace(wanted, whole=wanted.country))
    with pytest.raises(ZizhuError, match="CHN has flows of its own beside its parts"):
        tables(request(path))


@pytest.mark.slow
def test_the_built_in_table_comes_back(icio: MRIO, tmp_path: Path) -> None:
    """All 16 million flows of 2022 with final demand by destination where it is known in sum."""
    Z = np.round(np.asarray(icio.Z, dtype=float), 4)
    output = np.round(icio.x, 4)
    n, countries = icio.n, icio.nodes.countries
    final = np.zeros((n, len(countries), 6))
    final[:, :, 0] = by_destination(icio, output - Z.sum(axis=1))
    final[:, 0, 4] = np.round(output - Z.sum(axis=1) - final.sum(axis=(1, 2)), 4)
    wanted = IOTable(
        2022, "million USD", icio.nodes.country, icio.nodes.sector, icio.nodes.country, Z, final, countries,
        layouts.ICIO_CATEGORIES, np.round(output - Z.sum(axis=0), 4), np.zeros(n), output, False, {},
    )  # fmt: skip
    found = tables(request(layouts.icio(tmp_path / "2022_SML.csv", wanted)))[0]
    same(found, wanted)
    assert found.edition == "2025"


def by_destination(icio: MRIO, final: np.ndarray) -> np.ndarray:
    """Final demand (n, C), split as the goods of the cubes are where they are at hand, else evenly."""
    countries, sectors = icio.nodes.countries, icio.nodes.sectors
    shares = np.full((len(countries), len(sectors), len(countries)), 1.0 / len(countries))
    if CUBES.exists():
        flows = pl.read_parquet(CUBES / "flows.parquet").filter(pl.col("year") == 2022)
        where = {c: i for i, c in enumerate(countries)}
        at = {s: i for i, s in enumerate(sectors)}
        known = flows.filter(
            pl.col("exporter").is_in(where), pl.col("importer").is_in(where), pl.col("sector").is_in(at)
        )
        cube = np.zeros_like(shares)
        e, s, i = (
            known[c].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
            for c, codes in (("exporter", where), ("sector", at), ("importer", where))
        )
        cube[e, s, i] = known["value"].to_numpy()
        total = cube.sum(axis=2, keepdims=True)
        shares = np.where(total > 0, cube / np.maximum(total, 1e-9), shares)
    return np.round(final[:, None] * shares.reshape(icio.n, -1), 4)
