"""What servers answer instead of a file, said for people; and the log of the web client without its addresses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from zizhu.sources.net.offline import cleaned
from zizhu.vocab.problems import Problem

_PASSING = {408, 425, 429, 500, 502, 503, 504}
_BY_HAND = "Download it in a browser and give it with --from FILE."
_TOLD = {"ConnectError", "ProxyError", "RemoteProtocolError"}
_LOGS = ("httpx2", *(f"httpcore2.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


class Again(Exception):
    """A fault that may pass; `wait` are the seconds that the server asks for."""

    def __init__(self, what: str, wait: float = 0.0) -> None:
        super().__init__(what)
        self.what, self.wait = what, wait

    def problem(self, where: str, attempts: int) -> Problem:
        """What is told when it does not pass."""
        asked = f", and asks to wait {self.wait:,.0f} seconds" if self.wait else ""
        return Problem(
            f"{self.what}{asked} (attempt {attempts})",
            where,
            "the file",
            "Try again later: what has arrived is kept and will be resumed. Or give it with --from FILE.",
        )


class Refusal(Exception):
    """A fault that does not pass."""

    def __init__(self, what: str, expected: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.expected, self.remedy = what, expected, remedy

    def problem(self, where: str) -> Problem:
        """What is told."""
        return Problem(self.what, where, self.expected, self.remedy)


def answer_fault(status: int, wait: float) -> Again | Refusal | None:
    """The fault of an answer of that status: None for 200 and 206."""
    if status in (200, 206):
        return None
    if status in _PASSING:
        return Again(
            "too many requests" if status == 429 else f"the server answers {status}",
            wait,
        )
    if status in (401, 403, 407, 451):
        remedy = f"A key or a login may be needed, or a proxy refuses. {_BY_HAND}"
        return Refusal(f"the server refuses it ({status})", "a file for everybody", remedy)
    if status in (404, 410):
        return Refusal("no such file any more", "the file", f"Look for it on the producer's page. {_BY_HAND}")
    return Refusal(f"the server answers {status}", "200, the file", _BY_HAND)


def asked_to_wait(said: str) -> float:
    """Seconds of a Retry-After: a number or a date; 0 for none or nonsense.

    >>> asked_to_wait("7"), asked_to_wait("soon")
    (7.0, 0.0)
    """
    text = said.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def failed(error: Exception, secrets: tuple[str, ...]) -> Again:
    """A fault on the way: the kind of the error and, where they tell how to mend it, its words without secrets."""
    kind = type(error).__name__
    words = cleaned(str(error), secrets)[:200] if kind in _TOLD else ""
    return Again(f"the connection failed ({kind}{': ' if words else ''}{words})")


@contextmanager
def quiet_logs() -> Iterator[None]:
    """While it lasts the web client logs no addresses and no headers."""
    logs = [logging.getLogger(name) for name in _LOGS]

    def nothing(_: logging.LogRecord) -> bool:
        # one for each download: the end of one does not open the logs of another
        return False

    for log in logs:
        log.addFilter(nothing)
    try:
        yield
    finally:
        for log in logs:
            log.removeFilter(nothing)
