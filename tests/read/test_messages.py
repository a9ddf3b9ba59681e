"""Who speaks in a message: its sender in their own lines, whoever is quoted in the lines that are."""

from __future__ import annotations

import pytest

from zizhu.read.documents.opened import from_text
from zizhu.read.extractors import fitting
from zizhu.read.messages import MOST, voices
from zizhu.read.reading import claims_of

HEAD = "From: Ann Lee <ann@example.org>\nDate: Tue, 12 Mar 2024 09:30:00 +0000\nSubject: Batteries\n\n"
BODY = (
    "Dear Bob,\n\nWe think Hungary will raise its battery output to 120 GWh by 2030. I believe exports rose 12 percent "
    "last year. According to Tom Reed, 40 firms closed in 2023.\n\n"
)
QUOTED = "> We expect that Poland will produce 70 GWh a year by 2027.\n> Sales fell by 4 percent in 2023.\n"
WROTE = "On Mon, 11 Mar 2024 at 10:12 AM Bob Stone <bob@example.org> wrote:\n"


def _speakers(text: str) -> dict[float, str | None]:
    document = from_text(text, language="en")
    found = claims_of(document, fitting(document)).claims
    for claim in found:
        place = claim.evidence[0].position
        assert text[place.start : place.end] == claim.evidence[0].quote.exact
    return {c.quantity.value or 0: c.speaker for c in found if c.quantity}


def test_the_sender_speaks_and_whoever_is_quoted_in_quoted_lines() -> None:
    said = _speakers(f"{HEAD}{BODY}{WROTE}{QUOTED}\nAnn Lee\n")
    assert said == {120: "Ann Lee", 12: "Ann Lee", 40: "Tom Reed", 70: "Bob Stone", 4: "Bob Stone"}


@pytest.mark.parametrize(
    ("wrote", "who"),
    [
        ("On Mon, 11 Mar 2024, Bob Stone wrote:\n", "Bob Stone"),
        ("On 11/03/2024 10:12, Bob Stone wrote:\n\n", "Bob Stone"),
        ("Bob Stone <bob@example.org> writes:\n", "Bob Stone"),
        ("On Mon, 11 Mar 2024, Bob Stone\n<bob@example.org> wrote:\n", "Bob Stone"),
        ("As was said before:\n", None),
    ],
)
def test_who_is_quoted_is_named_before_the_lines_or_nobody_is(wrote: str, who: str | None) -> None:
    said = _speakers(f"{HEAD}{BODY}{wrote}{QUOTED}")
    assert (said[4], said[12]) == (who, "Ann Lee")


def test_a_message_that_only_quotes_gives_its_sender_nothing() -> None:
    assert _speakers(f"{HEAD}{WROTE}{QUOTED}")[4] == "Bob Stone"


def test_a_message_has_so_many_voices_and_no_more() -> None:
    blocks = "".join(
        f"Bob Stone{'e' * k} wrote:\n> Sales fell by {k} percent.\n\n" for k in range(1, 3 * MOST)
    )
    found = voices(from_text(f"{HEAD}{BODY}{blocks}", language="en"))
    assert len({v.speaker for v in found}) == len(found) == MOST + 2
    assert [v.speaker for v in found[:2]] == ["Ann Lee", "Bob Stonee"]


def test_a_text_that_is_no_message_is_read_as_it_is() -> None:
    plain = from_text(f"{BODY}{WROTE}{QUOTED}", language="en")
    assert voices(plain) == ((plain, ""),)
