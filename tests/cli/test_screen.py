"""Texts of documents, tables and file names can neither colour a terminal nor move its cursor."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from zizhu.cli.screen import harmless, screen

ESCAPE = "\x1b]0;a new title\x07\x1b[2J\x9b31m\u202eright to left"


def on_terminal(*things: object) -> str:
    to = io.StringIO()
    screen(file=to, force_terminal=True, color_system=None, width=200).print(*things, markup=False)
    return to.getvalue()


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    kept = harmless(text)
    assert len(kept) == len(text)
    assert all(c.isprintable() or c in "\t\n" or ord(c) > 0x9F for c in kept)
    assert all(a in (b, "\N{REPLACEMENT CHARACTER}") for a, b in zip(kept, text, strict=True))


@pytest.mark.parametrize("where", ["line", "cell"])
def test_escapes_of_a_text_are_seen_not_obeyed(where: str) -> None:
    shown: object = ESCAPE
    if where == "cell":
        shown = Table("column")
        shown.add_row(ESCAPE)
    printed = on_terminal(shown)
    assert not set(printed) & set("\x1b\x07\x9b\u202e")
    assert "a new title" in printed
    assert "31m\N{REPLACEMENT CHARACTER}right to" in printed


def test_styles_of_our_own_are_kept() -> None:
    to = io.StringIO()
    screen(file=to, force_terminal=True, color_system="standard").print("[bold]title[/]")
    assert to.getvalue() == "\x1b[1mtitle\x1b[0m\n"


def test_a_file_name_with_an_escape_is_told_harmlessly(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from zizhu.cli.output import report
    from zizhu.vocab.problems import Problem, ZizhuError

    assert (
        report(ZizhuError([Problem("no such file", str(tmp_path / "a\x1b[31m"), "a file", "give one")])) == 2
    )
    told = capfd.readouterr().err
    assert "\x1b" not in told
    assert "a\N{REPLACEMENT CHARACTER}[31m" in told
