"""Plans side by side: the built-in five-year plans, and made-up ones where the answer is known."""

from __future__ import annotations

import pytest

from zizhu.ledger import register
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Target
from zizhu.ledger.strategies import Link, Plan
from zizhu.ledger.succession import Step, Succession, compare, counts


def target(
    key: str, plan: str, item: str, indicator: str, value: float, unit: str = "percent", **more: object
) -> Target:
    return Target(
        id=key,
        plan=plan,
        country="CHN",
        sector="S",
        item=item,
        indicator=indicator,
        **(
            {
                "comparator": ">=",
                "comparator_assumed": False,
                "status": "active",
                "source": "s",
                "quality": "low",
            }
            | more
        ),
        value=value,
        unit=unit,
    )


def plan(key: str, *pillars: str) -> Plan:
    return Plan(
        id=key, names={"en": key}, kind="plan", country="CHN", pillars=pillars, source="s", quality="low"
    )


def made(
    targets: list[Target], *links: Link, pillars: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
) -> Register:
    return Register(
        plans={"A": plan("A", *pillars[0]), "B": plan("B", *pillars[1]), "A1": plan("A1")},
        targets={t.id: t for t in targets},
        links={n.id: n for n in links},
    )


def only(held: Register) -> Step:
    (step,) = compare(held, "A", "B").steps
    return step


@pytest.mark.parametrize(
    ("before", "after", "sign", "moved"),
    [
        (10, 12, ">=", "asks more"),
        (12, 10, ">=", "asks less"),
        (12, 12, ">=", "same"),
        (-15, -13.5, "<=", "asks less"),
        (-17, -18, "<=", "asks more"),
        (20, 25, "~", "higher"),
    ],
)
def test_what_a_later_plan_asks(before: float, after: float, sign: str, moved: str) -> None:
    pair = [
        target("a", "A", "x", "change 2016-2020", before, comparator=sign),
        target("b", "B", "x", "change 2021-2025", after, comparator=sign),
    ]
    step = only(made(pair))
    assert (step.change, step.moved, step.targets_a, step.targets_b) == ("carried", moved, ("a",), ("b",))


def test_values_in_other_units_of_a_dimension_are_compared() -> None:
    pair = [
        target("a", "A", "x", "sales", 900, "billion CNY"),
        target("b", "B", "x", "sales", 1, "trillion CNY"),
    ]
    assert only(made(pair)).moved == "asks more"


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (target("b", "B", "x", "growth", 7, "percent per year"), "other units (percent, percent per year)"),
        (target("b", "B", "x", "share of use", 20), "measured by other things (share; share of use)"),
        (target("b", "B", "x", "share", 20, basis="brand"), "other bases (none stated, brand)"),
        (target("b", "B", "x", "share", 20, high=30.0, comparator="range"), "a range"),
        (target("b", "B", "x", "share", 20, comparator=None), "no comparator in the wording"),
    ],
    ids=["unit", "indicator", "basis", "range", "comparator"],
)
def test_what_cannot_be_compared_says_why(after: Target, why: str) -> None:
    step = only(made([target("a", "A", "x", "share", 10), after]))
    assert step.moved == ""
    assert why in step.why
    assert step.change == ("rewritten" if after.indicator != "share" else "carried")


def test_siblings_are_rewritten_and_the_rest_is_dropped_or_new() -> None:
    links = Link(a="a", relation="same aim", b="b", source="s", quality="low", note="worded otherwise")
    held = made(
        [
            target("a", "A", "core parts", "content", 70),
            target("b", "B", "key industries", "self-sufficiency", 75),
            target("c", "A", "ships", "share", 80),
            target("d", "B", "drugs", "count", 30, "count"),
            target("e", "B", "drugs", "count", 30, "count", status="withdrawn"),
        ],
        links,
    )
    found = compare(held, "A", "B")
    assert [(s.change, s.item) for s in found.steps] == [
        ("rewritten", "core parts / key industries"),
        ("dropped", "ships"),
        ("new", "drugs"),
    ]
    assert found.steps[0].why.endswith("worded otherwise")
    assert found.left_out == ("e",)


def test_parts_of_a_plan_are_compared_with_it_and_deadlines_stand_together() -> None:
    held = made(
        [
            target("a", "A1", "robots", "share", 50, deadline="2020"),
            target("b", "A", "robots", "share", 70, deadline="2025"),
            target("c", "B", "robots", "share", 80, deadline="2030"),
        ],
        Link(a="A1", relation="part of", b="A", source="s", quality="low"),
    )
    step = only(held)
    assert step.a == "share: >= 50 % (2020), >= 70 % (2025)"
    assert (step.targets_a, step.moved) == (("a", "b"), "asks more")
    assert compare(held, "A", "B").parts_a == ("A", "A1")


def test_pillars() -> None:
    held = made(
        [],
        pillars=(
            ("New materials", "NEV and batteries", "rail"),
            ("new materials", "smart NEV and batteries", "AI"),
        ),
    )
    assert [(s.change, s.a, s.b) for s in compare(held, "A", "B").steps] == [
        ("carried", "New materials", "new materials"),
        ("rewritten", "NEV and batteries", "smart NEV and batteries"),
        ("dropped", "rail", ""),
        ("new", "", "AI"),
    ]


def between(a: str, b: str) -> Succession:
    return compare(register.builtin(), a, b)


def test_the_fourteenth_and_the_fifteenth_plan() -> None:
    found = between("14th FYP", "15th FYP")
    carried = {s.item: (s.a, s.b, s.moved) for s in found.steps if s.change == "carried"}
    assert carried["R&D"] == (
        "average annual growth: > 7 % a year (2025)",
        "average annual growth: >= 7 % a year (2030)",
        "same",
    )
    assert carried["core industries"][2] == "asks more"
    assert carried["CO2 per unit of GDP"][2] == "asks less"
    assert counts(found.steps)["target", "carried"] == 4
    assert {"T108", "T109"} <= set(found.left_out)


def test_the_thirteenth_and_the_fourteenth_plan() -> None:
    rewritten = {s.item: s for s in between("13th FYP", "14th FYP").steps if s.change == "rewritten"}
    assert "other units" in rewritten["R&D"].why
    assert rewritten["invention patents / high-value invention patents"].moved == ""


@pytest.mark.parametrize(
    ("a", "b"), [("13th FYP", "14th FYP"), ("14th FYP", "15th FYP"), ("MIC2025", "13th FYP SEI")]
)
def test_every_active_target_stands_in_exactly_one_step(a: str, b: str) -> None:
    found = between(a, b)
    known = register.targets().values()
    for parts, column in ((found.parts_a, "targets_a"), (found.parts_b, "targets_b")):
        mine = sorted(t.id for t in known if t.plan in parts and t.status == "active")
        assert sorted(key for s in found.steps for key in getattr(s, column)) == mine


def test_a_plan_compared_with_itself_is_carried_whole() -> None:
    steps = between("MIC2025", "MIC2025").steps
    assert {s.change for s in steps} == {"carried"}
    assert {s.moved for s in steps if s.kind == "target"} <= {"same", ""}


def test_turning_the_plans_around_turns_the_answer_around() -> None:
    there, back = between("13th FYP", "14th FYP").steps, between("14th FYP", "13th FYP").steps
    turned = {"dropped": "new", "new": "dropped"}
    seen = sorted((turned.get(s.change, s.change), s.targets_b, s.targets_a) for s in there)
    assert seen == sorted((s.change, s.targets_a, s.targets_b) for s in back)
