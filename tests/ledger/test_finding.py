"""Records by name and by words, in English and Chinese."""

from __future__ import annotations

import pytest

from zizhu.ledger import finding, register
from zizhu.ledger.dossier import dossier
from zizhu.ledger.folders import Register
from zizhu.ledger.kin import line, parts, siblings
from zizhu.vocab.problems import ZizhuError

HELD = register.builtin()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("14fyp", "14th FYP"),
        ("14th-fyp", "14th FYP"),
        ("FYP15", "15th FYP"),
        ("十五五规划", "15th FYP"),
        ("十三五", "13th FYP"),
        ("mic2025", "MIC2025"),
        ("made in china 2025", "MIC2025"),
        ("中国制造2025", "MIC2025"),
        ("SEI2020", "NDRC SEI opinion 2020"),
        ("sei 2016", "13th FYP SEI"),
        ("chips act", "EU Chips Act"),
        ("CN-NGAIDP2017", "AI plan 2017"),
    ],
)
def test_plans_have_natural_names(text: str, key: str) -> None:
    assert finding.plan(HELD, text).id == key


@pytest.mark.parametrize(
    ("wrong", "near"), [("14fpy", "14 FYP"), ("MIC2052", "MIC2025"), ("Chips Akt", "Chips Act")]
)
def test_a_typo_has_the_nearest_name(wrong: str, near: str) -> None:
    with pytest.raises(ZizhuError) as error:
        finding.plan(HELD, wrong)
    assert near in error.value.problems[0].remedy


@pytest.mark.parametrize(
    ("begun", "key"),
    [("made in", "MIC2025"), ("中国制造", "MIC2025"), ("robot industry plan", "Robot plan 2016")],
)
def test_the_beginning_of_a_name_that_no_other_plan_has_is_enough(begun: str, key: str) -> None:
    assert finding.plan(HELD, begun).id == key


def test_of_several_plans_that_begin_alike_all_are_named() -> None:
    with pytest.raises(ZizhuError) as error:
        finding.plan(HELD, "14")
    (problem,) = error.value.problems
    begin = [p for p in HELD.plans.values() if any(finding.folded(n).startswith("14") for n in p.called)]
    assert problem.what == f"{len(begin)} plans begin with '14'"
    assert "14th FYP (14th Five-Year Plan); " in problem.remedy
    with pytest.raises(ZizhuError, match="unknown plan"):
        finding.plan(HELD, "1")


def test_a_name_that_two_records_of_a_kind_have_names_neither() -> None:
    twin = HELD.plans["MIC2025"].model_copy(update={"id": "TWIN"})
    both = Register(plans={"MIC2025": HELD.plans["MIC2025"], "TWIN": twin})
    with pytest.raises(ZizhuError):
        finding.plan(both, "Made in China 2025")
    assert finding.plan(both, "twin").id == "TWIN"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("robot density", ("targets", "T140")),
        ("芯片自给率", ("targets", "T008")),
        ("self-sufficiency chips", ("targets", "T008")),
        ("量子", ("plans", "QUANTUMVALLEY")),
        ("大基金", ("instruments", "big-fund-1")),
        ("Hefei", ("places", "asset:Hefei-Innovation-Industrial-Park")),
        ("上海", ("places", "place:Shanghai")),
    ],
)
def test_search_puts_the_best_first(words: str, first: tuple[str, str]) -> None:
    found = finding.search(HELD, words)
    assert (found[0].kind, found[0].id) == first


def test_every_word_must_stand_and_short_ones_as_words() -> None:
    assert finding.search(HELD, "robot density nothing") == []
    assert "T012" not in {f.id for f in finding.search(HELD, "人工智能")}  # AI is no beginning of aircraft
    assert finding.search(HELD, "") == []


def test_search_is_in_a_stable_order() -> None:
    assert finding.search(HELD, "chips") == finding.search(HELD, "CHIPS")


def test_the_line_of_a_plan() -> None:
    found = {k.plan.id: k.steps for k in line(HELD, "14th FYP")}
    assert found == {"12th FYP": -2, "13th FYP": -1, "MIC2025": -1, "MLP2006": -2, "15th FYP": 1}
    assert parts(HELD, "13th FYP") == ["13th FYP", "13th FYP SEI", "13th FYP solar", "STI2030"]


def test_siblings_of_a_target() -> None:
    assert [key for key, _ in siblings(HELD, "T002")] == ["T005"]
    assert [key for key, _ in siblings(HELD, "T005")] == ["T002"]
    assert [key for key, _ in siblings(HELD, "EUC01")] == ["EUC02"]


def test_a_dossier_has_what_belongs_to_a_plan_with_all_sources() -> None:
    found = dossier(HELD, "mic2025")
    titles = {s.title: s.rows for s in found.sections}
    assert len(titles["targets"]) == 19
    assert {r["plan"] for r in titles["line of succession"]} == {"MLP2006", "14th FYP", "15th FYP"}
    assert any("countered by" in r["link"] for r in titles["links"])
    cited = {row["source"] for s in found.sections for row in s.rows if row.get("source")}
    assert cited <= {s.id for s in found.sources}


@pytest.mark.parametrize("kind", finding.ADDRESSED)
def test_every_record_has_a_dossier(kind: str) -> None:
    for key in list(getattr(HELD, kind))[:: max(1, len(getattr(HELD, kind)) // 12)]:
        found = dossier(HELD, key)
        assert found.id == key
        assert found.sources or kind == "indicators"


def test_notes_name_publishers_and_not_ids() -> None:
    found = dossier(HELD, "place:Hefei")
    assert "HandWiki" in found.fields["note"]
    assert "page." not in found.fields["note"]
