"""Commands that are brought in when they are asked for: every one can be, and none brings in the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import within
from zizhu.cli.app import COMMANDS
from zizhu.cli.late import Late


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says(name: str, tmp_path: Path) -> None:
    assert f"zizhu {name}" in within(name, "--help", place=tmp_path).stdout


def test_a_misspelt_command_is_answered_with_the_near_one(tmp_path: Path) -> None:
    assert "Did you mean 'track', 'trace'?" in within("trakc", place=tmp_path, expect=2).stderr


def test_a_command_is_made_once_and_is_none_where_there_is_none() -> None:
    held = Late({"trace": COMMANDS["trace"]})
    assert held["trace"] is held["trace"]
    assert list(held) == ["trace"]
    assert held.get("brief") is None


def test_one_command_does_not_bring_in_the_others() -> None:
    said = "import sys; sys.argv[1:] = ['serve', '--help']; from zizhu.cli.app import app; app(standalone_mode=False)"
    script = f"{said}\nprint(*(m for m in sys.modules if m.startswith('zizhu.cli')), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "zizhu.cli.serve" in done.stderr
    assert "zizhu.cli.depend" not in done.stderr
