"""The language of a text by its script and its function words: no model, rows of `packs/read/language_words.csv`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from zizhu.vocab.packfiles import rows

SAMPLE = 20_000
"""Characters that are looked at, from the beginning."""
LEAST = 0.08
"""Share of function words in a text of whole sentences; lists of names have fewer."""
AHEAD = 1.15
"""How many times the function words of the second language the first must have."""
KANA = 0.05
"""Share of kana in the characters of a Japanese text; Chinese quotes hardly have any."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "words": re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u1e00-\u1eff]+"),
}
UNKNOWN = "und"


def language_of(text: str) -> str:
    """`en`, `zh` or another ISO 639-1 code; `und` where neither script nor words tell.

    A character of Chinese counts as much as a word of a script with blanks.

    >>> language_of("The plan was published in May and is to end with the decade."), language_of("该规划于五月发布。")
    ('en', 'zh')
    """
    sample = text[:SAMPLE]
    seen = {name: len(script.findall(sample)) for name, script in _SCRIPTS.items()}
    most = max(seen, key=lambda name: seen[name])
    if not seen[most]:
        return UNKNOWN
    if most == "words":
        return _by_words(sample)
    if most in ("han", "kana"):
        return "ja" if seen["kana"] > KANA * (seen["han"] + seen["kana"]) else "zh"
    return most


def _by_words(text: str) -> str:
    words = [w.casefold() for w in _WORD.findall(text)]
    votes = Counter(language for word in words for language in _languages().get(word, ()))
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < LEAST * len(words):
        return UNKNOWN
    if len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]:
        return UNKNOWN
    return ranked[0][0]


@cache
def _languages() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows("read/language_words.csv"):
        found.setdefault(row["word"], []).append(row["language"])
    return {word: tuple(languages) for word, languages in found.items()}
