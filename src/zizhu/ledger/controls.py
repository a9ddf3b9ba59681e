"""Controls of the register as cuts of an industry's sales: who stops selling what to whom, by which event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from zizhu.ledger import register
from zizhu.ledger.models import Record, Text
from zizhu.ledger.records import Line, load, one_of
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem


class Control(Record):
    """A cut in the words of an input-output table. `covers` says which part of the industry the event names."""

    id: Text
    label: Text
    sender: Text
    receiver: Text
    event: Text
    covers: Text
    basis: Text


@cache
def controls() -> Mapping[str, Control]:
    """All controls by id; raises ZizhuError with every fault of the file."""
    return {c.id: c for c in load(pack("policy/controls.csv"), Control, [_event])}


def _event(line: Line[Control]) -> Iterator[Problem]:
    return one_of(line, "event", "event", register.events())
