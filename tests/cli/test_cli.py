"""The command line as a user runs it: real processes, exit codes, JSON and messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import files_in, run, within


@pytest.mark.slow
def test_exposure_as_json_and_its_trace(tmp_path: Path) -> None:
    told = run(
        "depend",
        "exposure",
        "--table",
        "icio-2022",
        "--buyer",
        "USA:C26",
        "--source",
        "CHN",
        "--json",
        place=tmp_path,
    )
    answer = json.loads(told.stdout)
    assert {"columns", "units", "rows", "run"} <= set(answer)
    row = dict(zip(answer["columns"], answer["rows"][0], strict=True))
    assert row["value_added_content"] == pytest.approx(0.02284, abs=1e-5)
    assert answer["coverage"][0]["share"] == pytest.approx(0.984, abs=1e-3)
    ref = f"run:{answer['run']['id']}#USA:C26|CHN,value_added_content"
    opened = json.loads(within("trace", ref, "--json", "--top", "3", place=tmp_path).stdout)
    assert opened["value"] == row["value_added_content"]
    assert opened["parts"][0]["label"] == "through purchases from electronics and optics of China (CHN:C26)"
    assert "same digest" in within("trace", ref, place=tmp_path).stdout


def test_domestic_suppliers_and_what_if_print_tables(tmp_path: Path) -> None:
    assert "74.35 %" in within("depend", "domestic", "--country", "CHN", place=tmp_path).stdout
    supply = within(
        "depend",
        "suppliers",
        "--reporter",
        "CHN",
        "--product",
        "284690",
        "--first",
        "2023",
        "--last",
        "2023",
        place=tmp_path,
    )
    assert "74.11 %" in supply.stdout
    other_way = within(
        "depend",
        "suppliers",
        "--reporter",
        "CHN",
        "--product",
        "284690",
        "--exports",
        "--json",
        place=tmp_path,
    )
    years = {r[3] for r in json.loads(other_way.stdout)["rows"]}
    assert (min(years), max(years)) == (1995, 2024)
    cut = within("stress", "what-if", "--sender", "TWN:C26", "--receiver", "CHN", place=tmp_path)
    assert "Coverage of the sales of electronics and optics of Taiwan to China: 63% (assumed)" in cut.stdout
    assert "neither a forecast" in cut.stdout


def test_a_table_of_another_kind_is_one_problem_that_names_the_right_ones(tmp_path: Path) -> None:
    for asked in (
        ("data", "list", "--products", "icio-2022"),
        ("depend", "suppliers", "--reporter", "CHN", "--product", "284690", "--trade", "icio-2022"),
    ):
        said = within(*asked, place=tmp_path, expect=2).stderr
        assert "This input has a problem" in said
        assert "a table of kind 'mrio'" in said
        assert "Trade tables here: baci-raw-materials." in said


def test_a_malformed_reference_is_shortened(tmp_path: Path) -> None:
    said = within("trace", "x" * 100_000, place=tmp_path, expect=2).stderr
    assert f"cannot read '{'x' * 80}...'" in said
    assert len(said) < 1000


def test_a_blind_answer_is_refused_with_exit_code_3(tmp_path: Path) -> None:
    refused = within(
        "stress", "what-if", "--sender", "USA:C26", "--receiver", "CHN", place=tmp_path, expect=3
    )
    assert "sees 33%" in refused.stderr
    assert "--insist" in refused.stderr
    within("stress", "what-if", "--sender", "USA:C26", "--receiver", "CHN", "--insist", place=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("depend", "exposure", "--buyer", "USB:C26"), "Nearest: USA"),
        (("depend", "exposure", "--buyer", "USA:C62"), "Nearest: C26"),
        (("depend", "exposure", "--buyer", "USA:C26", "--source", "CNH"), "Nearest: CHN"),
        (("depend", "exposure", "--buyer", "USA:MIC2025.new_material"), "Nearest: MIC2025.new_materials"),
        (("depend", "exposure", "--buyer", "USA:C26", "--table", "icio-2023"), "Nearest: icio-2022"),
        (
            ("depend", "exposure", "--buyer", "USA:C26", "--table", "baci-raw-materials"),
            "an input-output table",
        ),
        (("depend", "exposure", "--buyer", "USA:C26", "--trade", "icio-2022"), "a trade table"),
        (("depend", "suppliers", "--reporter", "CHN", "--product", "284691"), "Nearest: 284690"),
        (("depend", "suppliers", "--reporter", "CHN", "--product", "854231"), "854231"),
        (
            ("depend", "suppliers", "--reporter", "CHN", "--product", "284690", "--first", "1990"),
            "within 1995-2024",
        ),
        (("stress", "what-if", "--sender", "CHN:C26", "--receiver", "CHN"), "on both sides"),
        (
            ("stress", "what-if", "--sender", "CHN:C26", "--receiver", "USA", "--cut", "1.5"),
            "less than or equal to 1",
        ),
        (("stress", "what-if", "--sender", "CHN:C26", "--receiver", "USA", "--cut", "nan"), "cut"),
        (("stress", "what-if", "--sender", "CHN:C26", "--receiver", "USA", "--cut", "1e-320"), "0.000001"),
        (("stress", "what-if", "--sender", "CHN:", "--receiver", "USA"), "no sector follows the colon"),
        (("trace", "T002"), "cannot read"),
        (("brief", "--country", "Chinaa"), "Nearest: China"),
        (("brief", "--as-of", "yesterday"), "is not a day"),
        (("data", "check", "icio"), "Nearest: icio-2022"),
    ],
)
def test_bad_input_says_what_where_and_what_to_do(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = within(*arguments, place=tmp_path, expect=2)
    assert said in done.stderr
    assert done.stdout == ""
    assert files_in(tmp_path) == []


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    done = within(
        "depend",
        "suppliers",
        "--reporter",
        "CHN",
        "--product",
        "284691",
        "--product",
        "xyz",
        "--first",
        "1990",
        place=tmp_path,
        expect=2,
    )
    assert "3 problems" in done.stderr


def test_data_commands(tmp_path: Path) -> None:
    listed = json.loads(within("data", "list", "--json", place=tmp_path).stdout)
    assert {t["name"] for t in listed} >= {"icio-2022", "baci-raw-materials", "wgi-political-stability"}
    assert within("data", "path", "icio-2022", place=tmp_path).stdout.strip().endswith("data.parquet")
    checked = within("data", "check", "icio-2022", place=tmp_path)
    assert checked.stdout.count("verified") == 1
    assert "rows add up to output" in checked.stdout


@pytest.mark.slow
def test_every_table_is_checked_where_none_is_named(tmp_path: Path) -> None:
    listed = json.loads(within("data", "list", "--json", place=tmp_path).stdout)
    assert within("data", "check", place=tmp_path).stdout.count("verified") == len(listed)


@pytest.mark.slow
def test_a_brief_goes_where_it_is_told(tmp_path: Path) -> None:
    within(
        "brief",
        "--country",
        "越南",
        "--partner",
        "中国",
        "--out",
        "v.md",
        "--as-of",
        "20260630",
        place=tmp_path,
    )
    text = (tmp_path / "v.md").read_text()
    assert text.startswith("# Viet Nam")
    assert "2026-06-30" in text
    assert not any("越南" in record.read_text() for record in (tmp_path / "ws" / "runs").iterdir())


@pytest.mark.slow
def test_the_demo_prints_the_main_sentences_and_its_path(tmp_path: Path) -> None:
    told = run("demo", place=tmp_path).stdout
    assert "All 19 manufacturing industries of China exceed the 70 %" in told
    assert str(tmp_path / "zizhu-brief-CHN.html") in told
    assert (tmp_path / "zizhu-brief-CHN.html").stat().st_size > 500_000


def test_version_and_help(tmp_path: Path) -> None:
    assert run("--version", place=tmp_path).stdout.startswith("zizhu 0.")
    assert "depend" in run("--help", place=tmp_path).stdout
    run("depend", "exposure", place=tmp_path, expect=2)
