"""Maps over HTTP: the outlines once and apart, further figures of an answer by name, on screen and as files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from web.served import Served, serving
from zizhu.vocab.places import outlines
from zizhu.web.answers import OUTLINES

LARGEST = 60_000
"""Bytes that the outlines may have on their way."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("maps") / "ws"
    place.mkdir()
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def bought(served: Served) -> Any:
    """Imports of one product, as the workbench asks for them."""
    return served.get("depend/suppliers", reporter="CHN", products="284690")


def test_the_outlines_are_small_and_sent_once(served: Served) -> None:
    first = served.client.get(OUTLINES)
    assert first.json() == outlines()
    assert len(gzip.compress(first.content, 5)) < LARGEST
    again = served.client.get(OUTLINES, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_names_its_further_figures(served: Served, bought: Any) -> None:
    assert bought["others"] == ["map", "flows"]
    place = f"runs/{bought['run']['id']}/figure"
    first, drawn = served.get(place), served.get(place, drawing="map", width=340)
    assert (first["kind"], drawn["kind"]) == ("lines", "choropleth")
    ground = drawn["spec"]["layer"][0]["data"]
    assert ground["url"] == OUTLINES
    assert "values" not in ground
    refused = served.get(place, status=422, drawing="globe")
    assert "no drawing 'globe'" in refused["problems"][0]["what"]


def test_a_file_has_the_outlines_inside(served: Served, bought: Any) -> None:
    place = f"/api/runs/{bought['run']['id']}/export"
    said = served.client.get(f"{place}.vl.json", params={"drawing": "map"})
    assert f'filename="zizhu-{bought["run"]["id"]}-map.vl.json"' in said.headers["content-disposition"]
    assert json.loads(said.content)["layer"][0]["data"]["values"] == outlines()
    svg = served.client.get(f"{place}.svg", params={"drawing": "flows"}).text
    assert "Imports of China" in svg
    assert served.client.get(f"{place}.png", params={"drawing": "globe"}).status_code == 422
    rows = served.client.get(f"{place}.csv", params={"drawing": "globe"})
    assert f'filename="zizhu-{bought["run"]["id"]}.csv"' in rows.headers["content-disposition"]


def test_a_whole_number_of_few_is_read_from_an_address(served: Served) -> None:
    said = served.get("depend/product-space", country="CHN", level="6", insist=True)
    assert said["run"]["params"]["level"] == 6
    assert said["draws"]
    refused = served.get("depend/product-space", status=422, level="5")
    assert "Input should be 2, 4 or 6" in refused["problems"][0]["what"]
