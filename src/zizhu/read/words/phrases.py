"""Phrases of several tokens, found forwards from a token or backwards to one: tries made of the packs' rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from zizhu.read.words.tokens import Tokens, tokens

Trie = dict[str, Any]
V = TypeVar("V")
_LEAF = "\0"


def forwards(pairs: Iterable[tuple[str, Any]]) -> Trie:
    """A trie over the tokens of each phrase."""
    return _grown((tokens(phrase), value) for phrase, value in pairs)


def backwards(pairs: Iterable[tuple[str, Any]]) -> Trie:
    """A trie over the tokens of each phrase, the last token first."""
    root: Trie = {}
    for phrase, value in pairs:
        cut = tokens(phrase)
        _set(root, cut.low[: len(cut)][::-1], value)
    return root


def ahead(cut: Tokens, i: int, trie: Trie) -> tuple[Any, int] | None:
    """The longest phrase that begins with token `i`: its value and the token after it."""
    low, node, found, j = cut.low, trie, None, i
    while (node := node.get(low[j])) is not None:  # type: ignore[assignment]
        j += 1
        if _LEAF in node:
            found = (node[_LEAF], j)
    return found


def behind(cut: Tokens, i: int, trie: Trie) -> tuple[Any, int] | None:
    """The longest phrase that ends just before token `i`: its value and its first token."""
    low, node, found, j = cut.low, trie, None, i - 1
    while j >= 0 and (node := node.get(low[j])) is not None:  # type: ignore[assignment]
        if _LEAF in node:
            found = (node[_LEAF], j)
        j -= 1
    return found


def longest(text: str, start: int, table: Mapping[str, V], most: int) -> tuple[V, int] | None:
    """The longest word of a table that stands at code point `start`: its value and its end."""
    for n in range(min(most, len(text) - start), 0, -1):
        found = table.get(text[start : start + n])
        if found is not None:
            return found, start + n
    return None


def longest_before(text: str, end: int, table: Mapping[str, V], most: int) -> tuple[V, int] | None:
    """The longest word of a table that ends at code point `end`: its value and its start."""
    for n in range(min(most, end), 0, -1):
        found = table.get(text[end - n : end])
        if found is not None:
            return found, end - n
    return None


def _grown(pairs: Iterable[tuple[Tokens, Any]]) -> Trie:
    root: Trie = {}
    for cut, value in pairs:
        _set(root, cut.low[: len(cut)], value)
    return root


def _set(root: Trie, words: list[str], value: Any) -> None:
    node = root
    for word in words:
        node = node.setdefault(word, {})
    node[_LEAF] = value
