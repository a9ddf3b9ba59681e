"""One question to a service by POST: bounded in bytes and seconds, asked again after faults that pass."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zizhu.sources.net.client import opened
from zizhu.sources.net.http_faults import Again, answer_fault, asked_to_wait, failed, quiet_logs
from zizhu.sources.net.http_headers import is_web
from zizhu.sources.net.offline import is_offline, redacted
from zizhu.sources.net.part import Policy
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import httpx2

USUAL = Policy(attempts=4, longest_wait=60.0, timeout=180.0, largest=1 << 20)


@dataclass(frozen=True)
class Posted:
    """What a service answered: the status and the body, which is cut behind `largest` bytes (`whole` is false then)."""

    status: int
    body: bytes
    whole: bool = True


def post(
    url: str, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...] = (), policy: Policy = USUAL
) -> Posted:
    """Ask `url` and return the answer, whatever its status, unless that may pass: then it is asked again.

    policy: attempts and waits between them, `timeout` seconds for the whole of an answer, `largest` bytes of it.
    Redirects are answers: headers go to no other host. `secrets` are texts that no message or log may have.
    Raises ZizhuError where the network is off, `url` is none of the web, or the service keeps failing.
    """
    shown = redacted(url, secrets)
    if not is_web(url):
        raise ZizhuError(
            Problem("no address of the web", shown, "http:// or https://", "Correct the address.")
        )
    if is_offline():
        raise ZizhuError(
            Problem("the network is switched off", shown, "ZIZHU_OFFLINE unset", "Unset it, or do without.")
        )
    with quiet_logs(), opened(shown, policy.timeout) as client:
        failures = 0
        while True:
            try:
                return _attempt(client, url, body, headers, secrets, policy)
            except Again as fault:
                failures += 1
                if failures >= policy.attempts or fault.wait > policy.longest_wait:
                    raise ZizhuError(_failing(fault, shown, failures)) from None
                wait = max(policy.first_wait * 2 ** (failures - 1), fault.wait)
                policy.sleep(min(wait, policy.longest_wait))


def _failing(fault: Again, shown: str, attempts: int) -> Problem:
    asked = f", and asks to wait {fault.wait:,.0f} seconds" if fault.wait else ""
    return Problem(
        f"{fault.what}{asked} (attempt {attempts})", shown, "an answer", "Try again later: see its limits."
    )


def _attempt(
    client: httpx2.Client,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    secrets: tuple[str, ...],
    policy: Policy,
) -> Posted:
    import httpx2

    given = {**headers, "Accept-Encoding": "identity"}
    until = time.monotonic() + policy.timeout
    try:
        with client.stream("POST", url, content=body, headers=given) as answer:
            fault = answer_fault(answer.status_code, asked_to_wait(answer.headers.get("retry-after", "")))
            if isinstance(fault, Again):
                raise fault
            content, whole = _bounded(answer, policy.largest, until)
            return Posted(answer.status_code, content, whole)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
        shown = redacted(url, secrets)
        raise ZizhuError(
            Problem("no address that can be asked", shown, "a web address", "Correct it.")
        ) from None
    except httpx2.HTTPError as error:
        raise failed(error, secrets) from None


def _bounded(answer: httpx2.Response, largest: int, until: float) -> tuple[bytes, bool]:
    """The body up to `largest` bytes and whether that is all; raises Again when time is over."""
    held = bytearray()
    for piece in answer.iter_raw():
        held += piece
        if len(held) > largest:
            return bytes(held[:largest]), False
        if time.monotonic() > until:
            raise Again("the answer takes too long")
    return bytes(held), True
