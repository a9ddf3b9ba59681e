"""Values that a producer takes back: gone from the current table, named in it, kept in the version before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.readers.test_worldbank import GDP, NAME, published
from zizhu.sources.add import Wanted, add
from zizhu.sources.catalogue import entry
from zizhu.store import Workspace

WORLD_BANK = "world-bank-ny.gdp.mktp.cd"
Held = dict[str, dict[int, str]]
FIRST: Held = {"CHN": {2019: "100", 2020: "110"}, "TCD": {2019: "1", 2020: "2"}, "XKX": {2020: "7"}}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


def archive(folder: Path, held: Held, updated: str) -> Path:
    """The CSV of a data page; an economy stands in it with or without values."""
    path = folder / updated / NAME
    path.parent.mkdir(exist_ok=True)
    rows = {(code, code, GDP[1], GDP[0]): values for code, values in held.items()}
    path.write_text(published(rows, range(2019, 2022), updated), encoding="utf-8")
    return path


def answer(folder: Path, held: Held, updated: str, **asked: object) -> Path:
    """What the interface answered, as it is kept."""
    path = folder / f"world-bank-{updated}.json"
    rows = [
        {"economy": e, "time": t, "value": float(v)} for e, values in held.items() for t, v in values.items()
    ]
    content = {"indicator": GDP[0], "name": GDP[1], "last_updated": updated, "rows": rows, **asked}
    path.write_text(json.dumps(content))
    return path


def now(space: Workspace) -> dict[tuple[str, str], list[float]]:
    """The values of the current table by economy and year, a value each vintage."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in space.read(WORLD_BANK).frame.iter_rows(named=True):
        found.setdefault((row["entity"], row["period"]), []).append(row["value"])
    return found


def added(space: Workspace, path: Path, *years: int) -> None:
    add(space, entry("world-bank"), Wanted((path,), frozenset(years)))


def withdrawn_notes(space: Workspace) -> list[str]:
    return [n for n in space.read(WORLD_BANK).meta.notes if n.startswith("Withdrawn")]


@pytest.mark.parametrize("chad", [{2019: "1"}, {}, None], ids=["a year", "all years", "the economy"])
def test_what_a_later_archive_lacks_is_withdrawn(
    chad: dict[int, str] | None, space: Workspace, tmp_path: Path
) -> None:
    added(space, archive(tmp_path, FIRST, "2024-07-01"))
    before = space.read(WORLD_BANK)
    later = {"CHN": {2019: "100", 2020: "115"}, "XKX": {2020: "7"}}
    added(space, archive(tmp_path, later if chad is None else later | {"TCD": chad}, "2025-07-01"))
    wanted = {("CHN", "2019"): [100.0], ("CHN", "2020"): [110.0, 115.0], ("XKX", "2020"): [7.0]}
    assert now(space) == wanted | ({("TCD", "2019"): [1.0]} if chad else {})
    kept = space.read(WORLD_BANK, before.meta.version).frame
    assert kept.filter(entity="TCD")["value"].to_list() == [1.0, 2.0]
    (note,) = withdrawn_notes(space)
    assert f"Version {before.meta.short} has them" in note
    assert "TCD 2020" in note
    assert ("TCD 2019" in note) is not bool(chad)


def test_a_release_speaks_for_the_years_that_are_asked_of_it(space: Workspace, tmp_path: Path) -> None:
    added(space, archive(tmp_path, FIRST, "2024-07-01"))
    added(space, archive(tmp_path, {"CHN": {2020: "110"}}, "2025-07-01"), 2020)
    assert set(now(space)) == {("CHN", "2019"), ("CHN", "2020"), ("TCD", "2019")}


def test_an_answer_speaks_for_what_was_asked(space: Workspace, tmp_path: Path) -> None:
    added(space, answer(tmp_path, FIRST, "2024-07-01", economies="all", years="all"))
    part: Held = {"CHN": {2019: "100"}, "TCD": {2019: "1"}}
    added(space, answer(tmp_path, part, "2025-07-01", economies=["CHN", "TCD"], years=[2019, 2020]))
    assert set(now(space)) == {("CHN", "2019"), ("TCD", "2019"), ("XKX", "2020")}
    added(space, answer(tmp_path, {"CHN": {2019: "100"}}, "2026-07-01"))
    assert set(now(space)) == {("CHN", "2019"), ("TCD", "2019"), ("XKX", "2020")}


def test_neither_the_same_release_nor_an_older_one_withdraws(space: Workspace, tmp_path: Path) -> None:
    added(space, archive(tmp_path, FIRST, "2024-07-01"))
    added(space, archive(tmp_path, {"CHN": {2019: "100"}}, "2024-07-01"))
    added(space, archive(tmp_path, {"CHN": {2019: "100"}}, "2023-07-01"))
    assert len(now(space)) == 5
    assert not withdrawn_notes(space)


def test_a_value_that_comes_back_is_there_again(space: Workspace, tmp_path: Path) -> None:
    added(space, archive(tmp_path, FIRST, "2024-07-01"))
    added(space, archive(tmp_path, FIRST | {"TCD": {2019: "1"}}, "2025-07-01"))
    added(space, archive(tmp_path, FIRST | {"TCD": {2019: "1", 2020: "3"}}, "2026-07-01"))
    assert now(space)["TCD", "2020"] == [3.0]


def test_files_of_a_source_that_gives_parts_withdraw_nothing(space: Workspace, tmp_path: Path) -> None:
    head = "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\n"
    for day, row in (("2024-01-01", "CHN,2020,1"), ("2025-01-01", "USA,2020,2")):
        path = tmp_path / "a.csv"
        path.write_text(f"{head}X:F(1.0),{row}\n")
        (meta,) = add(space, entry("sdmx"), Wanted((path,), edition=day))
    assert space.read(meta.name).frame["entity"].to_list() == ["CHN", "USA"]
