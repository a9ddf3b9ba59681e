"""Tables through pymrio: its own small table in the form of EXIOBASE, and Eora's labelled text, cell by cell."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import xlsxwriter

from zizhu.sources.add import Wanted, add
from zizhu.sources.catalogue import Entry, read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers import interop
from zizhu.sources.readers.interop import Peer, converted, read
from zizhu.sources.reading import Made, Request
from zizhu.store import Workspace
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

quiet = pytest.mark.filterwarnings("default")


def entry(name: str) -> Entry:
    return read_entry(pack(f"catalogue/{name}.yaml"))


def zipped(folder: Path, path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(file, str(file.relative_to(folder.parent)))
    return path


def frames(made: Made, name: str) -> tuple[Any, Any, Any]:
    return tuple(made[k].frame for k in (name, f"{name}-nodes", f"{name}-final"))  # type: ignore[union-attr, return-value]


@quiet
@pytest.mark.slow
def test_the_table_that_pymrio_carries_comes_through_its_exiobase_parser(tmp_path: Path) -> None:
    pymrio = pytest.importorskip("pymrio")
    peer = pymrio.load_test()
    peer.calc_system()
    peer.satellite, peer.impacts = peer.factor_inputs, peer.emissions
    peer.satellite.name = "satellite"
    peer.satellite.unit.iloc[:, 0] = "M.EUR"
    del peer.factor_inputs, peer.emissions
    peer.save_all(tmp_path / "IOT_2019_ixi", table_format="txt")
    path = zipped(tmp_path / "IOT_2019_ixi", tmp_path / "IOT_2019_ixi.zip")
    made = next(read(Request(entry("exiobase3"), members(path))))
    flows, nodes, final = frames(made, "exiobase3-2019")
    n = len(peer.Z)
    np.testing.assert_array_equal(flows["v"].to_numpy().reshape(n, n), peer.Z.to_numpy())
    np.testing.assert_array_equal(final["v"].to_numpy().reshape(n, -1), peer.Y.to_numpy())
    np.testing.assert_allclose(nodes["value_added"].to_numpy(), peer.satellite.F.to_numpy()[0])
    assert nodes["iso3"].to_list() == [r for r, _ in peer.Z.index]
    flags = made["exiobase3-2019"].describe.flags
    assert (flags["years"], flags["value_added_is_residual"], flags["has_rest_of_world"]) == (
        [2019],
        False,
        False,
    )


def eora(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two countries with two sectors as Eora26 publishes them, with its discrepancies."""
    rng = np.random.default_rng(3)
    shapes = {"T": (5, 5), "FD": (5, 6), "VA": (2, 5), "Q": (1, 5), "QY": (1, 6)}
    # eighths, for pandas does not read every double back
    blocks = {name: rng.integers(1, 9999, shape) / 8 for name, shape in shapes.items()}
    for name, block in blocks.items():
        np.savetxt(folder / f"Eora26_2015_bp_{name}.txt", block, delimiter="\t", fmt="%.17g")
    places = (("Aland", "AAA"), ("Bland", "BBB"))
    sectors, uses = ("Agriculture", "Mining"), ("Household final consumption P.3h", "Inventories P.52")
    rest = "Statistical Discrepancies\tROW"
    lines = [f"{a}\t{b}\tIndustries\t{s}\t" for a, b in places for s in sectors] + [
        f"{rest}\tIndustries\tTOTAL\t"
    ]
    (folder / "labels_T.txt").write_text("\n".join(lines) + "\n")
    lines = [f"{a}\t{b}\tFinal demand\t{u}\t" for a, b in (*places, tuple(rest.split("\t"))) for u in uses]
    (folder / "labels_FD.txt").write_text("\n".join(lines) + "\n")
    kinds = ("Compensation of employees D.1", "Taxes on production D.29")
    (folder / "labels_VA.txt").write_text("".join(f"Primary inputs\t{k}\t\n" for k in kinds))
    (folder / "labels_Q.txt").write_text("CO2\tTotal (Gg)\t\n")
    return blocks["T"], blocks["FD"], blocks["VA"]


@pytest.mark.slow
@quiet
def test_eora_comes_through_its_parser_without_the_discrepancies(tmp_path: Path) -> None:
    pytest.importorskip("pymrio")
    (tmp_path / "e").mkdir()
    T, FD, VA = eora(tmp_path / "e")
    path = zipped(tmp_path / "e", tmp_path / "Eora26_2015_bp.zip")
    made = next(read(Request(entry("eora26"), members(path), frozenset({2015}))))
    flows, nodes, final = frames(made, "eora26-2015")
    np.testing.assert_array_equal(flows["v"].to_numpy().reshape(4, 4), T[:4, :4])
    np.testing.assert_array_equal(final["v"].to_numpy().reshape(4, -1), FD[:4, :4])
    np.testing.assert_allclose(nodes["value_added"].to_numpy(), VA[:, :4].sum(axis=0))
    assert not made["eora26-2015"].describe.flags["balanced"]


def added(tmp_path: Path, name: str, *paths: Path) -> tuple[np.ndarray, Any, Any]:
    """Flows, nodes and flags of the only year, added as a user would."""
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    flows, nodes = sorted(
        (m.name for m in add(space, entry(name), Wanted(paths)) if not m.name.endswith("-final")), key=len
    )
    n = space.read(nodes).frame.height
    return (
        space.read(flows).frame["v"].to_numpy().reshape(n, n),
        space.read(nodes).frame,
        space.read(flows).meta,
    )


@quiet
def test_the_zips_of_eora_and_of_its_labels_are_added(tmp_path: Path) -> None:
    pytest.importorskip("pymrio")
    (tmp_path / "e").mkdir()
    T, _, VA = eora(tmp_path / "e")
    blocks, labels = tmp_path / "Eora26_2015_bp.zip", tmp_path / "indices.zip"
    for path, start in ((blocks, "Eora26"), (labels, "labels")):
        with ZipFile(path, "w") as archive:
            for file in sorted((tmp_path / "e").glob(f"{start}*")):
                archive.write(file, file.name)
    flows, nodes, _ = added(tmp_path, "eora26", blocks, labels)
    np.testing.assert_array_equal(flows, T[:4, :4])
    np.testing.assert_allclose(nodes["value_added"].to_numpy(), VA[:, :4].sum(axis=0))


def coefficients(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """A year of EXIOBASE with coefficients and final demand only, units among the labels; flows and output."""
    rng = np.random.default_rng(5)
    flows, sold = rng.integers(1, 100, (4, 4)) / 1.0, rng.integers(100, 900, (4, 2)) / 1.0
    output = flows.sum(axis=1) + sold.sum(axis=1)
    names = [(r, s) for r in ("AT", "WA") for s in ("Wheat", "Coal")]

    def block(path: Path, columns: list[tuple[str, str]], values: np.ndarray, head: tuple[str, str]) -> None:
        lines = [
            "\t".join(["region", "", *(c for c, _ in columns)]),
            "\t".join([*head, *(k for _, k in columns)]),
        ]
        lines += [
            "\t".join([*row, *map(repr, map(float, line))]) for row, line in zip(names, values, strict=True)
        ]
        path.write_text("\n".join(lines) + "\n")

    (folder / "satellite").mkdir(parents=True)
    block(folder / "A.txt", names, flows / output, ("region", "sector"))
    block(folder / "Y.txt", [("AT", "P3"), ("WA", "P3")], sold, ("region", "category"))
    (folder / "unit.txt").write_text(
        "region\tsector\tunit\n" + "".join(f"{r}\t{s}\tM.EUR\n" for r, s in names)
    )
    parts = {"A": (2, 2), "Y": (2, 2), "unit": (2, 1)}
    (folder / "file_parameters.json").write_text(described("IOSystem", parts))
    paid = (("Taxes less subsidies on products purchased", 1.0), ("Wages", 2.0))
    head = "\t".join(["region", *(r for r, _ in names)]), "\t".join(["sector", *(s for _, s in names)])
    rows = ["\t".join([k, *[str(v)] * 4]) for k, v in paid]
    (folder / "satellite" / "F.txt").write_text("\n".join([*head, *rows]) + "\n")
    (folder / "satellite" / "unit.txt").write_text(
        "stressor\tunit\n" + "".join(f"{k}\tM.EUR\n" for k, _ in paid)
    )
    (folder / "satellite" / "file_parameters.json").write_text(
        described("Extension", {"F": (1, 2), "unit": (2, 1)})
    )
    return flows, output


def described(kind: str, parts: dict[str, tuple[int, int]]) -> str:
    files = {
        k: {"name": f"{k}.txt", "nr_index_col": str(i), "nr_header": str(h)} for k, (i, h) in parts.items()
    }
    return json.dumps({"files": files, "systemtype": kind, "name": "satellite"})


@quiet
def test_a_zip_of_coefficients_is_added_with_flows_and_money_rows(tmp_path: Path) -> None:
    pytest.importorskip("pymrio")
    flows, output = coefficients(tmp_path / "IOT_2012_pxp")
    path = zipped(tmp_path / "IOT_2012_pxp", tmp_path / "IOT_2012_pxp.zip")
    found, nodes, meta = added(tmp_path, "exiobase3", path)
    np.testing.assert_allclose(found, flows, rtol=1e-12)
    np.testing.assert_allclose(nodes["output"].to_numpy(), output, rtol=1e-12)
    assert nodes["iso3"].to_list() == ["AUT", "AUT", "WA", "WA"]
    assert (set(nodes["taxes"]), set(nodes["value_added"])) == ({1.0}, {2.0})
    assert not meta.flags["value_added_is_residual"]
    assert any("coefficients" in note for note in meta.notes)


def gloria(folder: Path, inside: bool) -> tuple[list[Path], np.ndarray, np.ndarray, np.ndarray]:
    """Two regions with two sectors as GLORIA publishes them, each industry making its own product: files, use, value
    added and output. `inside`: the archives have a folder of their own name."""
    rng = np.random.default_rng(7)
    use, sold = rng.integers(1, 50, (4, 4)) / 1.0, rng.integers(50, 90, (4, 4)) / 1.0
    output = use.sum(axis=1) + sold.sum(axis=1)
    paid = rng.integers(1, 90, (4, 4)) / 1.0
    places = [0, 1, 4, 5], [2, 3, 6, 7]
    T, Y, V = np.zeros((8, 8)), np.zeros((8, 4)), np.zeros((4, 8))
    industries, products = places
    T[np.ix_(products, industries)] = use
    T[np.ix_(industries, products)] = np.diag(output)
    Y[products] = sold
    V[:, industries] = paid
    blocks = {"T": T, "Y": Y, "V": V, "TQ": np.ones((1, 8)), "YQ": np.ones((1, 4))}
    paths = [folder / "GLORIA_MRIOs_59_2022.zip", folder / "GLORIA_SatelliteAccounts_059_2022.zip"]
    for path, held in zip(paths, (("T", "Y", "V"), ("TQ", "YQ")), strict=True):
        with ZipFile(path, "w") as archive:
            for k in held:
                name = f"20240111_120secMother_AllCountries_002_{k}-Results_2022_059_Markup001(full).csv"
                text = "\n".join(",".join(map(repr, map(float, row))) for row in blocks[k]) + "\n"
                archive.writestr(f"{path.stem}/{name}" if inside else name, text)
    sheets = {
        "Regions": [("Region_acronyms", "Region_names"), ("AUS", "Australia"), ("XAF", "Rest of Africa")],
        "Sectors": [("Sector_names",), ("Forestry",), ("Fishing",)],
        "Value added and final demand": [
            ("Value_added_names", "Final_demand_names"),
            ("Compensation of employees D.1", "Household final consumption P.3h"),
            ("Taxes on production D.29", "Changes in inventories P.52"),
        ],
        "Satellites": [
            ("Sat_indicator", "Sat_head_indicator", "Sat_unit"),
            ("CO2", "Emissions", "kilotonnes"),
        ],
    }
    labels = folder / "GLORIA_ReadMe_059.xlsx"
    with xlsxwriter.Workbook(str(labels)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return [*paths, labels], use, paid.sum(axis=0), output


@quiet
@pytest.mark.parametrize("inside", [True, False], ids=["folder", "flat"])
def test_gloria_comes_through_its_parser(tmp_path: Path, inside: bool) -> None:
    pytest.importorskip("pymrio")
    paths, use, paid, output = gloria(tmp_path, inside)
    found, nodes, meta = added(tmp_path, "gloria", *paths)
    np.testing.assert_allclose(found, use, rtol=1e-12)
    np.testing.assert_allclose(nodes["output"].to_numpy(), output, rtol=1e-12)
    np.testing.assert_allclose(nodes["value_added"].to_numpy(), paid, rtol=1e-12)
    assert (meta.flags["has_rest_of_world"], meta.flags["value_added_is_residual"]) == (True, False)


@quiet
def test_files_that_the_peer_refuses_are_told(tmp_path: Path) -> None:
    pytest.importorskip("pymrio")
    (tmp_path / "IOT_2019_ixi").mkdir()
    (tmp_path / "IOT_2019_ixi" / "Z.txt").write_text("nothing")
    path = zipped(tmp_path / "IOT_2019_ixi", tmp_path / "IOT_2019_ixi.zip")
    with pytest.raises(ZizhuError, match="pymrio cannot read it"):
        next(read(Request(entry("exiobase3"), members(path))))


def test_without_the_peer_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymrio", None)
    path = tmp_path / "IOT_2019_ixi.zip"
    path.write_bytes(b"x")
    with pytest.raises(ZizhuError, match=re.escape("Install it: pip install 'zizhu[interop]'.")):
        next(read(Request(entry("exiobase3"), members(path))))


def test_a_year_that_no_file_names_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interop, "library", lambda _: None)
    path = tmp_path / "IOT_2019_ixi.txt"
    path.write_text("x")
    with pytest.raises(ZizhuError, match="no files of 2020; expected names as"):
        next(read(Request(entry("exiobase3"), members(path), frozenset({2020}))))


def test_a_table_without_flows_is_refused() -> None:
    system = SimpleNamespace(Z=None, A=None, Y=None)
    with pytest.raises(ZizhuError, match="flows and final demand do not fit"):
        converted(system, 2019, Peer(**entry("gloria").parameters))
