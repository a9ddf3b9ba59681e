"""The extractor that asks a language model: passage by passage, within what it may cost, and nothing believed.

Registered as `llm`. The same document, model and settings ask the same questions, in the same order, at temperature 0
and with a fixed seed; whether the service answers the same is its affair, so answers can be kept by their question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field

from zizhu.read.llm.answer import Answer, Fault, Unsound, parsed
from zizhu.read.llm.asking import WHERE, Post, answer_schema, asked, cost, prompt, question
from zizhu.read.llm.grounding import Grounds
from zizhu.read.llm.settings import TOKENS, WINDOWS, Settings
from zizhu.read.llm.windows import windows
from zizhu.read.model import Candidate, Context, Document, Span
from zizhu.vocab.problems import CannotAnswer, Problem

NAME, VERSION = "llm", "1"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Skipped:
    """A passage of which nothing could be used: the document, the passage, and why."""

    document: str
    passage: Span
    why: str


@dataclass
class Model:
    """An extractor that asks a service; it is not used unless it is named.

    `tell` has the passages that are answered and all of them; what it raises ends the reading. `kept` holds answers by
    the hash of their question, so that none is paid twice. `skipped` and `tokens` tell what came of it.
    """

    settings: Settings
    post: Post = field(repr=False)
    tell: Tell | None = None
    kept: MutableMapping[str, bytes] = field(default_factory=dict, repr=False)
    skipped: list[Skipped] = field(default_factory=list)
    tokens: int = 0
    schema: bool = True
    """Whether the service takes a schema, as far as is known."""
    name: str = NAME
    version: str = VERSION

    @property
    def model(self) -> str:
        """The model, as claims record it."""
        return self.settings.model

    @property
    def config_hash(self) -> str:
        """The beginning of the SHA-256 of all that a question depends on beside passage and model."""
        s = self.settings
        said = [prompt(), answer_schema(), s.window, s.lead, s.answer, s.seed]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def extract(self, document: Document, context: Context) -> Iterator[Candidate]:
        """The candidates of a document in the order of its passages, each once; one for a passage that is skipped.

        Raises CannotAnswer before the first question for a document with too many passages, and where the tokens of
        the run are spent or none of the answers can be used; ZizhuError where the service cannot be asked.
        """
        cut = windows(document.text, self.settings.window, self.settings.lead)
        passages = [p for p in cut if document.text[slice(*p)].strip()]
        self._check(document, passages)
        grounds, seen, faults = Grounds(document, context), set[str](), 0
        for done, passage in enumerate(passages):
            self._told(done, len(passages))
            try:
                answer = self._answer(document, passage)
            except Fault as fault:
                faults += 1
                self.skipped.append(Skipped(document.name, passage, str(fault)))
                yield grounds.unread(passage, f"a passage without an answer: {fault}")
                continue
            for said in answer.items:
                candidate = grounds.candidate(said, passage)
                # what is no claim is counted as often as it comes
                if (key := repr(candidate)) not in seen or isinstance(said, Unsound):
                    seen.add(key)
                    yield candidate
        self._told(len(passages), len(passages))
        if faults and faults == len(passages):
            raise CannotAnswer(_useless(document, self.skipped[-1].why))

    def _check(self, document: Document, passages: Sequence[Span]) -> None:
        if len(passages) > self.settings.windows:
            raise CannotAnswer(
                Problem(
                    f"{len(passages):,} questions about one document",
                    document.name,
                    f"at most {self.settings.windows:,}",
                    f"Read a part of it, or set {WINDOWS}.",
                )
            )

    def _answer(self, document: Document, passage: Span) -> Answer:
        text = document.text[slice(*passage)]
        about = [self.settings.endpoint, question(self.settings, text).decode()]
        key = hashlib.sha256(json.dumps(about).encode()).hexdigest()
        if key in self.kept:
            return parsed(self.kept[key])
        expected = cost(self.settings, text)
        if self.tokens + expected > self.settings.tokens:
            raise CannotAnswer(_spent(document, self.tokens, self.settings.tokens))
        self.tokens += expected
        body, counted = self._asked(text), 0
        try:
            answer = parsed(body)
            counted = answer.tokens
        finally:
            # what the service counts, or what it may have been where it counts nothing
            self.tokens += (counted - expected) if counted else 0
        self.kept[key] = body
        return answer

    def _asked(self, text: str) -> bytes:
        answer, self.schema = asked(self.settings, self.post, text, self.schema)
        if not answer.whole:
            raise Fault("the answer is too large")
        return answer.body

    def _told(self, done: int, of: int) -> None:
        if self.tell is not None:
            self.tell(done, of)


def extractor(
    settings: Settings,
    post: Post,
    *,
    tell: Tell | None = None,
    kept: MutableMapping[str, bytes] | None = None,
) -> Model:
    """The extractor `llm` for a service that `post` asks; `kept` holds answers between runs, see `Model`."""
    return Model(settings, post, tell, {} if kept is None else kept)


def _useless(document: Document, why: str) -> Problem:
    return Problem(
        f"none of its answers can be used: {why}",
        f"{WHERE}, {document.name}",
        "JSON as asked for",
        "Try another model, or read it by rules.",
    )


def _spent(document: Document, spent: int, of: int) -> Problem:
    return Problem(
        f"{spent:,} of {of:,} tokens are spent",
        f"{WHERE}, {document.name}",
        "room for the next question",
        f"Set {TOKENS}, or read fewer documents.",
    )
