"""Targets as a view over claims, their rows in the register of a workspace, and conflicts side by side."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from read.gate.made import document
from read.linking.saying import aim, claim, number, when
from zizhu.ledger import register
from zizhu.ledger.claims import Claim, Position, Review
from zizhu.ledger.folders import Register
from zizhu.read import conflicts, kept
from zizhu.read.corrected import corrected
from zizhu.read.gate.outcome import Admitted
from zizhu.read.model import Dated, Document
from zizhu.read.targets import targets_of, written
from zizhu.read.targets.rows import Beside, rows
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

OCEAN = {"plans": ("ocean-plan-2030",)}
REJECTED = Review(status="rejected")


def reviewed(said: Claim, status: str, **changes: object) -> Claim:
    return said.model_copy(update={"review": Review(status=status, changes=changes)})  # type: ignore[arg-type]


def test_claims_of_one_target_are_one_with_every_claim() -> None:
    claims = [aim(p, "forest_share", 20, quote=f"{p}: raise it to 20%", **OCEAN) for p in "ABC"]
    (view,) = targets_of(claims)
    assert set(view.claims) == {c.id for c in claims}
    assert len(set(view.refs)) == len(view.documents) == 3
    assert (view.plan, view.country, view.deadline) == ("ocean-plan-2030", "NOR", "2030")
    assert (view.comparator, view.assumed, view.direction, view.binding) == (">=", True, "up", "reported")


@pytest.mark.parametrize(
    "other",
    [
        {"plans": ("river-plan",)},
        {"indicator": "wood_share"},
        {"geography": ("SWE",)},
        {"sectors": ("steel",)},
        {"times": (when("2035", "deadline"),)},
    ],
    ids=lambda d: next(iter(d)),
)
def test_what_differs_in_a_part_of_the_key_is_another_target(other: dict[str, object]) -> None:
    first = aim("A", "forest_share", 20, **OCEAN)
    second = first.model_copy(update={**other, "id": "0" * 16})
    assert len(targets_of([first, second])) == 2
    assert len(targets_of([first, second.model_copy(update={k: getattr(first, k) for k in other})])) == 1


def test_two_values_of_one_target_name_one_another() -> None:
    low, high = aim("A", "forest_share", 20, **OCEAN), aim("B", "forest_share", 30, **OCEAN)
    views = targets_of([low, high])
    assert {v.claims: v.disputed_by for v in views} == {(low.id,): (high.id,), (high.id,): (low.id,)}


@pytest.mark.parametrize(
    ("quote", "bound", "said"),
    [
        ("cut emissions by 40% by 2030", "=", ("<=", True, "down")),
        ("reach more than 40% by 2030", ">", (">", False, "up")),
        ("keep it below 40% by 2030", "<", ("<", False, "down")),
        ("up to 40% by 2030", "<=", (None, False, "up")),
        ("hold it at no more than 40% by 2030", "<=", ("<=", False, "down")),
        ("a share that must not exceed 40% by 2030", "<=", ("<=", False, "down")),
        ("about 40% by 2030", "about", ("~", False, "up")),
        ("while costs are reduced, a share of 40% by 2030", "=", (">=", True, "up")),
        ("it will fall short, far below the target of 40%", "=", (">=", True, "up")),
        ("到2030年能耗降低40%", "=", ("<=", True, "down")),
    ],
    ids=["cut", "more", "below", "up to", "no more", "limit", "about", "another clause", "missed", "Chinese"],
)
def test_how_a_value_is_meant(quote: str, bound: str, said: tuple[object, ...]) -> None:
    at = quote.index("40%")
    of = number(40, "percent", "40%", comparator=bound)
    (view,) = targets_of([aim("A", "some_rate", 40, quote=quote, quantity=of, at=(at, at + 3))])
    assert (view.comparator, view.assumed, view.direction) == said


@pytest.mark.parametrize(
    ("quote", "force"),
    [
        ("a binding target of 20", "binding"),
        ("an indicative 20", "indicative"),
        ("it proposed 20", "proposal"),
        ("森林覆盖率达到20%（约束性）", "binding"),
        ("to reach 20", "reported"),
    ],
)
def test_how_firm_a_target_is(quote: str, force: str) -> None:
    (view,) = targets_of([aim("A", "forest_share", 20, quote=quote)])
    assert view.binding == force


def test_a_baseline_of_the_same_sentence_belongs_to_the_target() -> None:
    goal = aim("A", "forest_share", 20, quote="from 15% in 2020 to 20% by 2030", **OCEAN)
    start = claim(
        "A",
        "from 15% in 2020",
        indicator="forest_share",
        quantity=number(15, "percent"),
        times=(when("2020", "baseline"),),
    )
    (view,) = targets_of([goal, start])
    assert view.baseline is not None
    assert (view.baseline.quantity.value, view.baseline.period) == (15, "2020")


def test_a_review_is_respected() -> None:
    said = aim("A", "forest_share", 20, **OCEAN)
    assert targets_of([reviewed(said, "rejected")]) == ()
    assert targets_of([reviewed(said, "accepted")])[0].reviewed
    (view,) = targets_of([reviewed(said, "edited", value="25.0", times=["deadline 2032"], sectors=["steel"])])
    assert (view.quantity and view.quantity.value, view.deadline, view.sectors) == (25, "2032", ("steel",))
    assert targets_of([reviewed(said, "edited", kind="actual")]) == ()
    assert corrected(said) == said


@pytest.mark.parametrize(
    "changes", [{"times": ["sometime 2030"]}, {"kind": "wish"}, {"times": 7}, {"nothing": 1}]
)
def test_a_correction_to_what_is_no_claim_says_of_which(changes: dict[str, object]) -> None:
    said = aim("A", "forest_share", 20)
    with pytest.raises(ZizhuError) as error:
        corrected(reviewed(said, "edited", **changes))
    assert f"review of claim {said.id}" in str(error.value)


@given(st.randoms(use_true_random=False))
def test_views_do_not_depend_on_the_order_of_claims(chance: random.Random) -> None:
    claims = [
        aim(p, i, n, d)
        for p in "AB"
        for i in ("x_share", "y_rate")
        for n in (20, 30)
        for d in ("2030", "2040")
    ]
    mixed = list(claims)
    chance.shuffle(mixed)
    assert targets_of(mixed) == targets_of(claims)


# in the register


def a_document(name: str, quotes: Sequence[str], publisher: str = "The Paper") -> Document:
    made = document(" | ".join(quotes), name=f"{name}.txt")
    return replace(
        made, publisher=publisher, title=f"Title of {name}", published=Dated("2024-03", "head", 1.0)
    )


def within(held: Document, said: Claim) -> Claim:
    """A claim with its evidence moved into a document."""
    quote = said.evidence[0].quote.exact
    start = held.text.index(quote)
    evidence = said.evidence[0].model_copy(
        update={
            "source": held.id,
            "sha256": held.layer.sha256,
            "position": Position(start=start, end=start + len(quote)),
        }
    )
    key = hashlib.sha256(f"{said.id} {held.id}".encode()).hexdigest()[:16]
    return said.model_copy(update={"evidence": (evidence,), "id": key})


GOAL = aim("A", "forest_share", 20, quote="to raise it to 20% by 2030", **OCEAN)
OTHER = aim("B", "forest_share", 30, quote="to raise it to 30% by 2030", **OCEAN)
WORDS = aim("A", "a_greener_country", None, quote="to be greener", **OCEAN)
NAMELESS = aim("A", "mill_share", 10, quote="to have 10% by 2030")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "workspace")


def keep(workspace: Workspace, name: str, *said: Claim) -> tuple[Document, tuple[Claim, ...]]:
    held = a_document(name, [c.evidence[0].quote.exact for c in said])
    claims = tuple(within(held, c) for c in said)
    kept.keep(workspace, held, Admitted(claims))
    return held, claims


def test_the_register_of_the_workspace_holds_what_was_read(workspace: Workspace) -> None:
    held, claims = keep(workspace, "one", GOAL, WORDS, NAMELESS)
    made = written(workspace)
    assert [why for _, why in made.left_out] == ["without a number"]
    found = register.of(workspace.root)
    nameless, target = sorted(
        (t for key, t in found.targets.items() if key not in register.targets()), key=lambda t: t.value
    )
    assert nameless.plan == f"read.{held.id[:12]}"
    assert found.plans[nameless.plan].name == "Aims in Title of one"
    assert target.status == "unreviewed"
    assert (target.plan, target.country, target.value, target.unit) == (
        "ocean-plan-2030",
        "NOR",
        20,
        "percent",
    )
    assert (target.deadline, target.comparator, target.comparator_assumed) == ("2030", ">=", True)
    assert target.quality == "low"
    assert "read from documents, not reviewed" in target.note
    assert claims[0].id in target.note
    source = found.sources[target.source]
    assert (source.producer, source.title, source.published) == ("The Paper", "Title of one", "2024-03")
    assert source.sha256 == held.id
    assert found.plans[target.plan].note == "read from documents"


@pytest.mark.parametrize(
    ("first", "producer"),
    [
        ("Forests are to grow again by 2030 – The Ocean Times", "The Ocean Times, by its first line"),
        ("Forests are to grow – to raise it", "a document of no stated publisher"),
    ],
    ids=["named", "unnamed"],
)
def test_a_first_line_may_name_who_published(workspace: Workspace, first: str, producer: str) -> None:
    quote = GOAL.evidence[0].quote.exact
    held = document(f"{first}\n\n{quote}", name="page.txt")
    kept.keep(workspace, held, Admitted((within(held, GOAL),)))
    (source,) = written(workspace).sources
    assert (source.producer, source.quality) == (producer, "low")


@pytest.mark.parametrize(("country", "series"), [("CN", "rd_intensity_gdp_nbs"), ("KR", "rd_intensity_gdp")])
def test_a_target_is_followed_by_what_its_own_office_publishes(
    workspace: Workspace, country: str, series: str
) -> None:
    keep(
        workspace,
        "one",
        aim("A", "rd_intensity_gdp", 5, quote="to 5% by 2030", geography=(country,), **OCEAN),
    )
    (target,) = written(workspace).targets
    assert target.trackable_by == series


def test_a_review_changes_what_the_register_holds(workspace: Workspace) -> None:
    held, (goal,) = keep(workspace, "one", GOAL)
    (before,) = written(workspace).targets
    kept.review(workspace, held.id, goal.id, Review(status="accepted", by="Ida"))
    (after,) = written(workspace).targets
    assert (before.quality, after.quality, before.id) == ("low", "medium", after.id)
    assert (before.status, after.status) == ("unreviewed", "active")
    kept.review(workspace, held.id, goal.id, REJECTED)
    assert written(workspace).targets == ()
    assert set(register.of(workspace.root).targets) == set(register.targets())


def test_without_targets_no_folder_is_made(workspace: Workspace) -> None:
    keep(workspace, "one", WORDS)
    assert written(workspace).targets == ()
    assert not (workspace.root / "register").exists()


def test_a_users_own_plan_is_used_and_not_repeated(workspace: Workspace) -> None:
    mine = workspace.root / "register" / "mine"
    mine.mkdir(parents=True)
    (mine / "sources.csv").write_text("id,producer,title,quality\nmy.source,I,Notes,low\n")
    (mine / "plans.csv").write_text(
        "id,names,kind,country,source,quality\nocean-plan-2030,en:Ocean Plan 2030,plan,NOR,my.source,low\n"
    )
    keep(workspace, "one", GOAL)
    assert written(workspace).plans == ()
    assert register.of(workspace.root).plans["ocean-plan-2030"].name == "Ocean Plan 2030"


def test_a_broken_folder_of_the_user_is_told_and_nothing_is_written(workspace: Workspace) -> None:
    mine = workspace.root / "register" / "mine"
    mine.mkdir(parents=True)
    (mine / "plans.csv").write_text("id,names\nx,\n")
    keep(workspace, "one", GOAL)
    with pytest.raises(ZizhuError):
        written(workspace)
    assert sorted(p.name for p in mine.parent.iterdir()) == ["mine"]


def test_of_a_changed_document_only_the_last_version_counts(workspace: Workspace) -> None:
    keep(workspace, "one", GOAL)
    later = aim("A", "forest_share", 25, quote="to raise it to 25% by 2030", **OCEAN)
    now, _ = keep(workspace, "one", later)
    assert [(t.value, t.source) for t in written(workspace).targets] == [(25, f"doc.{now.id[:12]}")]
    assert [h.id for h in kept.current(workspace)] == [now.id]
    was, _ = keep(workspace, "one", GOAL)
    assert [(t.value, t.source) for t in written(workspace).targets] == [(20, f"doc.{was.id[:12]}")]
    assert len(kept.heads(workspace)) == 2


def test_a_correction_is_what_the_register_holds(workspace: Workspace) -> None:
    held, (goal, *_) = keep(workspace, "one", GOAL)
    changes = {"value": "22.0", "times": ["deadline 2032"]}
    kept.review(workspace, held.id, goal.id, Review(status="edited", changes=changes))
    (target,) = written(workspace).targets
    assert (target.value, target.deadline, target.status) == (22, "2032", "active")


def test_folders_of_the_user_are_left_as_they_are(workspace: Workspace) -> None:
    mine = workspace.root / "register" / "mine"
    mine.mkdir(parents=True)
    (mine / "sources.csv").write_text("id,producer,title,quality\nmy.source,I,Notes,low\n")
    keep(workspace, "one", GOAL)
    written(workspace)
    kept.remove(workspace, kept.heads(workspace)[0].id)
    assert written(workspace).targets == ()
    assert (mine / "sources.csv").read_text().endswith("my.source,I,Notes,low\n")
    assert [p.name for p in mine.iterdir()] == ["sources.csv"]


@pytest.mark.parametrize(
    ("indicator", "sectors", "deadline", "same"),
    [
        ("home_share", ("industrial_robots",), "2025", True),
        ("home_share", ("industrial_robots",), "", True),
        ("home_share", ("industrial_robots",), "2028", False),
        ("home_share", ("ferries",), "2025", False),
    ],
    ids=["thing and deadline", "no deadline", "another deadline", "another thing"],
)
def test_a_target_worded_otherwise_restates_the_one_of_its_plan_and_value(
    indicator: str, sectors: tuple[str, ...], deadline: str, same: bool
) -> None:
    said = aim("A", indicator, 70, deadline, quote="to have 70%", plans=("MIC2025",), sectors=sectors)
    said = said.model_copy(update={"geography": ("CHN",)})
    held = a_document("one", ["to have 70%"])
    (row,) = rows(targets_of([within(held, said)]), Beside(register.builtin(), {held.id: held})).targets
    assert (row.status == "restatement", bool(row.same_as)) == (same, same)
    if same:
        assert "robot" in register.targets()[row.same_as].item


def test_what_is_read_opens_at_its_words(workspace: Workspace) -> None:
    held, _ = keep(workspace, "one", GOAL)
    (target,) = written(workspace).targets
    opened = trace(workspace, f"fact:{target.id}")
    (part,) = opened.parts
    assert part.ref == f"doc:{held.id}#0-{len(held.text)}"
    assert ">>to raise it to 20% by 2030<<" in part.label
    assert trace(workspace, part.ref).sentence == part.label
    assert [s.sha256 for s in opened.sources] == [held.id]


def test_a_target_that_the_register_has_is_not_counted_again() -> None:
    target = next(
        t
        for t in register.targets().values()
        if t.status == "active" and t.trackable_by and t.deadline and t.unit == "percent"
    )
    said = aim(
        "A",
        target.trackable_by,
        target.value,
        target.deadline,
        plans=(target.plan,),
        geography=(target.country,),
    )
    held = a_document("one", [said.evidence[0].quote.exact])
    made = rows(targets_of([within(held, said)]), Beside(register.builtin(), {held.id: held}))
    (row,) = made.targets
    assert (row.status, row.trackable_by) == ("restatement", target.trackable_by)
    assert register.targets()[row.same_as].value == target.value


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


@example(plan="", indicator="", where="", sector="", deadline="", title="", value=-1e300)
@given(
    plan=texts,
    indicator=texts,
    where=texts,
    sector=texts,
    deadline=texts,
    title=texts,
    value=st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_text_of_a_document_breaks_the_register(
    tmp_path_factory: pytest.TempPathFactory,
    plan: str,
    indicator: str,
    where: str,
    sector: str,
    deadline: str,
    title: str,
    value: float,
) -> None:
    place = Workspace(root=tmp_path_factory.mktemp("workspace") / "w")
    held = replace(
        a_document("one", ["to reach it"]), title=title, publisher=title, published=Dated(deadline, "", 0.0)
    )
    times = (when(deadline, "deadline"),) if deadline.strip() else ()
    said = aim("A", indicator, value, "", quote="to reach it", plans=(plan,), sectors=(sector,)).model_copy(
        update={"times": times, "geography": (where if len(where) % 2 else "NOR",)}
    )
    kept.keep(place, held, Admitted((within(held, said),)))
    made = written(place)
    assert len(register.of(place.root).targets) == len(register.targets()) + len(made.targets)


# conflicts


def test_conflicts_stand_side_by_side(workspace: Workspace) -> None:
    one, (goal,) = keep(workspace, "one", GOAL)
    two, (other,) = keep(workspace, "two", OTHER)
    result = conflicts.solve(conflicts.load(workspace, conflicts.Params()))
    (row,) = result.table().to_dicts()
    assert (row["type"], row["rule"]) == ("contradicts", "figure.disagrees")
    sides = {
        row[f"document_{s}"]: (row[f"quote_{s}"], row[f"value_{s}"], row[f"ref_{s}"]) for s in ("a", "b")
    }
    assert sides == {
        "Title of one": (GOAL.evidence[0].quote.exact, 20, f"doc:{one.id}#0-{len(one.text)}"),
        "Title of two": (OTHER.evidence[0].quote.exact, 30, f"doc:{two.id}#0-{len(two.text)}"),
    }
    assert {row["a"], row["b"]} == {goal.id, other.id}
    assert result.evidence is not None
    assert set(result.evidence(result, row).inputs) == {row["ref_a"], row["ref_b"]}
    again = conflicts.solve(conflicts.load(workspace, conflicts.Params()))
    assert again.run == result.run
    workspace.save_run(result.run)
    keep(workspace, "three", aim("C", "forest_share", 40, quote="to raise it to 40% by 2030", **OCEAN))
    opened = trace(workspace, result.ref(row, "claims"))
    assert (opened.value, [p.value for p in opened.parts], opened.remainder) == (2, [1, 1], 0)
    assert {goal.id, other.id} == {p.label.split()[1] for p in opened.parts}
    assert all(trace(workspace, p.ref).sentence for p in opened.parts)
    assert trace(workspace, result.ref(row, "value_a")).value == row["value_a"]
    assert len(conflicts.solve(conflicts.load(workspace, conflicts.Params())).frame) == 3


def test_conflicts_of_one_document_or_type(workspace: Workspace) -> None:
    one, _ = keep(workspace, "one", GOAL)
    keep(workspace, "two", OTHER)
    alone, _ = keep(workspace, "three", WORDS)
    asked = [
        conflicts.Params(documents=(one.id,)),
        conflicts.Params(documents=(alone.id,)),
        conflicts.Params(types=("corroborates",)),
    ]
    assert [len(conflicts.solve(conflicts.load(workspace, p)).frame) for p in asked] == [1, 0, 0]
    with pytest.raises(ZizhuError):
        conflicts.load(workspace, conflicts.Params(documents=("f" * 64,)))


def test_an_empty_register_beside_is_enough() -> None:
    held = a_document("one", [GOAL.evidence[0].quote.exact])
    made = rows(targets_of([within(held, GOAL)]), Beside(Register(), {held.id: held}))
    assert [p.id for p in made.plans] == ["ocean-plan-2030"]


def test_aims_without_a_plan_are_called_after_who_the_first_line_names() -> None:
    said = aim("A", "forest_share", 20, speaker=None)
    paper = replace(
        document("A"), id=said.evidence[0].source, title="", publisher="", published=None, name="other.txt"
    )
    made = rows(
        targets_of([said]), Beside(register.builtin(), {paper.id: paper}, {paper.id: "Forest Office"})
    )
    assert [p.names for p in made.plans] == [{"en": "Aims in Forest Office"}]
