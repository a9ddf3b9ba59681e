"""What a service is asked: the question as JSON, and the status of its answer said for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from zizhu.read.llm.answer import ROLES, VALUES
from zizhu.read.llm.settings import KEY, MODEL, URL, Settings
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem, ZizhuError

WHERE = "the language model"
_LETTERS = 3
"""Bytes of a token at least, for what a service does not count: an upper bound for most texts."""
_UNUSED_FORM = (400, 415, 422)
"""Statuses by which services say that they do not know a schema."""


class Answered(Protocol):
    """What a service answered; `whole` is false for a body that was cut because it is too large."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def whole(self) -> bool: ...


class Post(Protocol):
    """`zizhu.sources.net.post.post`, or what does the same: bounds, retries and the offline switch are its business."""

    def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], /
    ) -> Answered: ...


def asked(settings: Settings, post: Post, passage: str, schema: bool = True) -> tuple[Answered, bool]:
    """The answer about a passage, and whether the service knows schemas: where it does not, it is asked without.

    Raises ZizhuError where the service refuses, without a word of what it said: that may hold the key.
    """
    answer = _sent(settings, post, question(settings, passage, schema))
    if schema and answer.status in _UNUSED_FORM:
        answer, schema = _sent(settings, post, question(settings, passage, schema=False)), False
    if answer.status != 200:
        raise ZizhuError(_refusal(answer.status))
    return answer, schema


def question(settings: Settings, passage: str, schema: bool = True) -> bytes:
    """The body of a request: the same for the same passage, its text escaped inside a JSON string."""
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": prompt()},
            {"role": "user", "content": json.dumps({"passage": passage}, ensure_ascii=False)},
        ],
        "temperature": 0,
        "seed": settings.seed,
        "max_tokens": settings.answer,
    }
    if schema:
        named = {"name": "claims", "strict": True, "schema": answer_schema()}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


@cache
def prompt() -> str:
    """What the model is told, a text of the packs."""
    return pack("read/llm_prompt.txt").read_text(encoding="utf-8")


def answer_schema() -> dict[str, Any]:
    """The JSON schema of an answer: every key is there, no other is."""
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    time = _closed({"words": text, "role": {"type": "string", "enum": list(ROLES)}})
    chosen = {name: {"type": "string", "enum": list(of)} for name, of in VALUES.items()}
    names = dict.fromkeys(("subject", "speaker", "number"), maybe)
    claim = _closed({"quote": text, **chosen, **names, "times": {"type": "array", "items": time}})
    return _closed({"claims": {"type": "array", "items": claim}})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def cost(settings: Settings, passage: str) -> int:
    """Tokens that a question about a passage may take with its answer, at most by estimate."""
    return len(question(settings, passage)) // _LETTERS + settings.answer


def _sent(settings: Settings, post: Post, body: bytes) -> Answered:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    return post(settings.endpoint, body, headers, (settings.key,) if settings.key else ())


def _refusal(status: int) -> Problem:
    if status in (401, 403, 407):
        return Problem(f"the service refuses the key ({status})", WHERE, "a key that holds", f"Check {KEY}.")
    if status in (404, 405, 410):
        return Problem(
            f"no such service or model ({status})", WHERE, "chat completions", f"Check {URL} and {MODEL}."
        )
    if 300 <= status < 400:
        return Problem(
            f"the service leads elsewhere ({status}), where no key is sent",
            WHERE,
            "an answer",
            f"Set {URL} to the address that it leads to.",
        )
    return Problem(
        f"the service answers {status}",
        WHERE,
        "200, an answer",
        f"Check {MODEL} and what the service allows.",
    )
