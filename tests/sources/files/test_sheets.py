"""Large sheets in text: as much is read as a table can have, and no more."""

from __future__ import annotations

import pytest

from sources.observing import member
from zizhu.sources.files import sheets
from zizhu.vocab.problems import ZizhuError


def test_a_text_is_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    held = member("t.csv", b",a,b\nx,1,2\n")
    grid = sheets.grid(held, 1, 1)
    assert (grid.head, grid.side, grid.values.tolist()) == ((("", "a", "b"),), (("x",),), [[1.0, 2.0]])
    monkeypatch.setattr(sheets, "LARGEST_TEXT", 5)
    with pytest.raises(ZizhuError, match=r"t\.csv: more than 5 bytes"):
        sheets.grid(held, 1, 1)
    with pytest.raises(ZizhuError, match="more than 5 bytes"):
        list(sheets.texts(held))


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"neither"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(ZizhuError, match="no workbook that can be read"):
        sheets.grid(member("t.xlsx", content), 1, 1)
