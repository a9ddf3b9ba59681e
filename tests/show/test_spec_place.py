"""Placing labels: none covers another, and none moves further than it must."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.show.marks.place import Box, flags, lanes, spread

PLACES = st.lists(st.floats(0, 300), min_size=1, max_size=12)


@given(PLACES, st.floats(5, 20))
def test_spread_labels_do_not_touch_and_keep_their_order(wanted: list[float], size: float) -> None:
    placed = spread(wanted, [size] * len(wanted), 0, 400)
    ordered = sorted(zip(wanted, placed, strict=True))
    assert all(b - a >= size - 1e-6 for (_, a), (_, b) in pairwise(ordered))
    assert min(placed) >= size / 2 - 1e-6
    assert max(placed) <= 400 - size / 2 + 1e-6


@given(PLACES)
def test_labels_with_room_stay_where_they_are(wanted: list[float]) -> None:
    apart = [20 + 30 * i for i in range(len(wanted))]
    assert spread(apart, [20] * len(apart), 0, 1000) == pytest.approx(apart)


def test_labels_that_touch_move_by_as_little_as_possible() -> None:
    assert spread([50, 50], [10, 10], 0, 100) == pytest.approx([45, 55])
    assert spread([50, 52, 54], [10, 10, 10], 0, 100) == pytest.approx([42, 52, 62])
    assert spread([1, 99], [10, 10], 0, 100) == pytest.approx([5, 95])


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(5, 200)), min_size=1, max_size=15))
def test_lanes_hold_spans_that_do_not_touch(starts: list[tuple[float, float]]) -> None:
    spans = [(a, a + w) for a, w in starts]
    chosen = lanes(spans, gap=6)
    for i, j in combinations(range(len(spans)), 2):
        if chosen[i] == chosen[j]:
            assert spans[i][1] + 6 <= spans[j][0] or spans[j][1] + 6 <= spans[i][0]
    assert set(chosen) == set(range(max(chosen) + 1))


@given(st.lists(st.floats(0, 600), min_size=1, max_size=8, unique=True), st.floats(20, 150))
def test_flags_cover_neither_one_another_nor_a_stem(stems: list[float], width: float) -> None:
    stems = sorted(stems)
    spans = [(x + 4, x + 4 + width) for x in stems]
    chosen = flags(stems, spans)
    for i, j in combinations(range(len(stems)), 2):
        left, right = (i, j) if stems[i] <= stems[j] else (j, i)
        reaches = spans[left][0] < stems[right] < spans[left][1]
        assert not (reaches and chosen[left] <= chosen[right])
        if chosen[i] == chosen[j]:
            assert spans[i][1] <= spans[j][0] or spans[j][1] <= spans[i][0]


def test_boxes_measure_what_they_share() -> None:
    box = Box(0, 0, 10, 10)
    assert box.overlap(Box(5, 5, 20, 20)) == 25
    assert box.overlap(Box(10, 0, 20, 10)) == 0
    assert box.holds(10, 10)
    assert not box.holds(10.1, 5)
    assert box.contains(Box(0, 1, 10, 9))
    assert not box.contains(Box(5, 5, 11, 9))
