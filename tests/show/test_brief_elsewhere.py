"""Briefs of other economies and with other partners, and what cannot be asked or answered."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from show.test_brief import AS_OF, Page, sentence, write
from zizhu.show.brief.model import plain
from zizhu.show.brief.page import page
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError


@cache
def _economies() -> tuple[str, ...]:
    return ("EU27",)


@pytest.mark.slow
@pytest.mark.parametrize("country", _economies())
def test_other_economies_get_the_same_exhibits(country: str, tmp_path: Path) -> None:
    made = write(Workspace(tmp_path), country, AS_OF)
    assert [e.letter for e in made.exhibits] == list("abcdefghi")
    assert "China" not in made.title
    assert sentence(made, "a").startswith("The register holds no plan of")
    assert Page(page(made)).fetching == []


@pytest.mark.slow
def test_every_economy_of_the_table_gets_a_brief(tmp_path: Path) -> None:
    ws = Workspace(tmp_path)
    from zizhu.tables.load import load_mrio

    countries = load_mrio(ws, "icio-2022").nodes.countries
    assert len(countries) == 80
    for country in countries:
        made = write(ws, country, AS_OF)
        found = Page(page(made))
        places = {f"#{i}" for i in found.ids} | {s.url for s in made.sources}
        assert [x for x in found.links if x not in places] == [], country
        assert all(plain(e.sentence).endswith(".") for e in made.exhibits), country


@pytest.mark.slow
def test_named_partners_replace_the_usual_ones(tmp_path: Path) -> None:
    made = write(Workspace(tmp_path), "Viet Nam", AS_OF, ("KOR", "ASEAN", "JPN"))
    columns = {r["partner"] for r in made.exhibits[2].panels[0].figure.rows}
    assert columns == {"South Korea", "Japan"}  # Viet Nam is a member of ASEAN


@pytest.mark.parametrize(("country", "near"), [("CHNN", "CHN"), ("Germny", "Germany"), ("EU72", "EU27")])
def test_an_unknown_country_names_the_nearest(country: str, near: str, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError) as caught:
        write(Workspace(tmp_path), country, AS_OF)
    assert near in caught.value.problems[0].remedy


@pytest.mark.slow
@pytest.mark.parametrize("country", ["DEU"])
def test_a_small_trader_is_not_said_to_change_sides(country: str, tmp_path: Path) -> None:
    assert "did not clearly change sides" in sentence(write(Workspace(tmp_path), country, AS_OF), "e")


@pytest.mark.slow
def test_no_cut_is_shown_twice(tmp_path: Path) -> None:
    headers = write(Workspace(tmp_path), "EU27", AS_OF).exhibits[6].grids[0].headers
    assert len(set(headers)) == len(headers) > 2


@pytest.mark.parametrize(("country", "partners"), [("DEU", ("EU27",)), ("CHN", ("CHN", "CHN")), ("WLD", ())])
def test_partners_that_are_part_of_the_country_are_no_partners(
    country: str, partners: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(ZizhuError, match="every partner overlaps"):
        write(Workspace(tmp_path), country, AS_OF, partners)


@pytest.mark.slow
def test_what_the_tables_cannot_answer_is_said_in_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the gate above every coverage, the exhibits of content and of a stop are refused and the others stand."""
    monkeypatch.setattr("zizhu.ledger.result.SHOWN_SHARE", 1.01)
    made = write(Workspace(tmp_path), "CHN", AS_OF)
    refused = [e.letter for e in made.exhibits if e.title == "Not answered"]
    assert refused == ["b", "c", "d", "i"]
    assert all("cannot answer" in sentence(made, letter) for letter in refused)
    assert page(made).count("</span> Not answered</h2>") == len(refused)
