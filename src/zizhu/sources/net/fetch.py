"""Downloading one file: resumed where it was cut, checked before it gets its name, and without telling any secret.

A part is resumed only where the server says that the content is still the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zizhu.sources.files.archive import members
from zizhu.sources.net.client import opened
from zizhu.sources.net.exclusive import exclusive
from zizhu.sources.net.http_faults import Again, Refusal, answer_fault, asked_to_wait, failed, quiet_logs
from zizhu.sources.net.http_headers import (
    continues,
    is_web,
    last_of_path,
    onward,
    origin,
    safe_name,
    said_name,
    total_bytes,
)
from zizhu.sources.net.offline import require_online
from zizhu.sources.net.part import (
    Policy,
    Tell,
    Wanted,
    disk_faults,
    forget,
    held_of,
    length_of,
    require_room,
    state_of,
    write_note,
)
from zizhu.store.files import sha256_of
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import httpx2

SECRET = 6
"""Letters from which a word of a header is taken for a secret: `text/csv` hides nothing that matters, `en` would."""
PROGRESS = 1 << 20
"""Bytes after which a fault counts as the first again."""


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Fetched:
    """A file that arrived whole. `sha256` is of its bytes; `etag` and `last_modified` are what the server says."""

    path: Path
    url_without_secrets: str
    bytes: int
    sha256: str
    etag: str = ""
    last_modified: str = ""


def fetch(
    url: str,
    folder: Path,
    *,
    sha256: str = "",
    size: int | None = None,
    tell: Tell = _silent,
    offline: bool | None = None,
    name: str = "",
    headers: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
    policy: Policy | None = None,
) -> Fetched:
    """Download `url` into `folder` and return what lies there; `tell(done, total)` has bytes, total 0 if not known.

    The file is called `name`, or as the server says, or as the address ends. A file that has `sha256` already is
    not downloaded again, even offline. Proxies are those of the environment. `secrets` are texts that no message,
    log or side file may have; values of `headers`, and what in the address looks like a key, are among them.
    Raises ZizhuError when the network is off, the server refuses or keeps failing, the content is a web page, a
    damaged archive, of another size or checksum, too large, being downloaded by another process, or the disk is full.
    Ctrl-C leaves the part only.
    """
    given = dict(headers or {})
    hidden = (*secrets, *(word for said in given.values() for word in said.split() if len(word) >= SECRET))
    bounds = policy or Policy()
    wanted = Wanted(url, folder, safe_name(name), sha256.casefold(), size, given, hidden, bounds, tell)
    if not is_web(url):
        raise wanted.refused("no address of the web", "http:// or https://", "Correct the address.")
    there = _there(wanted)
    if there is not None:
        return there
    require_online(wanted.shown, offline)
    with quiet_logs(), disk_faults(wanted):
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive(wanted.lock, wanted.shown):
            return _finished(wanted, _all_of_it(wanted))


@dataclass(frozen=True)
class _Arrived:
    """The headers of the last answer, and the bytes that the whole content has, 0 where the server did not say."""

    headers: Mapping[str, str]
    total: int


def _there(wanted: Wanted) -> Fetched | None:
    path = wanted.part.with_suffix("")
    if not wanted.sha256 or not path.is_file() or sha256_of(path) != wanted.sha256:
        return None
    return Fetched(path, wanted.shown, path.stat().st_size, wanted.sha256)


def _all_of_it(wanted: Wanted) -> _Arrived:
    """Attempts until the part is whole."""
    policy, failures = wanted.policy, 0
    with opened(wanted.shown, policy.timeout) as client:
        while True:
            before = length_of(wanted.part)
            try:
                return _attempt(client, wanted)
            except Again as fault:
                # what arrived stays for the next attempt; only attempts without progress count
                failures = failures + 1 if length_of(wanted.part) < before + PROGRESS else 1
                wait = max(policy.first_wait * 2 ** (failures - 1), fault.wait)
                if failures >= policy.attempts or fault.wait > policy.longest_wait:
                    raise ZizhuError(fault.problem(wanted.shown, failures)) from None
                policy.sleep(min(wait, policy.longest_wait))
            except Refusal as fault:
                raise ZizhuError(fault.problem(wanted.shown)) from None


def _attempt(client: httpx2.Client, wanted: Wanted) -> _Arrived:
    import httpx2

    held = held_of(wanted)
    start = length_of(wanted.part) if held else 0
    asked = {"Accept-Encoding": "identity", **wanted.headers}
    if start:
        asked |= {"Range": f"bytes={start}-", "If-Range": held.get("etag") or held["last_modified"]}
    try:
        with _answer(client, wanted, asked) as answer:
            return _received(wanted, answer, start, held)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise Refusal("no address that can be asked", "a web address", "Correct it.") from error
    except httpx2.HTTPError as error:
        raise failed(error, wanted.secrets) from error


@contextmanager
def _answer(client: httpx2.Client, wanted: Wanted, asked: Mapping[str, str]) -> Iterator[httpx2.Response]:
    """The answer after all redirects, each from the web to the web; headers of the user stay with the first host."""
    url, given = wanted.url, dict(asked)
    for _ in range(wanted.policy.redirects + 1):
        with client.stream("GET", url, headers=given) as answer:
            if not answer.has_redirect_location:
                yield answer
                return
            next_url = onward(url, answer.headers["location"])
        if not is_web(next_url):
            raise Refusal(
                "it leads out of the web", "a file over http or https", "Do not trust this address."
            )
        if origin(next_url) != origin(url):
            given = {k: v for k, v in given.items() if k not in wanted.headers}
        url = next_url
    raise Refusal(
        f"more than {wanted.policy.redirects} redirects",
        "an address that leads to the file",
        "Open it in a browser, download the file and give it with --from FILE.",
    )


def _received(wanted: Wanted, answer: httpx2.Response, start: int, held: Mapping[str, str]) -> _Arrived:
    """Write the body behind what is held."""
    if answer.status_code == 416 and start:
        if total_bytes(answer) == start == int(held.get("length") or -1):
            known = {"etag": held.get("etag", ""), "last-modified": held.get("last_modified", "")}
            return _Arrived({**answer.headers, **known}, start)
        forget(wanted)
        raise Again("the part that is held does not fit any more")
    fault = answer_fault(answer.status_code, asked_to_wait(answer.headers.get("retry-after", "")))
    if fault is not None:
        raise fault
    if answer.status_code == 206 and not continues(answer, start, held):
        forget(wanted)
        raise Again("the content has changed meanwhile")
    start = start if answer.status_code == 206 else 0
    total = total_bytes(answer)
    _check_size(wanted, total)
    require_room(wanted, total - start)
    if not start:
        # first, so that the side file never describes bytes of another content
        wanted.part.unlink(missing_ok=True)
    write_note(wanted, answer, total)
    done = _write(wanted, answer, start, total)
    if total and done != total:
        raise Again(f"it ended after {done:,} of {total:,} bytes")
    return _Arrived(dict(answer.headers), total)


def _write(wanted: Wanted, answer: httpx2.Response, start: int, total: int) -> int:
    done = start
    with wanted.part.open("r+b" if start else "wb") as file:
        file.seek(start)
        for piece in answer.iter_raw():
            file.write(piece)
            done += len(piece)
            if done > wanted.policy.largest:
                forget(wanted)
                raise _too_large(wanted, done)
            wanted.tell(done, total)
        file.flush()
        os.fsync(file.fileno())
    return done


def _finished(wanted: Wanted, arrived: _Arrived) -> Fetched:
    """Check the part and give it its name; a part that is not right, or changes meanwhile, is removed."""
    headers, before = arrived.headers, state_of(wanted.part)
    length, digest = length_of(wanted.part), sha256_of(wanted.part)
    try:
        if arrived.total and length != arrived.total:
            raise _wrong(wanted, f"{length:,} bytes", f"{arrived.total:,} bytes, as the server says")
        if wanted.size is not None and length != wanted.size:
            raise _wrong(wanted, f"{length:,} bytes", f"{wanted.size:,} bytes")
        if wanted.sha256 and digest != wanted.sha256:
            raise _wrong(wanted, f"its SHA-256 is {digest}", wanted.sha256)
        _check_md5(wanted, headers.get("content-md5", ""))
        _check_content(wanted)
        if state_of(wanted.part) != before:
            raise _wrong(wanted, "it changed while it was checked", "a file that nobody else writes")
    except ZizhuError:
        forget(wanted)
        raise
    name = wanted.name or safe_name(said_name(headers)) or last_of_path(wanted.url)
    path = wanted.folder / name
    wanted.part.replace(path)
    wanted.side.unlink(missing_ok=True)
    said = (headers.get("etag", ""), headers.get("last-modified", ""))
    return Fetched(path, wanted.shown, length, digest, *said)


def _check_md5(wanted: Wanted, said: str) -> None:
    try:
        expected = base64.b64decode(said, validate=True)
    except binascii.Error:
        return
    if len(expected) != 16:
        return
    with wanted.part.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).digest()
    if found != expected:
        raise _wrong(wanted, f"its MD5 is {found.hex()}", expected.hex())


def _check_content(wanted: Wanted) -> None:
    if wanted.policy.pages:
        return
    try:
        members(wanted.part)
    except ZizhuError as error:
        raise ZizhuError(
            [Problem(p.what, wanted.shown, p.expected, p.remedy) for p in error.problems]
        ) from None


def _check_size(wanted: Wanted, total: int) -> None:
    if total > wanted.policy.largest:
        raise _too_large(wanted, total)
    if wanted.size is not None and total and total != wanted.size:
        forget(wanted)
        raise _wrong(wanted, f"the server has {total:,} bytes", f"{wanted.size:,} bytes")


def _too_large(wanted: Wanted, found: int) -> ZizhuError:
    return wanted.refused(
        f"{found:,} bytes or more",
        f"at most {wanted.policy.largest:,} bytes",
        "This is no file of a statistical office; check the address.",
    )


def _wrong(wanted: Wanted, found: str, expected: str) -> ZizhuError:
    remedy = (
        "The file was damaged on its way, or the producer has changed it: try again, then check its page."
    )
    return wanted.refused(f"not the file that was expected: {found}", expected, remedy)
