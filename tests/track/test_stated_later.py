"""Targets that were read from a document are none before it was published; those of the register always are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from track.samples import inputs, line, target
from zizhu.ledger import register
from zizhu.ledger.models import Source
from zizhu.track import judged, scorecard
from zizhu.vocab.problems import CannotAnswer, ZizhuError

BEFORE, AFTER = date(2024, 11, 20), date(2024, 11, 21)


def asked(day: date, twin: bool = False, **changed: object) -> judged.Inputs:
    """The question of a target of a document published on 21 November 2024, and of one of the register beside it."""
    fields = {"id": "doc.1", "producer": "The Paper", "title": "", "quality": "low"}
    read = Source.model_validate({**fields, "published": "2024-11-21", "sha256": "ab" * 32, **changed})
    question = inputs(target(source="doc.1"), *line(2018, 20.0, 25.0, 30.0), as_of=day)
    beside = {"X2": target(id="X2", same_as="X1")} if twin else {}
    held = question.held
    held = replace(held, targets={**held.targets, **beside}, sources={**register.sources(), "doc.1": read})
    return judged.Inputs(question.params, held)


def test_what_a_document_states_is_a_target_from_the_day_of_its_publication() -> None:
    assert list(asked(AFTER).verdicts) == ["X1"]
    with pytest.raises(CannotAnswer, match="a day from 2024-11-21 on"):
        judged.solve(asked(BEFORE))


@pytest.mark.parametrize("changed", [{"published": ""}, {"sha256": ""}], ids=["undated", "of the register"])
def test_what_has_no_day_or_was_not_read_is_a_target_on_every_day(changed: dict[str, object]) -> None:
    assert list(asked(BEFORE, **changed).verdicts) == ["X1"]


def test_what_is_left_out_is_counted_and_no_sibling() -> None:
    question = asked(BEFORE, twin=True)
    result = judged.solve(question)
    assert result.frame["target"].to_list() == ["X2"]
    assert result.frame["siblings"].to_list() == [None]
    said = "Left out: 1 target of a document published after 2024-11-20."
    assert said in result.notes
    assert scorecard.sentence(question, result).endswith(said)
    assert asked(AFTER, twin=True).unstated == ()


def test_one_target_is_not_shown_before_it_was_stated() -> None:
    question = asked(BEFORE)
    alone = judged.Inputs(question.params.model_copy(update={"target": "X1"}), question.held)
    with pytest.raises(ZizhuError, match="X1 stated after 2024-11-20"):
        judged.stated_by_the_day(alone)
