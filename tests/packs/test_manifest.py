"""Every file under packs/ is accounted for, and every table is the one its description and origin name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from zizhu.ledger.models import Source
from zizhu.store import Table, files
from zizhu.store.digest import digest
from zizhu.store.workspace import builtin_root

PACKS = builtin_root()
LICENSES = Path(__file__).resolve().parents[2] / "DATA_LICENSES.md"
READABLE = {".md", ".txt", ".csv", ".yaml", ".toml", ".py"}  # kinds that a reader can check line by line
NAMES = ("baci-raw-materials", "icio-2022", "icio-2022-nodes", "wgi-political-stability")


def rows(name: str) -> list[dict[str, str]]:
    with (PACKS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MANIFEST = {row["path"]: row for row in rows("MANIFEST.csv")}
GEO = {row["path"]: row for row in rows("geo/MANIFEST.csv")}


def shipped() -> list[Path]:
    found = (p.relative_to(PACKS) for p in PACKS.rglob("*") if p.is_file())
    return sorted(p for p in found if "__pycache__" not in p.parts)


def test_every_file_is_in_the_manifest_or_of_a_readable_kind() -> None:
    known = {Path(path) for path in MANIFEST}
    known |= {path.with_name("meta.json") for path in known}
    known |= {Path("refs") / row["table"] for row in MANIFEST.values()}
    known |= {Path(path) for path in GEO}
    unknown = [str(p) for p in shipped() if p.suffix not in READABLE and p not in known]
    assert unknown == []
    assert known <= set(shipped())


@pytest.mark.parametrize("path", GEO)
def test_hash_and_origin_of_a_file_of_places(path: str) -> None:
    row = GEO[path]
    assert files.sha256_of(PACKS / path) == row["sha256"]
    package = row["origin"].partition(":")[0]
    assert package.replace("@", " ") in LICENSES.read_text(encoding="utf-8")
    assert all(row.values())


@pytest.mark.parametrize("path", MANIFEST)
def test_hash_and_description_of_a_file(path: str, built_in: Callable[[str], Table]) -> None:
    row = MANIFEST[path]
    meta = built_in(row["table"]).meta
    assert files.sha256_of(PACKS / path) == row["sha256"] == meta.sha256
    assert (PACKS / "refs" / row["table"]).read_text(encoding="ascii").strip() == row["digest"] == meta.digest
    assert (row["source"],) == meta.sources
    assert row["columns"] == ";".join(meta.columns)
    assert int(row["rows"]) == meta.rows
    assert row["caveats"] == " ".join(meta.notes)


def test_the_manifest_lists_the_four_tables_and_no_older_digest() -> None:
    assert sorted(row["table"] for row in MANIFEST.values()) == sorted(NAMES)
    assert {p.parent.name for p in (PACKS / "tables").glob("*/*")} == set(NAMES)
    assert len(list((PACKS / "tables").glob("*/*"))) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_digest_is_that_of_the_content(name: str, built_in: Callable[[str], Table]) -> None:
    table = built_in(name)
    assert digest(table.frame, table.meta.key) == table.meta.digest


def test_sources_are_valid_and_pinned_to_a_wheel() -> None:
    sources = {s.id: s for s in (Source.model_validate(row) for row in rows("sources.csv"))}
    wheels = {row["source"]: row for row in rows("wheels.csv")}
    assert set(sources) == set(wheels) == {row["source"] for row in MANIFEST.values()}
    for row in MANIFEST.values():
        pin = wheels[row["source"]]
        assert row["origin"] == f"{pin['package']}=={pin['version']}:{pin['member']}"
        assert row["wheel_sha256"] == pin["wheel_sha256"]
        assert row["licence"] == pin["data_licence"] == sources[row["source"]].licence


@pytest.mark.parametrize("row", rows("sources.csv"), ids=lambda row: row["id"])
def test_the_licence_file_attributes_every_source(row: dict[str, str]) -> None:
    text = LICENSES.read_text(encoding="utf-8")
    for stated in (row["producer"], row["licence"], row["url"]):
        assert stated in text
    assert all(entry["table"] in text for entry in MANIFEST.values() if entry["source"] == row["id"])


def test_the_packs_stay_small() -> None:
    sizes = [(PACKS / p).stat().st_size for p in shipped()]
    assert max(sizes) < 25_000_000
    assert sum(sizes) < 40_000_000
