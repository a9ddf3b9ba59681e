"""A document from the web. What downloads is given: this floor of the house has no network of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol

from zizhu.read.documents.opened import opened
from zizhu.read.model import Document


class Arrived(Protocol):
    """A file that was downloaded, and its address without secrets."""

    @property
    def path(self) -> Path: ...
    @property
    def url_without_secrets(self) -> str: ...


class Download(Protocol):
    """`zizhu.sources.net.fetch.fetch`, or what does the same: bounds, offline switch and addresses are its business."""

    def __call__(self, url: str, folder: Path, /) -> Arrived: ...


def from_url(
    url: str,
    download: Download,
    *,
    language: str | None = None,
    published: str | None = None,
    publisher: str = "",
    title: str = "",
) -> Document:
    """Download a document to a folder that is removed afterwards, and read it; its name is its address.

    Raises ZizhuError as `download` and `opened` do.
    """
    with tempfile.TemporaryDirectory(prefix="zizhu-") as folder:
        arrived = download(url, Path(folder))
        return opened(
            arrived.path.read_bytes(),
            arrived.url_without_secrets,
            language=language,
            published=published,
            publisher=publisher,
            title=title,
        )
