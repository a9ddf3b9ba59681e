"""Finding a product: by code, by heading, by words, and from the list of what a table holds."""

from __future__ import annotations

import json
from pathlib import Path

from cli.running import files_in, within
from tables.stored import trade
from zizhu.tables.trade import Trade

REE, GRA, NOT_HS = "284690", "250410", "854231"


def test_a_label_that_one_product_has_is_its_code(tmp_path: Path) -> None:
    asked = ("depend", "suppliers", "--reporter", "DEU", "--first", "2024", "--json")
    by_label = within(*asked, "--product", "rare-earth metals", place=tmp_path).stdout
    assert by_label == within(*asked, "--product", "2805.30", place=tmp_path).stdout
    assert json.loads(by_label)["run"]["params"]["products"] == ["280530"]


def test_what_is_wrong_with_every_product_is_said_at_once_from_what_the_table_holds(tmp_path: Path) -> None:
    products = ("graphite", "rare-earth", "horses", "litium", "284691")
    asked = [f"--product={p}" for p in products]
    said = within(
        "depend", "suppliers", "--reporter", "DEU", *asked, "--last", "2050", place=tmp_path, expect=2
    ).stderr
    assert said.startswith("6 problems")
    assert "250410 Natural graphite, powder or flakes; 250490 Natural graphite, other forms." in said
    assert "280530 Rare-earth metals; 284610 Cerium compounds; 284690 Rare-earth compounds" in said
    assert "no trade in 'horses' (010111 Horses" in said
    assert "Nearest: lithium" in said
    assert "Nearest: 284690" in said
    assert "within 1995-2024" in said
    assert said.count("`zizhu data list --products baci-raw-materials`") == 3
    assert files_in(tmp_path) == []


def test_the_products_of_a_table_are_listed(tmp_path: Path, baci: Trade) -> None:
    listed = json.loads(
        within("data", "list", "--products", "baci-raw-materials", "--json", place=tmp_path).stdout
    )
    assert [p["hs6"] for p in listed] == list(baci.products)
    assert len(listed) == 74
    assert all(1995 <= p["first"] <= p["last"] <= 2024 and p["label"] for p in listed)
    assert sum(p["flows"] for p in listed) == baci.frame.height
    shown = within("data", "list", "--products", "baci-raw-materials", place=tmp_path).stdout
    (line,) = (text for text in shown.splitlines() if "811230" in text)
    assert line.split()[:2] == ["811230", "Germanium,"]
    assert "1995-2016" in line


def test_only_a_trade_table_has_products(tmp_path: Path) -> None:
    said = within("data", "list", "--products", "icio-2022", place=tmp_path, expect=2).stderr
    assert "a table of kind 'mrio'" in said
    said = within("data", "list", "--products", "baci", place=tmp_path, expect=2).stderr
    assert "Nearest: baci-raw-materials" in said


def test_years_are_those_with_trade_and_a_code_of_another_list_has_no_label() -> None:
    held = trade(
        (2020, "CHN", "DEU", REE, 1, None),
        (2022, "CHN", "DEU", REE, 1, None),
        (2021, "CHN", "DEU", NOT_HS, 1, None),
    )
    assert held.listing().rows() == [
        (REE, "Rare-earth compounds, not cerium", "rare earths", "compound", 2020, 2022, 2),
        (NOT_HS, None, None, None, 2021, 2021, 1),
    ]


def test_a_name_is_looked_for_among_what_the_table_holds() -> None:
    held = trade((2022, "CHN", "DEU", REE, 1, None), (2022, "CHN", "DEU", GRA, 1, None))
    assert held.find(("Graphite", "2504", "rare earths", "2846.90")) == ([GRA, GRA, REE, REE], [])
    codes, problems = held.find(("lithium", "gold", REE))
    assert codes == [REE]
    assert [p.what.partition(" (")[0] for p in problems] == ["no trade in 'lithium'", "no trade in 'gold'"]
    assert {p.expected for p in problems} == {"one of the 2 products that the table holds"}
