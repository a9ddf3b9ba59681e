"""Files to be written are tried before anything is computed: a table that does not exist is not even looked for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli.running import files_in, run, within
from zizhu.depend import suppliers

BRIEF = ("brief", "--table", "none")
FIGURE = ("depend", "domestic", "--country", "CHN", "--table", "none")


@pytest.mark.parametrize(
    ("arguments", "what", "expected"),
    [
        ((*BRIEF, "--out", ""), "no file is named", "FILE.html or FILE.pdf or FILE.md or FILE.json"),
        ((*BRIEF, "--out", "."), "no file is named", "FILE.html or FILE.pdf or FILE.md or FILE.json"),
        (
            (*BRIEF, "--out", "b.xyz"),
            "'b.xyz' has another ending",
            "FILE.html or FILE.pdf or FILE.md or FILE.json",
        ),
        ((*BRIEF, "--out", "b"), "'b' has another ending", "FILE.html or FILE.pdf or FILE.md or FILE.json"),
        ((*BRIEF, "--format", "json", "--out", "b.html"), "'b.html' has another ending", "FILE.json"),
        ((*BRIEF, "--format", "html", "--out", "b.md"), "'b.md' has another ending", "FILE.html"),
        ((*BRIEF, "--out", "none/b.md"), "there is no folder none", "a folder that is there"),
        ((*BRIEF, "--out", "file/b.md"), "Not a directory", "a folder that is there"),
        ((*BRIEF, "--out", "folder.html"), "it is a folder", "a folder that is there"),
        ((*BRIEF, "--out", f"{'b' * 300}.md"), "File name too long", "a folder that is there"),
        ((*FIGURE, "--plot", ""), "no file is named", "FILE.svg or FILE.png or FILE.vl.json"),
        ((*FIGURE, "--plot", "f.xyz"), "'f.xyz' has another ending", "FILE.svg or FILE.png or FILE.vl.json"),
        (
            (*FIGURE, "--plot", "f.json"),
            "'f.json' has another ending",
            "FILE.svg or FILE.png or FILE.vl.json",
        ),
        ((*FIGURE, "--plot", "none/f.svg"), "there is no folder none", "a folder that is there"),
        ((*FIGURE, "--csv", "f.tsv"), "'f.tsv' has another ending", "FILE.csv"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_first(
    arguments: tuple[str, ...], what: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.html").mkdir()
    done = within(*arguments, place=tmp_path, expect=2)
    assert done.stderr.startswith("This input has a problem")  # one, and it is about the file
    assert what in done.stderr
    assert expected in done.stderr
    assert arguments[-2] in done.stderr
    assert done.stdout == ""
    assert files_in(tmp_path) == [tmp_path / "file"]


@pytest.mark.slow
def test_a_folder_without_rights_is_refused_first(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    for arguments in ((*BRIEF, "--out", "closed/b.html"), (*FIGURE, "--plot", "closed/f.svg")):
        said = run(*arguments, place=tmp_path, expect=2, superuser=False).stderr
        assert said.startswith("This input has a problem")
        assert "cannot write: Permission denied" in said
        assert f"where  {arguments[-2]} {arguments[-1]}" in said


def test_the_demo_is_refused_first_where_its_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "zizhu-brief-CHN.html").mkdir()
    assert "it is a folder" in within("demo", place=tmp_path, expect=2).stderr
    assert files_in(tmp_path) == []


def test_the_day_and_the_file_are_refused_at_once(tmp_path: Path) -> None:
    said = within(*BRIEF, "--as-of", "yesterday", "--out", "b.xyz", place=tmp_path, expect=2).stderr
    assert said.startswith("2 problems")


@pytest.mark.slow
def test_a_brief_has_the_form_of_its_file_and_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "b.JSON").write_text("old")
    within("brief", "--country", "VNM", "--out", "b.JSON", place=tmp_path)
    assert json.loads((tmp_path / "b.JSON").read_text())["country"] == "VNM"
    assert {p.name for p in tmp_path.iterdir()} == {"b.JSON", "ws"}


@pytest.mark.slow
def test_a_brief_goes_to_standard_output(tmp_path: Path) -> None:
    told = within("brief", "--country", "VNM", "--format", "md", "--out", "-", place=tmp_path).stdout
    assert told.startswith("# Viet Nam")
    assert {p.name for p in tmp_path.iterdir()} == {"ws"}


def test_a_figure_is_drawn_or_described(tmp_path: Path) -> None:
    asked = ("depend", "suppliers", "--reporter", "DEU", "--product", "284690", "--first", "2023")
    within(*asked, "--plot", "f.svg", place=tmp_path)
    assert (tmp_path / "f.svg").read_text().startswith("<svg")
    within(*asked, "--plot", "f.png", place=tmp_path)
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    within(*asked, "--plot", "f.vl.json", place=tmp_path)
    kept = json.loads((tmp_path / "f.vl.json").read_text())
    assert "vega-lite" in kept["$schema"]
    assert kept["title"]["text"]
    assert kept["title"]["subtitle"]


def test_all_rows_go_to_a_csv_file_and_a_number_is_opened_in_passing(tmp_path: Path) -> None:
    asked = ("depend", "suppliers", "--reporter", "DEU", "--product", "284690", "--first", "2023")
    told = within(*asked, "--csv", "s.csv", "--trace", "2", place=tmp_path).stdout
    rows = list(csv.DictReader((tmp_path / "s.csv").read_text().splitlines()))
    answer = json.loads(within(*asked, "--json", "--trace", "2", place=tmp_path).stdout)
    assert [list(r) for r in rows] == [answer["columns"]] * len(answer["rows"])
    second = sorted(rows, key=lambda r: (r["year"], float(r["share"])))[-2]
    opened = answer["trace"]["ref"]
    assert opened.endswith(f"#{'|'.join(second[k] for k in suppliers.KEY)},share")
    assert f"\n{opened}\n" in told
    assert answer["trace"]["value"] == pytest.approx(float(second["share"]))


def test_a_row_to_open_must_be_one_of_the_list(tmp_path: Path) -> None:
    asked = ("depend", "suppliers", "--reporter", "DEU", "--product", "284690", "--first", "2024")
    said = within(*asked, "--csv", "s.csv", "--trace", "999", place=tmp_path, expect=2).stderr
    assert "no row 999" in said
    assert not (tmp_path / "s.csv").exists()
