"""The digest of a table: the same logical content gives the same digest on any machine.

Hashed are the sorted column names with their logical type and, column by column, the rows in key order.
Floats count to 12 significant digits, integers of every width are the same type, and Float32 and Float64
are the same type, so neither a change of storage nor the last bits of a sum change the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.vocab.problems import Problem, ZizhuError

DIGITS = 12
CHUNK = 1 << 20
_FIRST, _LAST = -330, 320
_POWERS = np.array([float(f"1e{k}") if k < 309 else np.inf for k in range(_FIRST, _LAST)])


def canonical(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    """Decimal mantissa of 12 digits and exponent of finite floats, shapes as the input.

    Zero (and minus zero) is (0, 0). Only comparisons, one division by a power of ten and one rounding are
    made, all exactly defined by IEEE 754, so the result does not depend on a mathematics library.
    """
    size = np.abs(values)
    _, binary = np.frexp(size)
    exponent = np.floor((binary - 1) * 0.30102999566398120).astype(np.int16)
    exponent += size >= _power(exponent + 1)
    scale = exponent - (DIGITS - 1)
    half = scale // 2  # two steps: 10**scale alone overflows for subnormal numbers
    mantissa = np.rint(values / _power(half) / _power(scale - half)).astype(np.int64)
    carried = np.abs(mantissa) >= 10**DIGITS
    mantissa[carried] //= 10
    exponent[carried] += 1
    exponent[mantissa == 0] = 0
    return mantissa, exponent


def _power(exponent: NDArray[np.int16]) -> NDArray[np.float64]:
    return _POWERS[exponent - _FIRST]


def digest(frame: pl.DataFrame, key: Sequence[str]) -> str:
    """BLAKE2b-128 of the logical content of `frame` keyed by `key` (32 hexadecimal characters).

    An empty key says that the position of a row is its key (dense arrays).
    Raises ZizhuError when the key is not unique, has nulls, or a column holds NaN, infinity or a type
    without a canonical form.
    """
    check_key(frame, key)
    frame = _in_key_order(frame, key)
    h = hashlib.blake2b(digest_size=16)
    h.update(repr(tuple(key)).encode())
    for name in sorted(frame.columns):
        h.update(f"\x1e{name}\x1f{_logical(frame[name])}\x1f{len(frame)}\x1f".encode())
        for block in _blocks(frame[name]):
            h.update(block)
    return h.hexdigest()


def _in_key_order(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    plain = frame.with_columns(pl.col(k).cast(pl.String) for k in key if _logical(frame[k]) == "text")
    if not key or (len(key) == 1 and plain[key[0]].is_sorted()):
        return plain
    return plain.sort(list(key))


def check_key(frame: pl.DataFrame, key: Sequence[str]) -> None:
    """Raise ZizhuError when `key` is missing from `frame`, has nulls or is not unique."""
    missing = [k for k in key if k not in frame.columns]
    if missing:
        raise ZizhuError(
            Problem(
                f"key columns {missing} are missing",
                "table",
                f"some of {frame.columns}",
                "Name the key columns.",
            )
        )
    if not key:
        return
    nulls = [k for k in key if frame[k].null_count()]
    if nulls:
        raise ZizhuError(
            Problem(f"null in key column {nulls}", "table", "a value in every row", "Fill or drop.")
        )
    keys = frame.select(key)
    unique = keys.n_unique()
    if unique != frame.height:
        twice = keys.filter(keys.is_duplicated()).row(0)
        raise ZizhuError(
            Problem(
                f"{frame.height - unique} rows repeat a key, first {dict(zip(key, twice, strict=True))}",
                "table",
                f"unique {', '.join(key)}",
                "Sum or drop the repeated rows.",
            )
        )


def _logical(column: pl.Series) -> str:
    kind = column.dtype
    if kind.is_integer():
        return "int"
    if kind.is_float():
        return "float"
    if kind == pl.Boolean:
        return "bool"
    if kind == pl.String or isinstance(kind, pl.Enum | pl.Categorical):
        return "text"
    if kind == pl.Date:
        return "date"
    raise ZizhuError(
        Problem(
            f"type {kind} has no canonical form",
            f"column {column.name}",
            "integer, float, boolean, text or date",
            "Cast the column.",
        )
    )


def _blocks(column: pl.Series) -> Iterator[bytes]:
    kind = _logical(column)
    for start in range(0, len(column), CHUNK):
        part = column.slice(start, CHUNK)
        if part.null_count():
            yield b"\x00" + np.packbits(part.is_null().to_numpy()).tobytes()
        yield from _encode(part, kind)


def _encode(part: pl.Series, kind: str) -> Iterator[bytes]:
    if kind == "float":
        values = part.cast(pl.Float64).fill_null(0.0).to_numpy()
        if not np.isfinite(values).all():
            row = int(np.argmin(np.isfinite(values)))
            raise ZizhuError(
                Problem(
                    f"{values[row]} in row {row}",
                    f"column {part.name}",
                    "a finite number or null",
                    "Use null.",
                )
            )
        mantissa, exponent = canonical(values)
        yield mantissa.astype("<i8").tobytes()
        yield exponent.astype("<i2").tobytes()
    elif kind == "text":
        text = part.cast(pl.String).fill_null("")
        yield text.str.len_bytes().to_numpy().astype("<u4").tobytes()
        yield "".join(text.to_list()).encode()
    elif kind == "date":
        yield part.cast(pl.Int32).cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes()
    elif kind == "bool":
        yield part.cast(pl.UInt8).fill_null(0).to_numpy().tobytes()
    else:
        yield part.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes()
