"""Documents on disk: files that change together, and a log that loses no line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from zizhu.store import Workspace, files
from zizhu.store.documents import Shelf
from zizhu.vocab.problems import ZizhuError

ID = "ab" * 32
WRITER = """
import sys
from pathlib import Path
from zizhu.store import Workspace
from zizhu.store.documents import Shelf
shelf = Shelf.of(Workspace(root=Path(sys.argv[1])), "ab" * 32)
for i in range(200):
    shelf.add("log.jsonl", f"{sys.argv[2]} {i}")
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path)


def test_files_come_back_byte_for_byte(workspace: Workspace) -> None:
    content = {"text": "a\r\nb\rc\n\0\N{LINE SEPARATOR}é", "claims.jsonl": ""}
    Shelf.of(workspace, ID).write(content)
    assert {name: Shelf.of(workspace, ID).read(name) for name in content} == content
    assert Shelf.of(workspace, ID).read("links.jsonl") == ""


def test_two_writers_lose_no_line(workspace: Workspace) -> None:
    shelf = Shelf.of(workspace, ID)
    shelf.write({"text": ""})
    command = [sys.executable, "-c", WRITER, str(workspace.root)]
    writers = [subprocess.Popen([*command, who]) for who in ("one", "two")]
    assert [w.wait() for w in writers] == [0, 0]
    lines = shelf.read("log.jsonl").splitlines()
    for who in ("one", "two"):
        assert [line for line in lines if line.startswith(who)] == [f"{who} {i}" for i in range(200)]
    assert len(lines) == 400


def test_a_write_that_fails_changes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf.of(workspace, ID)
    shelf.write({"text": "old", "claims.jsonl": "old"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "renew_folder", full)
    with pytest.raises(ZizhuError, match="No space left"):
        shelf.write({"text": "new", "claims.jsonl": "new"})
    assert (shelf.read("text"), shelf.read("claims.jsonl")) == ("old", "old")
    assert [p.name for p in shelf.folder.parent.iterdir()] == [ID]


def test_a_name_names_what_was_kept_last_and_is_still_here(workspace: Workspace) -> None:
    first, second = Shelf.of(workspace, ID), Shelf.of(workspace, "cd" * 32)
    for shelf in (first, second):
        shelf.write({"text": ""})
        shelf.call(workspace, "../a plan.pdf")
    assert Shelf.named(workspace, "../a plan.pdf") == second
    assert Shelf.named(workspace, "another") is None
    assert Shelf.kept(workspace) == [first, second]
    second.remove()
    assert Shelf.named(workspace, "../a plan.pdf") is None


def test_a_start_that_two_documents_share_names_neither(workspace: Workspace) -> None:
    for document in ("ab" + "0" * 62, "ab" + "1" * 62):
        Shelf.of(workspace, document).write({"text": ""})
    assert Shelf.found(workspace, "ab1").id == "ab" + "1" * 62
    with pytest.raises(ZizhuError, match="unknown document"):
        Shelf.found(workspace, "ab")


def test_a_log_needs_its_document_and_takes_lines(workspace: Workspace) -> None:
    with pytest.raises(ZizhuError, match="not kept"):
        Shelf.of(workspace, ID).add("log.jsonl", "a")
    with pytest.raises(ValueError, match="one line"):
        Shelf.of(workspace, ID).add("log.jsonl", "a\nb")
