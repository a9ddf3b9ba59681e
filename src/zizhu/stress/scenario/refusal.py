"""What a scenario refuses beyond single values: settings that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from zizhu.ledger.models import Record

REFUSED = "refused"


class Fault(NamedTuple):
    """What is wrong, what was expected, and what to do."""

    what: str
    expected: str
    remedy: str


Check = Callable[[], Iterable[Fault]]


class Checked(Record):
    """A record whose settings must go together."""

    def checks(self) -> Iterator[Check]:
        """What is checked beyond single settings, each check by itself."""
        yield from ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        faults = [fault for check in self.checks() for fault in check()]
        if faults:
            raise refused(*faults)
        return self


def refused(*faults: Fault) -> PydanticCustomError:
    """The error by which a model refuses its values; `wording` takes the faults out of it again."""
    said = "; ".join(f"{fault.what} (expected {fault.expected})" for fault in faults)
    return PydanticCustomError(REFUSED, "{said}", {"said": said, "faults": faults})


def seen(record: Checked) -> list[Fault]:
    """The faults of a record of which not all could be read; checks that need what is lacking are left out."""
    found: list[Fault] = []
    with suppress(AttributeError):
        for check in record.checks():
            with suppress(AttributeError):
                found += check()
    return found
