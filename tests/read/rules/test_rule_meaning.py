"""What a figure means: the aim that it sizes, what it compares, what it measures; on sentences made for the purpose."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path

import pytest

from zizhu.read.exchange.flat import flat
from zizhu.read.model import Dated, Document, Layer
from zizhu.read.reading import claims_of
from zizhu.read.rules.extractor import CHINESE, ENGLISH
from zizhu.read.words.han import simplified as simplified_forms

HERE = Path(__file__).parent
PUBLISHED = "2026-05-20"


@cache
def rows(text: str, language: str = "en", published: str = PUBLISHED) -> tuple[dict[str, object], ...]:
    """The claims of a text as flat rows, those with a number."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    layer = Layer("raw", text, digest)
    day = Dated(published, "", 1.0) if published else None
    document = Document(digest, "made", "text/plain", layer, language, "", "", day)
    found = claims_of(document, [CHINESE if language == "zh" else ENGLISH]).claims
    return tuple(r for r in map(flat, found) if r["value_quote"])


def meant() -> list[dict[str, str]]:
    with (HERE / "meant.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=f"{k}-{r['language']}-{r['number']}") for k, r in enumerate(meant())]
)
def test_what_a_figure_measures(row: dict[str, str]) -> None:
    found = [r for r in rows(row["text"], row["language"]) if row["number"] in str(r["value_quote"])]
    assert [(str(r["unit"]), r["indicator"] or "") for r in found][:1] == [(row["unit"], row["indicator"])]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The shares are 30% for Chile and 20% for Japan.", {30: "CL", 20: "JP"}),
        ("In 2020, Chile had 30%, Japan 20% and the United States 10%.", {30: "CL", 20: "JP", 10: "US"}),
        ("Chile had 30% and Japan 20%.", {30: "CL", 20: "JP"}),
        ("Ghana accounts for 40% of exports, Japan for 7%.", {40: "GH", 7: "JP"}),
        ("Duties are 25% in Brazil, 30% in India and 12% in Kenya.", {25: "BR", 30: "IN", 12: "KE"}),
        ("The share was 12% in Kenya, compared with 30% in Ghana.", {12: "KE", 30: "GH"}),
        ("Spain invested 3 million euros in Chile and 2 million in Peru.", {3e6: "ES", 2e6: "ES"}),
        ("Spain trains twice as many welders as Peru. It has 40 schools.", {2: "ES", 40: "ES"}),
    ],
)
def test_each_of_several_numbers_is_of_its_own_place(text: str, places: dict[float, str]) -> None:
    assert {r["value"]: r["geography"] for r in rows(text)} == places


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("全省建成3个国家级创新中心。", "center"),
        ("全省建成4个省级示范区。", "zone"),
        ("该市有5个县级园区。", "park"),
        ("产品销往12个国家。", "country"),
    ],
)
def test_a_level_of_government_is_not_what_is_counted(text: str, unit: str) -> None:
    assert [r["unit"] for r in rows(text, "zh")] == [unit]


@pytest.mark.parametrize(
    "text",
    [
        "The bank reckons that only a third of the plants will be finished before 2030.",
        "She believes just 40 percent of the buses will run on hydrogen by 2030.",
        "The editor thinks that merely 12 of the sites will be opened by 2029.",
    ],
)
def test_what_somebody_believes_is_a_forecast(text: str) -> None:
    assert [(r["kind"], r["modality"]) for r in rows(text)] == [("forecast", "estimated")]


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("市場規模超過3兆元。", "市场规模超过3兆元。"),
        ("2025年產量達120萬輛。", "2025年产量达120万辆。"),
        ("政府計劃到2030年建成50個研發中心，總投資超過1000億元。", None),
    ],
)
def test_both_chinese_scripts_are_read_alike_and_quoted_as_written(
    traditional: str, simplified: str | None
) -> None:
    found = rows(traditional, "zh")
    alike = rows(simplified or traditional.translate(simplified_forms()), "zh")
    read = ("kind", "modality", "value", "unit", "comparator", "period", "deadline")
    assert found
    assert [[r[k] for k in read] for r in found] == [[r[k] for k in read] for r in alike]
    assert all(str(r["quote"]) in traditional and str(r["value_quote"]) in traditional for r in found)


@pytest.mark.parametrize(
    ("text", "number", "period"),
    [
        ("Exports more than tripled between 2018 and 2022, reaching 20 billion dollars.", 20e9, "2022"),
        ("Output rose from 2015 to 2023, hitting 3 million tonnes.", 3e6, "2023"),
        ("Employment fell between 2016 and 2021, ending at 120,000 workers.", 120e3, "2021"),
        ("Exports tripled between 2018 and 2022, reaching 20 billion dollars.", 3, "2018/2022"),
    ],
)
def test_a_level_that_is_reached_is_of_the_end_of_the_time(text: str, number: float, period: str) -> None:
    assert {r["value"]: r["period"] for r in rows(text)}[number] == period


def test_a_ceiling_in_chinese_is_a_bound() -> None:
    assert [r["comparator"] for r in rows("对新产品给予奖励，最高500万元。", "zh")] == ["<="]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("到2029年，全省产量达到50万台。出口额达到300亿元，较2024年增长约五成。", {"target"}),
        ("2024年，全省产量为50万台。出口额达到300亿元，较2021年增长约五成。", {"actual"}),
    ],
)
def test_a_year_to_compare_with_ends_no_list_of_aims(text: str, kinds: set[str]) -> None:
    found = rows(text, "zh")
    assert len(found) == 3
    assert {r["kind"] for r in found} == kinds


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Firms must source 30 percent of parts locally, rising to 55 percent from 2028.", None, "2028"),
        ("The levy is 5 percent, increasing to 8 percent in 2027.", None, "2027"),
        ("Imports made up 40 percent of sales in 2020, falling to 25 percent in 2024.", "2020", "2024"),
    ],
)
def test_the_date_of_a_later_level_is_not_that_of_the_first(
    text: str, first: str | None, second: str
) -> None:
    found = sorted(rows(text), key=lambda r: text.index(str(r["value_quote"]).split()[0]))
    assert [r["period"] or r["deadline"] or None for r in found] == [first, second]


def test_new_taiwan_dollars_are_no_yuan() -> None:
    units = [r["unit"] for r in rows("計畫投資新臺幣3000億元，另有人民幣20億元。", "zh")]
    assert sorted(map(str, units)) == ["CNY", "TWD"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("去年投资4兆3428亿元。", 4.3428e12, "CNY"),
        ("去年投资4亿3,000万元。", 4.3e8, "CNY"),
        ("该厂有员工4万3000人。", 43_000, "person"),
        ("该厂有员工4万，其中3000人在县城。", 3000, "person"),
        ("园区新增风电装机200兆瓦。", 200, "MW"),
    ],
)
def test_the_rest_of_a_chinese_number_belongs_to_it(text: str, value: float, unit: str) -> None:
    assert (value, unit) in [(r["value"], r["unit"]) for r in rows(text, "zh")]


@pytest.mark.parametrize(
    ("text", "language", "comparator", "value"),
    [
        ("Imports will not make up more than 20% of demand.", "en", "<=", 20),
        ("No single supplier should provide more than 65% of demand by 2030.", "en", "<=", 65),
        ("Output did not fall below 3 million tonnes in 2020.", "en", ">=", 3e6),
        ("It won't cost more than $5 million.", "en", "<=", 5e6),
        ("It is not clear whether more than 20 firms came.", "en", ">", 20),
        ("Not only more than 20 firms came.", "en", ">", 20),
        ("The bank did not lend; more than 20 firms closed.", "en", ">", 20),
        ("到2030年，进口依存度不会超过20%。", "zh", "<=", 20),
        ("没有一家企业产量超过500万吨。", "zh", "<=", 5e6),
        ("产量不断增长，超过500万吨。", "zh", ">", 5e6),
    ],
)
def test_a_negation_makes_a_limit_of_a_comparator(
    text: str, language: str, comparator: str, value: float
) -> None:
    assert (comparator, value) in [(r["comparator"], r["value"]) for r in rows(text, language)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The ministry expects growth of 5%, while the bank forecasts 3%.", {5: "ministry", 3: "bank"}),
        ("According to the ministry, sales rose 5%; the OECD estimates 2%.", {5: "ministry", 2: "OECD"}),
        ("The ministry expects 5%, while Japan expects 3%.", {5: "ministry", 3: "ministry"}),
        ("工信部预计2025年产值增长5%，协会则认为仅为3%。", {5: "工信部", 3: "协会"}),
        ("经济部否认投资金额为300亿元，并表示实际为120亿元。", {3e10: "经济部", 1.2e10: "经济部"}),
    ],
)
def test_a_clause_may_have_a_speaker_of_its_own(text: str, said: dict[float, str]) -> None:
    language = "en" if text.isascii() else "zh"
    assert {r["value"]: r["speaker"] for r in rows(text, language)} == said


def test_a_time_for_something_is_no_amount_of_it() -> None:
    found = rows("The sector must cut emissions by 20% within six years.")
    assert [(r["value"], r["deadline"]) for r in found] == [(20, "2032")]


@pytest.mark.parametrize(
    ("text", "kind", "deadline"),
    [
        ("The cabinet decided on 14 March 2025 to build 20 plants.", "target", None),
        ("The cabinet decided on 14 March 2025 to build 20 plants by 2030.", "target", "2030"),
        ("The court decided 20 cases in 2020.", "actual", None),
    ],
)
def test_the_day_of_a_decision_is_no_deadline(text: str, kind: str, deadline: str | None) -> None:
    assert [(r["kind"], r["deadline"]) for r in rows(text)] == [(kind, deadline)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "period"),
    [
        ("民國113年，半導體產值達5兆3,000億元。", 5.3e12, "TWD", "2024"),
        ("行政院於112年撥款3,000億元。", 3e11, "TWD", "2023"),
        ("全国2024年投资3,000亿元。", 3e11, "CNY", "2024"),
        ("建校100年，有5000名学生。", 5000, "person", None),
    ],
)
def test_years_and_money_of_taiwan(text: str, value: float, unit: str, period: str | None) -> None:
    assert (value, unit, period) in [(r["value"], r["unit"], r["period"]) for r in rows(text, "zh")]


@pytest.mark.parametrize(
    ("text", "value", "unit", "period"),
    [
        ("Exports rose to 40 million tonnes, up from 35 in 2020.", 35e6, "tonne", "2020"),
        ("Exports were €2.4 billion, compared with 1.9 in 2020.", 1.9e9, "EUR", "2020"),
        ("The plant employs 3,100 people, against 2,900 in 2020.", 2900, "person", "2020"),
        ("The plant has 3,100 staff, against 20 rivals in 2020.", 20, "rival", "2020"),
        ("Costs were €2.4 billion, compared with 19 in 2020.", 19, "EUR", "2020"),
    ],
)
def test_what_is_compared_shares_scale_and_unit(text: str, value: float, unit: str, period: str) -> None:
    assert (value, unit, period) in [(r["value"], r["unit"], r["period"]) for r in rows(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2030年前将自给率提升至35%。", "target"),
        ("2027年底前完成120家企业改造。", "target"),
        ("2024年，自给率提升至35%，成本降低至3元。", "actual"),
        ("该省2020年完成120家企业改造。", "actual"),
    ],
)
@pytest.mark.parametrize("published", [PUBLISHED, ""])
def test_what_is_due_before_a_year_is_an_aim_on_any_day(text: str, kind: str, published: str) -> None:
    assert {r["kind"] for r in rows(text, "zh", published)} == {kind}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The fund raised 138.7 billion yuan in 2014.", ("actual", 1.387e11, "CNY", None, "2014")),
        ("Taxes were raised 3 percent in 2014.", ("actual", 3, "percent", "increase", "2014")),
        ("The state will put up €12 million.", ("forecast", 1.2e7, "EUR", None, None)),
        (
            "The programme, launched in 2019 with a budget of €2 billion, has so far disbursed €430 million.",
            ("actual", 4.3e8, "EUR", None, None),
        ),
        ("About 60 firms applied, of which 22 were accepted.", ("actual", 22, "firm", None, None)),
        ("Only 17 of the 48 planned smelters are running.", ("actual", 17, "smelter", None, None)),
    ],
)
def test_what_a_verb_before_a_number_says(text: str, said: tuple[object, ...]) -> None:
    found = [(r["kind"], r["value"], r["unit"], r["change"], r["period"]) for r in rows(text)]
    assert said in found


def test_an_aim_that_was_put_off_is_due_on_the_new_date() -> None:
    found = rows("The target of 40 GW of electrolysers has been postponed from 2030 to 2032.")
    assert [(r["kind"], r["deadline"]) for r in found] == [("target", "2032")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("力争实现本地配套率由35%提高到60%。", {35: "actual", 60: "target"}),
        ("力争用三年时间，实现本地配套率提升到60%。", {60: "target"}),
        ("经过三年努力，本地配套率提高到60%。", {60: "actual"}),
    ],
)
def test_an_aim_makes_one_of_a_change_to_a_level(text: str, kinds: dict[float, str]) -> None:
    assert {r["value"]: r["kind"] for r in rows(text, "zh")} == kinds


@pytest.mark.parametrize(
    "text",
    [
        "In 2015 and 2020, capacity was 50 GW and 120 GW respectively.",
        "Capacity was 50 GW and 120 GW in 2015 and 2020 respectively.",
        "2015年和2020年，装机容量分别达到50吉瓦和120吉瓦。",
    ],
)
def test_two_rows_are_read_in_their_order(text: str) -> None:
    found = rows(text, "en" if text.isascii() else "zh")
    assert {r["value"]: r["period"] for r in found} == {50: "2015", 120: "2020"}


def test_a_source_is_named_without_what_it_did() -> None:
    found = rows("据中国汽车工业协会统计，2023年新能源汽车销量949.5万辆。", "zh")
    assert [r["speaker"] for r in found] == ["中国汽车工业协会"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The agency lowered its 2025 forecast from 4.2% to 3.6%.", {4.2: "forecast", 3.6: "forecast"}),
        ("The bank raised its growth forecast for 2026 to 3%.", {3: "forecast"}),
        ("Analysts estimate that output fell from 30 to 20 tonnes.", {30: "actual", 20: "actual"}),
    ],
)
def test_a_forecast_that_was_revised_is_one(text: str, said: dict[float, str]) -> None:
    assert {r["value"]: r["kind"] for r in rows(text)} == said


def test_a_forecast_is_of_the_year_that_it_is_for() -> None:
    found = rows("The bank raised its growth forecast for 2027 to 3%.")
    assert [(r["period"], r["deadline"]) for r in found] == [("2027", None)]


def test_what_is_expected_does_not_speak() -> None:
    assert {r["speaker"] for r in rows("Capacity is expected to triple to 3.6 TWh by 2028.")} == {None}


def test_points_before_a_level_in_percent_are_percentage_points() -> None:
    found = rows("The share of women in engineering rose by 4 points to 27%.")
    assert {(r["value"], r["unit"]) for r in found} == {(4, "percentage_point"), (27, "percent")}
