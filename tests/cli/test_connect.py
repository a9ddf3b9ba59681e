"""From a downloaded zip to an answer in two commands, as a user gives them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from cli.running import environment, files_in, within
from sources import baci_layout
from sources.layouts import generated, icio
from zizhu.sources.catalogue import catalogue
from zizhu.vocab.sectors import sectors

OPTIONAL = (
    "comtradeapicall",
    "lxml",
    "pandas",
    "pyarrow",
    "pymrio",
    "requests",
    "sdmx",
    "wbgapi",
    "xlsxwriter",
)
ECONOMIES = ("CHN", "USA", "DEU", "ROW")


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("downloads")
    table = generated(ECONOMIES, tuple(sectors()), year=2023)
    with ZipFile(folder / "2023_SML.zip", "w", ZIP_DEFLATED) as archive:
        archive.write(icio(folder / "2023_SML.csv", table), "2023_SML.csv")
    years = {y: baci_layout.text([(y, 156, 842, "284690", f"{y}.000", "1.5")]) for y in range(2010, 2024)}
    baci_layout.archive(folder, years)
    return folder


def test_two_commands_from_a_zip_of_icio_to_an_exposure(downloads: Path, tmp_path: Path) -> None:
    done = within("data", "add", "oecd-icio", "--from", str(downloads / "2023_SML.zip"), place=tmp_path)
    assert "oecd-icio-2023: 40,000 rows" in done.stdout
    assert "OECD" in done.stdout
    told = within("depend", "exposure", "--buyer", "USA:C26", "--json", place=tmp_path)
    answer = json.loads(told.stdout)
    why = "oecd-icio-2023 is used and not icio-2022: it is of 2023"
    assert why in told.stderr
    assert [note for note in answer["notes"] if why in note]  # the answer keeps it
    named = within("depend", "exposure", "--buyer", "USA:C26", "--table", "icio-2022", place=tmp_path)
    assert "is used and not" not in named.stdout
    assert answer["run"]["params"]["table"] == "oecd-icio-2023"
    assert {row[1] for row in answer["rows"]} == set(ECONOMIES)
    wanted = generated(ECONOMIES, tuple(sectors()), year=2023)
    L = np.linalg.inv(np.eye(len(wanted.output)) - wanted.Z / wanted.output)
    buyer = [*zip(wanted.country, wanted.sector, strict=True)].index(("USA", "C26"))
    contained = dict.fromkeys(ECONOMIES, 0.0)
    for country, value in zip(wanted.country, wanted.value_added / wanted.output * L[:, buyer], strict=True):
        contained[country] += value
    assert {row[1]: row[2] for row in answer["rows"]} == pytest.approx(contained, rel=1e-9)
    assert any("taxes less subsidies" in note for note in answer["run"].get("notes", answer.get("notes", [])))


def test_two_commands_from_a_zip_of_baci_to_an_exposure_and_suppliers(
    downloads: Path, tmp_path: Path
) -> None:
    zipped = str(downloads / "BACI_HS92_V202601.zip")
    within("data", "add", "baci", "--from", zipped, place=tmp_path)
    told = within("depend", "exposure", "--buyer", "USA:C26", "--source", "CHN", "--json", place=tmp_path)
    assert "baci-hs92 is used and not baci-raw-materials: it has all products" in told.stderr
    assert json.loads(told.stdout)["run"]["params"]["trade"] == "baci-hs92"
    asked = ("depend", "suppliers", "--reporter", "USA", "--product", "284690", "--first", "2023")
    found = within(*asked, "--json", place=tmp_path)
    assert json.loads(found.stdout)["rows"][0][:6] == ["USA", "imports", "284690", 2023, "CHN", 2_023_000]
    listed = within("data", "list", "--products", "baci-hs92", place=tmp_path)
    assert "284690" in listed.stdout
    ref = f"table:baci-hs92@{digest(tmp_path, 'baci-hs92')}#2023,284690,CHN,USA"
    assert "2023000" in within("trace", ref, place=tmp_path).stdout.replace(",", "")


def digest(place: Path, name: str) -> str:
    return (place / "ws" / "refs" / name).read_text().strip()


@pytest.mark.slow
def test_the_core_works_without_the_optional_packages(downloads: Path, tmp_path: Path) -> None:
    blocked = f"import sys; sys.modules.update(dict.fromkeys({OPTIONAL!r}))"
    for arguments in (
        ["data", "add", "oecd-icio", "--from", str(downloads / "2023_SML.zip")],
        ["depend", "exposure", "--buyer", "USA:C26", "--source", "CHN"],
    ):
        command = f"{blocked}; sys.argv[1:] = {arguments!r}; from zizhu.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", command],
            capture_output=True,
            text=True,
            check=False,
            env=environment(tmp_path),
            timeout=120,
        )
        assert done.returncode == 0, done.stderr


def test_the_catalogue_is_searched_and_told(tmp_path: Path) -> None:
    assert "oecd-icio" in within("data", "search", "input-output", "OECD", place=tmp_path).stdout
    everything = json.loads(within("data", "search", "--json", place=tmp_path).stdout)
    assert [e["id"] for e in everything] == list(catalogue())
    told = within("data", "info", "baci", place=tmp_path).stdout
    for part in ("CEPII", "Licence.", "Cite as.", "Beware.", "Tried."):
        assert part in told
    assert (
        "no source has one of the words"
        in within("data", "search", "nonsense", place=tmp_path, expect=2).stderr
    )
    assert "Nearest: baci" in within("data", "info", "bacci", place=tmp_path, expect=2).stderr
    assert not files_in(tmp_path)


def test_info_tells_the_files_and_the_versions_of_a_table(downloads: Path, tmp_path: Path) -> None:
    zipped = str(downloads / "BACI_HS92_V202601.zip")
    within("data", "add", "baci", "--from", zipped, "--year", "2010", place=tmp_path)
    first = digest(tmp_path, "baci-hs92")
    done = within("data", "update", "baci", "--from", zipped, place=tmp_path)
    assert "1 rows; the earlier version is kept" in done.stdout
    told = within("data", "info", "baci-hs92", place=tmp_path).stdout
    assert "BACI_HS92_V202601.zip" in told
    assert f"Earlier version. {first[:12]}" in told
    assert "nothing new" in within("data", "update", "baci", "--from", zipped, place=tmp_path).stdout


def test_a_table_of_one_s_own_is_removed_and_a_built_in_one_is_not(downloads: Path, tmp_path: Path) -> None:
    within("data", "add", "oecd-icio", "--from", str(downloads / "2023_SML.zip"), place=tmp_path)
    done = within("data", "remove", "oecd-icio-2023", "--yes", place=tmp_path)
    assert "Removed oecd-icio-2023, oecd-icio-2023-nodes, oecd-icio-2023-final" in done.stdout
    assert "is built in" in within("data", "remove", "icio-2022", "--yes", place=tmp_path, expect=2).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("data", "add", "bacci"), 2, "Nearest: baci"),
        (("data", "add", "wiod-2013"), 3, "--from FILE"),
        (("data", "add", "baci", "--from", "nowhere.zip"), 2, "nowhere.zip"),
        (("data", "add", "baci", "8541"), 3, "published in files"),
        (("data", "add", "un-comtrade", "8541"), 2, "no country"),
        (("data", "calibrate", "baci-raw-materials"), 2, "input-output table"),
        (("data", "reconcile", "baci-raw-materials"), 2, "reported-trade"),
        (("data", "convert", "baci-raw-materials", "--by", "icio-2022-nodes"), 2, "concordance"),
    ],
)
def test_what_cannot_be_connected_says_what_to_do(
    arguments: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    done = within(*arguments, place=tmp_path, expect=code)
    assert said in " ".join(done.stderr.split())
    assert not [p for p in files_in(tmp_path) if p.name != "workspace.toml"]
