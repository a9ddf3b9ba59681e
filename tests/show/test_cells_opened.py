"""Cells of input-output tables open by the reference that a person writes: flows, final demand, industries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import within
from sources.layouts import generated, icio
from zizhu.show.trace import Opened, trace
from zizhu.sources.readers.io_table import IOTable
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.sectors import sectors

ECONOMIES = ("CHN", "USA", "DEU", "ROW")
TABLE = "oecd-icio-2022"


@pytest.fixture(scope="module")
def made() -> IOTable:
    return generated(ECONOMIES, tuple(sectors()), year=2022)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, made: IOTable) -> Path:
    """A folder with a workspace to which a table was added as a user does."""
    folder = tmp_path_factory.mktemp("cells")
    icio(folder / "2022_SML.csv", made)
    within("data", "add", "oecd-icio", "--from", "2022_SML.csv", place=folder)
    return folder


@pytest.fixture(scope="module")
def ws(place: Path) -> Workspace:
    return Workspace(place / "ws")


def row(made: IOTable, node: str) -> int:
    return [f"{c}:{s}" for c, s in zip(made.country, made.sector, strict=True)].index(node)


def summands(opened: Opened) -> float:
    return sum(p.value for p in opened.parts) + opened.remainder


def test_a_cell_of_final_demand_opens_by_either_table(ws: Workspace, made: IOTable) -> None:
    wanted = made.final[row(made, "CHN:C26"), made.buyers.index("USA"), made.categories.index("GFCF")]
    cell = trace(ws, f"table:{TABLE}-final#CHN:C26,USA:GFCF")
    assert cell.value == pytest.approx(wanted, rel=1e-6)
    assert (cell.unit, cell.parts, cell.left_out) == ("million USD", (), 0)
    assert cell.sentence.startswith(
        "Sales from electronics and optics of China (CHN:C26) to final demand (GFCF) of the United States: OECD"
    )
    assert [s.producer for s in cell.sources] == ["OECD"]
    other = trace(ws, f"table:{TABLE}#CHN:C26,USA:GFCF")
    assert (other.value, other.sentence) == (cell.value, cell.sentence)
    assert other.ref == f"{ws.read(f'{TABLE}-final').meta.ref}#CHN:C26,USA:GFCF"


def test_final_demand_of_a_country_or_group_opens_into_its_cells(ws: Workspace, made: IOTable) -> None:
    nodes = [row(made, f"{c}:{s}") for c in ("CHN",) for s in ("C26", "C27")]
    each = made.final[row(made, "CHN:C26"), made.buyers.index("USA")]
    country = trace(ws, f"table:{TABLE}-final#CHN:C26,USA")
    assert country.value == pytest.approx(each.sum(), rel=1e-6)
    assert [p.value for p in country.parts] == pytest.approx(sorted(each, key=abs, reverse=True), rel=1e-6)
    for part in country.parts:
        assert trace(ws, part.ref).value == part.value
    group = trace(ws, f"table:{TABLE}-final#CHN:C26,G7:HFCE", top=1)
    g7 = [made.buyers.index(c) for c in ("USA", "DEU")]
    assert group.value == pytest.approx(made.final[nodes[0], g7, 0].sum(), rel=1e-6)
    assert (len(group.parts), group.left_out) == (1, 1)
    assert summands(group) == pytest.approx(group.value or 0.0)


def test_a_fall_in_stocks_is_a_part_below_zero(ws: Workspace, made: IOTable) -> None:
    stocks = made.final[:, made.buyers.index("USA"), made.categories.index("INVNT")]
    node = f"{made.country[stocks.argmin()]}:{made.sector[stocks.argmin()]}"
    opened = trace(ws, f"table:{TABLE}-final#{node},USA")
    assert min(p.value for p in opened.parts) == pytest.approx(stocks.min(), rel=1e-6)
    assert summands(opened) == pytest.approx(opened.value or 0.0)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("-final", r"no key; expected SELLER,COUNTRY\[:CATEGORY\] after #, such as CHN:A01,CHN:HFCE"),
        ("-final#CHN:C26", r"expected SELLER,COUNTRY\[:CATEGORY\] after #"),
        (
            "-final#CHN:C26,USA:HFC",
            "unknown category 'HFC'.* expected one of 6 category codes. Nearest: HFCE",
        ),
        ("-final#CHN:C99,USA:HFCE", f"unknown sector 'C99'.*`zizhu data show {TABLE}` lists"),
        ("-final#CHN:C26,IND:HFCE", f"IND is not in .*`zizhu data show {TABLE}`"),
        ("", r"no key; expected COUNTRY\[:INDUSTRY\] or SELLER,BUYER after #, such as CHN:A01"),
        ("#CHN:C26,USA:C99", f"unknown sector 'C99'.*`zizhu data show {TABLE}` lists"),
        ("-nodes#CHN:C26", "no row 'CHN:C26'; expected idx, such as 0"),
    ],
)
def test_a_wrong_key_says_what_one_looks_like(ws: Workspace, key: str, said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        trace(ws, f"table:{TABLE}{key}")


def test_a_table_shows_what_it_is_about_and_how_a_cell_opens(place: Path) -> None:
    told = within("data", "show", TABLE, place=place).stdout
    assert "4 countries. CHN China, USA United States, DEU Germany, ROW rest of the world" in told
    assert "Categories of final demand. HFCE, NPISH, GGFC, GFCF, INVNT, DPABR" in told
    assert "Rest of the world. yes" in told
    lines = {line.split()[0]: line for line in told.splitlines() if line.strip()}
    assert "Manufacture of computer, electronic and optical products" in lines["C26"]
    refs = [line.partition("'")[2].rstrip("'") for line in told.splitlines() if "zizhu trace" in line]
    for ref in refs:
        within("trace", ref, place=place)
    assert [r.partition("@")[0] for r in refs] == [f"table:{TABLE}", f"table:{TABLE}-final"]


def test_a_table_shows_itself_to_programs(place: Path) -> None:
    told = json.loads(within("data", "show", TABLE, "--json", place=place).stdout)
    assert [i["code"] for i in told["industries"]] == list(sectors())
    assert told["industries"][0] == {
        "code": "A01",
        "name": sectors()["A01"].name,
        "name_zh": sectors()["A01"].name_zh,
        "section": "A",
        "note": "",
    }
    assert told["final_demand"]["buyers"] == list(ECONOMIES)
    assert told["flags"]["has_rest_of_world"] is True
    said = within("data", "show", "baci-raw-materials", place=place, expect=2).stderr
    assert "a table of kind 'trade'" in said


def test_sales_to_a_country_tell_what_goes_to_its_final_demand(ws: Workspace, made: IOTable) -> None:
    i, b = made.country.index("CHN"), made.buyers.index("ROW")
    opened = trace(ws, f"table:{TABLE}#CHN:{made.sector[i]},ROW")
    inputs = [j for j, c in enumerate(made.country) if c == "ROW"]
    assert opened.value == pytest.approx(made.Z[i, inputs].sum(), rel=1e-6)
    ((said, amount),) = opened.fields
    assert said == "and to final demand there (million USD)"
    assert float(amount.replace(",", "")) == pytest.approx(made.final[i, b].sum(), rel=1e-4)
    assert trace(ws, f"table:{TABLE}#CHN:{made.sector[i]},ROW:{made.sector[0]}").fields == ()
