"""The part of a download that has arrived: what it is a part of, its files, and faults of the disk they lie on.

It lies in `<name>.part`, with a side file that says which content it is a part of (address without secrets,
validator, length), and belongs to the one process that holds `<name>.part.lock`.
"""

from __future__ import annotations

import errno
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zizhu.sources.net.http_headers import last_of_path
from zizhu.sources.net.offline import redacted
from zizhu.store.files import write_atomic
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import httpx2

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Policy:
    """Bounds of a download: attempts without progress, seconds to wait, bytes, and redirects.

    A wait doubles from `first_wait` to `longest_wait`; a server that asks for a longer one is not waited for. `pages`
    says that a web page is what is asked for, and no sign that data are missing.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0
    timeout: float = 60.0
    largest: int = 32 << 30
    redirects: int = 10
    pages: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: headers go to `url` and its own host only."""

    url: str
    folder: Path
    name: str
    sha256: str
    size: int | None
    headers: Mapping[str, str]
    secrets: tuple[str, ...]
    policy: Policy
    tell: Tell

    @property
    def shown(self) -> str:
        """The address without secrets."""
        return redacted(self.url, self.secrets)

    @property
    def part(self) -> Path:
        """Where the content lies while it arrives."""
        return self.folder / f"{self.name or last_of_path(self.url)}.part"

    @property
    def side(self) -> Path:
        """The file that says what the part is of."""
        return self.part.with_name(f"{self.part.name}.json")

    @property
    def lock(self) -> Path:
        """The file that the process holds which writes the part."""
        return self.part.with_name(f"{self.part.name}.lock")

    def refused(self, what: str, expected: str, remedy: str) -> ZizhuError:
        """The error of an address that is not downloaded."""
        return ZizhuError(Problem(what, self.shown, expected, remedy))


def held_of(wanted: Wanted) -> dict[str, str]:
    """What the side file says of a part that can be resumed; else nothing."""
    try:
        held: Any = json.loads(wanted.side.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(held, dict) or held.get("url") != wanted.shown or not length_of(wanted.part):
        return {}
    known = {k: str(v) for k, v in held.items()}
    return known if known.get("etag") or known.get("last_modified") else {}


def write_note(wanted: Wanted, answer: httpx2.Response, total: int) -> None:
    """Write down of which content the part will be."""
    etag = answer.headers.get("etag", "")
    said = {
        "url": wanted.shown,
        # a weak validator does not promise the same bytes
        "etag": "" if etag.startswith("W/") else etag,
        "last_modified": answer.headers.get("last-modified", ""),
        "length": total,
    }
    write_atomic(wanted.side, f"{json.dumps(said)}\n".encode())


def require_room(wanted: Wanted, needed: int) -> None:
    """Raise OSError where so many bytes have no room."""
    if shutil.disk_usage(wanted.folder).free < needed:
        raise OSError(errno.ENOSPC, "no room")


@contextmanager
def disk_faults(wanted: Wanted) -> Iterator[None]:
    """Faults of the disk, said for people; what has arrived stays in the part."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise ZizhuError(
            Problem(
                "the disk is full"
                if full
                else f"cannot be written ({error.strerror or type(error).__name__})",
                str(wanted.folder),
                "room for the download" if full else "a folder that can be written",
                "Make room and try again: what has arrived is kept." if full else "Choose another folder.",
            )
        ) from None


def forget(wanted: Wanted) -> None:
    """Remove the part."""
    wanted.part.unlink(missing_ok=True)
    wanted.side.unlink(missing_ok=True)


def state_of(path: Path) -> tuple[int, ...]:
    """What is another when other bytes stand in a file, or another file in its place."""
    now = path.stat()
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns


def length_of(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    return path.stat().st_size if path.is_file() else 0
