"""A report as PDF, printed by a real Chromium and read back: its pages, its words, and that none is cut off."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest

from zizhu.show.brief.page import page
from zizhu.show.brief.write import write
from zizhu.show.report import pdf
from zizhu.show.report.model import parsed
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

TITLE = "A cut </title><script>document.title='run'</script> & <img src=http://127.0.0.1:9/x>"
SUPPLIERS = {"reporter": "EU27", "products": ["284690"]}
ASKED = {
    "title": TITLE,
    "as_of": "2026-11-21",
    "views": [
        {"verb": "track.judged", "params": {"country": "CHN"}},
        {"verb": "track.course", "params": {"target": "T101"}},
        {"verb": "depend.suppliers", "params": SUPPLIERS, "title": "Suppliers"},
    ],
}
real = pytest.mark.skipif(pdf.browser() is None, reason="no Chromium on this machine: install the package")
posix = pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for the browser")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page(write(Workspace(tmp_path_factory.mktemp("ws")), parsed(ASKED, "asked")))


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in the place of the browser."""
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(pdf.OWN, str(program))


@real
@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_it_prints_every_view_on_whole_pages(html: str) -> None:
    made = pypdfium2.PdfDocument(pdf.printed(html))
    texts = [p.get_textpage().get_text_range() for p in made]
    assert 4 <= len(made) <= 15
    whole = re.sub(r"\s+", " ", " ".join(texts))
    for said in (
        "<script>document.title='run'</script>",
        "What can be judged",
        "Suppliers",
        "Sources, licences",
    ):
        assert said in whole, said
    assert made.get_metadata_dict()["Title"] == TITLE
    assert all(f"{i} / {len(made)}" in text for i, text in enumerate(texts, 1))
    assert all(len(text.split()) > 20 for text in texts)
    for one in made:
        width, height = one.get_size()
        assert (round(width), round(height)) == (595, 842)  # A4
        for thing in one.get_objects(max_depth=5):
            left, bottom, right, top = thing.get_bounds()
            if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT:
                assert 0 <= left <= right <= width
                assert 0 <= bottom <= top <= height


@real
@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_a_page_that_would_run_and_load_things_does_neither(tmp_path: Path) -> None:
    inside = tmp_path / "secret.txt"
    inside.write_text("SECRET")
    hostile = (
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\"><p id=p>stays</p>"
        f"<script>p.textContent = 'ran'</script><iframe src='{inside.as_uri()}'></iframe>"
    )
    said = pypdfium2.PdfDocument(pdf.printed(hostile))[0].get_textpage().get_text_range()
    assert "stays" in said
    assert "ran" not in said
    assert "SECRET" not in said


def test_without_a_browser_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv(pdf.OWN, raising=False)
    with pytest.raises(ZizhuError, match="no Chromium on this machine") as caught:
        pdf.printed("<p>")
    assert "write HTML" in caught.value.problems[0].remedy
    monkeypatch.setenv(pdf.OWN, "/nowhere/chrome")
    with pytest.raises(ZizhuError, match="ZIZHU_CHROMIUM=/nowhere/chrome is no program"):
        pdf.printed("<p>")


@posix
def test_a_browser_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child\nsleep 300", monkeypatch)
    with pytest.raises(ZizhuError, match="not printed within 1 seconds"):
        pdf.printed("<p>", longest=1)
    assert gone(int((tmp_path / "child").read_text()))


@posix
def test_a_browser_that_prints_nothing_or_half_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "echo noise >&2; echo 'No usable sandbox!' >&2; echo end >&2; exit 1", monkeypatch)
    with pytest.raises(ZizhuError, match="No usable sandbox!"):
        pdf.printed("<p>")
    half = 'for a in "$@"; do case $a in --print-to-pdf=*) printf "%%PDF-1.4 half" > "${a#*=}";; esac; done'
    fake(tmp_path, half, monkeypatch)
    with pytest.raises(ZizhuError, match="it said: nothing"):
        pdf.printed("<p>")


PRINTING = "from zizhu.show.report.pdf import ending, printed\nwith ending():\n    printed('<p>')"
AT_ITS_START = """
import os, pathlib, signal, subprocess, time
child = pathlib.Path(os.environ["TMPDIR"], "child")
class Told(subprocess.Popen):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        while not (child.is_file() and child.read_text().strip()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
subprocess.Popen = Told
"""


@posix
@pytest.mark.parametrize("script", [PRINTING, AT_ITS_START + PRINTING], ids=["printing", "starting"])
def test_the_browser_is_ended_where_its_job_is_told_to_end(tmp_path: Path, script: str) -> None:
    """SIGTERM, as a cancelled job gets it: in the midst of printing, and before the browser's start has returned."""
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\nsleep 300 & echo $! > {tmp_path}/child\nwait\n")
    program.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {pdf.OWN: str(program), "TMPDIR": str(tmp_path)}
    ) as process:
        child = tmp_path / "child"
        if script == PRINTING:
            until(lambda: child.is_file() and child.read_text().strip() != "")
            process.terminate()
        assert process.wait(20) == 143
    assert gone(int(child.read_text()))
    assert list(tmp_path.glob("zizhu-pdf-*")) == []


def gone(process: int) -> bool:
    """Whether a process ends soon; one that nobody has waited for has ended too."""
    state = Path(f"/proc/{process}/stat")
    return until(lambda: not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z")


def until(true: object, longest: float = 20.0) -> bool:
    assert callable(true)
    end = time.monotonic() + longest
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
