from __future__ import annotations

import re

import pytest

from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.products import materials, product, products, search, stages


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
