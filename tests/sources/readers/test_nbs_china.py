"""Tables of China: both kinds, written as their sheets, come back cell by cell and add up."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sources import layouts
from sources.layouts import Cells
from zizhu.sources.catalogue import read_entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers.io_files import by_year
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.readers.nbs_china import Layout, read, read_year
from zizhu.sources.reading import Request
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

CHINA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "test" / "china_io"
KINDS = sorted(p.stem.removeprefix("china_") for p in CHINA.glob("*.parquet"))
LARGE = [k for k in KINDS if int(k.partition("_")[2]) > 100]
"""Tables of more than a hundred industries, of which the fast suite reads the oldest."""


def request(path: Path) -> Request:
    return Request(read_entry(pack("catalogue/nbs-china-io.yaml")), members(path))


def found(path: Path) -> IOTable:
    asked = request(path)
    return read_year(by_year(asked)[0], Layout(**asked.entry.parameters))


def sheet(frame: pl.DataFrame, path: Path, change: Callable[[Cells], object] = lambda _: None) -> Path:
    cells = layouts.nbs(frame)
    change(cells)
    return layouts.workbook(path, cells, "全国投入产出表")


def competitive(n: int = 3) -> pl.DataFrame:
    """A small table with imports inside the flows, in whole 10 thousand yuan."""
    rng = np.random.default_rng(5)
    Z = rng.integers(0, 900, (n, n)).astype(float)
    final = {
        k: rng.integers(1, 500, n).astype(float) for k in ("FU101", "FU102", "FU103", "FU201", "EX", "ERR")
    }
    final |= {"FU202": rng.integers(-20, 20, n).astype(float), "IM": rng.integers(1, 200, n).astype(float)}
    output = Z.sum(axis=1) + sum(final.values()) - 2 * final["IM"]
    output = np.maximum(output, Z.sum(axis=0) + 1)
    final["ERR"] += output - (Z.sum(axis=1) + sum(final.values()) - 2 * final["IM"])
    households = final["FU101"] + final["FU102"]
    columns = {"TIU": Z.sum(axis=1), "FU101": final["FU101"], "FU102": final["FU102"], "THC": households}
    columns |= {k: final[k] for k in ("FU103", "FU201", "FU202", "EX", "IM", "ERR")} | {"GO": output}
    return labelled(Z, columns, ["Domestic"] * n)[0].drop("Origin")


def labelled(
    Z: np.ndarray, columns: dict[str, np.ndarray], origin: list[str], imports: np.ndarray | None = None
) -> tuple[pl.DataFrame, np.ndarray]:
    n = Z.shape[1]
    used = Z.sum(axis=0) if imports is None else Z.sum(axis=0) + imports
    output = columns["GO"][:n]
    foot = {"TII": used, "VA001": output - used, "TVA": output - used, "TI": output}
    codes = [f"{i + 1:02d}" for i in range(n)]
    rows = [(codes[i % n], f"industry {i}", f"行业{i}", origin[i]) for i in range(len(Z))]
    rows += [(k, f"sum {k}", f"合计 {k}", "TOT") for k in foot]
    body = np.vstack([Z, *foot.values()])
    wide = {c: body[:, i] for i, c in enumerate(codes)}
    wide |= {k: np.concatenate([v, np.full(len(foot), 0.0)]) for k, v in columns.items()}
    heads = dict(
        zip(("Code", "Description", "DescriptionInChinese", "Origin"), zip(*rows, strict=True), strict=True)
    )
    return pl.DataFrame({**heads, **wide}), used


def non_competitive(n: int = 3) -> pl.DataFrame:
    """A small table with its industries twice, domestic products first."""
    rng = np.random.default_rng(6)
    both = rng.integers(0, 500, (2 * n, n)).astype(float)
    final = {k: rng.integers(1, 900, 2 * n).astype(float) for k in ("TC", "FU201", "FU202", "EX")}
    output = both[:n].sum(axis=1) + sum(v[:n] for v in final.values())
    final["TC"][:n] += both.sum(axis=0)
    output = both[:n].sum(axis=1) + sum(v[:n] for v in final.values())
    columns = {"TIU": both.sum(axis=1), **final, "GO": np.concatenate([output, np.zeros(n)])}
    imports = np.zeros(n)
    return labelled(both, columns, ["Domestic"] * n + ["Imports"] * n, imports)[0]


def test_a_competitive_table_has_imports_as_a_negative_category(tmp_path: Path) -> None:
    frame = competitive()
    table = found(sheet(frame, tmp_path / "2012年投入产出表.xlsx"))
    check(table, frame)
    assert table.categories == ("HFCE_RURAL", "HFCE_URBAN", "GGFC", "GFCF", "INVNT", "EX", "IM", "ERR")
    assert (table.final[:, 0, 6] < 0).all()
    assert (table.unit, table.year, table.rest_of_world, table.balanced) == ("million CNY", 2012, False, True)
    assert table.imports is None
    assert table.notes[0].startswith("Competitive table")


def test_a_non_competitive_table_has_its_imported_inputs_apart(tmp_path: Path) -> None:
    frame = non_competitive()
    path = sheet(frame, tmp_path / "2020.xlsx")
    table = found(path)
    check(table, frame)
    assert table.categories == ("CONS", "GFCF", "INVNT", "EX")
    assert table.balanced
    nodes = next(read(request(path)))["nbs-china-io-2020-nodes"].frame  # type: ignore[union-attr]
    np.testing.assert_array_equal(nodes["imports"].to_numpy(), (frame[3:6, 4:7].to_numpy() / 100).sum(axis=0))
    assert "Imported products of final demand, in million yuan: CONS " in table.notes[0]


def check(table: IOTable, frame: pl.DataFrame) -> None:
    """Every cell of the table is that of the frame, in million yuan."""
    codes = [c for c in frame.columns if c.isdigit()]
    n = len(codes)
    assert table.sector == tuple(codes)
    body = frame.select(codes).to_numpy()
    np.testing.assert_array_equal(table.Z, body[:n] / 100)
    by_code = {row[0]: np.array(row[frame.columns.index(codes[0]) :][:n]) for row in frame.rows()}
    np.testing.assert_array_equal(table.value_added, by_code["TVA"] / 100)
    np.testing.assert_array_equal(table.output, frame["GO"].to_numpy()[:n] / 100)
    told = read_entry(pack("catalogue/nbs-china-io.yaml")).parameters
    names = {v: k for k, v in {**told["consumption"], **told["final"]}.items() if k in frame.columns}
    for i, category in enumerate(table.categories):
        sign = -1 if category == "IM" else 1
        wanted = sign * frame[names[category]].to_numpy()[:n] / 100
        np.testing.assert_array_equal(table.final[:, 0, i], wanted)
    if table.imports is not None:
        np.testing.assert_allclose(table.imports, (body[n : 2 * n] / 100).sum(axis=0), rtol=1e-14)


def as_kept(frame: pl.DataFrame) -> pl.DataFrame:
    """The numbers with the 16 digits that XlsxWriter writes."""
    columns = [s for s in frame if s.dtype == pl.Float64]
    return frame.with_columns(pl.Series(s.name, [float(f"{v:.16G}") for v in s]) for s in columns)


@pytest.mark.parametrize(
    "kind",
    [pytest.param(k, marks=pytest.mark.slow) if k in LARGE[1:] else k for k in KINDS] or ["none"],
)
def test_tables_of_2002_to_2020_come_back(kind: str, tmp_path: Path) -> None:
    if not KINDS:
        pytest.skip("the tables of China are not at hand (shared/data/test/china_io)")
    frame = as_kept(pl.read_parquet(CHINA / f"china_{kind}.parquet"))
    table = found(sheet(frame, tmp_path / f"china_{kind}.xlsx"))
    check(table, frame)
    rows, columns = table.gaps()
    assert np.abs(columns).max() < 1e-6 * table.output.max()
    assert np.abs(rows).max() < 1e-6 * table.output.max()
    if kind.endswith("_42") and kind >= "2012":
        assert table.sections["27"] in ("D", "E", "F")
        assert set(table.sections) == set(table.sector)


FAULTS: dict[str, tuple[Callable[[Cells], object], str]] = {
    "no codes": (
        lambda c: c[5].__setitem__(slice(3, None), [""] * 14),
        "no codes of an input-output table",
    ),
    "a row missing": (lambda c: c.pop(7), "2 rows of industries above TII and 3 columns"),
    "no output": (lambda c: [r.pop() for r in c[5:]], "no GO"),
    "no value added": (lambda c: c.pop(11), "no TVA"),
    "a word": (lambda c: c[7].__setitem__(4, "…"), "cell E8: '…' is no number"),
    "moved cells": (lambda c: c[6].__setitem__(3, 123456.0), "industry 01: output"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_sheets_are_named(fault: str, tmp_path: Path) -> None:
    change, told = FAULTS[fault]
    with pytest.raises(ZizhuError, match=re.escape(told)):
        found(sheet(competitive(), tmp_path / "2012.xlsx", change))


def test_imported_products_first_are_refused(tmp_path: Path) -> None:
    frame = non_competitive()
    turned = frame.with_columns(pl.col("Origin").replace({"Domestic": "Imports", "Imports": "Domestic"}))
    with pytest.raises(ZizhuError, match="imported products stand first"):
        found(sheet(turned, tmp_path / "2020.xlsx"))
