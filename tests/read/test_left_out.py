"""What becomes no claim is told: numbers in forms that are not read, figures of tables, texts of other scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from read.documents.document_files import word
from zizhu.read.documents.opened import from_text
from zizhu.read.extractors import fitting
from zizhu.read.left_out import DIGITS, MOST, of_tables, unreadable
from zizhu.read.reading import Reading, claims_of, read
from zizhu.vocab.problems import CannotAnswer

ARABIC = "أعلنت الوزارة خطة جديدة لرفع حصة المكونات المحلية إلى 45 في المئة بحلول عام 2030."
TABLE = (("measure", "2024", "aim for 2028"), ("firms", "8,200", "12000"), ("covered", "63", "90"))


@pytest.mark.parametrize(
    ("text", "quote", "why"),
    [
        ("Kenya paid 1.234.567,89 euros for it in 2024.", "1.234.567,89", "points between thousands"),
        ("Kenya paid 1.234.567 euros for it in 2024.", "1.234.567", "points between thousands"),
        (f"Kenya paid {'9' * 400} euros in 2024.", f"{'9' * 77}...", f"more than {DIGITS} digits"),
        (f"Kenya paid {'999,' * 20}999 euros in 2024.", f"{'999,' * 19}9...", f"more than {DIGITS} digits"),
    ],
    ids=["points and comma", "points", "long", "long with commas"],
)
def test_a_number_in_a_form_that_is_not_read_is_refused_with_the_reason(
    text: str, quote: str, why: str
) -> None:
    document = from_text(text, language="en")
    found = claims_of(document, fitting(document))
    assert all(c.quantity is None for c in found.claims)
    (refused,) = (r for r in found.rejected if r.reason == "written")
    assert refused.quote == quote
    assert why in refused.words
    assert refused.start == text.index("paid") + 5


@pytest.mark.parametrize(
    "text", ["3.500 t", "1,234,567.89", "v1.234.567", "2024.05.12", "0.123456789", "9" * DIGITS]
)
def test_other_numbers_are_not_named(text: str) -> None:
    assert unreadable(f"It was {text} then.") == ()


def test_no_more_numbers_are_told_than_anybody_reads() -> None:
    assert len(unreadable("1.234.567 and " * (2 * MOST))) == MOST


def test_figures_of_tables_that_no_claim_gives_are_said_in_the_notes(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word("Kenya opened 14 mills in 2021.", table=TABLE))
    (one,) = read([str(tmp_path / "a.docx")])
    assert isinstance(one, Reading)
    given = {c.quantity.value for c in one.admitted.claims if c.quantity} & {8200.0, 12000.0, 63.0, 90.0}
    left = (
        f"{4 - len(given)} figures of tables are in the text and in no claim: claims are read from sentences"
        " and from rows whose unit is said"
    )
    assert len(given) < 3
    assert left in one.document.notes
    rows = from_text("Kenya opened 14 mills in 2021.\tand 3\nfirms\t12\n", language="en")
    claims = claims_of(rows, fitting(rows)).claims
    assert of_tables(rows, claims).startswith("1 figure of a table is")
    assert of_tables(from_text("Kenya opened 14 mills.\n12\n", language="en"), ()) == ""


def test_a_text_of_a_script_that_nothing_reads_is_refused_like_one_of_a_language() -> None:
    document = from_text(ARABIC)
    assert document.language == "und"
    with pytest.raises(CannotAnswer, match="of another script"):
        fitting(document)
    with pytest.raises(CannotAnswer, match="'de'"):
        fitting(from_text(ARABIC, language="de"))
    assert fitting(from_text("45 % 2030"))
    assert fitting(from_text(f"Zug, Bern, Basel, Chur, Thun, Olten, Aarau, Sion, Uster {ARABIC[:20]}"))


def test_a_row_that_stands_alone_is_told_of() -> None:
    document = from_text("Steel\t3\t5\n", language="en")
    assert of_tables(document, ()).startswith("2 figures of tables are in the text and in no claim")
