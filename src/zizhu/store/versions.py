"""The versions of a table on disk: where they lie, and which description is meant.

    tables/<name>/<digest>/{data.parquet, meta.json, meta-<mark>.json}

The same data may be described anew: another citation, licence or note. No description is ever changed, because an
answer goes on citing what it cited when it was given. The first is `meta.json` and its version the digest; a later
one is `meta-<mark>.json`, marked by the hash of what it says, and its version `<digest>.<mark>`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from zizhu.ledger.models import faults
from zizhu.store.meta import NAME, Describe, Meta
from zizhu.vocab.problems import Problem, ZizhuError

FIRST = "meta.json"
AGAIN = "commit your own table again"
_DIGEST = r"[0-9a-f]{6,32}"
_MARK = r"[0-9a-f]{12}"


def mark_of(described: Describe) -> str:
    """The hash of what a description says (12 hexadecimal characters), but for when and by which zizhu it was read."""
    said = described.model_dump(mode="json", include=set(Describe.model_fields), exclude_defaults=True)
    for how in ("added", "version"):
        said.get("origin", {}).pop(how, None)
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=6).hexdigest()


def described_again(first: Meta, described: Describe, folder: Path) -> Meta:
    """The version of data that are stored already in `folder`, `first` described, under another description.

    A description that says what an earlier one says is that one.
    """
    mark = mark_of(described)
    if mark == mark_of(first):
        return first
    with suppress(ZizhuError):
        return read_meta(folder, first.name, mark)
    return first.model_copy(update={**dict(described), "described": mark})


def file_of(meta: Meta) -> str:
    """The name of the file that a description lies in."""
    return f"meta-{meta.described}.json" if meta.described else FIRST


def content_of(meta: Meta) -> bytes:
    """What that file holds: all of the first description, of a later one what it says of the data."""
    said = set(Describe.model_fields) if meta.described else None
    return f"{meta.model_dump_json(indent=1, include=said)}\n".encode()


def find(place: Path, name: str, version: str | None) -> tuple[Path, str] | None:
    """Folder and mark of a version in a workspace, None when it is not there.

    `version` is that of `Meta`, of whose digest a unique start is enough; None is the current one. Raises ZizhuError
    when the name is there and what it points to is not: another table of that name, such as the built-in one, must
    not be taken for it.
    """
    if not re.fullmatch(NAME, name):
        return None
    if version is not None:
        return _found(place, name, version)
    ref = place / "refs" / name
    if not ref.exists():
        return None
    current = ref.read_bytes().decode(errors="replace").strip()
    found = _found(place, name, current)
    if found is None:
        raise ZizhuError(
            Problem(
                f"the current {name}, {current[:48]!r}, is not here",
                str(ref),
                f"a digest in {place / 'tables' / name}",
                f"Reinstall zizhu for a built-in table; {AGAIN}.",
            )
        )
    return found


def _found(place: Path, name: str, version: str) -> tuple[Path, str] | None:
    asked = re.fullmatch(rf"({_DIGEST})(?:\.({_MARK}))?", version)
    if asked is None:
        return None
    mark = asked[2] or ""
    hits = [p for p in (place / "tables" / name).glob(f"{asked[1]}*") if (p / FIRST).is_file()]
    if len(hits) != 1 or (mark and not (hits[0] / f"meta-{mark}.json").is_file()):
        return None
    return hits[0], mark


def held(place: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Folder and mark of every version of a table in a workspace, of each digest the first description first."""
    for folder in sorted((place / "tables" / name).glob("[0-9a-f]*")):
        if (folder / FIRST).is_file():
            yield folder, ""
        yield from ((folder, p.stem.removeprefix("meta-")) for p in sorted(folder.glob("meta-*.json")))


def read_meta(folder: Path, name: str, mark: str = "") -> Meta:
    """A description of the table `name` in `folder`; raises ZizhuError when it cannot be read or is of another."""
    path = folder / FIRST
    try:
        meta = Meta.model_validate_json(path.read_text(encoding="utf-8"))
        if mark:
            path = folder / f"meta-{mark}.json"
            again = Describe.model_validate_json(path.read_text(encoding="utf-8"))
            meta = meta.model_copy(update={**dict(again), "described": mark})
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        raise ZizhuError(unreadable(path, error)) from error
    if (meta.name, meta.digest) != (name, folder.name):
        raise ZizhuError(
            Problem(
                f"the description is of {meta.name}@{meta.digest}",
                str(path),
                f"{name}@{folder.name}",
                "The folder was renamed or copied by hand: commit the table again.",
            )
        )
    return meta


def unreadable(path: Path, error: Exception) -> list[Problem]:
    """What is wrong with a record that cannot be read."""
    if isinstance(error, ValidationError):
        return faults(error, str(path))
    return [
        Problem(f"cannot be read: {error}", str(path), "UTF-8 JSON", "The file is damaged: commit again.")
    ]
