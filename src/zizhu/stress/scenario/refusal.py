"""What a scenario refuses beyond single values: settings that contradict each other."""

from __future__ import annotations

from typing import NamedTuple

from pydantic_core import PydanticCustomError

REFUSED = "refused"


class Fault(NamedTuple):
    """What is wrong, what was expected, and what to do."""

    what: str
    expected: str
    remedy: str


def refused(*faults: Fault) -> PydanticCustomError:
    """The error by which a model refuses its values; `wording` takes the faults out of it again."""
    said = "; ".join(f"{fault.what} (expected {fault.expected})" for fault in faults)
    return PydanticCustomError(REFUSED, "{said}", {"said": said, "faults": faults})
