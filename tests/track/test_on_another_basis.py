"""One rule for all targets: a series on another basis judges only where that is named, and is then called a proxy."""

from __future__ import annotations

import pytest

from track.samples import indicator, inputs, line, target
from zizhu.ledger import register
from zizhu.read.targets.rows import worded_on
from zizhu.track import comparisons, course
from zizhu.track.judged import Inputs
from zizhu.track.verdicts import NOT

MINED = line(2014, 50.0, 52.0, 54.0, 57.0, 59.0, 62.0)
AIM = {"indicator": "self sufficiency rate", "value": 95.0, "deadline": "2024", "trackable_by": ""}
WORLD = indicator(basis="world share", highest=100.0)


def question(own: str, **asked: str) -> Inputs:
    return inputs(target(basis=own, **AIM), *MINED, of=WORLD, **asked)


@pytest.mark.parametrize(
    ("basis", "why"),
    [
        ("self-sufficiency", "the target is on the basis self-sufficiency, the series on world share"),
        ("", "the target states no basis, the series is on world share"),
    ],
    ids=["another", "none"],
)
def test_a_share_of_the_world_says_nothing_of_self_sufficiency(basis: str, why: str) -> None:
    v = question(basis, series="seen").verdicts["X1"]
    assert (v.verdict, v.code, v.why) == (NOT, "BASIS_UNCLEAR", why)


@pytest.mark.parametrize("own", ["self-sufficiency", ""], ids=["another", "none"])
def test_what_judges_because_it_was_named_is_called_a_proxy(own: str) -> None:
    asked = question(own, series="seen", basis="world share")
    v = asked.verdicts["X1"]
    assert v.p is not None
    assert v.measured.proxy.startswith("a proxy: read on the basis world share as asked")
    first, *_ = comparisons.lists(asked, v)["verdicts"]["reading"]
    assert first == "as asked, by a proxy"
    params = course.Params(target="X1", as_of=asked.params.as_of, series="seen", basis="world share")
    assert "Read as asked (a proxy: " in course.sentence(course.Inputs(params, asked))


def test_a_series_on_the_basis_of_the_target_is_no_proxy() -> None:
    assert question("world share", series="seen", basis="world share").verdicts["X1"].measured.proxy == ""
    fits = indicator(basis="location", highest=100.0)
    own = inputs(target(basis="self-sufficiency", **AIM), *MINED, of=fits, series="seen", basis="location")
    assert own.verdicts["X1"].measured.proxy == ""


@pytest.mark.parametrize(
    ("indicator_name", "basis"),
    [
        ("self_sufficiency_rate", "self-sufficiency"),
        ("domestic_market_share", "home market share"),
        ("forest_share", ""),
    ],
)
def test_the_name_of_what_is_read_may_say_the_basis(indicator_name: str, basis: str) -> None:
    assert worded_on(indicator_name) == basis


def test_a_target_without_a_basis_is_not_told_of_one() -> None:
    for basis, why in (("", "no series is held"), ("brand", "no series on the basis brand is held")):
        v = inputs(target(basis=basis, trackable_by="")).verdicts["X1"]
        assert v.why == f"{why} that measures it"


def test_prose_has_no_digests() -> None:
    digest = "ab12" * 16
    goal = target(note=f"claims 1; doc:{digest}#5-9", source=next(iter(register.sources())))
    asked = inputs(goal, *MINED)
    params = course.Params(target="X1", as_of=asked.params.as_of)
    said = course.sentence(course.Inputs(params, asked))
    assert "doc:ab12ab12ab12#5-9" in said
    assert digest not in said
