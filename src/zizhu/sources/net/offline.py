"""Whether the network may be used, and addresses and messages without the secrets that they carry."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from zizhu.vocab.problems import Problem, ZizhuError

SWITCH = "ZIZHU_OFFLINE"
HIDDEN = "***"
_OFF = ("", "0", "false", "no", "off")
_SECRET = re.compile(
    r"key|token|secret|passw|pwd|pass$|sig$|signature|auth|credential|session|jwt|user|email",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_\-+/=~]{20,}")
_URL = re.compile(r"https?://[^\s'\"<>]+", re.IGNORECASE)


def is_offline(asked: bool | None = None) -> bool:
    """Whether the network is off: as `asked` or, if nothing is, as the environment variable ZIZHU_OFFLINE says."""
    if asked is not None:
        return asked
    return os.environ.get(SWITCH, "").strip().casefold() not in _OFF


def require_online(url: str, asked: bool | None = None) -> None:
    """Raise ZizhuError, with the way round it, where the network is off."""
    if is_offline(asked):
        raise ZizhuError(
            Problem(
                "the network is switched off",
                redacted(url),
                f"a file, or {SWITCH} unset",
                "Download it on another machine and give it with --from FILE.",
            )
        )


def redacted(url: str, secrets: Iterable[str] = ()) -> str:
    """The address without user and password, without fragment, and with *** for what looks like a key.

    Hidden are the values of parameters with the name of a secret (key, token, signature, user, ...), values of 20
    and more letters and digits that say nothing to a reader, and every text of `secrets`.

    >>> redacted("https://me:pw@example.org/a.zip?subscription-key=abc&year=2022#x")
    'https://example.org/a.zip?subscription-key=***&year=2022'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return HIDDEN
    query = "&".join(_parameter(p) for p in parts.query.split("&")) if parts.query else ""
    return _without(urlunsplit((parts.scheme, host, parts.path, query, "")), secrets)


def cleaned(message: str, secrets: Iterable[str] = ()) -> str:
    """A message with every address in it redacted, and *** for every text of `secrets`."""
    return _without(_URL.sub(lambda m: redacted(m.group()), message), secrets)


def _parameter(text: str) -> str:
    name, equals, value = text.partition("=")
    if not equals:
        return HIDDEN if _OPAQUE.fullmatch(unquote(name)) else name
    hidden = value and (_SECRET.search(unquote(name)) or _OPAQUE.fullmatch(unquote(value)))
    return f"{name}={HIDDEN if hidden else value}"


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(
        {s for given in secrets for s in (given, quote(given, safe="")) if s}, key=len, reverse=True
    ):
        text = text.replace(secret, HIDDEN)
    return text
