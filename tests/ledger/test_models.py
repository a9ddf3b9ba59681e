"""Making a record says all that is wrong with it; reading one leaves the words to the loader, who knows the file."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from zizhu.ledger.models import Coverage, Record, Run, faults
from zizhu.store.meta import Describe
from zizhu.stress import what_if
from zizhu.vocab.problems import ZizhuError


class Shelf(Record):
    """A record of records."""

    covers: Mapping[str, Coverage]
    size: int


GOOD = {"what": "sales", "statement": "All of them."}


def test_every_fault_of_a_record_is_said_at_once() -> None:
    with pytest.raises(ZizhuError) as caught:
        what_if.Params(receiver=3, cut=2, insisst=True)  # type: ignore[call-arg]
    assert caught.value.exit_code == 2
    assert caught.value.__cause__ is None
    assert [(p.what.partition(":")[0], p.expected, p.remedy) for p in caught.value.problems] == [
        ("sender", "a value for sender", "Add it."),
        ("receiver", "a valid string", "Got 3: correct it."),
        ("cut", "less than or equal to 1", "Got 2: correct it."),
        ("insisst", "a known key", "Nearest: insist."),
    ]
    assert {p.where for p in caught.value.problems} == {"question"}


@pytest.mark.parametrize("cut", [0, -1, 1.5, float("nan"), float("inf"), "much", None])
def test_a_share_that_is_none_is_refused(cut: object) -> None:
    with pytest.raises(ZizhuError, match="cut: "):
        what_if.Params(sender="CHN", receiver="USA", cut=cut)


def test_records_inside_a_record_are_refused_with_the_rest() -> None:
    bad = {"a": {"what": "", "statement": "S", "share": 2}, "b": GOOD}
    with pytest.raises(ZizhuError) as caught:
        Shelf(covers=bad, size="x")
    places = [p.what.partition(":")[0] for p in caught.value.problems]
    assert places == ["covers.a.what", "covers.a.share", "size"]


def test_records_inside_a_record_are_made_from_plain_data_and_from_records() -> None:
    plain = Shelf(covers={"b": GOOD}, size=1)
    assert plain == Shelf(covers={"b": Coverage(**GOOD)}, size=1)


def test_reading_leaves_the_faults_to_the_loader() -> None:
    text = '{"covers": {"a": {}}, "size": 1}'
    for read in (Shelf.model_validate_json, lambda t: Shelf.model_validate(json.loads(t))):
        with pytest.raises(ValidationError) as caught:
            read(text)
        found = faults(caught.value, "shelf.json")
        assert [(p.where, p.what) for p in found] == [
            ("shelf.json", "covers.a.what: Field required"),
            ("shelf.json", "covers.a.statement: Field required"),
        ]


def test_what_was_stored_is_read_again() -> None:
    run = Run(id="1", method="m", version="0", params={"a": 1}, seed=None, inputs=("t",), output="0" * 32)
    assert Run.model_validate_json(run.model_dump_json()) == run
    assert pickle.loads(pickle.dumps(run)) == run
    assert run.model_copy(update={"seed": 1}).seed == 1


def test_a_rule_of_the_whole_record_is_said() -> None:
    with pytest.raises(ZizhuError, match="a table without a key needs a shape") as caught:
        Describe(title="T", key=(), units={}, sources=("s",))
    assert caught.value.problems[0].what.startswith("record: ")
