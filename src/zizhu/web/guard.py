"""What every request passes first: whose it is, where it comes from, how large it is. And what every response says.

A page of another site must get nothing here, by whatever name it reaches this machine: the name in the address is
checked (a name of its own may be made to lead to a loopback address), then the token where there is one, then where
the request comes from. What is changed needs a header that a form of another page cannot send.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zizhu.vocab.problems import Problem
from zizhu.web.refusals import FAULT, LOG, Refused, refusal, refused

OWN_HEADER = "x-zizhu"
"""Sent by the page with all that changes something; its value says nothing."""
SAFE = ("GET", "HEAD", "OPTIONS")
API, ENTER = "/api/", "/enter"
LARGEST = 4 << 20
"""Bytes of a body; a scenario file of 1 MB, as JSON, has room."""
LARGEST_DOCUMENT = 64 << 20
DOCUMENTS = "/api/documents"
SLOWEST = 60.0
"""Seconds in which a body must be here."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SAID = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Rules:
    """Who may ask. `names` are those by which this machine may be called; any IP address too where `anywhere`."""

    names: frozenset[str] = frozenset(LOOPBACK)
    anywhere: bool = False
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, host: str, token: str | None, names: Iterable[str] = ()) -> Rules:
        """The rules of a server on an address; raises Refused for one that others reach and that has no token."""
        if host not in LOOPBACK and not token:
            raise Refused(
                403,
                Problem(
                    "no token",
                    f"address {host}",
                    "a token, since others reach this address",
                    "Use 127.0.0.1.",
                ),
            )
        everywhere = host in ("0.0.0.0", "::", "")
        return cls(frozenset((*LOOPBACK, host.casefold(), *map(str.casefold, names))), everywhere, token)

    def knows(self, name: str) -> bool:
        """Whether this machine may be called so."""
        return name in self.names or (self.anywhere and _is_address(name))

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of the cookie that stands for the token; the token cannot be told from it."""
        sealed = hmac.new((self.token or "").encode(), b"zizhu workbench", hashlib.sha256).hexdigest()
        return f"zizhu-{sealed[:8]}", sealed[8:]


@dataclass(frozen=True)
class Guard:
    """The application behind its rules."""

    app: ASGIApp
    rules: Rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the module; what the application raises is logged here and said to be its fault."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def said(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _complete(MutableHeaders(scope=message))
            await send(message)

        try:
            given = self._entered(scope)
            if given is None:
                self._check(scope)
                receive = await _whole(scope, receive)
                await self.app(scope, receive, said)
            else:
                await given(scope, receive, said)
        except Refused as error:
            await refused(error)(scope, receive, said)
        except Exception:
            LOG.exception("%s %s", scope["method"], scope["path"])
            if begun:
                raise
            await refusal(500, [FAULT])(scope, receive, said)

    def _entered(self, scope: Scope) -> Response | None:
        """What the link with the token gives: the cookie, and the way to the page."""
        if scope["path"] != ENTER or not self.rules.token or scope["method"] != "GET":
            return None
        self._check_name(Headers(scope=scope))
        said = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not _same(said, self.rules.token):
            raise Refused(401, _no_token())
        page = RedirectResponse("/", 303)
        name, value = self.rules.cookie
        page.set_cookie(name, value, httponly=True, samesite="strict", path="/")
        return page

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        self._check_name(headers)
        if self.rules.token and not self._has_token(headers):
            raise Refused(401, _no_token())
        if scope["path"].startswith(API) or scope["method"] not in SAFE:
            _check_origin(scope, headers)

    def _check_name(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self.rules.knows(_name(hosts[0])):
            known = ", ".join(sorted(self.rules.names))
            raise Refused(
                400,
                Problem(
                    "this machine is not called so",
                    "Host of the request",
                    known,
                    "Open the address that `zizhu serve` printed, or start it with --name.",
                ),
            )

    def _has_token(self, headers: Headers) -> bool:
        kind, _, said = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer" and _same(said.strip(), self.rules.token or ""):
            return True
        name, value = self.rules.cookie
        try:
            sent = SimpleCookie(headers.get("cookie", "")).get(name)
        except CookieError:
            return False
        return sent is not None and _same(sent.value, value)


def _check_origin(scope: Scope, headers: Headers) -> None:
    """Raise Refused (403) for a request that another site's page has sent."""
    changes = scope["method"] not in SAFE
    site, origin = headers.get("sec-fetch-site", "same-origin"), headers.get("origin")
    foreign = site not in (("same-origin",) if changes else ("same-origin", "none"))
    if origin is not None and urlsplit(origin).netloc.casefold() != headers["host"].casefold():
        foreign = True
    if changes and OWN_HEADER not in headers:
        foreign = True
    if foreign:
        raise Refused(
            403,
            Problem(
                "the request comes from somewhere else",
                f"{scope['method']} {scope['path']}"[:200],
                "the workbench's own page, or a program that sends `X-Zizhu: 1` with what it changes",
                "Open the workbench itself.",
            ),
        )


async def _whole(scope: Scope, receive: Receive) -> Receive:
    """The body of a request, read before anybody works on it. Raises Refused for one too large, too slow or cut off."""
    if scope["method"] in SAFE:
        return receive
    largest = LARGEST_DOCUMENT if scope["path"] == DOCUMENTS else LARGEST
    stated = Headers(scope=scope).get("content-length", "0")
    if not stated.isdecimal() or int(stated) > largest:
        raise Refused(413, _too_large(largest))
    try:
        async with asyncio.timeout(SLOWEST):
            body = await _read(receive, largest)
    except TimeoutError:
        slow = Problem(
            "the body came too slowly", "request", f"all of it in {SLOWEST:.0f} s", "Send it again."
        )
        raise Refused(408, slow) from None
    waiting = [body]

    async def given() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return given


async def _read(receive: Receive, largest: int) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            broken = Problem("the connection broke off", "request", "a whole body", "Send it again.")
            raise Refused(400, broken)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            raise Refused(413, _too_large(largest))
        more = message.get("more_body", False)
    return b"".join(parts)


def _complete(headers: MutableHeaders) -> None:
    """Add what every response says; what answers say stays out of caches unless they say how."""
    for name, value in SAID.items():
        headers[name] = value
    if "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"


def _name(host: str) -> str:
    """The name in a Host header, without its port and the brackets of an address."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(said: str, right: str) -> bool:
    return hmac.compare_digest(said.encode(), right.encode())


def _no_token() -> Problem:
    return Problem(
        "no token, or not the one of this server",
        "request",
        "the cookie of the link that `zizhu serve` printed, or `Authorization: Bearer TOKEN`",
        "Open that link.",
    )


def _too_large(largest: int) -> Problem:
    return Problem("the body is too large", "request", f"at most {largest >> 20} MB", "Send less at once.")
