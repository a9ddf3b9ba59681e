"""Two reports of a flow become one: what is planted in a generated world is found again by the steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from zizhu.tables.mirror import Settings, reconcile
from zizhu.vocab.problems import ZizhuError

SMALL = Settings(least_pairs=1, least_partners=2, least_usd=1)
SCHEMA = {
    "year": pl.Int16,
    "reporter": pl.String,
    "partner": pl.String,
    "flow": pl.String,
    "hs6": pl.String,
    "revision": pl.String,
    "value_usd": pl.Int64,
    "quantity_t": pl.Float64,
    "valuation": pl.String,
}
Report = tuple[str, str, str, str, int, str | None]


def reports(*given: Report, year: int = 2022, tons: float | None = None) -> pl.DataFrame:
    """Reports (reporter, partner, flow, hs6, USD, valuation) of one year."""
    rows = [(year, r, p, f, k, "HS2022", v, tons, c) for r, p, f, k, v, c in given]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def world(
    seed: int,
    countries: int = 8,
    products: int = 6,
    margin: float = 0.0,
    noise: dict[str, float] | None = None,
    both: float = 1.0,
    valuation: str | None = "CIF",
) -> pl.DataFrame:
    """All flows between countries C0, C1, ...: both sides report with log-normal errors of their own size."""
    rng = np.random.default_rng(seed)
    names, spread = [f"C{i}" for i in range(countries)], noise or {}
    rows: list[Report] = []
    for e in names:
        for i in names:
            for k in range(products if e != i else 0):
                true = float(np.exp(rng.normal(13, 1.5)))
                x = true * float(np.exp(rng.normal(0, spread.get(e, 0.0))))
                m = true * (1 + margin) * float(np.exp(rng.normal(0, spread.get(i, 0.0))))
                said = rng.random(2) < both
                if said[0] or not said[1]:
                    rows.append((e, i, "export", f"{k:06d}", max(1, round(x)), "FOB"))
                if said[1]:
                    rows.append((i, e, "import", f"{k:06d}", max(1, round(m)), valuation))
    return reports(*rows)


@examples(20)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_symmetric_world_keeps_its_values_exactly(seed: int) -> None:
    made = reconcile(world(seed, 5, 3), SMALL)
    assert (made.flows["value_usd"] == made.flows["exporter_report"]).all()
    assert (made.flows["value_usd"] == made.flows["importer_report"]).all()
    assert made.factors["margin"].to_list() == [0.0] * 5
    assert made.reliability["reliability"].to_list() == [1.0] * 5
    assert made.flows["weight"].unique().to_list() == [0.5]
    assert made.flows["status"].unique().to_list() == ["both"]


@pytest.mark.slow
@examples(20)
@given(seed=st.integers(0, 2**32 - 1), margin=st.floats(0.01, 0.2))
def test_a_planted_margin_is_recovered(seed: int, margin: float) -> None:
    made = reconcile(world(seed, 5, 4, margin), SMALL)
    assert made.factors["margin"].to_list() == pytest.approx([margin] * 5, abs=2e-4)
    apart = made.flows["value_usd"] / made.flows["exporter_report"] - 1
    assert apart.abs().median() < 1e-4


def test_a_margin_of_seven_per_cent_is_recovered_through_noise() -> None:
    made = reconcile(world(3, 12, 60, 0.07, {f"C{i}": 0.1 for i in range(12)}))
    assert made.factors["basis"].unique().to_list() == ["own"]
    assert made.factors["margin"].mean() == pytest.approx(0.07, abs=0.01)


def test_the_margin_is_capped_and_never_negative() -> None:
    assert reconcile(world(1, margin=0.5), SMALL).factors["margin"].to_list() == [0.2] * 8
    assert reconcile(world(1, margin=-0.3), SMALL).factors["margin"].to_list() == [0.0] * 8


def test_imports_that_are_fob_have_no_freight_to_take_out() -> None:
    made = reconcile(world(1, margin=0.07, valuation="FOB"), SMALL)
    assert made.factors["basis"].unique().to_list() == ["none"]
    assert (made.flows["importer_report_fob"] == made.flows["importer_report"]).all()


def test_valuations_that_are_not_said_are_cif() -> None:
    made = reconcile(world(1, margin=0.07, valuation=None), SMALL)
    assert made.factors["margin"].to_list() == pytest.approx([0.07] * 8, abs=2e-4)


def test_exporters_with_few_pairs_have_the_margin_of_the_world() -> None:
    few = reports(("Z", "C0", "export", "000001", 1000, "FOB"), ("C0", "Z", "import", "000001", 1900, "CIF"))
    made = reconcile(pl.concat([world(1, margin=0.07), few]), replace(SMALL, least_pairs=10))
    (found,) = made.factors.filter(pl.col("exporter") == "Z").rows(named=True)
    assert found["basis"] == "world"
    assert found["pairs"] == 1
    assert found["margin"] == pytest.approx(0.07, abs=1e-3)


def test_an_unreliable_reporter_has_little_weight() -> None:
    made = reconcile(world(5, 12, 20, 0.07, {"C3": 1.2} | {f"C{i}": 0.05 for i in range(12) if i != 3}))
    trust = dict(made.reliability.select("reporter", "reliability").iter_rows())
    assert trust["C3"] < 0.7
    assert min(v for k, v in trust.items() if k != "C3") > 0.9
    its = made.flows.filter((pl.col("exporter") == "C3") & (pl.col("status") == "both"))
    assert its["weight"].max() < 0.1  # type: ignore[operator]
    theirs = made.flows.filter(pl.col("importer") == "C3")
    assert theirs["weight"].min() > 0.9  # type: ignore[operator]


def test_reconciled_values_are_nearer_to_the_truth_than_either_report() -> None:
    noise = {f"C{i}": 0.02 + 0.06 * i for i in range(12)}
    true = world(9, 12, 30).filter(pl.col("flow") == "export")  # the same draws, without noise
    made = reconcile(world(9, 12, 30, 0.07, noise)).flows.join(
        true.select("hs6", exporter="reporter", importer="partner", true="value_usd"),
        on=["hs6", "exporter", "importer"],
        validate="1:1",
    )
    assert made.height == true.height

    def off(column: str) -> float:
        return float(made.select((pl.col(column) / pl.col("true")).log().abs().mean()).item())

    plain = float(
        made.select(
            ((pl.col("exporter_report") + pl.col("importer_report_fob")) / 2 / pl.col("true"))
            .log()
            .abs()
            .mean()
        ).item()
    )
    assert off("value_usd") < 0.8 * plain  # 0.75
    assert off("value_usd") < 0.65 * min(off("exporter_report"), off("importer_report_fob"))


def test_the_iteration_sets_the_blame_where_it_belongs() -> None:
    # everybody trades most with the one that reports wrong: the plain mean blames all, the iteration does not
    rows: list[Report] = []
    names = [f"C{i}" for i in range(6)]
    for e in names:
        for i in names:
            if e != i:
                size = 1_000_000 if "C0" in (e, i) else 100_000
                rows.append((e, i, "export", "000001", size * (3 if e == "C0" else 1), "FOB"))
                rows.append((i, e, "import", "000001", size * (3 if i == "C0" else 1), "FOB"))
    trust = {r["reporter"]: r for r in reconcile(reports(*rows), SMALL).reliability.rows(named=True)}
    assert trust["C1"]["discrepancy"] > 0.4
    assert trust["C1"]["reliability"] > 0.9
    assert trust["C0"]["reliability"] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=6)
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([10, 1000]))
def test_the_unit_of_money_does_not_matter(seed: int, scale: int) -> None:
    given = world(seed, 6, 4, 0.07, {"C1": 0.5, "C2": 0.2}, both=0.9)
    small = reconcile(given, SMALL)
    large = reconcile(given.with_columns(pl.col("value_usd") * scale), replace(SMALL, least_usd=scale))
    for name, column in (("factors", "margin"), ("reliability", "reliability"), ("flows", "weight")):
        assert getattr(large, name)[column].to_list() == pytest.approx(
            getattr(small, name)[column].to_list(), abs=1e-3
        )
    assert (large.flows["value_usd"] / scale).to_list() == pytest.approx(
        small.flows["value_usd"].to_list(), rel=1e-3, abs=2
    )


def test_one_sided_flows_are_kept_and_marked() -> None:
    alone = [
        ("C0", "X", "export", "000001", 500, "FOB"),
        ("C1", "Y", "import", "000001", 1070, "CIF"),
    ]
    made = reconcile(pl.concat([world(1, margin=0.07), reports(*alone)]), SMALL)  # type: ignore[arg-type]
    found = made.flows.filter(pl.col("status") != "both")
    assert found.select("exporter", "importer", "value_usd", "weight", "status").rows() == [
        ("C0", "X", 500, 1.0, "exporter only"),
        ("Y", "C1", 1000, 0.0, "importer only"),
    ]
    assert found["importer_reliability"].to_list()[0] is None


def test_reporters_with_little_trade_are_not_judged() -> None:
    made = reconcile(
        pl.concat(
            [
                world(1, 12, noise={"C1": 0.3}),
                world(2, 2).with_columns(pl.col("reporter", "partner").str.replace("C1", "SMALL")),
            ]
        ).unique(["reporter", "partner", "flow", "hs6"], keep="first", maintain_order=True)
    )
    (found,) = made.reliability.filter(pl.col("reporter") == "SMALL").rows(named=True)
    assert found["basis"] == "fallback"
    judged = made.reliability.filter(pl.col("basis") == "judged")["reliability"]
    assert found["reliability"] == pytest.approx(judged.quantile(0.1, "linear"))


def test_years_are_judged_apart() -> None:
    one, two = world(1, noise={"C1": 1.0}), world(1).with_columns(pl.lit(2023, pl.Int16).alias("year"))
    made = reconcile(pl.concat([one, two]), SMALL)
    assert made.reliability.filter(pl.col("year") == 2023)["reliability"].to_list() == [1.0] * 8
    alone = reconcile(one, SMALL)
    assert made.flows.filter(pl.col("year") == 2022).equals(alone.flows)


def test_tons_are_those_of_the_better_report() -> None:
    given = reports(("A", "B", "export", "000001", 100, "FOB"), tons=None)
    other = reports(("B", "A", "import", "000001", 100, "FOB"), tons=2.5)
    assert reconcile(pl.concat([given, other]), SMALL).flows["quantity_t"].to_list() == [2.5]


def test_the_order_of_reports_does_not_matter() -> None:
    given = world(4, noise={"C1": 0.4}, both=0.8)
    plain, other = reconcile(given, SMALL), reconcile(given.sample(fraction=1, shuffle=True, seed=1), SMALL)
    assert other.flows["value_usd"].to_list() == pytest.approx(plain.flows["value_usd"].to_list(), abs=1)
    assert other.flows.drop(
        "value_usd", "weight", "exporter_reliability", "importer_reliability", "importer_report_fob"
    ).equals(
        plain.flows.drop(
            "value_usd", "weight", "exporter_reliability", "importer_reliability", "importer_report_fob"
        )
    )


def test_reports_that_cannot_be_compared_are_refused() -> None:
    bad = pl.concat(
        [
            world(1, 3),
            world(1, 3, 1),
            world(1, 3).head(1).with_columns(revision=pl.lit("HS1992")),
            reports(("C0", "C0", "export", "1", 0, None), ("C0", "C1", "re-export", "1", 5, None)),
        ]
    )
    with pytest.raises(ZizhuError) as caught:
        reconcile(bad, SMALL)
    said = str(caught.value)
    for what in (
        "2022 is reported in HS1992, HS2022",
        "reports repeat",
        "1 reports are neither import nor export",
        "1 values are not positive",
        "1 reports are of trade with oneself",
    ):
        assert what in said
