"""What holds of all links: order of claims, repetition, bounds, and values that nobody should write."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from read.linking.saying import aim, cars, claim, number, opinion, when
from read.linking.test_link_rules import PAIRS
from zizhu.ledger.claims import Claim
from zizhu.read.linking import linked
from zizhu.read.linking.amounts import amount
from zizhu.read.linking.days import days

EVERYTHING = [c for _, claims in PAIRS.values() for c in claims]
PER_CLAIM = 8
"""Links of one claim on average, where thousands say something of one matter."""


@pytest.mark.slow
@given(st.randoms(use_true_random=False))
def test_links_do_not_depend_on_the_order_of_claims(chance: random.Random) -> None:
    mixed = list(EVERYTHING)
    chance.shuffle(mixed)
    assert linked(mixed) == linked(EVERYTHING)


def test_claims_given_twice_change_nothing() -> None:
    assert linked([*EVERYTHING, *EVERYTHING]) == linked(EVERYTHING)


def test_two_claims_have_one_link_and_none_with_itself() -> None:
    pairs = [frozenset((k.a, k.b)) for k in linked(EVERYTHING)]
    assert len(pairs) == len(set(pairs))
    assert {len(p) for p in pairs} == {2}


@pytest.mark.slow
def test_ten_thousand_claims_of_one_matter_have_links_in_proportion() -> None:
    crowd = [cars(f"P{n % 50}", n, start=100 * n) for n in range(5000)]
    crowd += [
        opinion(
            f"P{n}", "It has failed." if n % 2 else "It has succeeded.", f"S{n}", plans=("ocean-plan-2030",)
        )
        for n in range(5000)
    ]
    found = linked(crowd)
    assert 5000 < len(found) < PER_CLAIM * len(crowd)


hostile = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
floats = st.floats(allow_nan=False, allow_infinity=False)


dates = st.tuples(hostile.filter(str.strip), st.sampled_from(("deadline", "observation")))


@st.composite
def anything(draw: st.DrawFn) -> Claim:
    kind = draw(
        st.sampled_from(
            ("target", "actual", "forecast", "policy_event", "attribution", "ranking", "relation")
        )
    )
    bound = draw(st.sampled_from(("=", ">", ">=", "<", "<=", "about", "under", "over")))
    unit = draw(st.sampled_from(("percent", "ratio", "rank", "USD", "KRW", "GW", "count:x"))) or "count"
    text = draw(hostile.filter(str.strip))
    of = number(draw(floats), unit, text, comparator=bound) if draw(st.booleans()) else None
    word = draw(
        st.sampled_from(("", "_", "share", "{value_a}", "priority_areas", "sector_leadership", "succeeds"))
    )
    return claim(
        draw(st.sampled_from("AB")),
        draw(st.sampled_from(("It has failed {x} %s", "The plan remains in force", "$3 (4)"))) + text,
        kind=kind,
        indicator=word or None,
        quantity=of,
        times=tuple(when(t, r) for t, r in draw(st.lists(dates, max_size=2))),
        plans=tuple(draw(st.lists(hostile, max_size=2))),
        sectors=tuple(draw(st.lists(hostile, max_size=2))),
        geography=tuple(draw(st.lists(hostile, max_size=1))),
        object=tuple(draw(st.lists(hostile, max_size=2))),
        subject=draw(hostile),
        speaker=draw(st.none() | hostile),
    )


@given(st.lists(anything(), max_size=6))
def test_no_claim_breaks_linking(claims: list[Claim]) -> None:
    known = {c.id for c in claims}
    for link in linked(claims):
        assert {link.a, link.b} <= known
        assert len(link.note) < 1000


def test_dates_of_other_forms_have_the_days_of_their_years() -> None:
    decade, season = days("196X"), days("2024-21")
    assert decade is not None
    assert season is not None
    assert (decade.year, season.year) == (1969, 2024)
    assert days("some day") is None


def test_what_an_amount_stands_for() -> None:
    about = amount(number(20, "percent", "about 20", comparator="about"))
    exact = amount(number(23.4, "percent", "23.4"))
    far = amount(number(26, "percent", "26"))
    assert about is not None
    assert exact is not None
    assert far is not None
    assert (about.low, about.high) == (15, 25)
    assert about.meets(exact)
    assert not about.meets(far)
    three, four = amount(number(3)), amount(number(4))
    assert three is not None
    assert four is not None
    assert not three.meets(four)


def test_aims_of_one_value_are_one_fact_in_two_papers() -> None:
    assert [k.type for k in linked([aim("A", "forest_share", 20), aim("B", "forest_share", 20)])] == [
        "corroborates"
    ]
