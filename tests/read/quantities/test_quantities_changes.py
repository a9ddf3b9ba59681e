"""Which way numbers say that something goes: falls and rises by an amount, and levels that are none."""

from __future__ import annotations

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.linking.amounts import amount
from zizhu.read.quantities import numbers
from zizhu.read.reading import claims_of
from zizhu.read.targets.rows import _comparator, _ends
from zizhu.read.targets.views import TargetView, targets_of

SENTENCES = [
    ("Exports fell by a fifth.", "decrease"),
    ("cut emissions by 20 % by 2030", "decrease"),
    ("cut emissions 20 percent", "decrease"),
    ("cut coal imports in half", "decrease"),
    ("Output was down 7 per cent on the year.", "decrease"),
    ("a 30% reduction in energy use", "decrease"),
    ("a reduction of 30% in energy use", "decrease"),
    ("declined from 50 million tonnes to 40 million tonnes", "None,None"),
    ("reduce its dependence to 30%", "None"),
    ("A 15 percent drop in exports", "decrease"),
    ("Costs were 10% lower", "decrease"),
    ("Costs were 10% lower than planned", "decrease"),
    ("rose by 5% while sales fell by 3%", "increase,decrease"),
    ("fell 12 percent in April", "decrease"),
    ("shrank by 12,000 workers", "decrease"),
    ("exports rose 4%, down from 9% in 2023", "increase,None"),
    ("the share, at 12%, fell", "None"),
    ("cut the 20% tariff", "None"),
    ("a 20% tariff cut", "None"),
    ("cut tariffs on 90% of goods", "None"),
    ("reduced by almost 30 percent", "decrease"),
    ("down by 4.6 percentage points", "decrease"),
    ("up to 30%", "None"),
    ("more than 5 million jobs", "None"),
    ("increased 5 % to 30 billion yuan", "increase,None"),
    ("It cut 5,000 jobs", "decrease"),
    ("fell below 30%", "None"),
    ("20 percent year-on-year decline", "decrease"),
    ("emissions intensity 45% below 2005 levels", "decrease"),
    ("Exports dropped, by value, by 7%", "decrease"),
    ("Growth slowed to 5%", "None"),
    ("a decline in exports of 12%", "decrease"),
    ("Steel output, which grew by 3% in 2023, fell 2% in 2024", "increase,decrease"),
    ("到2030年，单位产品能耗下降20%", "decrease"),
    ("出口同比下降21.6%", "decrease"),
    ("碳强度降低18%，研发投入增长7%", "decrease,increase"),
    ("进口额减少三成，出口额增长两成", "decrease,increase"),
    ("对外依存度降至30%以下", "None"),
    ("依存度降低到30%", "None"),
    ("投资负增长5%", "decrease"),
    ("降幅为5%", "decrease"),
    ("降幅达5%", "decrease"),
    ("压减钢铁产能1000万吨", "decrease"),
    ("对欧盟出口减少近三成", "decrease"),
    ("降碳项目20个", "None"),
    ("减少的项目共20个", "None"),
    ("减排项目100个", "None"),
    ("下降了约3个百分点", "decrease"),
    ("产量增长5%，达到30万吨", "increase,None"),
    ("比2020年降低18%左右", "decrease"),
    ("增加值占比提高到30%", "None"),
    ("能耗比上年减少500万吨", "decrease"),
    ("减少二氧化碳排放500万吨", "decrease"),
    ("成本较2024年降低两成以上", "decrease"),
]


@pytest.mark.parametrize(("text", "ways"), SENTENCES, ids=range(len(SENTENCES)))
def test_a_number_says_which_way_it_goes(text: str, ways: str) -> None:
    assert ",".join(str(n.change) for n in numbers(text)) == ways


def view(text: str, language: str = "en") -> TargetView:
    document = opened(text.encode(), "a.txt", published="2026-05-14", language=language)
    (found,) = targets_of(claims_of(document, fitting(document, ())).claims)
    return found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kenya aims to cut emissions by 20 % by 2030.", "en"),
        ("Kenya aims for a 20 percent reduction in emissions by 2030.", "en"),
        ("到2030年，排放强度下降20%。", "zh"),
    ],
)
def test_an_aim_to_lessen_is_a_change_below_nothing(text: str, language: str) -> None:
    found = view(text, language)
    assert (found.direction, found.comparator, found.indicator[-10:]) == ("down", ">=", "_reduction")
    assert found.quantity is not None
    assert (_ends(found.quantity), _comparator(found)) == ((-20.0, None), "<=")


def test_a_level_to_fall_to_stays_a_level() -> None:
    found = view("Kenya aims to reduce its import dependence to 30% by 2030.")
    assert found.quantity is not None
    assert (found.quantity.change, found.direction, found.comparator) == (None, "down", "<=")
    assert _ends(found.quantity) == (30.0, None)


def test_a_fall_and_a_rise_of_one_size_are_two_amounts() -> None:
    text = "Exports of Kenya fell by 20% in 2024. Exports of Peru rose by 20% in 2024."
    document = opened(text.encode(), "a.txt", published="2026-05-14", language="en")
    fell, rose = sorted(
        claims_of(document, fitting(document, ())).claims, key=lambda c: c.evidence[0].position.start
    )
    one, other = amount(fell.quantity), amount(rose.quantity)
    assert one is not None
    assert other is not None
    assert (one.value, other.value, one.meets(other)) == (-20.0, 20.0, False)
    assert [flat(c)["change"] for c in (fell, rose)] == ["decrease", "increase"]
