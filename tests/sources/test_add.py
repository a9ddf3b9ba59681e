"""From files of a source to tables of a workspace: all of them, cited, or none."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from sources import baci_layout
from sources.layouts import generated, icio
from zizhu.sources.add import Wanted, add
from zizhu.sources.catalogue import entry
from zizhu.store import Workspace
from zizhu.store.files import sha256_of
from zizhu.store.meta import Describe
from zizhu.tables.load import load_mrio, load_trade
from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.sectors import sectors

ECONOMIES = ("CHN", "USA", "DEU", "ROW")
FLOWS = {
    2022: [(2022, 156, 842, "010121", "12.345", "0.5"), (2022, 842, 156, "854140", "7.000", "NA")],
    2023: [(2023, 156, 842, "010121", "13.000", "0.6")],
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a user's downloads: two years of ICIO in a zip, BACI, and something else."""
    folder = tmp_path_factory.mktemp("downloads")
    with ZipFile(folder / "2016-2022_SML.zip", "w", ZIP_DEFLATED) as archive:
        for year in (2021, 2022):
            table = generated(ECONOMIES, tuple(sectors()), year=year, seed=year)
            archive.write(icio(folder / f"{year}_SML.csv", table), f"{year}_SML.csv")
        archive.writestr("ReadMe.xlsx", b"nothing")
    baci_layout.archive(folder, {y: baci_layout.text(rows) for y, rows in FLOWS.items()})
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def files(space: Workspace) -> set[str]:
    return {str(p.relative_to(space.root)) for p in space.root.rglob("*") if p.is_file()}


def test_a_zip_becomes_tables_that_say_where_they_come_from(space: Workspace, tables: Path) -> None:
    path = tables / "2016-2022_SML.zip"
    metas = add(space, entry("oecd-icio"), Wanted((path,)))
    assert {m.name for m in metas} == set(space.names())
    assert len(metas) == 6
    mrio = load_mrio(space, "oecd-icio-2022")
    wanted = generated(ECONOMIES, tuple(sectors()), year=2022, seed=2022)
    np.testing.assert_array_equal(mrio.Z, wanted.Z)
    np.testing.assert_array_equal(mrio.final, wanted.final.sum(axis=2))
    origin = space.read("oecd-icio-2022").meta.origin
    assert origin is not None
    assert [(f.name, f.bytes, f.sha256) for f in origin.files] == [
        (path.name, path.stat().st_size, sha256_of(path))
    ]
    assert {s.id for s in origin.cited} == set(mrio.sources) == {"oecd-icio-2025"}
    assert str(tables) not in "".join(p.read_text() for p in space.root.rglob("meta.json"))


def test_only_the_year_that_is_wanted(space: Workspace, tables: Path) -> None:
    wanted = Wanted((tables / "2016-2022_SML.zip",), frozenset({2021}))
    assert {m.name for m in add(space, entry("oecd-icio"), wanted)} == {
        "oecd-icio-2021",
        "oecd-icio-2021-nodes",
        "oecd-icio-2021-final",
    }


def test_a_folder_gives_the_files_of_the_source(space: Workspace, tables: Path, tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    for name in ("2022_SML.csv", "holiday.jpg"):
        shutil.copy(tables / name, folder)
    metas = add(space, entry("oecd-icio"), Wanted((folder,)))
    assert {m.name for m in metas} == {"oecd-icio-2022", "oecd-icio-2022-nodes", "oecd-icio-2022-final"}


def test_a_folder_gives_files_whose_names_say_nothing_and_second_downloads(
    space: Workspace, tmp_path: Path
) -> None:
    """A file without a year in its name is the source's too, and so is one that a browser numbered."""
    mining = entry("world-mining-data")
    name = "6.4. Production_of_Mineral_Raw_Materials_of_individual_Countries_by_Minerals (1).xlsx"
    assert any(f.matches(name) for f in mining.files)
    assert any(f.matches("2022_SML (2).csv") for f in entry("oecd-icio").files)
    (tmp_path / name).write_bytes(b"no workbook")
    with pytest.raises(ZizhuError) as caught:
        add(space, mining, Wanted((tmp_path,)))
    assert name in str(caught.value)  # it was taken, and is no workbook


def test_baci_is_one_table_of_all_years(space: Workspace, tables: Path) -> None:
    (meta,) = add(space, entry("baci"), Wanted((tables / "BACI_HS92_V202601.zip",)))
    assert (meta.name, meta.flags["years"], meta.rows) == ("baci-hs92", [2022, 2023], 3)
    trade = load_trade(space, "baci-hs92")
    assert trade.of(["010121"])["value_usd"].to_list() == [12_345, 13_000]
    assert trade.flow_ref(2022, "CHN", "USA", "010121") == f"{meta.ref}#2022,010121,CHN,USA"
    assert space.query('SELECT SUM(value_usd) AS v FROM "baci-hs92"')["v"].to_list() == [32_345]


def test_adding_again_changes_nothing(space: Workspace, tables: Path) -> None:
    wanted = Wanted((tables / "BACI_HS92_V202601.zip",))
    add(space, entry("baci"), wanted)
    before = files(space)
    add(space, entry("baci"), wanted)
    assert files(space) == before


@pytest.mark.parametrize("harm", ["a bad cell", "cut short", "two editions", "another source", "nothing"])
def test_a_bad_file_leaves_the_workspace_as_it_was(
    space: Workspace, tables: Path, tmp_path: Path, harm: str
) -> None:
    add(space, entry("baci"), Wanted((tables / "BACI_HS92_V202601.zip",)))
    before = {name: (space.root / name).read_bytes() for name in files(space)}
    bad = tmp_path / "bad"
    bad.mkdir()
    if harm == "a bad cell":
        rows = {**FLOWS, 2023: [(2023, 156, 842, "010121", "1,5e", "0.6")]}
        baci_layout.archive(bad, {y: baci_layout.text(r) for y, r in rows.items()})
    elif harm == "cut short":
        whole = (tables / "BACI_HS92_V202601.zip").read_bytes()
        (bad / "BACI_HS92_V202601.zip").write_bytes(whole[: len(whole) // 2])
    elif harm == "two editions":
        for edition in ("V202501", "V202601"):
            baci_layout.archive(bad, {2022: baci_layout.text(FLOWS[2022])}, edition=edition)
    elif harm == "another source":
        shutil.copy(tables / "2022_SML.csv", bad)
    with pytest.raises(ZizhuError) as caught:
        add(space, entry("baci"), Wanted((bad,)))
    assert all(p.what and p.remedy for p in caught.value.problems)
    assert {name: (space.root / name).read_bytes() for name in files(space)} == before
    assert not list(space.root.rglob(".tmp-*"))


def test_a_file_that_is_not_there_is_named(space: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match=r"gone\.zip"):
        add(space, entry("baci"), Wanted((tmp_path / "gone.zip",)))
    assert space.names() == []


SERIES = "DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE\n"


def sdmx(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text(SERIES + "".join(f"X:F(1.0),A,{row}\n" for row in rows), encoding="utf-8")
    return path


def test_two_files_of_one_series_are_one_table_that_cites_both(space: Workspace, tmp_path: Path) -> None:
    one, other = sdmx(tmp_path, "a.csv", "CHN,I,2020,1"), sdmx(tmp_path, "b.csv", "USA,I,2020,2")
    (meta,) = add(space, entry("sdmx"), Wanted((one, other)))
    assert space.read(meta.name).frame["entity"].to_list() == ["CHN", "USA"]
    assert meta.origin is not None
    assert [f.name for f in meta.origin.files] == ["a.csv", "b.csv"]
    third = sdmx(tmp_path, "c.csv", "DEU,I,2021,3")
    (grown,) = add(space, entry("sdmx"), Wanted((third,)))
    assert space.read(meta.name).frame["entity"].to_list() == ["CHN", "DEU", "USA"]
    assert grown.flags["years"] == [2020, 2021]
    assert grown.origin is not None
    assert [f.name for f in grown.origin.files] == ["a.csv", "b.csv", "c.csv"]
    assert len(space.versions(meta.name)) == 2


def test_an_add_that_another_overtook_is_refused(space: Workspace, tmp_path: Path) -> None:
    add(space, entry("sdmx"), Wanted((sdmx(tmp_path, "a.csv", "CHN,I,2020,1"),)))
    (name,) = space.names()
    held = space.read(name)
    described = held.meta.model_dump(include=set(Describe.model_fields))
    overtaking = Wanted((sdmx(tmp_path, "c.csv", "DEU,I,2020,3"),))

    def late() -> None:
        with space.batch() as batch:
            batch.expect(name, held.meta.digest)
            batch.add(name, held.frame.with_columns(value=9.0), held.meta.key, described)
            add(space, entry("sdmx"), overtaking)

    with pytest.raises(ZizhuError, match="another writer has changed it meanwhile"):
        late()
    assert space.read(name).frame["entity"].to_list() == ["CHN", "DEU"]
    assert not list(space.root.rglob(".tmp-*"))
