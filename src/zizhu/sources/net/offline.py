"""Whether the network may be used, and addresses and messages without the secrets that they carry."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote, urlsplit, urlunsplit

from zizhu.vocab.problems import Problem, ZizhuError

SWITCH = "ZIZHU_OFFLINE"
HIDDEN = "***"
_OFF = ("", "0", "false", "no", "off")
_KINDS = (
    r"(?:keys?|tokens?|secrets?|passw(?:or)?d|passphrase|pass|pwd|sig|signature|hmac|bearer|o?auth\d?|"
    r"authori[sz]ation|authentication|credentials?|sess(?:ion)?|sid|jwt|user|login|e?mail)"
)
_OWNERS = (
    r"(?:access|account|api|app|auth|client|id|licen[cs]e|private|refresh|secret|service|session|"
    r"subscription|user)"
)
_SECRET = re.compile(rf"{_OWNERS}*{_KINDS}(?:id|name)?", re.IGNORECASE)
"""A word of a name that says that a secret follows."""
_CODE = re.compile(rf"{_OWNERS}*(?:authorization)?code", re.IGNORECASE)
"""A whole name that does: `reporterCode` is of a country."""
_SUSPECT = re.compile(r"key|token|secret|pass|pwd|auth|credential|session", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORT = re.compile(r"(?=.*\d)[\w\-+/=~]{8,}")
"""What may be a key where its name may be that of one."""
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_\-+/=~]{20,}|\d{16,}")
_IN_PATH = re.compile(
    r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{20,}|(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_\-+=~]{20,}|\d{16,}"
    r"|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}"
)
"""As _OPAQUE, but a title in words with a year, as addresses have it, is none."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s'\"<>]+")


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

    Hidden are the values of parameters, of the query and of the path, with the name of a secret (key, token,
    signature, user, ...), values and parts of the path of 20 and more letters and digits that say nothing to a
    reader, and every text of `secrets`.

    >>> redacted("https://me:pw@example.org/a.zip?subscription-key=abc&year=2022#x")
    'https://example.org/a.zip?subscription-key=***&year=2022'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return HIDDEN
    query, path = _parameters(parts.query, _OPAQUE), _path(parts.path)
    return _without(urlunsplit((parts.scheme, host, path, query, "")), secrets)


def cleaned(message: str, secrets: Iterable[str] = ()) -> str:
    """A message with every address in it redacted, and *** for every text of `secrets`."""
    return _without(_URL.sub(lambda m: redacted(m.group()), message), secrets)


def _path(path: str) -> str:
    before, shown = "", []
    for part in path.split("/"):
        hidden = _SUSPECT.search(unquote(before)) and _SHORT.fullmatch(unquote(part))
        shown.append(HIDDEN if hidden else _parameters(part, _IN_PATH))
        before = part
    return "/".join(shown)


def _parameters(text: str, opaque: re.Pattern[str]) -> str:
    return "".join(p if p in ("&", ";") else _parameter(p, opaque) for p in re.split("([&;])", text))


def _parameter(text: str, opaque: re.Pattern[str]) -> str:
    name, equals, value = text.partition("=")
    if not equals:
        return HIDDEN if opaque.fullmatch(unquote(name)) else name
    hidden = value and (_of_secret(unquote(name), unquote(value)) or opaque.fullmatch(unquote(value)))
    return f"{name}={HIDDEN if hidden else value}"


def _of_secret(name: str, value: str) -> bool:
    """Whether a parameter is a secret: by a word of its name, or by what may be one in name and value both."""
    plain = re.sub(r"[\W_]", "", name)
    words = [*_WORD.findall(name), *re.split(r"[\W_]+", name), plain]
    named = any(_SECRET.fullmatch(w) for w in words) or _CODE.fullmatch(plain)
    return bool(named or (_SUSPECT.search(name) and _SHORT.fullmatch(value)))


def _without(text: str, secrets: Iterable[str]) -> str:
    """The text with a mark in the place of each secret, as it is and as an address or a message may write it."""
    forms = {
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
        if form
    }
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text
