"""Totals of the fund ledger against sums that are known."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.ledger import register
from zizhu.ledger.funds import totals
from zizhu.ledger.kin import of_plan
from zizhu.ledger.strategies import Amount


def amount(key: str, value: float, **more: object) -> Amount:
    cells = {"instrument": "f", "stage": "raised", "unit": "billion CNY", "source": "s", "quality": "low"}
    return Amount(id=key, value=value, **(cells | more))


def test_stages_and_currencies_are_never_added() -> None:
    found = totals(
        [
            amount("t", 40, stage="target"),
            amount("r", 18),
            amount("i", 6000, stage="invested", unit="million CNY"),
            amount("e", 2, unit="billion EUR"),
        ]
    )
    assert [(t.stage, t.unit, t.bound, t.value) for t in found] == [
        ("target", "billion CNY", "=", 40),
        ("raised", "billion CNY", "=", 18),
        ("raised", "billion EUR", "=", 2),
        ("invested", "billion CNY", "=", 6),
    ]


def test_what_lies_in_another_amount_is_counted_once() -> None:
    group = [
        amount("all", 100),
        amount("inside", 30, within="all", overlap="whole"),
        amount("partly", 50, within="all", overlap="part", shared=20),
    ]
    for order in permutations(group):
        (total,) = totals(order)
        assert (total.value, total.taken_out, total.bound) == (130, 50, "=")
        assert total.inside == ("inside",)


def test_money_is_taken_out_only_where_the_other_amount_is_added_too() -> None:
    (total,) = totals([amount("inside", 30, within="elsewhere", overlap="whole")])
    assert (total.value, total.taken_out) == (30, 0)


def test_an_overlap_that_no_source_states_leaves_a_least_and_a_most() -> None:
    (total,) = totals([amount("a", 10), amount("b", 5, within="a", overlap="not known")])
    assert (total.value, total.most, total.bound, total.unclear) == (10, 15, "=", ("b",))


def test_what_disputes_an_amount_is_not_added_to_it() -> None:
    group = [
        amount("a", 43, comparator=">"),
        amount("other", 86, disputes="a"),
        amount("part", 4, within="other", overlap="whole"),
    ]
    (total,) = totals(group)
    assert (total.value, total.bound, total.disputed, total.inside) == (43, ">=", ("other",), ("part",))


@pytest.mark.parametrize(
    ("signs", "bound"),
    [(("=", "="), "="), ((">", "="), ">="), (("<", "="), "<="), (("<", ">"), "~"), (("~", "="), "~")],
)
def test_bounds_of_a_sum(signs: tuple[str, str], bound: str) -> None:
    (total,) = totals([amount(str(n), 1, comparator=s) for n, s in enumerate(signs)])
    assert total.bound == bound


@given(st.lists(st.tuples(st.floats(1, 1e4), st.floats(0.01, 1)), min_size=1, max_size=8))
def test_the_total_is_at_most_the_sum_and_at_least_the_largest(parts: list[tuple[float, float]]) -> None:
    group = [amount("0", parts[0][0])]
    for n, (value, share) in enumerate(parts[1:], start=1):
        group.append(amount(str(n), value, within="0", overlap="part", shared=value * share))
    (total,) = totals(group)
    assert total.value + total.taken_out == pytest.approx(sum(v for v, _ in parts))
    assert total.value >= parts[0][0] - 1e-6


def test_the_big_fund_is_inside_the_guidance_funds() -> None:
    known = register.builtin().amounts
    raised = [known[k] for k in ("guidance-funds.raised", "big-fund-1.raised", "sei-vc-fund.raised")]
    (total,) = totals(raised)
    assert (total.value, total.taken_out) == (4760, pytest.approx(138.7 + 17.85))


def test_regional_funds_hold_money_of_the_national_one() -> None:
    """Shares of 67.4627 and 44.3951 percent are 20 bn each, as the register has them."""
    known = register.builtin().amounts
    for key, share in (("vc-fund-2025-jjj", 0.674627), ("vc-fund-2025-gba", 0.443951)):
        a = known[f"{key}.registered"]
        assert a.shared == pytest.approx(a.value * share, abs=1e-3)


def test_the_chips_act_counts_43_billion_once() -> None:
    held = of_plan(register.builtin(), "EU Chips Act")
    target = next(t for t in totals(held.amounts.values()) if t.stage == "target")
    assert (target.bound, target.value, target.most) == (">=", 43, pytest.approx(43 + 15.8 + 11))
    assert "eu-chips-initiative.eu-budget" in target.inside
    assert target.disputed == ("eu-chips-act.target.eca",)
