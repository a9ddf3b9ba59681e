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


@pytest.mark.parametrize(
    ("text", "won"),
    [
        ("A squad of 23 won the cup.", False),
        ("A crew of 14 won its first race.", False),
        ("Of the bidders, 12 won a licence.", False),
        ("The fee is 5,000 won.", True),
        ("It spent 5 trillion won the year before.", True),
    ],
)
def test_won_is_money_only_as_a_noun(text: str, won: bool) -> None:
    assert any(n.unit == "KRW" for n in numbers(text)) is won
