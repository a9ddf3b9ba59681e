"""Dependency flags of small worlds whose answer is known, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tables.stored import Flow, trade
from zizhu.depend import flag_flows, flags
from zizhu.depend.concentration.measures import MEASURES
from zizhu.depend.concentration.presets import Preset, chosen, read
from zizhu.depend.flag_opened import WORDS
from zizhu.ledger.result import Result
from zizhu.tables.trade import TRADE_COLUMNS, Trade
from zizhu.vocab.problems import CannotAnswer, ZizhuError

YEARS = range(2016, 2025)
ALONE, SPREAD, OWN = "280530", "250410", "260111"


def flows() -> list[Flow]:
    """ALONE has one supplier of all, SPREAD ten equal ones, and of OWN the importer exports more than it buys."""
    ten = ("AUS", "BRA", "CAN", "CHL", "IDN", "IND", "KOR", "MEX", "TUR", "ZAF")
    made: list[Flow] = []
    for year in YEARS:
        wave = 1 + 0.1 * (year % 3)
        made += [(year, "CHN", who, ALONE, int(9e7 * wave), 5.0) for who in ("JPN", "USA", "DEU")]
        made += [(year, "USA", "CAN", ALONE, 10_000, None)]
        made += [(year, seller, "JPN", SPREAD, int(1e7 * wave), 1.0) for seller in ten]
        made += [
            (year, "AUS", "JPN", OWN, int(1e6 * wave), 1.0),
            (year, "JPN", "KOR", OWN, int(5e6 * wave), 1.0),
        ]
    return made


WORLD = trade(*flows())


def asked(importers: tuple[str, ...] = ("JPN",), table: Trade = WORLD, **options: Any) -> flags.Inputs:
    return flags.Inputs(flags.Params(importers=importers, draws=60, **options), table)


def row(result: Result, importer: str, preset: str, hs6: str) -> dict[str, Any]:
    return result.row(f"{importer}|{preset}|{hs6}")


def test_a_sole_supplier_is_certain_and_ten_equal_ones_are_not() -> None:
    result = flags.solve(asked())
    alone, spread = row(result, "JPN", "geodep", ALONE), row(result, "JPN", "geodep", SPREAD)
    assert (alone["flagged"], alone["label"], alone["lead"]) == (True, "certain", "CHN")
    assert alone["probability"] == alone["next_year"] == 1.0
    assert (alone["years_flagged"], alone["hhi_imports"], alone["lead_share"]) == (3, 1.0, 1.0)
    assert alone["import_export_ratio"] == 9999
    assert (spread["flagged"], spread["label"]) == (False, "unlikely")
    assert spread["hhi_imports"] == pytest.approx(0.1)
    assert row(result, "JPN", "geodep", OWN)["import_export_ratio"] == pytest.approx(0.2)
    assert alone["rank"] == 1
    assert alone["rank_low"] <= alone["rank"] <= alone["rank_high"]
    assert row(result, "JPN", "oecd", ALONE)["flagged"] is False  # the world has no other exporter either


def test_a_bloc_is_one_importer_and_its_inner_trade_is_left_out() -> None:
    inner = [(y, "FRA", "DEU", ALONE, 10**12, 1.0) for y in YEARS]
    result = flags.solve(asked(("EU27",), trade(*flows(), *inner)))
    found = row(result, "EU27", "ec2021", ALONE)
    assert found["imports_usd"] == row(flags.solve(asked(("DEU",))), "DEU", "ec2021", ALONE)["imports_usd"]
    assert found["extra_share"] == pytest.approx(found["imports_usd"] / (found["imports_usd"] + 1e12))
    assert found["flagged"] is False


def test_members_of_a_year_are_those_of_the_year() -> None:
    """The United Kingdom left the Union in 2020: it sells to itself before, and to the Union after."""
    british = [(y, "GBR", "FRA", SPREAD, 10**7, 1.0) for y in YEARS]
    table = trade(*flows(), *british)
    before = flags.solve(asked(("EU",), table, year=2019)).frame
    after = row(flags.solve(asked(("EU",), table, year=2024)), "EU", "bottleneck", SPREAD)
    assert SPREAD not in before["hs6"].to_list()
    assert (after["lead"], after["imports_usd"]) == ("GBR", 1e7)


def test_the_answer_does_not_depend_on_what_else_is_asked_and_moves_with_the_seed() -> None:
    alone, together = flags.solve(asked()), flags.solve(asked(("USA", "JPN")))
    assert together.frame.filter(importer="JPN").equals(alone.frame)
    other = flags.solve(asked(seed=1))
    assert other.run.id != alone.run.id
    assert (alone.run.seed, other.run.seed) == (0, 1)


def test_the_world_is_read_alike_some_products_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traders that the vocabulary lacks are numbered alike, and a bloc leaves its inner trade out."""
    inner: list[Flow] = [(year, "DEU", "FRA", ALONE, 7_000_000, 1.0) for year in YEARS]
    odd: list[Flow] = [
        (year, seller, "JPN", code, 2_000_000, 1.0)
        for year in YEARS
        for seller, code in (("Q02", ALONE), ("Q01", OWN))
    ]
    table = trade(*flows(), *inner, *odd)
    whole = flags.solve(asked(("EU27", "JPN"), table))
    monkeypatch.setattr(flag_flows, "AT_ONCE", 1)
    assert flags.solve(asked(("EU27", "JPN"), table)).frame.equals(whole.frame)
    sold = {"CHN": 2.7e8, "USA": 1e4, "Q02": 2e6}  # 2022: a wave of one
    hhi = sum(v**2 for v in sold.values()) / sum(sold.values()) ** 2
    earlier = flags.solve(asked(("EU27",), table, year=2022))
    assert row(earlier, "EU27", "geodep", ALONE)["hhi_world"] == pytest.approx(hhi)


def test_one_product_is_answered_as_among_all() -> None:
    """What is learnt comes from the table and not from the products asked for, so the flag is the same."""
    whole, one = flags.solve(asked()), flags.solve(asked(products=(SPREAD,)))
    assert one.frame["hs6"].unique().to_list() == [SPREAD]
    for preset in one.frame["preset"]:
        alone, among = row(one, "JPN", preset, SPREAD), row(whole, "JPN", preset, SPREAD)
        for column in ("flagged", "margin", "hhi_imports", "years_flagged"):
            assert alone[column] == among[column]
        assert alone["next_year"] == pytest.approx(among["next_year"], abs=0.25)
        assert alone["rank"] == 1


def test_two_reports_that_agree_leave_no_doubt_and_two_that_differ_do() -> None:
    def reported(spread: float) -> Trade:
        """Two suppliers at 0.62 and 0.38 of imports: an HHI of 0.53, of which reports may differ."""
        sellers = (("CHN", 6.2e7), ("USA", 3.8e7))
        frame = pl.DataFrame(
            [
                (y, s, "JPN", ALONE, "HS1992", int(v), None, v * (1 + spread), v * (1 - spread), 0.5)
                for y in YEARS
                for s, v in sellers
            ],
            schema=[*TRADE_COLUMNS, "exporter_report", "importer_report_fob", "weight"],
            orient="row",
        )
        return asking(frame)

    cut = Preset(
        id="own", title="t", conditions=({"measure": "hhi_imports", "above": 0.5, "band": (0.5, 0.5)},)
    )
    sure, unsure = (
        row(flags.solve(asked(table=reported(s), presets=(cut,))), "JPN", "own", ALONE) for s in (0.0, 0.6)
    )
    assert sure["probability"] == 1.0
    assert 0.4 < unsure["probability"] < 0.95
    assert unsure["flagged"] is True


def asking(frame: pl.DataFrame) -> Trade:
    """A trade table over a frame with columns of its own."""

    def ask(sql: str, **params: Any) -> pl.DataFrame:
        for name, value in params.items():
            listed = value if isinstance(value, list) else [value]
            text = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in listed)
            sql = sql.replace(f":{name}", f"({text})" if isinstance(value, list) else text)
        return pl.SQLContext({"t": frame}).execute(sql).collect()

    return Trade("table:t@" + "0" * 32, "T", ask)


def test_numbers_open_into_flows_and_conditions() -> None:
    inputs = asked(("JPN",))
    result = flags.solve(inputs)
    key = f"JPN|geodep|{SPREAD}"
    imports = flags.explain(inputs, result, key, "imports_usd")
    assert len(imports.parts) == 10
    assert imports.remainder == pytest.approx(0, abs=1e-3)
    assert imports.parts[0].ref.endswith(f"#{2024},{SPREAD},AUS,JPN")
    hhi = flags.explain(inputs, result, key, "hhi_imports", top=4)
    assert sum(p.value for p in hhi.parts) + hhi.remainder == pytest.approx(0.1)
    assert hhi.left_out == 6
    assert [p.share for p in hhi.parts] == pytest.approx([0.1] * 4)  # of the index, not of imports
    why = flags.explain(inputs, result, key, "probability")
    assert len(why.parts) == 3 * 3  # conditions by years
    assert {p.share for p in why.parts} == {None}
    assert {p.unit for p in why.parts} == {"index", "ratio"}
    assert set(WORDS) >= set(MEASURES)
    assert not any("_" in p.label for p in why.parts)
    assert why.remainder == 0.0  # nothing of a probability is a sum of indices
    for column in result.units:
        value = result.row(key)[column]
        if value is not None:
            assert flags.explain(inputs, result, key, column).value == value


def test_a_supplier_is_a_part_of_the_index_and_not_of_imports() -> None:
    table = trade(*flows(), *((y, "USA", "JPN", ALONE, 10_000_000, None) for y in YEARS))
    inputs = asked(table=table)
    opened = flags.explain(inputs, flags.solve(inputs), f"JPN|geodep|{ALONE}", "hhi_imports")
    usd = np.array([1.08e8, 1e7])  # 2024: a wave of 1.2 for China, none for the United States
    squared = (usd / usd.sum()) ** 2
    assert [p.value for p in opened.parts] == pytest.approx(squared)
    assert [p.share for p in opened.parts] == pytest.approx(squared / squared.sum())


@pytest.mark.parametrize("preset", ["geodep", "ec2021", "oecd"])
def test_a_condition_refers_to_its_own_number_or_to_flows_of_its_year(preset: str) -> None:
    """2024 is in the answer, where its reference gives the same number; earlier years are in the table."""
    inputs = asked()
    result = flags.solve(inputs)
    opened = flags.explain(inputs, result, f"JPN|{preset}|{ALONE}", "margin")
    years = set()
    for part in opened.parts:
        year = next(y for y in YEARS if f" in {y}, " in part.label)
        kind, _, place = part.ref.rpartition("#")
        if kind == f"run:{result.run.id}":
            key, _, column = place.rpartition(",")
            assert result.row(key)[column] == part.value
            assert year == 2024
        else:
            assert place.split(",")[:2] == [str(year), ALONE]
            assert place.split(",")[2:] in (["WLD", "JPN"], ["WLD", "WLD"])
            years.add(year)
    assert years == set(YEARS[-next(p.years for p in chosen(()) if p.id == preset) : -1]) | (
        {2024} if preset in ("ec2021", "oecd") else set()
    )


def panel(least: int) -> Trade:
    """Small flows that change at random and large ones that hardly do; New Zealand has two sole suppliers.

    One of them sells it `least` USD, the other a million.
    """
    rng = np.random.default_rng(0)
    sellers, buyers = ("CHN", "USA", "IND", "BRA"), ("JPN", "KOR", "DEU", "FRA", "GBR", "ITA")
    sizes = dict.fromkeys(("250410", "250490", "260111"), (100, 1.5)) | {"260112": (3e6, 0.1)}
    made: list[Flow] = [
        (year, s, b, code, 1 + int(size * np.exp(sd * rng.standard_normal())), None)
        for code, (size, sd) in sizes.items()
        for year in range(2004, 2025)
        for s in sellers
        for b in buyers
    ]
    for year in range(2004, 2025):
        made += [(year, "CHN", "NZL", "280530", least, None), (year, "CHN", "NZL", "280540", 10**6, None)]
    return trade(*made)


def test_the_noise_is_of_the_table_whatever_year_or_product_is_asked() -> None:
    table = panel(300)
    found = [
        asked(("NZL",), table, year=year, products=products).reader.noise
        for year, products in ((2013, ()), (2024, ()), (2024, ("280530",)))
    ]
    assert found[0].sd.max() > 1
    for other in found[1:]:
        assert other.sd.tolist() == found[0].sd.tolist()


def test_a_flow_that_is_no_larger_than_its_noise_is_never_certain() -> None:
    """All draws have the one supplier, so the chance is one; that it is some 300 dollars is said."""
    result = flags.solve(asked(("NZL",), panel(300)))
    small, large = (row(result, "NZL", "geodep", code) for code in ("280530", "280540"))
    assert small["probability"] == large["probability"] == 1.0
    assert (small["label"], large["label"]) == ("likely", "certain")
    assert small["imports_noise"] >= 1 > large["imports_noise"]
    (said,) = (n for n in result.notes if n.startswith("Not called certain"))
    assert "rests on 300 USD, 100% from China" in said
    assert "1,000,000" not in said
    alike = flags.solve(asked(("NZL",), panel(10**6)))
    assert not any(n.startswith("Not called certain") for n in alike.notes)


def test_summaries_count_rows_of_the_answer() -> None:
    result = flags.solve(asked(("JPN", "USA", "CHN"), trade(*flows(), (2024, "USA", "CHN", OWN, 5, None))))
    counted = {(r["importer"], r["preset"]): r for r in flags.summary(result).iter_rows(named=True)}
    for (importer, preset), told in counted.items():
        own = result.frame.filter(importer=importer, preset=preset)
        assert told["flags"] == own["flagged"].sum()
        assert told["expected"] == pytest.approx(own["probability"].sum())
        assert told["kept"] + told["gone"] == own["was_flagged"].sum()
    pairs = flags.leverage(result).filter(preset="geodep")
    assert pairs.select("importer", "supplier", "flags").rows() == [("JPN", "CHN", 1), ("USA", "CHN", 1)]


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"products": ("999999",)}, ZizhuError, "999999"),
        ({"year": 1990}, ZizhuError, "within 2016-2024"),
        ({"year": 2017}, CannotAnswer, "2 years up to 2017"),
        ({"importers": ("FRA",)}, CannotAnswer, "no imports in 2024"),
        ({"importers": ("Utopia",)}, ZizhuError, "Utopia"),
    ],
)
def test_questions_that_cannot_be_answered(
    options: dict[str, Any], kind: type[ZizhuError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        flags.solve(asked(**options))


PRESET = """
id: mine
title: My own
years: 2
at_least: 2
conditions:
  - {measure: lead_share, at_least: 0.5, band: [0.4, 0.6]}
"""


def test_a_preset_of_ones_own_is_asked_like_a_built_in_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PRESET)
    result = flags.solve(asked(presets=chosen((str(path), "geodep"))))
    assert row(result, "JPN", "mine", ALONE)["flagged"] is True
    assert row(result, "JPN", "mine", SPREAD)["flagged"] is False
    again = flags.solve(
        flags.Inputs(flags.Params(**result.run.params), WORLD)
    )  # the run keeps the definition
    assert again.run.output == result.run.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lead_share", "lead_shar", "nearest: lead_share"),
        ("at_least: 0.5,", "at_least: 0.5, above: 1,", "either above or at_least"),
        ("at_least: 0.5,", "", "either above or at_least"),
        ("[0.4, 0.6]", "[0.6, 0.7]", "contains the cut"),
        ("at_least: 2\n", "at_least: 3\n", "no more than the 2 years"),
        ("years: 2", "years: 999", "less than or equal to 10"),
        ("title: My own", "titel: My own", "titel"),
        ("id: mine", "id: &a mine", "anchor"),
        ("0.5,", "many,", "valid number"),
    ],
)
def test_faults_of_a_preset_are_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PRESET.replace(old, new, 1))
    with pytest.raises(ZizhuError, match=said):
        read(path)


def test_presets_are_named_once_and_known(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PRESET.replace("id: mine", "id: geodep"))
    with pytest.raises(ZizhuError) as caught:
        chosen((str(path), "geodpe"))
    told = " ".join(map(str, caught.value.problems))
    assert "two definitions" in told
    assert "geodep" in told
    assert len(caught.value.problems) == 2


def test_probabilities_lie_between_nought_and_one_and_follow_the_margin() -> None:
    rng = np.random.default_rng(0)
    sellers = ("CHN", "USA", "DEU", "FRA")
    made = [
        (year, seller, "JPN", product, int(v), None)
        for product in (ALONE, SPREAD, OWN, "284690", "260600")
        for seller in sellers
        for year, v in zip(YEARS, rng.lognormal(16, 1, len(YEARS)), strict=True)
    ]
    frame = flags.solve(asked(table=trade(*made))).frame
    for column in ("probability", "next_year"):
        assert frame[column].is_between(0, 1).all()
    ordered = frame.sort("margin")["probability"].to_numpy()
    assert ordered[: len(ordered) // 3].mean() < ordered[-len(ordered) // 3 :].mean()
