"""An aim that another voice names again is linked to the one that was stated; it is no second target and no fact."""

from __future__ import annotations

import pytest

from zizhu.ledger.claims import Claim
from zizhu.read.documents.opened import opened
from zizhu.read.extractors import fitting
from zizhu.read.linking.linked import linked
from zizhu.read.reading import claims_of
from zizhu.read.targets.views import targets_of

STATED = "Kenya's Steel Plan sets a goal of 50,000 jobs by 2030."
HAN = "到2030年，肯尼亚钢铁产量达到900万吨。"


def claims(text: str) -> tuple[Claim, ...]:
    language = "zh" if "年" in text else "en"
    document = opened(text.encode(), "a.txt", published="2026-05-14", language=language)
    return claims_of(document, fitting(document, ())).claims


@pytest.mark.parametrize(
    "text",
    [
        f"{STATED} Critics say the goal of 50,000 is unrealistic.",
        f"{STATED} The opposition called the 50,000 target a fantasy.",
        f"{STATED} Critics argue that the plan to create 50,000 jobs by 2030 will fail.",
        f"{STATED}\n\nThe goal of 50,000 jobs would need new mills, the union warned.",
        f"{HAN}批评者认为，900万吨的目标不切实际。",
    ],
    ids=range(5),
)
def test_what_others_say_of_an_aim_is_linked_to_it(text: str) -> None:
    found = claims(text)
    assert len(found) == 2
    assert len(targets_of(found)) == 1
    assert len(linked(found)) == 1
    assert not any(c.kind == "actual" for c in found)


def test_an_aim_of_another_number_date_or_sector_is_another_one() -> None:
    others = ("Kenya aims for 60,000 jobs by 2030.", "Kenya aims for 50,000 jobs in cement by 2035.")
    for other in others:
        assert len(targets_of(claims(f"{STATED} {other}"))) == 2


def test_an_aim_that_is_named_without_its_deadline_is_one_target() -> None:
    found = claims(f"{STATED}\n\nMr Otieno said Kenya aims for 50,000 jobs in steel under the Steel Plan.")
    assert len(targets_of(found)) == 1
