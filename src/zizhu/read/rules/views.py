"""Judgements: what a plan has come to, and whom a success is owed to, where no other rule makes a claim of a sentence.

A sentence judges a plan if a phrase of stance.csv stands in it and the plan is named, or meant by a definite noun (`the
initiative`, `its underlying programmes`). It gives credit if words of success, of credit and of an actor stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from zizhu.read.model import Candidate
from zizhu.read.rules.fields import Voice, filled
from zizhu.read.rules.indicators import of_clause
from zizhu.read.rules.kinds import Judged
from zizhu.read.rules.lexicon import Entry, Mark, Trie, forms, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.subjects import Topic
from zizhu.vocab.packfiles import rows

_OF_PLANS = ("course", "effect")
_CREDIT = ("success", "credit", "actor")
_DEFINITE = frozenset(("the", "its", "this", "these", "those", "their", "such", "both"))
_REACH = 3
"""Tokens between a noun and the word that makes it definite, at most."""
_ENDS = ".?!。？！”\"'"


def views(read: Reading, topic: Topic, voice: Voice) -> Iterator[Candidate]:
    """The judgement of a sentence, as one claim: its first phrase that judges."""
    found = _judging().marks(read.tokens)
    mark = _of_plan(read, found) or _of_credit(found)
    if mark is None or read.tokens[-1].text not in _ENDS or read.tokens[-1].text in "?？":
        return
    whole: Range = (0, len(read.tokens))
    judged = Judged("attribution", "kind.view", mark)
    made = filled(read, read.span(whole), whole, judged, mark.first, topic, voice, None)
    if made.plans or made.geography:
        indicator, named_by = of_clause(read, whole, judged)
        rules = {**made.rules, "indicator": named_by} if named_by else made.rules
        yield replace(made, indicator=indicator, rules=rules)


def _of_plan(read: Reading, found: Sequence[Mark]) -> Mark | None:
    phrases = [m for m in found if m.tag == "stance"]
    if phrases and (read.named("plan") or read.tagged("plan_noun") or _definite_plan(read)):
        return phrases[0]
    return None


def _definite_plan(read: Reading) -> bool:
    """Whether a noun such as `programme` or `initiatives` is made definite by a word shortly before it."""
    heads = words_tagged("plan_head")
    for at, token in enumerate(read.tokens):
        before = read.tokens[max(0, at - _REACH) : at]
        noun = token.word in heads or token.word.removesuffix("s") in heads
        if noun and any(t.word in _DEFINITE for t in before) and all(t.word.isalnum() for t in before):
            return True
    return False


def _of_credit(found: Sequence[Mark]) -> Mark | None:
    """The words of credit, where those of a success and, behind them, of one that it is owed to stand as well."""
    for credit in (m for m in found if m.tag == "credit"):
        owed = any(m.tag == "actor" and m.first >= credit.last for m in found)
        if owed and any(m.tag == "success" for m in found):
            return credit
    return None


@cache
def _judging() -> Trie:
    """Phrases that take a stance on a plan, and words of success, of credit and of actors."""
    stances = ({**r, "tag": "stance"} for r in rows("read/stance.csv") if r["axis"] in _OF_PLANS)
    words = (r for r in rows("read/link_words.csv") if r["tag"] in _CREDIT)
    trie = Trie()
    for row in chain(stances, words):
        for phrase in forms(row["phrase"], row["pos"], row["forms"]):
            trie.add(phrase, Entry(row["tag"], row.get("value", "")))
    return trie
