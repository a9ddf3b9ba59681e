"""What a whole document tells of a claim: its voice, its year, its plans, and what reaches over from before."""

from __future__ import annotations

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of


def rows(text: str, publisher: str = "", language: str = "en") -> list[dict]:  # type: ignore[type-arg]
    document = opened(text.encode(), "a.txt", published="2026-05-14", publisher=publisher, language=language)
    return [flat(c) for c in claims_of(document, fitting(document, ())).claims]


def of(text: str, value: float, publisher: str = "", language: str = "en") -> dict:  # type: ignore[type-arg]
    return next(r for r in rows(text, publisher, language) if r["value"] == value)


@pytest.mark.parametrize(
    ("text", "value", "kind", "modality"),
    [
        ("Kenya will lend 40 million euros to dairy farmers.", 40e6, "policy_event", "planned"),
        ("Peru has pledged 12 million dollars for the port.", 12e6, "policy_event", "achieved"),
        ("Orders in Norway reached 30 ferries by the end of 2025.", 30, "actual", "achieved"),
        ("The goal of 25% in Ghana was exceeded.", 25, "actual", "achieved"),
        ("Chile aims at a goal of 25% by 2031.", 25, "target", "planned"),
        ("The share in Spain was 8%, short of the 12% planned for 2025.", 12, "target", "planned"),
        ("Vietrom Steel said it would invest 70 million dollars in Hanoi.", 70e6, "target", "planned"),
        ("The tax credit in Canada will rise to 35%.", 35, "policy_event", "planned"),
        ("The law of Latvia rests on four pillars.", 4, "relation", "asserted"),
    ],
)
def test_kind_and_modality_follow_the_verb(text: str, value: float, kind: str, modality: str) -> None:
    found = of(text, value)
    assert (found["kind"], found["modality"]) == (kind, modality)


def test_a_fact_has_the_date_of_its_paragraph() -> None:
    text = "In 2023 Ghana produced 40 tonnes of cocoa.\nSales of salt stand at 9 tonnes.\n"
    assert of(text + "In 2021 Mali exported 3 cars. It bought 7 ships.", 7)["period"] == "2021"
    assert of(text, 9)["period"] is None


def test_a_fact_has_the_date_of_its_heading() -> None:
    text = "Cotton in Mali\n\nOutput in 2024\n\nMills in Mali made 52 tonnes of yarn.\n"
    assert of(text, 52)["period"] == "2024"


def test_aims_of_a_chinese_list_have_the_date_at_its_head() -> None:
    text = "到2030年，越南水泥产量达到900万吨；钢铁产量达到700万吨；船舶出口增长20%。"
    found = [r for r in rows(text, language="zh") if r["value"]]
    assert [(r["kind"], r["deadline"]) for r in found] == [("target", "2030")] * 3


def test_years_in_brackets_head_what_a_stage_is_to_bring() -> None:
    text = "Phase 1 (2027-2030): 40 mills and 12 drying and packing sites. Wages are to rise by 9%."
    assert [(r["value"], r["kind"], r["deadline"]) for r in rows(text)] == [
        (40, "target", "2030"),
        (12, "target", "2030"),
        (9, "target", "2030"),
    ]


def test_what_a_number_counts_says_nothing() -> None:
    assert of("Seven projects have so far been granted aid in Peru.", 7)["speaker"] is None


@pytest.mark.parametrize(
    ("text", "value", "bound", "unit"),
    [
        ("Losses in Chile did not exceed 18 percent.", 18, "<=", "percent"),
        ("Kenya listed 200 small and medium-sized dairies.", 200, "=", "dairy"),
        ("The staff in Peru should number more than 5,000 nurses.", 5000, ">", "nurse"),
    ],
)
def test_words_before_and_behind_a_number(text: str, value: float, bound: str, unit: str) -> None:
    assert (of(text, value)["comparator"], of(text, value)["unit"]) == (bound, unit)


@pytest.mark.parametrize(
    ("text", "value", "kind", "deadline"),
    [
        ("根据规划，到2026年，越南水泥产量约900万吨，钢铁产量约700万吨。", 9e6, "target", "2026"),
        ("根据规划，到2026年，越南水泥产量约900万吨，钢铁产量约700万吨。", 7e6, "target", "2026"),
        ("Under the plan, Kenya's tea output is 70 tonnes by 2026.", 70, "target", "2026"),
        ("The outlay of the scheme in Peru is 80 million dollars.", 80e6, "policy_event", None),
        ("Dairies in Kenya receive 12 million dollars.", 12e6, "policy_event", None),
        ("The strategy of Peru targets RM500 billion of investment.", 5e11, "target", None),
        ("The plan would raise the use of rail in Peru by 12% by 2031.", 12, "target", "2031"),
        ("Peru wants output of copper to rise to 80 tonnes.", 80, "target", None),
        ("Kenya pledged to double exports to $6 billion by 2030.", 6e9, "target", "2030"),
        ("Ghana is on course to sell 40% of its cocoa at home.", 40, "forecast", None),
    ],
)
def test_words_that_tell_aims_and_money(text: str, value: float, kind: str, deadline: str | None) -> None:
    language = "zh" if text[0] > "\u3400" else "en"
    found = of(text, value, language=language)
    assert (found["kind"], found["deadline"]) == (kind, deadline)


def test_dates_of_what_was_and_is_told_as_done() -> None:
    text = "The share of Peru slid from 21% at the end of 2019 to 13% in 2024."
    assert [of(text, value)["period"] for value in (21, 13)] == ["2019", "2024"]
    assert of("Only 4 million dollars had been spent in Peru by March.", 4e6)["period"] == "2026-03"


def test_the_time_over_which_a_sum_is_spread_is_no_claim() -> None:
    assert [r["value"] for r in rows("Kenya will create 9,000 jobs over six years.")] == [9000]


def test_a_plain_classifier_counts_the_noun_before_it() -> None:
    found = of("2024年越南建成加氢站约540座，每座最高奖励2万美元。", 540, language="zh")
    assert found["unit"] == "station"
    assert of("2024年越南建成加氢站约540座，每座最高奖励2万美元。", 2e4, language="zh")["comparator"] == "<="


def test_the_writer_of_an_opinion_speaks_and_that_of_news_does_not() -> None:
    text = "Ports for nobody\n\nBy Ana Ruiz\n\n{}Peru spent 80 million dollars on ports in 2024.\n"
    assert of(text.format("I visited Lima. We should ask why. "), 80e6)["speaker"] == "Ana Ruiz"
    assert of(text.format(""), 80e6)["speaker"] is None


def test_a_bulletin_speaks_for_its_publisher() -> None:
    text = "Labour bulletin of Latvia\n\nFirms in Latvia employed 3,200 people in 2024.\n"
    assert of(text, 3200, "Labour Office of the Republic")["speaker"] == "Labour Office"
    assert of(text, 3200, "Riga Daily News")["speaker"] is None


def test_a_plan_that_no_list_has_gets_country_initials_and_year() -> None:
    text = (
        "The Kenyan Dairy Growth Plan\n\nThe Kenyan Dairy Growth Plan was adopted in March 2024. "
        "The plan aims to raise exports to 60 tonnes by 2031.\n"
    )
    assert of(text, 60)["plan"] == ["KE-DGP2024", "KE-kenyan-dairy-growth-plan"]


def test_a_name_in_the_title_is_the_plan_that_the_text_names() -> None:
    text = (
        "Dairy Growth Reward scheme (Kenya)\n\nThe Dairy Growth Reward scheme supports farmers in Kenya. "
        "It was introduced in March 2024. Under DGR, farmers aim to sell 60 tonnes by 2031.\n"
    )
    assert of(text, 60)["plan"] == ["KE-DGR2024", "KE-dairy-growth-reward-scheme"]


def test_the_only_plan_at_the_beginning_is_meant_later() -> None:
    text = (
        "Milk in trouble\n\nThe Kenyan Dairy Growth Act, which came into force in March 2024, promised much. "
        "Farmers know the law. The act is long. It should raise exports by 2031.\n\n"
        "The law created 60 jobs.\n"
    )
    assert of(text, 60)["plan"] == ["KE-DGA2024", "KE-kenyan-dairy-growth-act"]


def test_a_plan_is_named_by_its_topic_and_in_another_country() -> None:
    text = (
        "Fish ahead\n\nThe government signed the Strategy for the Growth of Peru's Fishing Industry to 2040. "
        "The strategy aims at 60 ports. The strategy is long. The strategy is less bold than the Kenyan "
        "Tuna Plan of Mombasa, which was unveiled in May 2025 and targets 9 ports.\n"
    )
    assert of(text, 60)["plan"] == ["PE-SGFI2040", "PE-strategy-growth-peru-fishing-industry-2040"]
    assert "KE-kenyan-tuna-plan" in of(text, 9)["plan"]


def test_an_aim_of_a_province_is_none_of_the_national_plan() -> None:
    text = "海洋规划\n\n《海洋产业发展规划》提出，到2030年建成60个港口。\n\n山东提出，到2027年建成9个渔村。\n"
    assert of(text, 60, language="zh")["plan"]
    assert of(text, 9, language="zh")["plan"] is None


def test_nine_of_every_ten_is_a_share() -> None:
    assert of("Nine of every ten ferries in Peru are old.", 90)["unit"] == "percent"


def test_an_organisation_that_no_list_has_is_a_subject() -> None:
    assert of("Korvin Ferries sold 14 ships in 2024.", 14)["subject"] == "org:Korvin-Ferries"
    assert of("Korvin Ferries said it would buy 14 ships.", 14)["subject"] == "org:Korvin-Ferries"


def test_who_only_says_something_is_no_subject() -> None:
    assert (
        of("Lena Korvin, a researcher, argues that firms in Peru sold 14 ships.", 14)["subject"]
        != "org:Lena-Korvin"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Norway sold more ferries than Denmark, 40 in all.", "NO"),
        ("Markets outside China grew by 4% for Peru.", "PE"),
        ("Output fell to 30 billion won. Wages fell to 2 million won. Exports were 4 billion won.", "KR"),
    ],
)
def test_a_comparison_is_no_place_and_a_currency_tells_one(text: str, place: str) -> None:
    assert {r["geography"] for r in rows(text)} == {place}


def test_what_names_no_place_is_of_the_country_of_its_plan() -> None:
    text = "The Kenyan Dairy Growth Plan\n\nThe Kenyan Dairy Growth Plan aims to export 60 tonnes by 2031.\n"
    assert of(text, 60)["geography"] == "KE"
