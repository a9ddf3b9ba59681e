"""Web pages: main text, what is hidden, what they state, and pages made to break a reader."""

from __future__ import annotations

import json

import pytest
from document_files import paragraphs
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.documents.html import MOST_ELEMENTS
from zizhu.read.documents.html_tidy import DEEPEST, tidied
from zizhu.read.documents.opened import opened
from zizhu.vocab.problems import CannotAnswer, ZizhuError


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


ARTICLE = "".join(f"<p>{text}</p>" for text in paragraphs(8))
MENU = "<nav><ul><li><a href=/a>Home</a><li><a href=/b>Subscribe to us</a></ul></nav>"


def test_the_main_text_is_kept_whole_and_menus_are_not() -> None:
    found = opened(
        page(f"{MENU}<article><h1>Ore</h1>{ARTICLE}</article><footer>Copyright us</footer>"), "a.html"
    )
    assert found.layer.name == "html-main"
    assert all(text in found.text for text in paragraphs(8))
    assert "Subscribe" not in found.text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>SECRET</p>",
        "<p style='COLOR:red;visibility:hidden !important'>SECRET</p>",
        "<p style='font-size:0px'>SECRET</p>",
        "<p style='color:#fff'>SECRET</p>",
        "<p style='color:white;background:#FFFFFF'>SECRET</p>",
        "<div class=box style='background-color:rgb(10, 20, 30)'><p style='color:#0a141e'>SECRET</p></div>",
        "<table bgcolor=black><tr><td style='color: #000'>SECRET</td></tr></table>",
        "<p style='color:transparent'>SECRET</p>",
        "<p style='color:rgba(0,0,0,0)'>SECRET</p>",
        "<div style='height:0;overflow:hidden'><p>SECRET</p></div>",
        "<p style='position:absolute;left:-9999px'>SECRET</p>",
        "<div hidden><p>SECRET</p></div>",
        "<div aria-hidden='true'><p>SECRET</p></div>",
        "<p class='a note'>SECRET</p>",
        "<p id=tip>SECRET</p>",
        "<p>open <span class=note>SECRET</span> words</p>",
        "<script>SECRET</script>",
        "<script type='text/x'><p>SECRET</p></script>",
        "<style>SECRET</style>",
        "<template><p>SECRET</p></template>",
        "<noscript><p>SECRET</p></noscript>",
        "<!-- <p>SECRET</p> -->",
        "<!-- -- > <p>SECRET</p> -->",
        "<svg><text>SECRET</text></svg>",
        "<textarea>SECRET</textarea>",
        "<input type=hidden value=SECRET>",
        "<p title='SECRET'>words</p>",
        "<p title='a>b<p>SECRET'>words</p>",
        "<div style='display:none'>" + "<div>" * 300 + "SECRET" + "</div>" * 300 + "SECRET</div>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    sheet = "<style>.note, #tip { display : none } @media print { p { display: none } }</style>"
    text = opened(
        page(f"<article>{ARTICLE}{hidden}<p>And the last words.</p></article>", sheet), "a.html"
    ).text
    assert "SECRET" not in text
    assert "And the last words." in text


def test_what_a_page_states_comes_with_its_evidence() -> None:
    data = {
        "@graph": [
            {"@type": "NewsArticle", "headline": "Ore", "publisher": {"@type": "Org", "name": "The Gazette"}}
        ]
    }
    head = (
        '<title>Ore - The Gazette</title><meta property="article:published_time" content="2023-05-04T23:00:00+02:00">'
        f'<meta name="date" content="2023-06-01"><script type="application/ld+json">{json.dumps(data)}</script>'
    )
    found = opened(page(f"<article>{ARTICLE}</article>", head), "a.html")
    assert (found.title, found.publisher) == ("Ore", "The Gazette")
    assert found.published is not None
    assert found.published.edtf == "2023-05-04"
    assert "article:published_time" in found.published.evidence
    assert found.published.confidence > 0.9


def test_a_time_element_and_words_of_a_line_give_the_day() -> None:
    timed = opened(page(f"<article><time datetime='2022-02-03'>3 Feb</time>{ARTICLE}</article>"), "a.html")
    assert timed.published is not None
    assert timed.published.edtf == "2022-02-03"
    said = opened(page(f"<article><p>Published on 9 March 2021</p>{ARTICLE}</article>"), "a.html")
    assert said.published is not None
    assert said.published.edtf == "2021-03-09"


@pytest.mark.parametrize(
    "shown",
    [
        "<div style='background:#123'><p style='color:white'>PLAIN</p></div>",
        "<div class=dark><p style='color:white'>PLAIN</p></div>",
        "<p id=lead style='color:#fff'>PLAIN</p>",
        "<table bgcolor=black><tr><td style='color: #fff'>PLAIN</td></tr></table>",
        "<p style='color:white;background:url(dark.png)'>PLAIN</p>",
        "<p style='color:#333;background:#fff'>PLAIN</p>",
        "<p style='color:inherit'>PLAIN</p>",
        "<p style='color:rgb(0,0,0)'>PLAIN</p>",
    ],
)
def test_text_that_stands_out_from_its_ground_or_may_do_so_is_read(shown: str) -> None:
    assert (
        "PLAIN"
        in opened(page(f"<article>{ARTICLE}{shown}<p>And the last words.</p></article>"), "a.html").text
    )


@pytest.mark.parametrize(
    "data",
    ["{", "[" * 100_000, '{"datePublished": ["x"]}', '{"@graph": 7}', "\x00"],
    ids=["cut", "deep", "list", "odd", "nul"],
)
def test_bad_json_ld_is_passed_over(data: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>'
    if "\0" in data:
        with pytest.raises(ZizhuError, match="NUL"):
            opened(page(ARTICLE, head), "a.html")
    else:
        assert opened(page(ARTICLE, head), "a.html").published is None


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "hello" + "</div>" * 50_000 + "<p>after</p>",
        f"<p title='{'x' * 5_000_000}'>hello</p>after",
        f"<p {' '.join(f'a{n}=x' for n in range(100_000))}>hello</p>after",
        "<p><b><i>hello after " * 10_000,
        "<p>hello <a href='javascript:alert(1)'>after</a></p>" * 15_000,
        "<p>hello</p><p>" + "<span hidden>x</span>after " * 20_000,
        "<p>hello</p><p>" + "<a href=x>after</a> " * 20_000,
        "<p>hello after</p>" + "<" * 300_000,
        "<p>hello after</p>" + "<p a='" * 100_000,
        "<p>hello after</p>" + "<!--" * 100_000,
        "<p>hello after</p>" + "<p " + "a" + " " * 500_000 + "'>",
        "<p>hello after</p><script>" * 20_000,
    ],
    ids=[
        "deep",
        "long",
        "many",
        "unclosed",
        "links",
        "hidden",
        "row",
        "signs",
        "quotes",
        "comments",
        "blanks",
        "scripts",
    ],
)
def test_a_hostile_page_is_read_all_the_same(body: str) -> None:
    text = opened(page(body), "a.html").text
    assert "hello" in text
    assert "after" in text
    assert "javascript" not in text


def test_entities_of_a_page_are_never_expanded() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    data = f'<!DOCTYPE html [<!ENTITY l0 "lol">{lol}]><html><body><p>some words &l9; here</p></body></html>'
    assert len(opened(data.encode(), "a.html").text) < 1_000


def test_a_page_with_too_many_elements_is_read_plainly_and_says_so() -> None:
    found = opened(page("<p>a word</p>" * (MOST_ELEMENTS + 1)), "a.html")
    assert found.text.count("a word") == MOST_ELEMENTS + 1
    assert found.notes[0].startswith("a very large page")


def test_a_page_that_scripts_make_cannot_be_read() -> None:
    with pytest.raises(CannotAnswer, match="made by scripts"):
        opened(page("<div id=root></div><script>render()</script>"), "a.html")


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "windows-1252", "utf-8", "utf-16"])
def test_the_charset_that_a_page_states_is_used(encoding: str) -> None:
    words = (
        "<p>Der Bericht nennt Zölle für fünf Länder.</p>"
        if encoding == "windows-1252"
        else "<p>鋼鐵的產量增加。</p>"
    )
    head = f"<!doctype html><html><head><meta charset={encoding}></head>"
    text = f"{head}<body><article>{words * 9}</article></body></html>"
    assert words[3:-4] in opened(text.encode(encoding), "a.html").text


def test_a_page_that_can_be_read_is_not_in_utf_16_whatever_it_states() -> None:
    text = (
        f"<html><head><meta charset=utf-16></head><body>{'<p>Sales rose by 5 percent.</p>' * 9}</body></html>"
    )
    assert "Sales rose by 5 percent." in opened(text.encode(), "a.html").text


@given(st.text(alphabet="<>/='\"!- abphidenscrt\n", max_size=200))
def test_any_signs_are_tidied_to_few_and_shallow_tags(text: str) -> None:
    made = tidied(text)
    assert tidied(made.text).tags <= made.tags + text.count("<")
    assert "<script" not in made.text
    assert "<!--" not in made.text


def test_tags_beyond_the_deepest_are_left_out_and_their_words_kept() -> None:
    made = tidied("<div>" * 500 + "words" + "</div>" * 500 + "<p>more</p>")
    assert made.text.count("<div>") == made.text.count("</div>") == DEEPEST
    assert made.text.endswith("<p>more</p>")
    assert "words" in made.text
