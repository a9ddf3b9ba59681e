"""A labelled matrix in text: read back as written, in any of the usual dialects; faults name line and column."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from zizhu.sources.files import matrix
from zizhu.sources.files.archive import Member, members
from zizhu.sources.files.matrix import read_matrix
from zizhu.vocab.problems import ZizhuError

CELLS = st.floats(-1e12, 1e12, allow_nan=False)


def written(path: Path, text: str | bytes) -> Member:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return members(path)[0]


@examples(60)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quote=st.sampled_from(["", '"']),
    last=st.booleans(),
    piece=st.sampled_from([16, 64, 1 << 20]),
)
def test_what_was_written_is_read_back(
    rows: list[list[float]],
    delimiter: str,
    end: str,
    quote: str,
    last: bool,
    piece: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    head = delimiter.join(f"{quote}{c}{quote}" for c in ("V1", "A_1", "A_2", "价值"))
    lines = [delimiter.join([f"{quote}r{i}{quote}", *map(repr, row)]) for i, row in enumerate(rows)]
    text = end.join([head, *lines]) + end * last
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(matrix, "PIECE", piece)
        found = read_matrix(written(tmp_path_factory.mktemp("m") / "m.csv", text))
    assert found.columns == ("A_1", "A_2", "价值")
    assert found.rows == tuple(f"r{i}" for i in range(len(rows)))
    assert np.array_equal(found.values, np.array(rows))


def test_empty_cells_are_nothing_and_a_mark_of_byte_order_is_no_label(tmp_path: Path) -> None:
    found = read_matrix(written(tmp_path / "m.csv", b"\xef\xbb\xbfV1,a,b\nx,,2\ny,3,\n\n"))
    assert found.columns == ("a", "b")
    assert found.values.tolist() == [[0.0, 2.0], [3.0, 0.0]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("V1,a,b\nx,1,2\ny,1\n", "line 3: 2 cells; expected 3 cells"),
        ("V1,a,b\nx,1,2\ny,1,2,3\n", "line 3: 4 cells"),
        ("V1;a;b\nx;1,5;2\n", "line 2, column a: '1,5' is no number"),
        ("V1,a,b\nx,1,n.a.\n", "line 2, column b: 'n.a.' is no number"),
        ("V1,a,b\nx,1,nan\n", "line 2, column b: 'nan' is no number"),
        ("V1,a,b\nx,inf,1\n", "line 2, column a: 'inf' is no number"),
        ("V1,a,b\nx,=1+1,1\n", "line 2, column a: '=1+1' is no number"),
        ("V1,a,a\nx,1,2\n", "line 1: 1 labels stand there twice: 'a'"),
        ("V1,a,b\nx,1,2\nx,1,2\n", "first column: 1 labels stand there twice: 'x'"),
        ("just words\n", "a first line of 1 cells"),
        ("V1,a,b\n", "no rows"),
    ],
)
def test_faults_name_their_place(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match=re.escape(told)):
        read_matrix(written(tmp_path / "m.csv", text))


def test_latin_1_is_told_from_utf_8(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="is not UTF-8"):
        read_matrix(written(tmp_path / "m.csv", "V1,Côte,b\nx,1,2\n".encode("latin-1")))


def test_ragged_lines_and_wrong_cells_are_one_problem_with_their_count(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError) as caught:
        read_matrix(written(tmp_path / "m.csv", "V1,a,b\n" + "x,1\n" * 30))
    (ragged,) = caught.value.problems
    assert (
        ragged.what == "2 cells (30 such lines in lines 2 to 31; then 2 cells in line 3; 2 cells in line 4)"
    )
    with pytest.raises(ZizhuError) as caught:
        read_matrix(written(tmp_path / "m.csv", "V1;a;b\n" + "".join(f"x{i};1,5;2\n" for i in range(9))))
    (comma,) = caught.value.problems
    assert "'1,5' is no number: a decimal comma" in comma.what
    assert "9 such cells in lines 2 to 10; then '1,5' in line 3, column a" in comma.what
