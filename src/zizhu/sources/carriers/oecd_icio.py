"""The OECD Inter-Country Input-Output table of one year, from the arrays of a carrier package.

The carrier keeps input shares in sector-major order; here they become flows in country-major order.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.sources.carriers.recipe import Recipe, require
from zizhu.sources.reading import SourceTable
from zizhu.vocab.problems import Problem, ZizhuError

Floats = NDArray[np.float64]
_ARRAYS = {"A", "omb", "go", "z", "countries", "sectors"}
_MANTISSA_BITS = 23  # of an IEEE 754 single


def read(raw: Path, recipe: Recipe) -> dict[str, SourceTable]:
    """The flow table and its nodes, by the names that `recipe` gives them (`flows`, `nodes`).

    `raw` is an .npz with A[n, n] (input shares of a buyer's intermediate use, columns add up to 1), omb[n]
    (intermediate use / output), go[n] (output), z[n] (sales not intermediate), n = sectors x countries.
    The flows are Z[i, j] = A[i, j] omb[j] go[j], million USD, seller i, buyer j, rounded to the decimals that
    the OECD publishes and then to `mantissa_bits` bits.
    Raises ZizhuError when arrays are missing, misshapen, negative or not finite.
    """
    arrays = _load(raw)
    order = country_major(len(arrays["countries"]), len(arrays["sectors"]))
    Z = (arrays["A"] * (arrays["omb"] * arrays["go"]))[np.ix_(order, order)]
    nodes = _nodes(arrays, Z, order, recipe)
    exact = np.round(Z, int(recipe.parameters["decimals"])).astype(np.float32)
    flows = round_mantissa(exact, int(recipe.parameters["mantissa_bits"]))
    frames = {"nodes": nodes, "flows": pl.DataFrame({"v": flows.ravel()})}
    names = {role: str(recipe.parameters[role]) for role in frames}
    return {name: SourceTable(frames[role], recipe.tables[name]) for role, name in names.items()}


def country_major(countries: int, sectors: int) -> NDArray[np.intp]:
    """Positions that put a sector-major vector (country moves fastest) into country-major order.

    >>> country_major(2, 3).tolist()
    [0, 2, 4, 1, 3, 5]
    """
    return np.arange(countries * sectors).reshape(sectors, countries).T.ravel()


def round_mantissa(values: NDArray[np.float32], bits: int) -> NDArray[np.float32]:
    """Singles rounded to `bits` bits of mantissa, half away from zero; relative error at most 2**-(bits + 1).

    >>> round_mantissa(np.array([1 + 2**-13, 1 + 2**-14, 1 + 2**-15], np.float32), 13).tolist()
    [1.0001220703125, 1.0001220703125, 1.0]
    """
    dropped = np.uint32(_MANTISSA_BITS - bits)
    half = np.uint32(1) << (dropped - np.uint32(1))
    return ((values.view(np.uint32) + half) >> dropped << dropped).view(np.float32)


def _nodes(arrays: Mapping[str, Any], Z: Floats, order: NDArray[np.intp], recipe: Recipe) -> pl.DataFrame:
    decimals = int(recipe.parameters["decimals"])
    output = arrays["go"][order]
    use = _totals(Z, 0, decimals)
    return pl.DataFrame(
        {
            "idx": np.arange(len(output), dtype=np.int16),
            "iso3": np.repeat(arrays["countries"].astype(str), len(arrays["sectors"])),
            "sector": np.tile(arrays["sectors"].astype(str), len(arrays["countries"])),
            "output": output,
            "intermediate_use": use,
            "residual": np.round(output - use, decimals),
            "intermediate_sales": _totals(Z, 1, decimals),
            "final_plus_row_sales": arrays["z"][order],
            "value_added_estimated": arrays["omb"][order] >= float(recipe.parameters["use_share_cap"]),
            "inactive": output == 0,
        }
    )


def _totals(Z: Floats, axis: int, decimals: int) -> Floats:
    # whole numbers of a small unit: neither the order of the sum nor the machine changes the digest
    unit = 10.0 ** (2 * decimals)
    whole: NDArray[np.int64] = np.rint(Z * unit).astype(np.int64).sum(axis=axis)
    return np.round(whole / unit, decimals)


def _load(raw: Path) -> Mapping[str, Any]:
    require(is_zipfile(raw), "no .npz file", str(raw), "a zip file of arrays")
    try:
        with np.load(raw, allow_pickle=False) as file:
            missing = sorted(_ARRAYS - set(file.files))
            require(not missing, f"arrays {missing} are missing", str(raw), f"the arrays {sorted(_ARRAYS)}")
            arrays = {name: file[name] for name in _ARRAYS}
    except (ValueError, EOFError, BadZipFile) as error:
        problem = Problem(
            f"cannot be read: {error}", str(raw), "arrays of plain types", "Get the file again."
        )
        raise ZizhuError(problem) from error
    n = len(arrays["countries"]) * len(arrays["sectors"])
    for name, shape in {"A": (n, n), "omb": (n,), "go": (n,), "z": (n,)}.items():
        values = arrays[name]
        require(values.shape == shape, f"{name} has shape {values.shape}", str(raw), f"shape {shape}")
        good = bool(np.isfinite(values).all() and (values >= 0).all())
        require(good, f"{name} has negative or infinite values", str(raw), "finite values, none negative")
    return arrays
