"""Whose currency a word means that several countries use."""

from __future__ import annotations

import pytest

from zizhu.read.quantities import numbers

SUMS = {
    "Morocco spent 4 billion dirhams on ports.": ["MAD"],
    "Ports in Dubai cost 4 billion dirhams.": ["AED"],
    "The ports cost 4 billion dirhams.": ["count:dirham"],
    "Tanzania lent 4 million shillings; Kenya lent 5 million shillings.": ["TZS", "KES"],
    "Sweden gave 20 million kronor. Iceland gave 20 million kronur.": ["SEK", "count"],
    "The grant, in Danish kroner, is small. It is worth 3 million kroner.": ["DKK"],
    "Chile will pay 90 billion pesos.": ["CLP"],
    "Manila will pay 90 billion pesos.": ["PHP"],
    "Nepal raised 30 million rupees. India raised 3 crore rupees.": ["NPR", "INR"],
    "SAR 5 million and 6 million Saudi riyals": ["SAR", "SAR"],
}


@pytest.mark.parametrize("text", list(SUMS), ids=range(len(SUMS)))
def test_the_country_around_a_shared_word_tells_the_currency(text: str) -> None:
    assert [n.unit for n in numbers(text, "en")] == SUMS[text]
