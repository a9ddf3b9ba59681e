"""Which addresses the files of a source have."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from zizhu.sources.catalogue import Entry, catalogue
from zizhu.sources.download import addresses
from zizhu.vocab.problems import CannotAnswer

TOLD = {
    "id": "x",
    "kind": "trade",
    "producer": "P",
    "title": "T",
    "about": "a",
    "page": "https://p.example",
    "licence": "l",
    "citation": "c",
    "quality": "high",
    "reader": "baci",
    "format": "f",
    "units": "u",
    "tables": "t",
    "traps": ["none"],
    "tried": "no",
}


def source(*files: dict[str, object], editions: tuple[dict[str, object], ...] = ()) -> Entry:
    named = [{"pattern": ".*", "about": "a file", **f} for f in files]
    return Entry.model_validate({**TOLD, "files": named, "editions": list(editions)})


def urls(entry: Entry, *years: int, edition: str = "") -> list[str]:
    return [a.url for a in addresses(entry, frozenset(years), edition)]


def test_files_that_hold_the_years() -> None:
    of = source({"url": "https://p/a", "years": (1995, 2000)}, {"url": "https://p/b", "years": (2001, 2005)})
    assert urls(of) == ["https://p/b"]
    assert urls(of, 1999, 2002) == ["https://p/a", "https://p/b"]
    with pytest.raises(CannotAnswer, match="no file holds 2010"):
        urls(of, 2003, 2010)


def test_a_file_a_year() -> None:
    of = source(
        {"url": "https://p/{edition}/{year}"}, editions=({"id": "2", "years": (2000, 2009)}, {"id": "1"})
    )
    assert urls(of) == ["https://p/2/2009"]
    assert urls(of, 2003, 2001) == ["https://p/2/2001", "https://p/2/2003"]
    assert urls(of, edition="1") == ["https://p/1/"]
    with pytest.raises(CannotAnswer, match="unknown edition '3'"):
        urls(of, edition="3")


def test_files_of_another_edition_are_left() -> None:
    files = ({"url": "https://p/old", "edition": "1"}, {"url": "https://p/new", "edition": "2"})
    of = source(*files, editions=({"id": "2"}, {"id": "1"}))
    assert urls(of) == ["https://p/new"]
    assert urls(of, edition="1") == ["https://p/old"]


def test_a_source_without_an_open_address_says_where_to_get_its_files() -> None:
    with pytest.raises(CannotAnswer, match=r"https://p\.example"):
        urls(source({}))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_addresses_of_the_catalogue_are_whole(name: str) -> None:
    entry = catalogue()[name]
    if any(f.url for f in entry.files):
        assert all("{" not in a.url and a.url.startswith("http") for a in addresses(entry, frozenset(), ""))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_what_is_downloaded_is_known_by_its_name_and_edition(name: str) -> None:
    entry = catalogue()[name]
    reachable = [e.id for e in entry.editions if any(f.url and f.edition in ("", e.id) for f in entry.files)]
    for edition in reachable:
        for address in addresses(entry, frozenset(), edition):
            parts = urlsplit(address.url)
            last = unquote(parts.path).rpartition("/")[2]
            if parts.query or "." not in last:
                continue  # the server names the file
            said = [found.groupdict() for f in entry.files if (found := f.matches(last))]
            assert said, f"{last} has no pattern"
            assert said[0].get("edition") in (None, edition)


def test_an_archive_of_baci_is_asked_for_by_the_edition_that_its_name_has() -> None:
    (url,) = urls(catalogue()["baci"], edition="V202501")
    assert url.endswith("/BACI_HS92_V202501.zip")
    with pytest.raises(CannotAnswer, match="unknown edition '202501'"):
        urls(catalogue()["baci"], edition="202501")
