"""The sector of a title is that of what the document says of it, not of every aim beside it."""

from __future__ import annotations

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of

TEXT = """The Kenyan Steel Plan

The Kenyan Steel Plan aims to create 50,000 jobs by 2030. Exports are to reach 4 million tonnes by 2030. Dairy output
is to reach 7 million tonnes by 2031.

Fisheries

The catch is to grow to 9,000 tonnes by 2030.
"""


def test_an_aim_of_another_thing_is_not_of_the_title_s_sector() -> None:
    document = opened(TEXT.encode(), "a.txt", published="2026-05-14", language="en")
    found = {r["value"]: r["sector"] for r in map(flat, claims_of(document, fitting(document, ())).claims)}
    assert found == {50_000: "steel", 4e6: "steel", 7e6: None, 9_000: "fisheries"}
