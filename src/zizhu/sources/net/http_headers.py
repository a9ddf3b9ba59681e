"""What an address, a question and the headers of an answer say of a file: size, name, whether a part can go on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

if TYPE_CHECKING:
    import httpx2

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_NAMED = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)


def continues(answer: httpx2.Response, start: int, held: Mapping[str, str]) -> bool:
    """Whether an answer goes on where the part ends, with the content that it is a part of (`held`)."""
    said = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if said is None or said[1] is None or int(said[1]) != start:
        return False
    same = answer.headers.get("etag", held.get("etag", "")) == held.get("etag", "")
    return same and said[3] in ("*", held.get("length"))


def total_bytes(answer: httpx2.Response) -> int:
    """Bytes of the whole content, 0 where the server does not say."""
    ranged = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    said = ranged[3] if ranged else answer.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def is_web(url: str) -> bool:
    """Whether an address is one of http or https with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme.casefold() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def onward(url: str, location: str) -> str:
    """Where a redirect leads; "" where that is no address."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: headers of the user go to one of these only."""
    parts = urlsplit(url)
    return parts.scheme.casefold(), parts.hostname, parts.port


def said_name(headers: Mapping[str, str]) -> str:
    """The name that a server gives the file, as it writes it; "" if it gives none."""
    said = _NAMED.search(headers.get("content-disposition", ""))
    return unquote(said.group(1)) if said else ""


def last_of_path(url: str) -> str:
    """The name with which an address ends, made harmless."""
    return safe_name(unquote(urlsplit(url).path)) or "download"


def safe_name(said: str) -> str:
    """The last part of a name, of letters, digits and a few marks, neither hidden nor long."""
    last = said.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return re.sub(r"[^\w.()\[\] -]", "_", last).strip(" .")[-120:].lstrip(". ")


def asked_name(*parts: str, most: int = 64) -> str:
    """A name for the answer to a question of these parts: letters, digits and dashes, at most `most` of them.

    Questions that differ have names that differ: where the parts cannot be read back from it, a hash of them follows.

    >>> asked_name("USA", "8541", "2022"), asked_name("USA", "8541/42", "2022")
    ('USA-8541-2022', 'USA-8541-42-2022-b1de16b4')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(parts)).strip("-")
    if len(plain) <= most and all(p.isascii() and p.isalnum() for p in parts):
        return plain
    mark = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: most - len(mark) - 1].rstrip('-')}-{mark}".lstrip("-")
