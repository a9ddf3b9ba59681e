"""An answer of a service, read as what it is: bytes from somewhere else.

One JSON object, small, flat and without keys that were not asked for. What is wrong with the whole makes it a Fault;
what is wrong with one claim makes that claim an Unsound, and the others stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from zizhu.ledger.claims import ClaimKind, Modality, Polarity, Role

ROLES: tuple[str, ...] = get_args(Role)
VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"kind": get_args(ClaimKind), "modality": get_args(Modality), "polarity": get_args(Polarity)}
)
MOST = 200
"""Claims of an answer; no passage holds more."""
MOST_TIMES = 8
LONGEST = 1000
"""Characters of a text in an answer."""
_NAMES = ("subject", "speaker", "number")
_KEYS = frozenset(("quote", *VALUES, *_NAMES, "times"))
_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)


class Fault(Exception):
    """An answer that cannot be used at all, and why."""


@dataclass(frozen=True)
class Said:
    """A claim as the model states it: all of it words, and none of them believed."""

    quote: str
    kind: str
    modality: str
    polarity: str
    subject: str
    speaker: str
    number: str
    times: tuple[tuple[str, str], ...]
    """Words and role."""


@dataclass(frozen=True)
class Unsound:
    """An item of an answer that is no claim: its quote, as far as it has one, and what is wrong."""

    quote: str
    why: str


@dataclass(frozen=True)
class Answer:
    """The items of an answer in order, and the tokens that the service counted; 0 where it did not."""

    items: tuple[Said | Unsound, ...]
    tokens: int


def parsed(body: bytes) -> Answer:
    """The answer in the body of a completion. Raises Fault for what is none."""
    outer = _object(_loaded(body.decode("utf-8", "replace"), "the answer"), "the answer")
    inner = _object(_loaded(_content(outer), "the message"), "the message")
    if set(inner) != {"claims"} or not isinstance(inner["claims"], list):
        raise Fault("the message is no object with the one key 'claims'")
    if len(inner["claims"]) > MOST:
        raise Fault(f"more than {MOST} claims of one passage")
    return Answer(tuple(_item(item) for item in inner["claims"]), _counted(outer))


def _content(outer: Mapping[str, Any]) -> str:
    """The text of the first choice."""
    choices = outer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        raise Fault("there is no message in the answer")
    content = message.get("content")
    if not isinstance(content, str):
        called = message.get("tool_calls") or message.get("function_call")
        raise Fault("the message calls a tool" if called else "the message has no text")
    if first.get("finish_reason") == "length":
        raise Fault("the message was cut because it is too long")
    fenced = _FENCED.fullmatch(content.strip())
    return fenced[1] if fenced else content


def _loaded(text: str, what: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        plain = "is nested too deep" if isinstance(error, RecursionError) else "holds what is no plain JSON"
        kind = "is no JSON" if isinstance(error, json.JSONDecodeError) else plain
        raise Fault(f"{what} {kind}") from None


def _no_number(said: str) -> None:
    raise ValueError(said)


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for key, value in pairs:
        if key in held:
            raise ValueError("a key stands twice")
        held[key] = value
    return held


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Fault(f"{what} is no object")
    return value


def _counted(outer: Mapping[str, Any]) -> int:
    usage = outer.get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and total > 0 else 0


def _item(item: Any) -> Said | Unsound:
    quote = item.get("quote") if isinstance(item, dict) else None
    shown = quote[:LONGEST] if isinstance(quote, str) else ""
    why = next(_faults(item), "")
    if why:
        return Unsound(shown, why)
    times = tuple((time["words"], time["role"]) for time in item["times"])
    return Said(**{name: item[name] or "" for name in _KEYS - {"times"}}, times=times)


def _faults(item: Any) -> Iterator[str]:
    """What is wrong with an item; the first is enough to refuse it."""
    if not isinstance(item, dict):
        yield "no object"
        return
    if item.keys() != _KEYS:
        yield from (f"the key {key[:40]!r} was not asked for" for key in sorted(item.keys() - _KEYS))
        yield from (f"no {key}" for key in sorted(_KEYS - item.keys()))
        return
    yield from (f"{name} is none that exists" for name, known in VALUES.items() if item[name] not in known)
    texts = [("quote", item["quote"]), *((name, item[name]) for name in _NAMES if item[name] is not None)]
    yield from (f"{name} is no text" for name, value in texts if not _text(value))
    times = item["times"]
    if not isinstance(times, list) or len(times) > MOST_TIMES or not all(map(_is_time, times)):
        yield "times are none"


def _is_time(time: Any) -> bool:
    known = isinstance(time, dict) and time.keys() == {"words", "role"}
    return known and _text(time["words"]) and time["role"] in ROLES


def _text(value: Any) -> bool:
    """Whether a value is a text of usual length that can be written."""
    return isinstance(value, str) and len(value) <= LONGEST and value == _sound(value)


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
