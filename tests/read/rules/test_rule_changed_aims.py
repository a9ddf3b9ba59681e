"""Aims that were changed, limits that are denied, records; on sentences made for the purpose."""

from __future__ import annotations

import hashlib

import pytest

from zizhu.ledger.claims import Claim
from zizhu.read.model import Dated, Document, Layer
from zizhu.read.reading import claims_of
from zizhu.read.rules.extractor import CHINESE, ENGLISH
from zizhu.read.targets import targets_of


def read(text: str, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a text with a number."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    day = Dated("2026-05-20", "", 1.0)
    document = Document(digest, "made", "text/plain", Layer("raw", text, digest), language, "", "", day)
    found = claims_of(document, [CHINESE if language == "zh" else ENGLISH]).claims
    return tuple(c for c in found if c.quantity is not None)


def values(claims: tuple[Claim, ...]) -> dict[float | None, tuple[str, str]]:
    return {c.quantity.value: (c.kind, c.polarity) for c in claims if c.quantity}


@pytest.mark.parametrize(
    ("text", "former", "new", "deadline"),
    [
        ("Kenya raised its wind target for 2030 from 3 GW to 5 GW.", 3.0, 5.0, "2030"),
        ("The ministry lowered the 2027 target from 12 percent to 10 percent.", 12.0, 10.0, "2027"),
        ("The 2031 goal has been cut to 22 GW from 30 GW.", 30.0, 22.0, "2031"),
        ("Peru increased its target for rail to 15% from 12% by 2032.", 12.0, 15.0, "2032"),
        ("The old target of 30 GW was replaced by one of 22 GW.", 30.0, 22.0, ""),
        ("该省将2030年目标由20%上调至30%。", 20.0, 30.0, "2030"),
        ("印度将2030年风电目标从45吉瓦提高到50吉瓦。", 45.0, 50.0, "2030"),
    ],
)
def test_of_a_changed_aim_only_the_new_value_is_a_target(
    text: str, former: float, new: float, deadline: str
) -> None:
    claims = read(text, "zh" if "。" in text else "en")
    assert values(claims)[new] == ("target", "affirmed")
    assert values(claims)[former][1] == "negated"
    (view,) = targets_of(claims)
    assert view.quantity is not None
    assert (view.quantity.value, view.deadline, view.baseline) == (new, deadline, None)


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("The plan seeks 10 GW by 2030, twice the earlier goal of 5 GW.", 5.0),
        ("Officials recalled the previous target of 40 percent.", 40.0),
        ("原定目标为5吉瓦。", 5.0),
    ],
)
def test_an_earlier_aim_is_none_any_more(text: str, former: float) -> None:
    assert values(read(text, "zh" if "。" in text else "en"))[former] == ("target", "negated")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Peru plans to raise the share from 10% in 2023 to 15% by 2030.", {10.0: "actual", 15.0: "target"}),
        ("Output rose from 10 GW to 15 GW, above the target.", {10.0: "actual", 15.0: "actual"}),
        ("目标是把自给率从20%提高到30%。", {20.0: "actual", 30.0: "target"}),
    ],
)
def test_what_an_aim_starts_from_stays_a_fact(text: str, kinds: dict[float, str]) -> None:
    found = read(text, "zh" if "。" in text else "en")
    assert {v: k for v, (k, _) in values(found).items()} == kinds
    assert all(c.polarity == "affirmed" for c in found)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("The share is unlikely to exceed 30 percent by 2027.", "<="),
        ("Analysts believe that the rate will hardly exceed 50% by 2030.", "<="),
        ("Output failed to exceed 40 tonnes.", "<="),
        ("专家认为2030年自给率难以超过50%。", "<="),
        ("专家认为2030年自给率不太可能超过50%。", "<="),
        ("The share is likely to exceed 30 percent by 2027.", ">"),
    ],
)
def test_a_bound_that_is_doubted_is_turned_round(text: str, bound: str) -> None:
    (claim,) = read(text, "zh" if "。" in text else "en")
    assert claim.quantity is not None
    assert claim.quantity.comparator == bound


def test_what_experts_hold_of_a_year_to_come_is_a_forecast_of_that_year() -> None:
    (claim,) = read("专家认为2030年自给率难以超过50%。", "zh")
    assert (claim.kind, [(t.edtf, t.role) for t in claim.times]) == ("forecast", [("2030", "observation")])


def test_a_limit_that_is_allowed_is_an_aim() -> None:
    (claim,) = read("No more than 65 percent of the demand may come from one country by 2030.")
    assert claim.kind == "target"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("The fund has committed 8 billion euros, of which 3 billion has been paid out.", "EUR"),
        ("Capacity is 40 GW, of which 12 is offshore.", "GW"),
    ],
)
def test_a_part_has_the_unit_of_the_whole(text: str, unit: str) -> None:
    assert [c.quantity.unit for c in read(text) if c.quantity] == [unit, unit]


@pytest.mark.parametrize(
    "text", ["Output was 1.2 million tonnes, the lowest since 2009.", "产量为120万吨，为2009年以来最低。"]
)
def test_a_record_is_not_of_all_the_time_since(text: str) -> None:
    (claim,) = read(text, "zh" if "。" in text else "en")
    assert not [t for t in claim.times if t.role == "observation"]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("The share of coal dropped below 60 percent in 2018.", "coal_share"),
        ("The blending rate was raised to 15 percent in 2024.", "blending_rate"),
        ("China accounts for 60 percent of steel and nearly 90 percent of refining.", "refining_share"),
    ],
)
def test_names_of_levels_and_shares(text: str, indicator: str) -> None:
    assert indicator in {c.indicator for c in read(text)}


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("GDP per capita reached $12,600 in 2023.", "gdp_per_capita"),
        ("Kenya has 12 researchers per 1,000 employees.", "researchers_per_1000_workers"),
        ("The plant makes 1,200 tonnes a day.", "production_per_day"),
        ("每万人拥有5G基站30.2个。", "5g_base_stations_per_10000_people"),
        ("人均用电量为6500千瓦时。", "electricity_consumption_per_capita"),
        ("2024年全市居民人均可支配收入5万元。", "disposable_income"),
        ("欧盟对中国电动汽车征收17%的反补贴税。", "tariff_rate"),
        ("高技术制造业增加值占比提高到18%。", "manufacturing_value_added_share"),
        ("某基金注册资本3440亿元。", "registered_capital"),
        ("Imports of steel fell 5 percent after tariffs rose.", "import_negative_growth"),
    ],
)
def test_names_of_rates_per_something_and_of_duties(text: str, indicator: str) -> None:
    (claim,) = read(text, "zh" if "。" in text else "en")
    assert claim.indicator == indicator


def test_a_known_aim_that_something_is_compared_with_has_no_bound() -> None:
    for text in (
        "The share is 60 percent, still above the 50 percent target.",
        "占比为60%，仍高于50%的目标。",
    ):
        held = {c.quantity.value: c for c in read(text, "zh" if "。" in text else "en") if c.quantity}
        assert held[50.0].kind == "target"
        assert held[50.0].quantity is not None
        assert held[50.0].quantity.comparator == "="


def test_what_was_before_an_aim_is_of_its_kind() -> None:
    aim, before = read(
        "Peru aims to raise annual output to 1.4 million vehicles by 2035, up from 633,000 in 2023."
    )
    assert before.quantity is not None
    assert (before.quantity.value, before.quantity.unit, before.indicator) == (
        633_000.0,
        "count:vehicle",
        aim.indicator,
    )
    assert [(t.edtf, t.role) for t in before.times] == [("2023", "observation")]


def test_benchmarks_of_a_law_are_aims() -> None:
    found = read("The act sets benchmarks for 2030: 10 percent from mines and 25 percent from recycling.")
    assert {c.kind for c in found} == {"target"}


def test_what_will_be_granted_is_planned() -> None:
    (claim,) = read("The government will grant a 150 percent tax deduction on investments from June 2026.")
    assert (claim.kind, claim.modality) == ("policy_event", "planned")


def test_aims_go_on_behind_a_chinese_semicolon() -> None:
    text = (
        "今年主要目标是：产值增长5%左右；失业率5.5%左右，新增就业120万人以上；粮食产量1.4万斤左右。"
        "去年产值增长6%；新增就业100万人。"
    )
    found = {c.quantity.value: c for c in read(text, "zh") if c.quantity}
    aims = [found[v] for v in (5.0, 5.5, 1.2e6, 14_000.0)]
    assert [(c.kind, {t.edtf for t in c.times if t.role == "deadline"}) for c in aims] == [
        ("target", {"2026"})
    ] * 4
    assert {found[v].kind for v in (6.0, 1e6)} == {"actual"}
    assert aims[3].quantity is not None
    assert aims[3].quantity.unit == "jin"


def test_what_a_mandate_requires_is_an_aim() -> None:
    found = read(
        "Peru's electric-car mandate requires 20 percent of new sales to be electric in 2027 and 60 percent in 2030."
    )
    aims = {
        c.quantity.value: (c.kind, [t.edtf for t in c.times if t.role == "deadline"])
        for c in found
        if c.quantity
    }
    assert aims == {20.0: ("target", ["2027"]), 60.0: ("target", ["2030"])}


def test_the_year_of_an_aim_is_not_that_of_another_clause() -> None:
    found = read("Spain raised its 2030 target for hydrogen from 4 GW to 12 GW, but only 35 MW are running.")
    fact = next(c for c in found if c.quantity and c.quantity.unit == "MW")
    assert (fact.kind, fact.times) == ("actual", ())


def test_a_step_and_a_level_are_no_range() -> None:
    found = read("Prices fell by 12.4 euros to 39 euros in the first half.")
    assert {c.quantity.value for c in found if c.quantity} == {12.4, 39.0}


def test_a_chinese_aim_goes_on_behind_commas() -> None:
    text = "工信部等八部门提出，2026年力争实现汽车销量3230万辆，同比增长3%，其中新能源汽车1550万辆。"
    found = {c.quantity.value: c for c in read(text, "zh") if c.quantity}
    dues = {v: (c.kind, [t.edtf for t in c.times if t.role == "deadline"]) for v, c in found.items()}
    assert dues == {v: ("target", ["2026"]) for v in (32_300_000.0, 3.0, 15_500_000.0)}


def test_what_was_done_beside_an_aim_stays_a_fact() -> None:
    found = {
        c.quantity.value: c.kind
        for c in read("计划投资80亿元，去年完成投资60亿元，增长5%。", "zh")
        if c.quantity
    }
    assert found == {8e9: "target", 6e9: "actual", 5.0: "actual"}


def test_from_about_to_are_two_values() -> None:
    found = read("The scheme is meant to raise the share from about 20% to 35% by 2030.")
    assert {c.quantity.value for c in found if c.quantity} == {20.0, 35.0}


def test_a_limit_in_a_list_of_aims_is_one() -> None:
    text = "主要预期目标是：产值增长5%左右；新增就业60万人以上，失业率控制在5.5%以内。"
    assert {c.kind for c in read(text, "zh")} == {"target"}


def test_an_aim_goes_on_behind_its_own_date_where_a_fact_came_before() -> None:
    text = "截至3月底，已建成充电桩1610万个；主管部门要求，到2027年底建成不少于2800万个，公共充电容量超过3亿千瓦。"
    found = {c.quantity.unit: c for c in read(text, "zh") if c.quantity}
    assert (found["kW"].kind, [t.edtf for t in found["kW"].times]) == ("target", ["2027"])


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“价格战让企业亏损，”分析师赵一鸣说，“我认为到2030年能活下来的品牌不会超过15个。”", "分析师赵一鸣"),
        ("国家统计局数据显示，1至3月行业利润率为4.3%。", "国家统计局"),
        ("某某汽车协会10日发布的数据显示，上半年销量为69万辆。", "某某汽车协会"),
        ("Lea Holm of Lakeview disagrees. She puts the share at 31% in 2023.", "Lea Holm of Lakeview"),
    ],
)
def test_who_speaks_is_a_name(text: str, speaker: str) -> None:
    found = read(text, "zh" if "，" in text else "en")
    assert {c.speaker for c in found} == {speaker}


def test_a_column_of_units_with_what_they_are_per() -> None:
    text = "Indicator\tUnit\t2030 target\nEmissions of steel\tMt CO2\t95\nIron capacity\tthousand tonnes a year\t300\n"
    assert {(c.quantity.value, c.quantity.unit) for c in read(text) if c.quantity} == {
        (95.0, "Mt"),
        (3e5, "t"),
    }
