"""Chinese characters of either script as one: words and lists are written in simplified characters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zizhu.vocab.packfiles import rows


@cache
def simplified() -> Mapping[int, str]:
    """Traditional Chinese characters and their simplified forms, as `str.translate` takes them."""
    return {ord(row["traditional"]): row["simplified"] for row in rows("read/simplified.csv")}


def plain(text: str, language: str) -> str:
    """A Chinese text in simplified characters, each in its place; a text in another language as it is."""
    return text.translate(simplified()) if language == "zh" else text
