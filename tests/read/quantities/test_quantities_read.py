"""Value, unit and comparator of written quantities, and what is none."""

from __future__ import annotations

import pytest

from zizhu.read.model import Span
from zizhu.read.quantities import numbers

Row = tuple[str, float | tuple[float, float | None], str, str]

READ: list[Row] = [
    ("it cost 1,234.5 tonnes", 1234.5, "t", "="),
    ("some 1 234 km of rail", 1234, "km", "about"),
    ("two hundred and thirty mills", 230, "count:mill", "="),
    ("a dozen ports", 12, "count:port", "="),
    ("two and a half million cars", 2_500_000, "count:car", "="),
    ("half a million tons", 500_000, "t", "="),
    ("twenty-five per cent", 25, "percent", "="),
    ("a third of exports", 100 / 3, "percent", "="),
    ("two-thirds of the mines", 200 / 3, "percent", "="),
    ("one in five workers", 20, "percent", "="),
    ("$4.5bn", 4.5e9, "USD", "="),
    ("US$5 trillion", 5e12, "USD", "="),
    ("NT$3 billion", 3e9, "TWD", "="),
    ("HK$2m", 2e6, "HKD", "="),
    ("RMB 17.85 billion", 17.85e9, "CNY", "="),
    ("¥300 billion for Toyota in Japan", 3e11, "JPY", "="),
    ("¥300 billion for Hefei in China", 3e11, "CNY", "="),
    ("17.85 billion Chinese renminbi", 17.85e9, "CNY", "="),
    ("40 billion Hong Kong dollars", 4e10, "HKD", "="),
    ("Rs 2 lakh crore", 2e12, "INR", "="),
    ("3.9 percentage points", 3.9, "percentage_point", "="),
    ("by 25 basis points", 25, "basis_point", "="),
    ("down 0.5 pp", 0.5, "percentage_point", "="),
    ("it fell -3.2%", -3.2, "percent", "="),
    ("five times as many", 5, "ratio", "="),
    ("four times more patents", 4, "ratio", "="),
    ("exports doubled", 2, "ratio", "="),
    ("a tenfold rise", 10, "ratio", "="),
    ("it halved", 0.5, "ratio", "="),
    ("between 5 and 10 per cent", (5, 10), "percent", "="),
    ("5-10%", (5, 10), "percent", "="),
    ("a 24- to 14-percent share", (14, 24), "percent", "="),
    ("five to 10 years", (5, 10), "year", "="),
    ("$5-10 billion", (5e9, 1e10), "USD", "="),
    ("hundreds of small firms", (200, None), "count:firm", ">="),
    ("tens of thousands of jobs", (20000, None), "count:job", ">="),
    ("for decades", (20, None), "year", ">="),
    ("within a decade", 10, "year", "="),
    ("a 15-year-old plant", 15, "year", "="),
    ("just over half of them", 50, "percent", "over"),
    ("nearly 40%", 40, "percent", "under"),
    ("no fewer than 30 drugs", 30, "count:drug", ">="),
    ("up to 30 drugs", 30, "count:drug", "<="),
    ("30 drugs or more", 30, "count:drug", ">="),
    ("100+ patents", 100, "count:patent", ">="),
    ("14th in the innovation index", 14, "rank", "="),
    ("it ranked second", 2, "rank", "="),
    ("the third-largest economy", 3, "rank", "="),
    ("in the top 10", 10, "rank", "<="),
    ("a 600-megawatt park", 600, "MW", "="),
    ("7-nm chips", 7, "nm", "="),
    ("2 million tonnes of CO2", 2e6, "t CO2", "="),
    ("7,000 Tesla sedans assembled here", 7000, "count:sedan", "="),
    ("3,000 life-science companies", 3000, "count:company", "="),
    ("it has 40 R&D institutes", 40, "count:institute", "="),
    ("12 start-ups", 12, "count:start-up", "="),
    ("300,000 5G base stations", 300_000, "count:station", "="),
    ("超过3.5万亿元", 3.5e12, "CNY", ">"),
    ("约500亿美元", 5e10, "USD", "about"),
    ("百分之二十", 20, "percent", "="),
    ("三分之一", 100 / 3, "percent", "="),
    ("七成以上", 70, "percent", ">="),
    ("提高3.9个百分点", 3.9, "percentage_point", "="),
    ("不少于一百二十家企业", 120, "count:firm", ">="),
    ("5至10亿元", (5e8, 1e9), "CNY", "="),
    ("增长到原来的三倍", 3, "ratio", "="),
    ("产量翻一番", 2, "ratio", "="),
    ("3亿5000万元", 3.5e8, "CNY", "="),
    ("300万千瓦", 3e6, "kW", "="),
    ("20多万吨", 200_000, "t", ">"),
    ("数百家企业", (200, None), "count:firm", ">="),
    ("位居第14位", 14, "rank", "="),
    ("全球第二大经济体", 2, "rank", "="),
    ("十大重点领域", 10, "count:area", "="),
    ("约１２％", 12, "percent", "about"),
    ("the board has cleared nine to date", 9, "count", "="),
    ("for 56 so far", 56, "count", "="),
    ("the scheme is capped at 600", 600, "count", "<="),
    ("a fee of 35 pence", 0.35, "GBP", "="),
    ("12 euro cents", 0.12, "EUR", "="),
    ("five-and-a-half years", 5.5, "year", "="),
    ("two-and-a-half billion pounds", 2.5e9, "GBP", "="),
    ("it took two decades", 20, "year", "="),
    ("10s of firms", (20, None), "count:firm", ">="),
    ("100s of millions of dollars", (2e8, None), "USD", ">="),
    ("it ordered 40 Boeing 737 jets", 40, "count:jet", "="),
    ("it ordered 12 Airbus A320neo planes", 12, "count:plane", "="),
    ("the world’s largest milk producer", 1, "rank", "="),
    ("the world's most populous country", 1, "rank", "="),
    ("a rise of 5% to 6%", (5, 6), "percent", "="),
    ("全球最大的镍生产国", 1, "rank", "="),
    ("最高可达项目投资额的百分之十", 10, "percent", "<="),
    ("比重不得低于去年平均水平的80%", 80, "percent", ">="),
    ("占比超过全国总量的两成", 20, "percent", ">"),
    ("40 Chinese firms were listed.", 40, "count:firm", "="),
    ("上百家企业", (100, None), "count:firm", ">="),
    ("上百亿元", (1e10, None), "CNY", ">="),
    ("数十亿元", (2e9, None), "CNY", ">="),
    ("数以百计的企业", (200, None), "count:firm", ">="),
    ("成千上万的企业", (2000, None), "count:firm", ">="),
    ("the 50,000-job goal", 50_000, "count:job", "="),
    ("a 2-million-vehicle target", 2e6, "count:vehicle", "="),
    ("R45 billion", 4.5e10, "ZAR", "="),
    ("it will hire 300, mostly welders", 300, "count", "="),
    ("累计签约129个", 129, "count:item", "="),
    ("Ksh 3,000 an acre", 3000, "KES", "="),
    ("cut to 85,000 t.", 85000, "t", "="),
    ("the 40-strong delegation", 40, "count", "="),
    ("a further 60 are planned", 60, "count", "="),
    ("推出4款车型", 4, "count:model", "="),
]


@pytest.mark.parametrize(("text", "value", "unit", "bound"), READ, ids=[r[0] for r in READ])
def test_a_quantity(text: str, value: float | tuple[float, float | None], unit: str, bound: str) -> None:
    (found,) = numbers(text)
    low, high = value if isinstance(value, tuple) else (None, None)
    assert (found.unit, found.comparator) == (unit, bound)
    assert (found.low, found.high) == (low, high)
    assert found.value == (None if isinstance(value, tuple) else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("from 1.5m to 2.5m units", [1.5e6, 2.5e6]),
        ("from 1.5m cars in 2019 to 2.5m in 2024", [1.5e6, 2.5e6]),
        ("from 3m in 2019 to 5m people in 2024", [3e6, 5e6]),
        ("from 5m to 7m tall", []),
    ],
)
def test_one_end_of_a_change_shows_the_scale_of_both(text: str, values: list[float]) -> None:
    assert [n.value for n in numbers(text)] == values


NONE = [
    "Made in China 2025",
    "MIC2025 and Made-in-China-2025",
    "the 14th Five-Year Plan",
    "a five-year plan",
    "Industry 4.0 and Web 2.0",
    "Horizon 2020, Agenda 2063, Vision 2030",
    "5G and 3D printing",
    "the C919, the A380 and the F-35",
    "Covid-19",
    "a G20 summit, the Group of 20 leaders",
    "Section 301 and Article 5",
    "see Chapters 3 and 4, Table 2 and Figure 1.1",
    "No. 7 of the list, page 3 of 10",
    "as shown before.12 And",
    "as others found [12]",
    "a five-axis mill in a one-party state",
    "two-way trade",
    "one of the largest",
    "no one else",
    "the second half",
    "the Three Gorges dam",
    "Model 3 sedans",
    "the Boeing 737 jets and Fortune 500 companies",
    "call +49 30 1234 5678 or 020-7946-0018",
    "https://example.org/2020/12/40-percent",
    "doi 10.1234/abc.5678",
    "ISBN 978-3-16-148410-0",
    "3.2.1 Scope",
    "double taxation and double-digit growth",
    "zero-carbon and net-zero",
    "the first step, a second phase",
    "on 3 March 2021 and in 2020",
    "open 24/7",
    "十四五规划和五年规划",
    "中国制造2025",
    "工业4.0与5G",
    "一带一路",
    "十九届五中全会和二十大",
    "统一市场的一个方面",
    "第五条和附件3",
    "两岸与三农",
    "2025年10月",
    "三星和百度",
    "Boeing 737 jets were grounded",
    "among the world’s largest ports",
    "the company's largest plant",
    "它是全球最大的镍生产国之一",
    "the 10ths of a second of the 1990s",
    "第4款",
    "the R45 road",
    "12 Results\n\nNone",
]


@pytest.mark.parametrize("text", NONE)
def test_no_quantity(text: str) -> None:
    assert numbers(text) == ()


def test_restatements_are_two_quantities() -> None:
    found = numbers("worth US$140 billion (RMB 1 trillion)")
    assert [(n.value, n.unit) for n in found] == [(140e9, "USD"), (1e12, "CNY")]


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("40 and 70 percent of parts", [40, 70], "percent"),
        ("35, 30 and 35 billion euros", [35e9, 30e9, 35e9], "EUR"),
        ("from 5 to 10 per cent", [5, 10], "percent"),
        ("分别为400、100和40家", [400, 100, 40], "count:firm"),
        ("rose 5% to 10%", [5, 10], "percent"),
        ("diesel at 95 cents rose 4 cents against the dollar", [0.95, 0.04], "USD"),
        ("5 firms in the north and 6 in the south", [5, 6], "count:firm"),
        ("it employs 2,300 in Turkey and 900 in Ghana", [2300, 900], "count"),
        ("12 firms and more than 200 firms", [12, 200], "count:firm"),
        ("two Chinese, four Korean and seven Japanese firms", [2, 4, 7], "count:firm"),
    ],
)
def test_a_unit_that_stands_once_holds_for_the_list(text: str, values: list[float], unit: str) -> None:
    assert [(n.value, n.unit) for n in numbers(text)] == [(v, unit) for v in values]


def test_within_reads_in_context() -> None:
    text = "shares of 40 and 70 percent"
    first = Span(text.index("40"), text.index("40") + 2)
    (alone,) = numbers(text, within=first)
    assert (alone.value, alone.unit) == (40, "percent")
    assert numbers("40") == ()


def test_spans_hold_comparator_and_unit() -> None:
    text = "it has more than 3,000 small firms in Lyon"
    (found,) = numbers(text)
    assert found.as_written == text[slice(*found.span)] == "more than 3,000 small firms"
    assert text[slice(*found.digits)] == "3,000"
    assert found.noun == "small firms"
