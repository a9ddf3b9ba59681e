"""Sources are found by words in several languages, those with most of the words first."""

from __future__ import annotations

import pytest

from zizhu.sources.catalogue import catalogue
from zizhu.sources.searching import has_all, search
from zizhu.vocab.problems import ZizhuError


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["input-output", "OECD"], "oecd-icio"),
        (["Énergie"], "iea-gevo"),
        (["ENERGIE"], "iea-gevo"),
        (["贸易", "baci"], "baci"),
        (["中国 投入产出"], "nbs-china-io"),
        (["Handel", "CEPII"], "baci"),
        (["baci", "flurbish"], "baci"),
    ],
)
def test_the_source_with_most_of_the_words_comes_first(words: list[str], first: str) -> None:
    assert search(words)[0].id == first


def test_sources_with_all_words_come_before_those_with_some() -> None:
    words = ["OECD", "input-output"]
    whole = [has_all(e, words) for e in search(words)]
    assert whole == sorted(whole, reverse=True)
    assert True in whole
    assert False in whole
    assert not has_all(search(["baci", "flurbish"])[0], ["baci", "flurbish"])


def test_no_words_are_all_sources() -> None:
    assert [e.id for e in search([])] == list(catalogue())


def test_words_that_no_source_has_bring_the_nearest_and_all_names() -> None:
    with pytest.raises(ZizhuError) as raised:
        search(["weltbnk"])
    (problem,) = raised.value.problems
    assert "weltbank" in problem.remedy
    assert "un-comtrade" in problem.expected
