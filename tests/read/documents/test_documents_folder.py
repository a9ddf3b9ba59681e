"""Files, folders and addresses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from document_files import paragraphs, pdf, word

from zizhu.read.documents import folder as folders
from zizhu.read.documents.address import from_url
from zizhu.read.documents.folder import from_folder, from_path
from zizhu.vocab.problems import ZizhuError


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "two.pdf").write_bytes(pdf(paragraphs(2)))
    (tmp_path / "a.txt").write_text("The words of a plan.")
    (tmp_path / "c.docx").write_bytes(word("Words."))
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "cut.pdf").write_bytes(pdf(paragraphs(2))[:500])
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / ".git" / "x.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    return tmp_path


def test_a_folder_is_read_in_order_and_bad_files_are_told(filled: Path) -> None:
    told: list[tuple[int, int]] = []
    found = from_folder(filled, tell=lambda done, total: told.append((done, total)))
    names = [str(Path(d.name).relative_to(filled)) for d in found.documents]
    assert names == ["a.txt", "b/two.pdf", "c.docx"]
    assert [Path(p.where).name for p in found.problems] == ["bad.png", "cut.pdf"]
    assert told == [(n, 5) for n in range(1, 6)]


def test_too_many_files_are_refused_before_any_is_read(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    with pytest.raises(ZizhuError, match="more than 3 files"):
        from_folder(filled)


@pytest.mark.parametrize("name", ["", "none", "pipe"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ZizhuError, match="expected a document"):
        from_path(tmp_path / name)


def test_an_empty_folder_and_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="no files"):
        from_folder(tmp_path)
    with pytest.raises(ZizhuError, match="no folder"):
        from_folder(tmp_path / "none")


@dataclass(frozen=True)
class Came:
    path: Path
    url_without_secrets: str


def test_an_address_is_downloaded_by_what_is_given_and_nothing_stays() -> None:
    seen: list[Path] = []

    def download(url: str, folder: Path, /) -> Came:
        seen.append(folder / "x")
        seen[0].write_bytes(pdf(paragraphs(2)))
        return Came(seen[0], url.partition("?")[0])

    found = from_url("https://example.org/plan.pdf?key=1", download, publisher="Us")
    assert (found.name, found.publisher, found.media) == (
        "https://example.org/plan.pdf",
        "Us",
        "application/pdf",
    )
    assert not seen[0].exists()
