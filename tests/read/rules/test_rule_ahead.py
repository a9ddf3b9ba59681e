"""What lies ahead of a document without a day, the dates at the head of lists, and the days on which aims were set."""

from __future__ import annotations

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of


def told(text: str, number: str) -> tuple[str, str | None, str | None]:
    """Kind, period and deadline of the claim with a number, in a document without a day."""
    language = "zh" if any("\u3400" <= c <= "\u9fff" for c in text) else "en"
    document = opened(text.encode(), "a.txt", language=language)
    rows = map(flat, claims_of(document, fitting(document, ())).claims)
    row = next(r for r in rows if number in (r["value_quote"] or ""))
    return row["kind"], row["period"], row["deadline"]


LIST = """By 2031, the bloc's supply of magnets must meet:
- at least 12% of annual use from its own mines
- at least 44% of annual use from its own mills

The bloc also wants 300 ships."""
PLAIN_LIST = """Under the act, by 2031:

* plants make 40 GW a year;
* mills make 7 GW a year.

The act was signed in Oslo."""


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        (LIST, "12%", ("target", None, "2031")),
        (LIST, "44%", ("target", None, "2031")),
        (LIST, "300 ships", ("target", None, None)),
        (PLAIN_LIST, "40 GW", ("target", None, "2031")),
        (PLAIN_LIST, "7 GW", ("target", None, "2031")),
    ],
)
def test_a_date_that_opens_a_list_is_due_for_its_items_alone(
    text: str, number: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(text, number) == expected


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("Steel output is 40 tonnes by 2031.", "40 tonnes", ("target", None, "2031")),
        ("Steel output reached 40 tonnes by 2031.", "40 tonnes", ("actual", "2031", None)),
        ("Ports were built in 2033. Output is 40 tonnes by 2031.", "40 tonnes", ("actual", "2031", None)),
        ("到2031年,钢产量达到40万吨,用工3万人。", "3万人", ("target", None, "2031")),
        ("到2031年,钢产量达到40万吨。2033年用工3万人。", "40万吨", ("actual", "2031", None)),
        ("《稀土规划》提出,到2031年产量将达到7万吨,成本将降到每吨9元。", "9元", ("target", None, "2031")),
    ],
)
def test_what_is_due_after_the_last_year_told_lies_ahead(
    text: str, number: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(text, number) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2021, Kenya pledged to plant 40 forests.", ("target", None, None)),
        ("Kenya pledged in 2021 to plant 40 forests.", ("target", None, None)),
        ("In 2021, Kenya pledged to plant 40 forests by 2031.", ("target", None, "2031")),
        ("In 2035, Kenya aims to plant 40 forests.", ("target", None, "2035")),
        ("Kenya planned to plant 40 forests in 2035.", ("target", None, "2035")),
        ("The scheme's goals include planting 40 forests by 2031.", ("target", None, "2031")),
    ],
)
def test_the_day_on_which_an_aim_was_set_is_no_deadline(
    text: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(text, "40 forests") == expected


@pytest.mark.parametrize(
    "text",
    ["More than 9 trillion won will be set aside for loans.", "About 9 trillion won is earmarked for mills."],
)
def test_money_that_is_set_aside_is_an_act(text: str) -> None:
    assert told(text, "9 trillion won")[0] == "policy_event"


def test_what_a_rate_is_per_is_no_quantity_of_its_own() -> None:
    document = opened(b"Patents per 10,000 people rose to 12 in 2019.", "a.txt", language="en")
    values = [c.quantity.value for c in claims_of(document, fitting(document, ())).claims if c.quantity]
    assert values == [12]


def test_the_country_of_a_currency_is_no_place() -> None:
    text = b"Kenya exported tea worth US$40 billion in 2019, and coffee worth 30 billion U.S. dollars."
    document = opened(text, "a.txt", language="en")
    places = {p for c in claims_of(document, fitting(document, ())).claims for p in c.geography}
    assert places == {"KEN"}


@pytest.mark.parametrize(
    ("text", "number", "deadline"),
    [
        ("Under Vision 2030, the kingdom aims to build 9 ports.", "9 ports", "2030"),
        ("Kenya's Leather Strategy 2030 was signed in Nairobi. It aims to train 500 tanners.", "500", "2030"),
        ("Leather Strategy 2030: the aims\n\nThe strategy aims to train 500 tanners.", "500", "2030"),
        ("Kenya's Leather Strategy 2030 aims to train 500 tanners by 2028.", "500", "2028"),
        ("The Steel Act of 2022 aims to open 9 mills.", "9 mills", None),
        ("Made in China 2025 has an aim of 9 mills for robots.", "9 mills", "2025"),
        ("《中国制造2025》提出建设9个基地的目标。", "9个基地", "2025"),
    ],
)
def test_an_aim_without_a_date_is_due_by_the_year_in_the_name_of_its_plan(
    text: str, number: str, deadline: str | None
) -> None:
    assert told(text, number)[::2] == ("target", deadline)


def test_no_fact_is_of_the_year_in_the_name_of_a_plan() -> None:
    assert told("Under Vision 2030, the kingdom has built 9 ports.", "9 ports") == ("actual", None, None)


def test_two_plans_joined_by_and_are_two() -> None:
    text = "Kenya passed the Green Ports Act and Clean Rail Plan, and a fund under the ‘Tea Act’."
    document = opened(text.encode(), "a.txt", language="en")
    plans = {p for c in claims_of(document, fitting(document, ())).claims for p in c.plans}
    assert "KE-green-ports-act" in plans
    assert not any("rail" in p and "ports" in p for p in plans)


def test_the_last_year_of_a_plan_under_way_is_not_over() -> None:
    text = "“十四五”期间铜产量翻番。到2025年,钢产量达到40万吨。"
    assert told(text, "40万吨") == ("target", None, "2025")


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("Over 600 firms have applied for aid, and works end by 2031.", "600 firms", ("actual", None, None)),
        (
            "Mills grew in 2019. Firms in its 9 sectors are asked to sell chips by 2031.",
            "9 sectors",
            ("actual", None, None),
        ),
        ("Support will also be expanded from 62 firms to 99 firms.", "99 firms", ("target", None, None)),
        (
            "A report projecting that output peaks at 44 tonnes in 2029.",
            "44 tonnes",
            ("forecast", "2029", None),
        ),
    ],
)
def test_what_was_done_is_not_due(
    text: str, number: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(text, number) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Kenya made 4 tonnes in 2020. Last year it made 7 tonnes.", "7 tonnes"),
        ("2020年产量为3万吨。去年产量突破7万吨,出口5万吨。", "5万吨"),
    ],
)
def test_what_is_told_by_the_day_of_the_document_has_no_other_date(text: str, number: str) -> None:
    assert told(text, number) == ("actual", None, None)


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("铜产量从2010年不足1万吨增至2024年超12万吨,自给率达41%。", "12万吨", ("actual", "2024", None)),
        ("铜产量从2010年不足1万吨增至2024年超12万吨,自给率达41%。", "41%", ("actual", "2024", None)),
        ("规划提出,铜产量从2025年的3万吨提高到2030年的5万吨。", "5万吨", ("target", None, "2030")),
        ("2023年钢产量达到3万吨。到2023年,铝产量5万吨。", "5万吨", ("actual", "2023", None)),
        ("The plan targets 12 industries to grow by 2031.", "12 industries", ("actual", None, None)),
        ("The milestones are for Ghana to be 41% self-sufficient in 2030.", "41%", ("target", None, "2030")),
    ],
)
def test_what_a_change_led_to_and_the_scope_of_a_plan_are_facts(
    text: str, number: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert told(text, number) == expected


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("发布会回顾“十四五”规划。钢产量占全国30%。", None),
        ("“十四五”期间,钢产量年均增长3%,占全国30%。", "2021/2025"),
    ],
)
def test_the_years_of_a_plan_that_is_spoken_of_are_those_of_nothing_else(
    text: str, period: str | None
) -> None:
    assert told(text, "30%") == ("actual", period, None)
