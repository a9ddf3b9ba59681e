"""What people call a document."""

from __future__ import annotations

from zizhu.read.model import Document


def short(name: str) -> str:
    """The last part of a path or address, by which people call a document."""
    return name.rstrip("/").rpartition("/")[2] or name


def called(document: Document) -> str:
    """Its title, else the last part of its path or address."""
    return document.title or short(document.name)
