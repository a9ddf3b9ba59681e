"""Acceptance cases of verdicts: research spending against its targets, electric cars, rare earths."""

from __future__ import annotations

import csv
from dataclasses import replace

import polars as pl
import pytest

from cases.reading import ABSENT, SHARED, Row, rows
from track.samples import indicator, line, seen, target, verdict
from zizhu.ledger import register
from zizhu.ledger.models import Observation, Target
from zizhu.track import course, judged, told
from zizhu.track.verdicts import OUT, Verdict

CASE, DATA = SHARED / "cases" / "track", SHARED / "data" / "test"
here = pytest.mark.skipif(not CASE.is_dir(), reason=ABSENT)
measured = pytest.mark.skipif(
    not DATA.is_dir(), reason="the series (../shared/data/test) are not on this machine"
)
DAY = "2026-11-21"
TARGETS = {"R&D expenditure": "T033", "R&D 2.5 %": "T029", "basic research": "T037"}
LEVEL = indicator(basis="level", note="current prices")
SHARE = indicator(basis="structure", highest=100)


def observed(name: str) -> list[Observation]:
    """A series of the case as observations."""
    with (CASE / "rd_china.csv").open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file) if r["indicator"] == name]
    return [seen(r["period"], float(r["value"]), unit=r["unit"]) for r in found]


def basic_research() -> list[Observation]:
    """Basic research as a share of all research spending."""
    of = {o.period: o.value for o in observed("rd_exp_total")}
    return [seen(o.period, 100 * o.value / of[o.period]) for o in observed("rd_basic_research")]


def promised(key: str) -> Target:
    """A target of the register, to be judged by the series of the case."""
    return register.targets()[key].model_copy(update={"trackable_by": "seen"})


def spending() -> Verdict:
    return verdict(promised("T033"), *observed("rd_expenditure"), of=LEVEL)


def intensity() -> Verdict:
    return verdict(promised("T029"), *observed("rd_intensity_gdp"), of=SHARE)


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: q.startswith("verdict")))
def test_verdicts_on_research_spending(row: Row) -> None:
    found = spending() if "7 % a year" in row.entity else intensity()
    assert found.p is not None
    row.check(found.p)
    assert found.verdict == ("met" if row.printed == "1" else "missed")


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: q.startswith("nominal CAGR")))
def test_growth_is_told_in_the_unit_of_the_target(row: Row) -> None:
    found = spending()
    assert found.decisive is not None
    row.check(found.decisive.told)
    assert found.measured.prices == "nominal, the plan does not say"


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: q.startswith("value 2020")))
def test_the_value_that_decides(row: Row) -> None:
    found = intensity()
    assert found.decisive is not None
    row.check(found.decisive.told)


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: "2023" in q))
def test_basic_research_is_out_of_reach(row: Row) -> None:
    """Five points have no chance; from 2020 to 2023 the share rose by a fifth of what the two years to 2025 need."""
    found = verdict(promised("T037"), *basic_research(), of=SHARE)
    assert found.verdict == OUT
    last = found.path[-1].best.value
    since = verdict(promised("T037"), *(o for o in basic_research() if o.period >= "2020"), of=SHARE).pace
    assert since is not None
    row.check(last if row.quantity.startswith("share") else last + 2 * since.observed)


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: q.startswith("seed figure")))
def test_figures_of_research_spending(row: Row) -> None:
    year = row.quantity.split()[2]
    goal = target(unit="trillion CNY", measure="level", value=1.0, deadline=year)
    found = verdict(goal, *observed("rd_expenditure"), of=LEVEL)
    assert found.decisive is not None
    row.check(found.decisive.told)


def of_register(key: str) -> tuple[judged.Inputs, Verdict]:
    """What a reader of the built-in register is told of a target."""
    question = judged.Inputs(judged.Params(country="CHN", as_of=DAY, target=key), register.builtin())
    return question, question.verdicts[key]


@here
@pytest.mark.parametrize("row", rows("track", "rd_targets", lambda q: not q.startswith("seed figure")))
def test_the_register_alone_says_the_same_or_shows_why_not(row: Row) -> None:
    """Its own series are of other releases: what the case has stands beside, or inside of the interval."""
    key = next(of for start, of in TARGETS.items() if row.entity.startswith(start))
    question, v = of_register(key)
    if row.quantity.startswith("verdict"):
        assert v.verdict == ("met" if row.printed == "1" else "missed")
    elif row.quantity.startswith("linear"):
        assert v.verdict == "unlikely"
        assert v.lower is not None
        assert v.upper is not None
        assert v.lower < float(row.printed) < v.upper
    elif row.quantity.startswith("share of basic research"):
        shown = course.solve(course.Inputs(course.Params(target=key, as_of=DAY), question)).frame
        values = shown.filter(period="2023")
        assert set(values["kind"]) == {course.POINT, course.BESIDE}
        row.check(values.filter(kind=course.BESIDE)["value"].item())
        assert any("which stand beside" in note for note in told.notes(v))
    else:
        assert v.decisive is not None
        row.check(v.decisive.told)


@here
@pytest.mark.parametrize("row", rows("track", "rare_earths", lambda _: True))
def test_sources_of_the_register_count_other_mines_and_say_so(row: Row) -> None:
    """Another compiler of the same mines is within three points; both of the register's values stand in the answer."""
    held = [o for o in register.observations() if o.indicator == "ree_mine_share" and o.period == "2024"]
    values = [o.value for o in held]
    assert len({o.source for o in held}) > 1
    assert all(v > 60 and abs(v - float(row.printed)) < 3 for v in values)
    goal = target(
        value=60.0, comparator=">", deadline="2025", trackable_by="ree_mine_share", basis="world share"
    )
    question = judged.Inputs(
        judged.Params(country="CHN", as_of=DAY), replace(register.builtin(), targets={"X1": goal})
    )
    assert any("other values for 2024" in note for note in told.notes(question.verdicts["X1"]))


def share_of_china(frame: pl.DataFrame, year: str, world: str | None) -> float:
    """China's part of a world total in percent; the sum of all rows where the frame has none of its own."""
    rows_ = frame.filter(pl.col("period") == year)
    china = rows_.filter(pl.col("entity") == "China")["value"].sum()
    whole = rows_.filter(pl.col("entity") == world) if world else rows_
    return 100 * float(china) / float(whole["value"].sum())


@here
@measured
@pytest.mark.parametrize("row", rows("track", "ev_checks", lambda _: True))
def test_china_in_the_world_of_electric_cars(row: Row) -> None:
    name, year = ("ev_stock", "2019") if "stock" in row.quantity else ("ev_sales", "2024")
    frame = pl.read_parquet(DATA / "energy_ev" / "iea_ev2025.parquet")
    cars = frame.filter(pl.col("indicator").str.contains(rf"^ev_{name}\|Cars\|(BEV|PHEV)\|Historical$"))
    found = verdict(target(value=40.0, deadline=year), seen(year, share_of_china(cars, year, "World")))
    assert found.decisive is not None
    row.check(found.decisive.told)
    assert found.verdict == "met"


@here
@measured
@pytest.mark.parametrize("row", rows("track", "rare_earths", lambda _: True))
def test_china_in_world_mine_output_of_rare_earths(row: Row) -> None:
    """More than 60 % of the world, on the basis of mines."""
    frame = pl.read_parquet(DATA / "mining" / "world_mining_data.parquet")
    mined = frame.filter(pl.col("commodity") == "Rare Earths (REO)").select(
        pl.col("country").alias("entity"),
        pl.col("year").cast(pl.String).alias("period"),
        pl.col("production").alias("value"),
    )
    years = sorted(mined["period"].unique())
    series = line(int(years[0]), *(share_of_china(mined, y, None) for y in years))
    found = verdict(target(value=60.0, comparator=">", deadline="2024"), *series)
    assert found.decisive is not None
    row.check(found.decisive.told)
    assert found.verdict in ("met", "met early")
