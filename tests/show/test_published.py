"""Published numbers: every row is whole, every fault of a file is named at once, and bounds and roundings are kept."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zizhu.show.published import COUNT, Published, chosen, published, read
from zizhu.show.trace import METHODS
from zizhu.vocab.problems import ZizhuError

ROW = {
    "id": "one",
    "verb": "depend.suppliers",
    "what": "a number",
    "question": '{"reporter": "KOR", "products": ["282520"], "first": 2022, "last": 2022}',
    "rows": "year=*",
    "over": "",
    "column": "value_usd",
    "times": "1e-9",
    "sign": "=",
    "value": "3.676",
    "unit": "bn USD",
    "tolerance": "0.0005",
    "tolerance_from": "rounding of the print",
    "publisher": "P",
    "title": "T",
    "published": "2023",
    "url": "https://example.org",
    "quality": "medium",
    "needs": "",
    "get": "",
    "reason": "",
    "grounds": "",
    "note": "",
}


def row(**changed: str) -> Published:
    return Published.model_validate(ROW | changed)


def file(place: Path, *rows: dict[str, str]) -> Path:
    path = place / "published.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(ROW))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_built_in_numbers_are_many_and_of_several_verbs() -> None:
    built_in = [p for p in published() if p.verb and not p.needs]
    assert len(built_in) >= 20
    assert {p.verb.partition(".")[0] for p in built_in} == {"depend", "stress", "track"}


@pytest.mark.parametrize("p", published(), ids=lambda p: p.id)
def test_a_row_has_a_source_and_a_question_that_its_verb_reads(p: Published) -> None:
    assert p.url.startswith(("http://", "https://"))
    if p.verb:
        assert METHODS[p.verb].Params(**p.question)


def test_every_fault_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        ROW,
        ROW,
        ROW | {"id": "two", "value": "many", "question": "{"},
        ROW | {"id": "three", "reason": "because"},
        ROW | {"id": "four", "verb": ""},
    )
    with pytest.raises(ZizhuError) as caught:
        read(path)
    said = str(caught.value)
    assert "id 'one' occurs twice" in said
    for words in (
        "line 4",
        "line 5: ",
        "a reason and its grounds",
        "without a verb it must say what it needs",
    ):
        assert words in said or words.rstrip(": ") in said


@pytest.mark.parametrize(
    ("sign", "value", "tolerance", "ours", "met"),
    [
        ("=", "87.9", "0.05", 87.85, True),
        ("=", "87.9", "0.05", 87.9501, False),
        ("=", "-12", "0.5", -12.5, True),
        ("=", "47", "0", 47.0, True),
        ("=", "47", "0", 46.0, False),
        (">", "80", "0", 84.6, True),
        (">", "80", "0", 80.0, False),
        ("<", "80", "0", 79.9, True),
    ],
)
def test_what_rounds_to_the_print_is_within_it(
    sign: str, value: str, tolerance: str, ours: float, met: bool
) -> None:
    assert row(sign=sign, value=value, tolerance=tolerance).met(ours) is met


def test_numbers_are_chosen_by_id_verb_and_room() -> None:
    rows = (row(), row(id="two", verb="track.judged"), row(id="three", column=COUNT))
    assert [p.id for p in chosen(rows, "")] == ["one", "two", "three"]
    assert [p.id for p in chosen(rows, "two")] == ["two"]
    assert [p.id for p in chosen(rows, "suppliers")] == ["one", "three"]
    assert [p.id for p in chosen(rows, "track")] == ["two"]
    with pytest.raises(ZizhuError, match=r"Nearest: three"):
        chosen(rows, "thre")
