"""The files of reports in a workspace: `reports/<digest>.html` and `.pdf`, the latest ones."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from zizhu.store.files import make_folder, write_atomic
from zizhu.vocab.problems import Problem, ZizhuError

FOLDER = "reports"
KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
MOST = 40
"""Files that are kept: what is older can be made again."""
_NAME = re.compile(r"[0-9a-f]{16}\.(html|pdf)")


def keep(root: Path, html: str, printed: bytes | None) -> tuple[str, ...]:
    """Write the files of a report whole or not at all; returns their names, which are those of the page's content."""
    folder, name = root / FOLDER, blake2b(html.encode(), digest_size=8).hexdigest()
    make_folder(folder)
    made = {f"{name}.html": html.encode(), **({f"{name}.pdf": printed} if printed is not None else {})}
    for file, said in made.items():
        write_atomic(folder / file, said)
    _forget(folder)
    return tuple(made)


def content(root: Path, name: str) -> bytes:
    """The bytes of a file; raises ZizhuError for one that is not here."""
    with suppress(FileNotFoundError):
        if _NAME.fullmatch(name):
            return (root / FOLDER / name).read_bytes()
    raise ZizhuError(
        Problem(f"no file {name!r}", FOLDER, "one that a job has made", "Make the report again.")
    )


def _forget(folder: Path) -> None:
    """Remove all but the latest files; another process may do so at the same time."""
    dated = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if _NAME.fullmatch(file.name):
                dated.append((file.stat().st_mtime_ns, file))
    for _, file in sorted(dated)[:-MOST]:
        file.unlink(missing_ok=True)
