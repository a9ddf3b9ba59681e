"""Numbers parsed many at once are those of Python's `float`, bit for bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.sources.files import decimals
from zizhu.sources.files.decimals import LEAD, number, parse

DECIMALS = st.builds(
    lambda sign, whole, point, rest: sign + whole + point + rest,
    st.sampled_from(["", "-", "+"]),
    st.text("0123456789", max_size=18),
    st.sampled_from(["", "."]),
    st.text("0123456789", max_size=18),
)
CELLS = st.one_of(
    DECIMALS, st.floats().map(repr), st.integers().map(str), st.text("0123456789.-+eE _,x/:", max_size=18)
)


def parsed(cells: list[str]) -> tuple[np.ndarray, set[int]]:
    text, start, end = bytearray(LEAD), [], []
    for cell in cells:
        start.append(len(text))
        text += cell.encode()
        end.append(len(text))
        text += b";"
    out = np.full(len(cells), 7.0)
    wrong = parse(np.frombuffer(bytes(text), np.uint8), np.array(start), np.array(end), out)
    return out, set(wrong.tolist())


@pytest.mark.parametrize("cells_at_once", [3, 1 << 15])
@given(st.lists(CELLS, min_size=1, max_size=60))
def test_every_cell_is_read_as_float_reads_it(cells_at_once: int, cells: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decimals, "CELLS", cells_at_once)
        found, wrong = parsed(cells)
    for i, cell in enumerate(cells):
        wanted = number(cell.encode())
        assert (i in wrong) == (not math.isfinite(wanted)), cell
        assert i in wrong or found[i].tobytes() == np.float64(wanted).tobytes(), cell


@pytest.mark.parametrize(
    "cell",
    [".", "-", "-.", "--1", "1-", "1.2.3", "12345678.9.1", "1_0", "nan", "inf", "1e999", "0x1", "/", ":"],
)
def test_what_is_no_number_is_told(cell: str) -> None:
    assert parsed(["1", cell, "2"])[1] == {1}


@pytest.mark.parametrize(
    "cell",
    ["0", "-0", "5.", ".5", "-.5", "12345678", "123456789", "12345678.", "1234567.8", ".12345678", "9007199254740993",
     "900719925474099.3", "0.000000000000001", "-99999999999999.9", "1e-05", "1E+22", " 7", "4 ", "", "   "],
)  # fmt: skip
def test_edges_of_the_words(cell: str) -> None:
    found, wrong = parsed([cell, "1"])
    assert not wrong
    assert found[0].tobytes() == np.float64(float(cell) if cell.strip() else 0.0).tobytes()
    assert found[1] == 1.0
