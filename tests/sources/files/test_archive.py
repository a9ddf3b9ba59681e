"""What a user downloaded, opened in bounded memory: whole files are read, hostile and damaged ones are refused."""

from __future__ import annotations

import gzip
import os
import random
import zipfile
from pathlib import Path

import pytest

from zizhu.sources.files import archive
from zizhu.sources.files.archive import blocks, members
from zizhu.vocab.problems import ZizhuError

TEXT = b"a,b\n1,2\n" * 1000


def zipped(path: Path, **held: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in held.items():
            file.writestr(name, content)
    return path


def content(path: Path, name: str) -> bytes:
    member = next(m for m in members(path) if m.name == name)
    with member.open() as stream:
        return b"".join(blocks(stream, member.where, size=100))


def test_plain_gzipped_and_zipped_files_hold_the_same(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TEXT)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TEXT))
    zipped(tmp_path / "t.zip", **{"t.csv": TEXT, "read.me": b"x"})
    for name in ("t.csv", "t.csv.gz", "t.zip"):
        assert content(tmp_path / name, "t.csv") == TEXT
    assert [m.name for m in members(tmp_path / "t.zip")] == ["read.me", "t.csv"]


@pytest.mark.parametrize("size", [1, 7, 8, 9, 5000, 10**6])
def test_blocks_are_whole_lines_of_the_stream(size: int, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TEXT + b"9,9")
    with members(tmp_path / "t.csv")[0].open() as stream:
        pieces = list(blocks(stream, "t", size))
    assert b"".join(pieces) == TEXT + b"9,9"
    assert all(p.endswith(b"\n") for p in pieces[:-1])


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:/x.csv", "a\\..\\..\\x.csv"])
def test_a_member_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.zip", **{name: b"1"})
    with pytest.raises(ZizhuError, match="names inside the archive"):
        members(path)


def test_all_faults_of_an_archive_come_at_once(tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.zip", **{"../a": b"1", "../b": b"1", "c": b"\0" * 10_000_000})
    with pytest.raises(ZizhuError) as caught:
        members(path)
    assert len(caught.value.problems) == 3


def test_bombs_are_refused_before_and_while_they_are_read(tmp_path: Path) -> None:
    zeros = b"0\n" * 25_000_000
    with pytest.raises(ZizhuError, match="unpack to 50,000,000"):
        members(zipped(tmp_path / "t.zip", zeros=zeros))
    (tmp_path / "t.gz").write_bytes(gzip.compress(zeros))
    with pytest.raises(ZizhuError, match="unpacks to more than it may"):
        content(tmp_path / "t.gz", "t")


def test_one_endless_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LONGEST_LINE", 1000)
    (tmp_path / "t.csv").write_bytes(b"1," * 5000)
    with pytest.raises(ZizhuError, match="one row a line"):
        content(tmp_path / "t.csv", "t.csv")


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("ending", ["zip", "csv.gz"])
def test_a_truncated_archive_is_damaged(cut: float, ending: str, tmp_path: Path) -> None:
    whole = tmp_path / f"t.{ending}"
    if ending == "zip":
        zipped(whole, **{"t.csv": TEXT})
    else:
        whole.write_bytes(gzip.compress(TEXT))
    held = whole.read_bytes()
    whole.write_bytes(held[: int(len(held) * cut)])
    with pytest.raises(ZizhuError, match="damaged or cut short"):
        content(whole, "t.csv")


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><head><title>403 Forbidden</title>",
        b"\xef\xbb\xbf\n <HTML><body>Sign in",
    ],
)
def test_a_web_page_saved_as_a_zip_is_told_from_data(page: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.zip").write_bytes(page)
    with pytest.raises(ZizhuError, match="a web page"):
        members(tmp_path / "t.zip")


def test_empty_missing_and_encrypted_files_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(b"")
    with pytest.raises(ZizhuError, match="an empty file"):
        members(tmp_path / "empty.zip")
    with pytest.raises(ZizhuError, match="No such file"):
        members(tmp_path / "none.zip")
    path = zipped(tmp_path / "t.zip", **{"t.csv": TEXT})
    held = bytearray(path.read_bytes())
    held[held.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(held)
    with pytest.raises(ZizhuError, match="encrypted"):
        members(path)


def test_a_workbook_is_one_file_though_it_is_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    (member,) = members(path)
    assert (member.name, member.size) == ("book.xlsx", path.stat().st_size)
    with member.open() as stream:
        assert stream.read() == path.read_bytes()


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def packed(path: Path, method: int) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("a.csv", TEXT)
        file.writestr("b.csv", TEXT[:400])
    return path


@pytest.mark.parametrize("method", METHODS)
def test_every_common_compression_is_read(method: int, tmp_path: Path) -> None:
    assert content(packed(tmp_path / "t.zip", method), "a.csv") == TEXT


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (93, "Zstandard"), (77, "unknown method")])
def test_a_compression_that_is_not_read_is_named(method: int, name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.zip", **{"t.csv": TEXT})
    held = bytearray(path.read_bytes())
    held[held.index(b"PK\x01\x02") + 10] = method
    path.write_bytes(held)
    with pytest.raises(ZizhuError, match=f"packed with.*{name}.*method {method}"):
        members(path)


@pytest.mark.parametrize("method", METHODS[1:])
def test_damaged_content_is_told_for_every_compression(method: int, tmp_path: Path) -> None:
    path = packed(tmp_path / "t.zip", method)
    held = bytearray(path.read_bytes())
    held[36:60] = bytes(x ^ 0xA5 for x in held[36:60])
    path.write_bytes(held)
    with pytest.raises(ZizhuError, match="damaged or cut short"):
        content(path, "a.csv")


@pytest.mark.parametrize("method", METHODS)
def test_mutated_archives_are_read_or_refused(method: int, tmp_path: Path) -> None:
    whole = packed(tmp_path / "t.zip", method).read_bytes()
    dice = random.Random(method)
    path, faults = tmp_path / "m.zip", 0
    directory = whole.index(b"PK\x01\x02")
    for _ in range(750):
        held = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            # most of the faults where sizes, flags, methods, names and places stand
            low = directory if dice.random() < 0.6 else 0
            held[dice.randrange(low, len(held))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        path.write_bytes(b"PK" + held[2 : dice.choice((len(held), len(held), dice.randrange(3, len(held))))])
        try:
            for member in members(path):
                with member.open() as stream:
                    while stream.read(1 << 16):
                        pass
        except ZizhuError:
            faults += 1
    assert faults > 300


def test_faults_of_the_one_who_reads_are_not_those_of_the_archive(tmp_path: Path) -> None:
    (member,) = members(zipped(tmp_path / "t.zip", **{"t.csv": TEXT}))
    with pytest.raises(ValueError, match="mine"), member.open():
        raise ValueError("mine")


def test_nothing_stays_open_after_reading_or_refusing(tmp_path: Path) -> None:
    good = zipped(tmp_path / "t.zip", **{"t.csv": TEXT, "u.csv": TEXT})
    bad = zipped(tmp_path / "bad.zip", **{"../t.csv": TEXT})
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("open files are counted in /proc")

    def held() -> list[str]:
        return [n for n in map(os.path.realpath, folder.iterdir()) if n.startswith(str(tmp_path))]

    listed = members(good)
    assert held() == []
    with listed[0].open() as stream:
        assert stream.read(3) == TEXT[:3]
        assert len(held()) == 1
    assert held() == []
    with pytest.raises(ZizhuError) as caught:
        members(bad)
    assert caught.value.problems
    assert held() == []
    good.rename(tmp_path / "other.zip")
    with pytest.raises(ZizhuError, match="No such file"), listed[0].open():
        pass
