"""The digest: what it must not see (storage, order, last bits) and what it must see (everything else)."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from zizhu.store.digest import canonical, digest
from zizhu.vocab.problems import ZizhuError

NAMES = st.sampled_from(["value", "Wert", "价值", "a b", "z"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(2**31), 2**31 - 1)
CELLS = {
    "float": FLOATS,
    "int": INTEGERS,
    "text": st.text(max_size=5),
    "bool": st.booleans(),
    "date": st.dates(date(1950, 1, 1), date(2050, 1, 1)),
}
TYPES = {
    "float": pl.Float64(),
    "int": pl.Int64(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
}


@st.composite
def frames(draw: st.DrawFn) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """A keyed frame: key `year` and `who`, one to three columns of any kind with nulls."""
    keys = draw(
        st.lists(st.tuples(INTEGERS, st.text(max_size=3)), min_size=1, max_size=6, unique=True),
    )
    frame = pl.DataFrame({"year": [k[0] for k in keys], "who": [k[1] for k in keys]})
    for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)):
        kind = draw(st.sampled_from(list(CELLS)))
        cells = draw(
            st.lists(st.one_of(st.none(), CELLS[kind]), min_size=len(keys), max_size=len(keys)),
        )
        frame = frame.with_columns(pl.Series(name, cells, dtype=TYPES[kind]))
    return frame, ("year", "who")


# --- the format, written a second time in plain Python ---


def decimal_digits(x: float) -> tuple[int, int]:
    """Twelve significant digits and exponent by Python's exact formatting."""
    if x == 0:
        return 0, 0
    digits, _, exponent = f"{x:.11e}".partition("e")
    return int(digits.replace(".", "")), int(exponent)


def distance_from_tie(x: float) -> float:
    """How far the digits after the twelfth are from one half, in units of the twelfth."""
    scaled = Decimal(abs(x)).scaleb(11 - decimal_digits(x)[1])
    return abs(float(scaled - scaled.to_integral_value(rounding=ROUND_FLOOR)) - 0.5)


def plain_digest(frame: pl.DataFrame, key: Sequence[str]) -> str:
    rows = sorted(frame.rows(named=True), key=lambda r: tuple(_sortable(r[k]) for k in key))
    h = hashlib.blake2b(digest_size=16)
    h.update(ascii(tuple(key)).encode())
    for name in sorted(frame.columns):
        kind = next(k for k, t in TYPES.items() if t == frame[name].dtype)
        cells = [r[name] for r in rows]
        h.update(ascii((name, kind, len(cells), None in cells)).encode())
        if None in cells:
            bits = "".join("01"[c is None] for c in cells).ljust(-(-len(cells) // 8) * 8, "0")
            h.update(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)))
        h.update(_encoded(cells, kind))
    return h.hexdigest()


def _sortable(cell: object) -> object:
    return cell.encode() if isinstance(cell, str) else cell


def _encoded(cells: list[object], kind: str) -> bytes:
    if kind == "float":
        pairs = [decimal_digits(float(str(c)) if c is not None else 0.0) for c in cells]
        return struct.pack(f"<{len(pairs)}q", *(m for m, _ in pairs)) + struct.pack(
            f"<{len(pairs)}h", *(e for _, e in pairs)
        )
    if kind == "text":
        encoded = [str(c).encode() if c is not None else b"" for c in cells]
        return struct.pack(f"<{len(encoded)}I", *map(len, encoded)) + b"".join(encoded)
    if kind == "bool":
        return bytes(bool(c) for c in cells)
    if kind == "date":
        return struct.pack(
            f"<{len(cells)}q", *((c - date(1970, 1, 1)).days if isinstance(c, date) else 0 for c in cells)
        )
    return struct.pack(f"<{len(cells)}q", *(c if isinstance(c, int) else 0 for c in cells))


@given(frames())
def test_digest_is_the_one_a_plain_implementation_makes(keyed: tuple[pl.DataFrame, tuple[str, ...]]) -> None:
    frame, key = keyed
    floats = [c for s in frame if s.dtype == pl.Float64 for c in s.drop_nulls()]
    assume(all(distance_from_tie(c) > 1e-3 for c in floats if c))
    assert digest(frame, key) == plain_digest(frame, key)


def test_digest_of_a_fixed_frame_on_any_machine() -> None:
    frame = pl.DataFrame(
        {
            "year": [2022, 2022, 2021, 2020],
            "who": ["CHN", "中国", "USA", ""],
            "value": [0.1 + 0.2, -1e-300, None, 6.02214076e23],
            "count": [1, -(2**62), None, 0],
            "known": [True, False, None, True],
            "published": [date(2025, 5, 1), None, date(1969, 12, 31), date(2026, 11, 21)],
            "note": ["", None, "a\x1fb", "naïve"],
        }
    )
    assert digest(frame, ("year", "who")) == "8490f44b170e29abc23ef49b02e6e87d"
    assert digest(frame.select("who", "value").sort("who"), ("who",)) == "be70eb180dde6fefc32c526f52a38aab"
    assert (
        digest(pl.DataFrame({"v": np.arange(5, dtype=np.float32) / 8}), ())
        == "b17c3adf268cb1117049938e59cf097d"
    )


def test_a_null_is_not_the_bytes_that_announce_it() -> None:
    """Without the mark of nulls in the header, these columns were hashed from the same bytes."""
    nulls = pl.DataFrame({"k": [1, 2], "v": pl.Series([None, None], dtype=pl.String)})
    texts = pl.DataFrame({"k": [1, 2], "v": ["", ""]})
    assert digest(nulls, ("k",)) != digest(texts, ("k",))


def test_a_name_that_looks_like_a_header_is_only_a_name() -> None:
    one = pl.DataFrame({"k": [1], "a": [1], "b": [2]})
    named = pl.DataFrame({"k": [1], "a', 'int', 1, False)": [1], "b": [2]})
    assert digest(one, ("k",)) != digest(named, ("k",))


# --- canonical floats ---


def bit_patterns(first: int, last: int, count: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(20221122).integers(first, last, size=count, dtype=np.uint64)
    values = drawn.view(np.float64)
    return values[np.isfinite(values)]


def powers_of_ten() -> NDArray[np.float64]:
    exact = np.array([float(f"1e{k}") for k in range(-323, 309)])
    return np.concatenate([exact, np.nextafter(exact, 0), np.nextafter(exact, np.inf)[:-1], 5 * exact[:-1]])


MAGNITUDES = {
    "any subnormal number": bit_patterns(1, 1 << 52, 5_000),
    "the smallest numbers": np.arange(1, 5_000, dtype=np.uint64).view(np.float64),
    "any normal number": bit_patterns(1 << 52, 0x7FF << 52, 20_000),
    "powers of ten and their neighbours": powers_of_ten(),
    "money": np.round(np.random.default_rng(1).random(5_000) * 1e9, 4),
    "integers": np.arange(2**53 - 5_000, 2**53, dtype=float),
    "shares": np.random.default_rng(2).random(5_000),
}


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("name", MAGNITUDES)
def test_canonical_has_the_digits_of_exact_decimal_arithmetic(name: str, sign: float) -> None:
    values = sign * MAGNITUDES[name]
    mantissa, exponent = canonical(values)
    for x, found in zip(values.tolist(), zip(mantissa.tolist(), exponent.tolist(), strict=True), strict=True):
        if found != decimal_digits(x):
            assert distance_from_tie(x) < 1e-3, x.hex()  # two roundings may tip a tie, not more
            assert abs(found[0] - decimal_digits(x)[0]) == 1


def test_canonical_mantissa_has_twelve_digits_up_to_the_largest_number() -> None:
    values = np.concatenate([*MAGNITUDES.values(), [np.finfo(float).max]])
    mantissa, _ = canonical(values)
    assert mantissa.min() >= 10**11
    assert mantissa.max() < 10**12


def test_canonical_has_one_zero() -> None:
    mantissa, exponent = canonical(np.array([0.0, -0.0]))
    assert mantissa.tolist() == [0, 0]
    assert exponent.tolist() == [0, 0]


@given(FLOATS)
@example(999999999999.4999)
@example(9.999999999995e-5)
def test_canonical_is_the_same_for_the_number_it_names(x: float) -> None:
    mantissa, exponent = canonical(np.array([x]))
    named = float(Decimal(int(mantissa[0])).scaleb(int(exponent[0]) - 11))
    assume(math.isfinite(named))
    again = canonical(np.array([named]))
    assert (again[0][0], again[1][0]) == (mantissa[0], exponent[0])


# --- what it must not see ---


@given(frames(), st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_is_not_seen(
    keyed: tuple[pl.DataFrame, tuple[str, ...]], random: Random
) -> None:
    frame, key = keyed
    rows, columns = list(range(frame.height)), list(frame.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    assert digest(frame[rows].select(columns), key) == digest(frame, key)


@given(st.lists(st.integers(0, 120), min_size=1, max_size=8, unique=True), st.data())
def test_width_of_integers_is_not_seen(keys: list[int], data: st.DataObject) -> None:
    widths = [pl.Int8, pl.UInt8, pl.Int16, pl.UInt16, pl.Int32, pl.UInt32, pl.Int64, pl.UInt64, pl.Int128]
    frame = pl.DataFrame({"k": keys, "n": [k // 2 for k in keys]})
    other = frame.with_columns(
        pl.col("k").cast(data.draw(st.sampled_from(widths))),
        pl.col("n").cast(data.draw(st.sampled_from(widths))),
    )
    assert digest(other, ("k",)) == digest(frame, ("k",))


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_width_of_floats_is_not_seen(values: list[float]) -> None:
    narrow = pl.DataFrame({"v": pl.Series(values, dtype=pl.Float32)})
    assert digest(narrow, ()) == digest(narrow.cast(pl.Float64), ())


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.integers(-30, 30), st.integers(-8, 8)), min_size=1, max_size=8
    )
)
def test_last_bits_away_from_ties_are_not_seen(printed: list[tuple[int, int, int]]) -> None:
    exact = np.array([float(f"{digits}e{power}") for digits, power, _ in printed])
    noisy = exact * (1 + np.array([ulps for *_, ulps in printed]) * np.finfo(float).eps)
    assert digest(pl.DataFrame({"v": noisy}), ()) == digest(pl.DataFrame({"v": exact}), ())


def test_order_of_addition_is_not_seen() -> None:
    parts = np.random.default_rng(3).random(10_000)
    forward, backward = float(np.add.accumulate(parts)[-1]), float(np.add.accumulate(parts[::-1])[-1])
    assert forward != backward
    assert digest(pl.DataFrame({"v": [forward]}), ()) == digest(pl.DataFrame({"v": [backward]}), ())


@pytest.mark.parametrize("stored", [pl.Categorical(), pl.Enum(["b", "a", "ä"])])
def test_text_storage_is_not_seen_even_in_the_key(stored: pl.DataType) -> None:
    frame = pl.DataFrame({"k": ["b", "ä", "a"], "t": ["a", None, "b"]})
    assert digest(frame.cast(stored), ("k",)) == digest(frame, ("k",))


def test_chunks_are_not_seen() -> None:
    halves = [pl.DataFrame({"k": [1, 2], "v": [0.1, None]}), pl.DataFrame({"k": [3], "v": [0.3]})]
    pieces = pl.concat(halves, rechunk=False)
    assert pieces.n_chunks() == 2
    assert digest(pieces, ("k",)) == digest(pieces.rechunk(), ("k",))


def test_a_frame_longer_than_one_block_is_read_to_its_end() -> None:
    long = np.zeros((1 << 20) + 3)
    other = long.copy()
    other[-1] = 1
    assert digest(pl.DataFrame({"v": long}), ()) != digest(pl.DataFrame({"v": other}), ())


# --- what it must see ---


@given(frames(), st.data())
def test_every_changed_cell_is_seen(keyed: tuple[pl.DataFrame, tuple[str, ...]], data: st.DataObject) -> None:
    frame, key = keyed
    name = data.draw(st.sampled_from(frame.columns))
    kind = next(k for k, t in TYPES.items() if t == frame[name].dtype)
    row = data.draw(st.integers(0, frame.height - 1))
    choices = CELLS[kind] if name in key else st.one_of(st.none(), CELLS[kind])
    cells = frame[name].to_list()
    old, cells[row] = cells[row], data.draw(choices)
    assume(not _same(old, cells[row]))
    changed = frame.with_columns(pl.Series(name, cells, dtype=TYPES[kind]))
    assume(changed.select(key).n_unique() == frame.height)
    assert digest(changed, key) != digest(frame, key)


def _same(a: object, b: object) -> bool:
    """Equal, or so close that twelve digits do not part them."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or math.isclose(a, b, rel_tol=1e-11)
    return a == b


BASE = pl.DataFrame({"k": [1, 2, 3], "v": [1.0, 2.0, 3.0], "w": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(
    ("other", "key"),
    [
        (BASE.rename({"v": "V"}), ("k",)),
        (BASE.rename({"v": "w", "w": "v", "k": "k"}).with_columns(v=pl.lit(1.0)), ("k",)),
        (BASE.drop("w"), ("k",)),
        (BASE.with_columns(u=pl.lit(0)), ("k",)),
        (BASE.head(2), ("k",)),
        (BASE, ("v",)),
        (BASE, ("k", "v")),
        (BASE, ("v", "k")),
        (BASE, ()),
        (BASE.with_columns(pl.col("w").cast(pl.Int64)), ("k",)),
        (BASE.with_columns(pl.col("w").cast(pl.String)), ("k",)),
        (BASE.with_columns(w=pl.when(pl.col("k") > 1).then("w")), ("k",)),
        (BASE.with_columns(w=pl.Series([1.0, 2.0, 3.00000000001])), ("k",)),
    ],
)
def test_every_other_content_has_another_digest(other: pl.DataFrame, key: tuple[str, ...]) -> None:
    assert digest(other, key) != digest(BASE, ("k",))


def test_null_is_neither_zero_nor_empty_text() -> None:
    for null, filled in (([1.0, None], [1.0, 0.0]), (["a", None], ["a", ""]), ([True, None], [True, False])):
        assert digest(pl.DataFrame({"v": null}), ()) != digest(pl.DataFrame({"v": filled}), ())


def test_letters_do_not_move_from_one_cell_to_the_next() -> None:
    one, other = pl.DataFrame({"v": ["ab", "c"]}), pl.DataFrame({"v": ["a", "bc"]})
    assert digest(one, ()) != digest(other, ())


def test_position_is_the_key_of_a_dense_array() -> None:
    assert digest(pl.DataFrame({"v": [1.0, 2.0]}), ()) != digest(pl.DataFrame({"v": [2.0, 1.0]}), ())


# --- what has no digest ---


@pytest.mark.parametrize(
    ("frame", "key", "where", "what"),
    [
        ({"k": [2, 1], "v": [1.0, math.nan]}, ("k",), "column v", "nan in row 1"),
        ({"k": [2, 1], "v": [math.inf, 1.0]}, ("k",), "column v", "inf in row 0"),
        ({"k": [2, 1], "v": [None, -math.inf]}, ("k",), "column v", "-inf in row 1"),
        ({"k": [1], "v": [[1]]}, ("k",), "column v", "type List(Int64) has no canonical form"),
        ({"k": [1], "v": [Decimal("1.5")]}, ("k",), "column v", "type Decimal"),
        ({"k": [1], "v": [None]}, ("k",), "column v", "type Null has no canonical form"),
        ({"k": [1, 2, 1, 1]}, ("k",), "key column k", "2 rows repeat a key, first row 0: {'k': 1}"),
        (
            {"k": [0, 1, 0], "l": ["a", "b", "a"]},
            ("k", "l"),
            "key columns k, l",
            "first row 0: {'k': 0, 'l': 'a'}",
        ),
        ({"k": [1, None]}, ("k",), "key column k", "null in row 1"),
        ({"k": [1], "v": [2]}, ("kk",), "key", "unknown column 'kk'"),
    ],
)
def test_what_has_no_digest_is_named(
    frame: dict[str, list[object]], key: tuple[str, ...], where: str, what: str
) -> None:
    with pytest.raises(ZizhuError) as caught:
        digest(pl.DataFrame(frame), key)
    (problem,) = caught.value.problems
    assert problem.where == where
    assert what in problem.what


def test_an_integer_beyond_64_bits_is_named() -> None:
    frame = pl.DataFrame({"v": pl.Series([1, 2**63], dtype=pl.UInt64)})
    with pytest.raises(ZizhuError, match=r"column v: 9223372036854775808 in row 1"):
        digest(frame, ())


def test_the_row_is_the_reader_s_and_not_that_of_the_sorted_copy() -> None:
    frame = pl.DataFrame({"k": [3, 2, 1], "v": [math.nan, 1.0, 2.0]})
    with pytest.raises(ZizhuError, match="nan in row 0"):
        digest(frame, ("k",))


def test_all_faults_are_named_at_once() -> None:
    frame = pl.DataFrame({"k": [1, 1, None], "v": [math.nan, 1.0, 2.0], "l": [[1], [2], [3]]})
    with pytest.raises(ZizhuError) as caught:
        digest(frame, ("k",))
    assert [p.where for p in caught.value.problems] == [
        "key column k",
        "key column k",
        "column v",
        "column l",
    ]
