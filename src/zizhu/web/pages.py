"""The built front end: its files, found once; an address never leads to any other file."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

DIST = Path(__file__).parent / "dist"
INDEX = "index.html"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
"""Names that the build gives to files by their content."""
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
ABSENT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>zizhu</title>
<h1>The page of the workbench is not built</h1>
<p>The server runs, and all that it can be asked is at <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<p>Install zizhu from a wheel, which has the page in it, or build it in a checkout: <code>npm ci &amp;&amp; npm run
build</code> in <code>web/</code>.</p>
</html>
"""


@dataclass(frozen=True)
class File:
    """A file of the front end with its compressed siblings, by encoding."""

    content: bytes
    kind: str
    cache: str
    small: Mapping[str, bytes]

    @property
    def tag(self) -> str:
        """What changes whenever the content does."""
        return f'"{hashlib.blake2b(self.content, digest_size=12).hexdigest()}"'


@dataclass(frozen=True)
class Pages:
    """The files of a built front end by their addresses; none where it is not built."""

    files: Mapping[str, File]

    @classmethod
    def of(cls, folder: Path = DIST) -> Pages:
        """What is in a folder of a build."""
        found = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".br", ".gz"))
        files = {p.relative_to(folder).as_posix(): _file(p) for p in found}
        return cls(files if INDEX in files else {})

    def at(self, path: str, request: Request) -> Response | None:
        """The file at an address, compressed where the browser reads that; None where there is none."""
        if not self.files and not path:
            return Response(ABSENT, 503, media_type="text/html; charset=utf-8")
        file = self.files.get(path or INDEX)
        if file is None:
            return None
        headers = {"Cache-Control": file.cache, "ETag": file.tag, "Vary": "Accept-Encoding"}
        if file.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        reads = {
            part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")
        }
        for encoding, content in file.small.items():
            if encoding in reads:
                return Response(
                    content, headers=headers | {"Content-Encoding": encoding}, media_type=file.kind
                )
        return Response(file.content, headers=headers, media_type=file.kind)


def _file(path: Path) -> File:
    small = {
        encoding: sibling.read_bytes()
        for encoding, ending in ENCODINGS
        if (sibling := path.with_name(path.name + ending)).is_file()
    }
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return File(
        path.read_bytes(),
        f"{kind}; charset=utf-8" if text else kind,
        FOREVER if HASHED.search(path.name) and path.name != INDEX else "no-cache",
        small,
    )
