from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from zizhu.vocab.packfiles import pack, read_csv, rows
from zizhu.vocab.problems import ZizhuError

TEXTS = [p for p in sorted(pack(".").rglob("*")) if p.suffix in {".csv", ".md", ".yaml", ".toml", ".json"}]


def test_nothing_from_memory_and_no_file_name_of_a_document_is_shipped() -> None:
    assert len(TEXTS) > 20
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        assert "recalled" not in text.casefold(), path
        assert not re.search(r"\b\d{3}_[0-9a-f]{16}", text), path


@pytest.mark.parametrize("path", [p for p in TEXTS if p.suffix == ".csv"], ids=lambda p: p.name)
def test_every_table_is_rectangular(path: Path) -> None:
    assert read_csv(path)


def test_rows_are_text_by_column() -> None:
    assert rows("vocab/stages.csv")[0]["stage"] == "ore"


def test_faults_of_form_are_found_together(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("id,nmae,id\n1,a,2\n3,b\n", encoding="utf-8")
    with pytest.raises(ZizhuError) as error:
        read_csv(path, ("id", "name"), ("id", "name"))
    found = "\n".join(map(str, error.value.problems))
    assert "line 1: column 'id' occurs twice" in found
    assert "line 1: unknown column 'nmae'" in found
    assert "Nearest: name." in found
    assert "line 1: column 'name' is missing" in found
    assert "line 3: more or fewer cells" in found


def test_a_missing_file_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="no such file"):
        read_csv(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes("id\nCôte\n".encode("latin-1"))
    with pytest.raises(ZizhuError, match="not UTF-8"):
        read_csv(tmp_path / "latin.csv")


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes("id,name\r\n1, two \r\n".encode("utf-8-sig"))
    assert read_csv(tmp_path / "excel.csv") == [(2, {"id": "1", "name": "two"})]


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text('id,name\n1,"two\n', encoding="utf-8")
    with pytest.raises(ZizhuError, match="Mend the quotes"):
        read_csv(tmp_path / "open.csv")


def test_the_vocabularies_need_no_heavy_module() -> None:
    code = (
        "import sys, zizhu.vocab.countries, zizhu.vocab.groups, zizhu.vocab.periods, zizhu.vocab.plans, "
        "zizhu.vocab.products, zizhu.vocab.units; "
        "print(sorted({'polars', 'numpy', 'scipy', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
