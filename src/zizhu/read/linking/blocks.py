"""Which claims are compared at all: those that share a key, and of many with one key those that stand near."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice

from zizhu.read.linking.said import Said

_REACH = 24
_LEAST = 2
_PAIRS = 4000
"""Pairs of one key that are looked at, about: with more, a person reads none of them."""


def reach(many: int) -> int:
    """With how many others of one key a claim is compared, where `many` share it."""
    return max(_LEAST, min(_REACH, _PAIRS // max(many, 1)))


def blocks(
    all_said: Iterable[Said], keys: Callable[[Said], Iterable[Hashable]]
) -> Iterator[tuple[Hashable, list[Said]]]:
    """The claims of each key that two or more share, in their order; a claim may have several keys, or none."""
    found: dict[Hashable, list[Said]] = {}
    for said in all_said:
        for key in keys(said):
            found.setdefault(key, []).append(said)
    for key, held in found.items():
        if len(held) > 1:
            yield key, held


def near_pairs(held: Sequence[Said]) -> Iterator[tuple[Said, Said]]:
    """Each claim with the next ones that follow it."""
    far = reach(len(held))
    for at, a in enumerate(held):
        for b in islice(held, at + 1, at + 1 + far):
            yield a, b
