"""Tables through pymrio: its own small table in the form of EXIOBASE, and Eora's labelled text, cell by cell."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from zizhu.sources.catalogue import Entry, read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers import interop
from zizhu.sources.readers.interop import Peer, converted, read
from zizhu.sources.reading import Made, Request
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
    system = SimpleNamespace(Z=None, Y=None)
    with pytest.raises(ZizhuError, match="flows and final demand do not fit"):
        converted(system, 2019, Peer(**entry("gloria").parameters))
