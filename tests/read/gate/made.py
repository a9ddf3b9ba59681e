"""Documents of our own for the tests of the gate and of what comes after it."""

from __future__ import annotations

import hashlib

from zizhu.read.model import Document, Layer, Page


def layer(text: str, pages: tuple[Page, ...] = ()) -> Layer:
    return Layer("pdf-text" if pages else "raw", text, _hash(text), pages)


def document(
    text: str, language: str = "en", pages: tuple[Page, ...] = (), name: str = "made.txt"
) -> Document:
    return Document(
        id=_hash(f"bytes of {text}"),
        name=name,
        media="text/plain",
        layer=layer(text, pages),
        language=language,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
