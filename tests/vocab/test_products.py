from __future__ import annotations

import re

import pytest

from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.products import choose, label, materials, product, products, search, section, stages


def test_all_products_of_1992() -> None:
    assert len(products()) == 5022
    assert [code for code in products() if not re.fullmatch(r"\d{6}", code)] == ["9999AA"]


def test_the_74_raw_materials_have_a_stage_and_a_label() -> None:
    staged = [p for listed in materials().values() for p in listed]
    assert len(staged) == len({p.label for p in staged}) == 74
    assert {p.stage for p in staged} == set(stages())
    assert max(len(p.label) for p in staged) <= 40


def test_rare_earths_at_two_stages() -> None:
    assert {p.code: p.stage for p in materials()["rare earths"]} == {
        "280530": "refined",
        "284610": "compound",
        "284690": "compound",
    }


def test_a_product_by_code_with_dots() -> None:
    assert product("2846.90").label == "Rare-earth compounds, not cerium"
    assert product("010111").label == product("010111").description
    assert product("010111").stage == ""


@pytest.mark.parametrize("heading", ["2846", "28", "2603", "85"])
def test_a_heading_is_told_by_the_products_in_it(heading: str) -> None:
    """No name of its own is known: how many products it holds, and the first of them."""
    inside = [p for p in products().values() if p.code.startswith(heading)]
    said = label(heading)
    assert said.startswith(
        f"{'chapter' if len(heading) == 2 else 'heading'} {heading} ({len(inside)} product"
    )
    assert inside[0].label[:50] in said
    assert ("e.g." in said) == (len(inside) > 1)


def test_what_holds_no_product_has_its_code() -> None:
    assert label("2899") == "HS 2899"
    assert label("284610") == "Cerium compounds"


def test_search_finds_words_and_codes_and_raw_materials_first() -> None:
    assert search("rare earth")[0].material == "rare earths"
    assert {p.code for p in search("2504")} == {"250410", "250490"}
    assert search("graphite")[0].code == "250410"
    assert "380110" in {p.code for p in search("artificial graphite")}
    assert search("   ") == ()


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(ZizhuError) as error:
        product("284960")
    assert "284910" in error.value.problems[0].remedy


HELD = tuple(p.code for listed in materials().values() for p in listed)


def chosen(text: str, held: tuple[str, ...] = HELD) -> str:
    return choose(text, held, "products", "the list")


@pytest.mark.parametrize("code", HELD)
def test_a_product_is_chosen_by_its_code_and_by_its_label(code: str) -> None:
    label = product(code).label
    assert {chosen(t) for t in (code, f"{code[:4]}.{code[4:]}", label, label.upper())} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [("gold", "710812"), ("2507", "250700"), ("anthracite", "270111"), ("carbonate lithium", "283691")],
)
def test_words_and_headings_choose_where_one_product_has_them(text: str, code: str) -> None:
    assert chosen(text) == code


def test_several_products_are_listed_and_many_are_counted() -> None:
    with pytest.raises(ZizhuError, match="'rare-earth' names 3 products") as caught:
        chosen("rare-earth")
    assert all(p.code in caught.value.problems[0].remedy for p in materials()["rare earths"])
    with pytest.raises(ZizhuError, match=r"'ores?' names (\d+) products") as caught:
        chosen("ore")
    assert re.search(r"; and \d+ more\.$", caught.value.problems[0].remedy)


def test_what_is_not_held_is_said_with_what_is() -> None:
    for text, what, remedy in (
        ("280461", "no trade in '280461' (280461 Silicon", "All of them: the list."),
        ("horses", "no trade in 'horses' (010111 Horses", "All of them: the list."),
        ("litium", "unknown HS 1992 product 'litium'", "Nearest: lithium"),
        ("28469", "unknown HS 1992 product '28469'", "Nearest: 284690"),
        ("", "unknown HS 1992 product ''", "For example: "),
    ):
        with pytest.raises(ZizhuError) as caught:
            chosen(text)
        (problem,) = caught.value.problems
        assert problem.what.startswith(what)
        assert problem.remedy.startswith(remedy)
        assert problem.remedy.endswith("All of them: the list.")
        assert problem.expected == "one of the 74 products that the table holds"


def test_only_beginnings_of_words_are_found() -> None:
    assert "250410" in {p.code for p in search("graph")}
    assert "250410" not in {p.code for p in search("raphite")}


def test_every_chapter_is_in_the_section_that_its_number_says() -> None:
    """The nomenclature has 21 sections over the chapters 1 to 97; 77 is kept for later use and is in one too."""
    labels = [section(f"{chapter:02}") for chapter in range(1, 98)]
    assert all(labels)
    assert len(dict.fromkeys(labels)) == 21
    assert section("98") == section("TOTAL") == ""
    assert (section("260300"), section("7108"), section("84")) == (
        "Mineral products",
        "Precious stones and metals",
        "Machinery and electrical equipment",
    )
