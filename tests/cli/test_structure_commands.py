"""`zizhu depend extract`, `network`, `influence`, `paths` and `points`: what they print, write and open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import within
from tables.stored import store
from tables.strategies import random_table
from zizhu.ledger import register
from zizhu.ledger.models import Source
from zizhu.ledger.result import Result
from zizhu.show.trace import METHODS
from zizhu.store import Workspace

ASKED = {
    "extract": ("extract", "--node", "China:C26", "--kind", "forward", "--insist"),
    "extract each": ("extract", "--countries"),
    "network": ("network", "--country", "EU27", "--by", "forward", "--random-walk"),
    "influence": ("influence", "--abroad", "--top", "4"),
    "paths": ("paths", "--buyer", "USA:C26", "--source", "中国", "--tiers", "2", "--top", "6", "--insist"),
    "points": ("points", "--buyer", "USA:C26", "--cut", "0.3", "--home", "--insist"),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose workspace holds a small table, and a register that has its source."""
    cited = {**register.sources(), "test": Source(id="test", producer="test", title="", quality="high")}
    monkeypatch.setattr(register, "sources", lambda: cited)
    store(Workspace(root=tmp_path / "ws"), random_table(3, 5, 4, inactive=1))
    return tmp_path


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_printed_written_drawn_and_opened(name: str, place: Path) -> None:
    command, *options = ASKED[name]
    asked = (
        "depend",
        command,
        *options,
        "--table",
        "small",
        "--csv",
        "a.csv",
        "--plot",
        "a.svg",
        "--trace",
        "1",
    )
    answer = json.loads(within(*asked, "--json", place=place).stdout)
    assert answer["rows"]
    assert set(answer["units"]) <= set(answer["columns"])
    assert answer["basis"]
    assert answer["notes"]
    assert answer["trace"]["parts"]
    assert (place / "a.csv").read_text().count("\n") == len(answer["rows"]) + 1
    assert (place / "a.svg").read_text().startswith("<svg")
    shown = within(*asked, place=place).stdout
    assert "Made by depend." in shown
    assert "nan" not in shown.lower().split()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("extract", "--node", "CHN:C99"), "unknown sector 'C99'"),
        (("extract", "--node", "CHN:C26", "--countries"), "--countries has no effect"),
        (("extract", "--node", "CHN:MIC2025.next_gen_it"), "parts of industries"),
        (("network", "--country", "Atlantis"), "unknown country"),
        (("paths", "--buyer", "CHN:C26", "--source", "Atlantis", "--insist"), "unknown country"),
        (("points", "--buyer", "CHN:C26", "--cut", "1.5"), "less than or equal to 1"),
    ],
)
def test_what_cannot_be_read_is_named(options: tuple[str, ...], said: str, place: Path) -> None:
    assert said in within("depend", *options, "--table", "small", place=place, expect=2).stderr


@pytest.mark.parametrize("name", ASKED)
def test_a_row_is_opened_on_what_the_answer_was_made_of(
    name: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is solved once, and the opening is the one that `zizhu trace` finds by making it again."""
    command, *options = ASKED[name]
    module, made = METHODS[f"depend.{command}"], []
    solve = module.solve

    def counted(inputs: object) -> Result:
        made.append(1)
        return solve(inputs)  # type: ignore[no-any-return]

    monkeypatch.setattr(module, "solve", counted)
    asked = ("depend", command, *options, "--table", "small")
    answer = json.loads(within(*asked, "--trace", "1", "--json", place=place).stdout)
    assert len(made) == 1
    again = json.loads(within("trace", answer["trace"]["ref"], "--json", place=place).stdout)
    assert len(made) == 2
    assert again == answer["trace"]
    shown = within(*asked, "--trace", "1", place=place).stdout
    assert "made again" not in shown
    assert "made again: same digest" in within("trace", answer["trace"]["ref"], place=place).stdout


def test_a_buyer_without_points_is_told_so_and_drawn(place: Path) -> None:
    asked = ("depend", "points", "--buyer", "USA:C26", "--cut", "0.999", "--insist", "--table", "small")
    shown = within(*asked, "--plot", "none.svg", place=place).stdout
    assert "None above 99.9 %: the nearest is" in shown
    assert "No supplier has more than 99.9 %" in (place / "none.svg").read_text()


def test_the_measure_that_orders_the_network_is_drawn_and_opened(place: Path) -> None:
    asked = ("depend", "network", "--by", "pagerank", "--table", "small")
    answer = json.loads(within(*asked, "--plot", "by.svg", "--trace", "1", "--json", place=place).stdout)
    assert "PageRank" in (place / "by.svg").read_text()
    assert answer["trace"]["ref"].endswith(",pagerank")
