"""PDF: reading order, running lines, hyphens, boxes, and files that cannot be read."""

from __future__ import annotations

import re
from itertools import pairwise

import pypdfium2
import pytest
from document_files import SENTENCES, drawn, paragraphs, pdf

from zizhu.read.documents.boxes import Boxes
from zizhu.read.documents.opened import opened
from zizhu.vocab.problems import CannotAnswer, ZizhuError


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_paragraphs_come_out_as_they_went_in(columns: int) -> None:
    texts = paragraphs(60)
    found = opened(pdf(texts, columns), "a.pdf")
    # a paragraph that ends with a page's last full line cannot be told from one that goes on
    assert found.text.split() == " ".join(texts).split()
    assert len(set(found.text.split("\n")) & set(texts)) >= 55
    assert found.language == "en"


def test_pages_are_told_apart_and_spans_cover_the_text() -> None:
    told: list[tuple[int, int]] = []
    found = opened(pdf(paragraphs(60), 2), "a.pdf", tell=lambda done, total: told.append((done, total)))
    pages = found.layer.pages
    assert [p.number for p in pages] == list(range(1, len(pages) + 1))
    assert pages[0].span.start == 0
    assert pages[-1].span.end == len(found.text)
    assert all(one.span.end == two.span.start for one, two in pairwise(pages))
    assert all(p.boxes is not None and len(p.boxes) == p.span.end - p.span.start for p in pages)
    assert told == [(n, len(pages)) for n in range(1, len(pages) + 1)]


def test_the_box_of_a_word_holds_that_word_on_the_page() -> None:
    data = pdf(paragraphs(20), 2)
    found = opened(data, "a.pdf")
    with pypdfium2.PdfDocument(data) as file:
        for number, page in enumerate(found.layer.pages):
            assert page.boxes is not None
            text_page = file[number].get_textpage()
            for said in list(re.finditer(r"\w{4,}", found.text[page.span.start : page.span.end]))[::25]:
                boxes = page.boxes[said.start() : said.end()]
                left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
                bottom, top = min(b[1] for b in boxes), max(b[3] for b in boxes)
                assert said[0] in text_page.get_text_bounded(left - 0.5, bottom + 1, right + 0.5, top - 1)
            text_page.close()


def test_a_line_that_every_page_has_is_left_out_and_a_like_one_inside_the_page_stays() -> None:
    pages = [
        [(56, 800, "Budget of the Region"), (56, 25, f"{n} of 5")]
        + [
            (56, 700 - 14 * k, f"Item {k} of year {2020 + n} costs {17 * n + k} crowns.")
            for k in range(12)
            if k != 6
        ]
        + [(56, 700 - 14 * 6, "Budget of the Region")]
        for n in range(1, 6)
    ]
    found = opened(drawn(pages), "a.pdf")
    assert found.text.count("Budget of the Region") == 5
    assert "of 5" not in found.text
    assert found.text.count("crowns.") == 55


def test_numbers_at_the_edge_that_do_not_run_with_the_pages_stay() -> None:
    values = [31, 17, 88, 54, 69]
    pages = [
        [(56, 800, f"Output was {v} tonnes."), (56, 400, f"Page {n} says so.")] for n, v in enumerate(values)
    ]
    found = opened(drawn(pages), "a.pdf")
    assert [f"Output was {v} tonnes." in found.text for v in values] == [True] * 5


def test_words_broken_at_the_end_of_a_line_are_whole_and_real_hyphens_stay() -> None:
    lines = [
        "The agency keeps a well-known list of strategic materials for manu-",
        "facturers. Everybody in this line of business reads the well-",
        "known list. In the years of 2019-",
        "2021 it grew, as it did for the Franco-",
        "German consortium that followed. Cuts of 20-",
        "to 25-percent and plans of short-",
        "and long-term credit were",
    ]
    found = opened(drawn([[(56, 700 - 12 * n, line) for n, line in enumerate(lines)]]), "a.pdf")
    assert "for manufacturers. Everybody" in found.text
    assert "the well-known list. In" in found.text
    assert "2019-2021" in found.text
    assert "Franco-German" in found.text
    assert "20- to 25-percent and plans of short- and long-term" in found.text
    (page,) = found.layer.pages
    assert page.boxes is not None
    at = found.text.index("manufacturers")
    assert page.boxes[at + 3][1] > page.boxes[at + 4][1] + 10


def test_a_title_across_two_columns_comes_first_and_cells_of_a_table_stay_in_their_row() -> None:
    left = [(56, 700 - 12 * n, f"left line {n} speaks of plants and of their output") for n in range(12)]
    right = [(310, 700 - 12 * n, f"right line {n} speaks of mines and of their ore") for n in range(12)]
    table = [(56 + 120 * c, 500 - 14 * r, f"{r}.{c}") for r in range(6) for c in range(4)]
    text = opened(
        drawn(
            [[*right, *left, (56, 740, "A title that reaches from one side of the page to the other side")]]
        ),
        "a",
    ).text
    assert text.startswith("A title")
    assert text.index("left line 11") < text.index("right line 0")
    assert "3.0\t3.1\t3.2\t3.3" in opened(drawn([table]), "a.pdf").text


def test_a_page_without_text_is_named_and_a_file_without_any_is_refused() -> None:
    page = [(56, 700, SENTENCES[0])]
    assert opened(drawn([page, [], page]), "a.pdf").notes == (
        "no text on page 2: blank, or pictures of pages",
    )
    with pytest.raises(CannotAnswer, match="no text on any of its 2 pages"):
        opened(drawn([[], []]), "scan.pdf")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param(lambda d: d[: len(d) // 2], "cut short", id="half"),
        pytest.param(lambda d: d[:-30], "cut short", id="end"),
        pytest.param(lambda _: b"%PDF-1.7\n" + b"\x00garbage" * 50 + b"%%EOF", "damaged", id="garbage"),
    ],
)
def test_a_damaged_file_is_refused(damage: object, says: str) -> None:
    with pytest.raises(ZizhuError, match=says):
        opened(damage(pdf(paragraphs(3))), "a.pdf")  # type: ignore[operator]


def test_an_encrypted_file_is_refused_with_the_way_out() -> None:
    with pytest.raises(ZizhuError, match=r"secret\.pdf: encrypted.*save it without one"):
        opened(pdf(paragraphs(1), password="x"), "secret.pdf")


def test_the_day_of_the_file_is_believed_little() -> None:
    found = opened(pdf(paragraphs(1)), "a.pdf")
    assert found.published is not None
    assert found.published.confidence < 0.5
    assert found.title == ""


def test_boxes_are_held_to_a_fiftieth_of_a_point() -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    given = rng.uniform(0, 842, (500, 4)).astype(np.float32)
    held = Boxes.of(given)
    assert len(held) == 500
    np.testing.assert_allclose(list(held), given, atol=0.02)
    assert held[3:5] == (held[3], held[4])
    assert list(Boxes.of(given[:0])) == []


@pytest.mark.slow
def test_a_thousand_pages_are_read() -> None:
    found = opened(pdf(paragraphs(17_000)), "long.pdf")
    assert len(found.layer.pages) > 1_000
    assert found.text.split() == " ".join(paragraphs(17_000)).split()


def _printed(*more: tuple[float, float, str], head: str = "") -> bytes:
    left = [(56, 700 - 12 * n, f"left line {n} speaks of plants and of their output") for n in range(12)]
    right = [(310, 700 - 12 * n, f"right line {n} speaks of mines and of their ore") for n in range(14)]
    return drawn([[*left, *right, *([(56, 800, head)] if head else []), *more]])


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Highland Mining Weekly  12 June 2023  no. 412", "2023-06-12"),
        ("Highland Mining Weekly | 12 June 2023", "2023-06-12"),
        ("12 June 2023", "2023-06-12"),
    ],
)
def test_a_day_at_the_top_of_the_first_page_comes_before_rows_below_and_the_file(head: str, day: str) -> None:
    row, foot = (56, 500, "14 May 2019    310    22"), (56, 30, "14 May 2018")
    found = opened(_printed(row, foot, head=head), "a.pdf").published
    assert found is not None
    assert found.edtf == day


@pytest.mark.parametrize(
    "head",
    ["Reporting on the strikes at the mines of 12 June 2023", "What 12 June 2023 meant for miners of lead"],
)
def test_a_day_that_a_title_is_about_is_none_of_a_masthead(head: str) -> None:
    found = opened(_printed(head=head), "a.pdf").published
    assert found is not None
    assert found.evidence.startswith("CreationDate")


def test_a_line_at_the_foot_comes_behind_both_columns() -> None:
    text = opened(_printed((56, 30, "orders: +99 537"), (400, 30, "sheet one")), "a.pdf").text
    assert text.index("left line 11") < text.index("right line 0") < text.index("right line 13")
    assert text.endswith("orders: +99 537\tsheet one")
    unbroken = opened(_printed((56, 700 - 12 * 12, "left line 12 is the last one and no foot")), "a.pdf").text
    assert unbroken.index("left line 12") < unbroken.index("right line 0")
