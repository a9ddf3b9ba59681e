"""Which service is asked, and how much at most: from the environment, off where that names none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from zizhu.vocab.problems import Problem, ZizhuError

URL, MODEL, KEY = "ZIZHU_LLM_URL", "ZIZHU_LLM_MODEL", "ZIZHU_LLM_KEY"
WINDOWS, TOKENS = "ZIZHU_LLM_WINDOWS", "ZIZHU_LLM_TOKENS"
_ENDING = "/chat/completions"
_LONGEST = 9
"""Digits of a limit."""


@dataclass(frozen=True)
class Settings:
    """A service that speaks chat completions, and the bounds of what it is asked.

    `window` characters of a document go into one question, the last `lead` sentences of the question before among
    them. A document of more than `windows` questions is refused before the first; `tokens` end a run of documents.
    An answer may have `answer` tokens.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    windows: int = 200
    tokens: int = 2_000_000
    window: int = 6000
    lead: int = 2
    answer: int = 4096
    seed: int = 0

    @property
    def endpoint(self) -> str:
        """Where questions are sent: the base address with `/chat/completions`, unless it ends so."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        path = path if path.endswith(_ENDING) else path + _ENDING
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def settings(environ: Mapping[str, str]) -> Settings | None:
    """What the environment says; None where it names no service. Raises ZizhuError with all faults at once.

    ZIZHU_LLM_URL is the base address (`http://localhost:8000/v1`), ZIZHU_LLM_MODEL the model, ZIZHU_LLM_KEY the key
    if one is needed; ZIZHU_LLM_WINDOWS and ZIZHU_LLM_TOKENS bound the questions of a document and the tokens of a run.
    """
    said = {name: environ.get(name, "").strip() for name in (URL, MODEL, KEY, WINDOWS, TOKENS)}
    if not said[URL]:
        return None
    if problems := list(_faults(said)):
        raise ZizhuError(problems)
    return Settings(
        url=said[URL],
        model=said[MODEL],
        key=said[KEY],
        windows=int(said[WINDOWS] or Settings.windows),
        tokens=int(said[TOKENS] or Settings.tokens),
    )


def _faults(said: Mapping[str, str]) -> Iterator[Problem]:
    # no fault repeats what is said: an address may hold a password, and a key may stand in the wrong place
    if not _is_address(said[URL]):
        yield Problem("no address of a service", URL, "https://host/v1", "Correct it; a key goes into " + KEY)
    if not said[MODEL] or not said[MODEL].isprintable():
        yield Problem("no model is named", MODEL, "a model of the service", "Set it.")
    if not (said[KEY].isascii() and said[KEY].isprintable() and " " not in said[KEY]):
        yield Problem("no key", KEY, "letters, digits and marks without blanks", "Copy it again.")
    for name in (WINDOWS, TOKENS):
        if said[name] and not (
            said[name].isdecimal() and 0 < len(said[name]) <= _LONGEST and int(said[name])
        ):
            yield Problem("no limit", name, "a whole number from 1", "Correct it, or leave it out.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return web and "@" not in parts.netloc and url.isprintable() and " " not in url
