"""JSON that is written once and sent often: its bytes, compressed too, under a tag of their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

SMALL = 1024
"""Bytes below which compression is not worth its header."""
LEVEL = 5


@dataclass(frozen=True)
class Written:
    """A body. NaN and infinity are null."""

    plain: bytes

    @classmethod
    def of(cls, content: Any) -> Written:
        """The JSON of plain data and records."""
        return cls(to_json(content, inf_nan_mode="null"))

    @cached_property
    def tag(self) -> str:
        """What changes whenever the content does."""
        return f'"{hashlib.blake2b(self.plain, digest_size=12).hexdigest()}"'

    @cached_property
    def small(self) -> bytes:
        """Compressed."""
        return gzip.compress(self.plain, LEVEL, mtime=0)

    def to(self, request: Request) -> Response:
        """The response: nothing where the browser has it, compressed where it reads that."""
        kept = {"ETag": self.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=kept)
        if len(self.plain) > SMALL and "gzip" in request.headers.get("accept-encoding", ""):
            kept["Content-Encoding"] = "gzip"
            return Response(self.small, headers=kept, media_type="application/json")
        return Response(self.plain, headers=kept, media_type="application/json")
