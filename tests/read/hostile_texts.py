"""Texts that nobody would write: words of the lexicons, digits, signs and oddities of Unicode in any order.

    python tests/read/hostile_texts.py --inputs 1000000 [--seed 0]
    python tests/read/hostile_texts.py --repeat 300 [--seed 0]

The first reads so many short ones through numbers, dates, sentences and the gate and names each that raises or takes a
second. The second repeats so many fragments to 20,000 and to 200,000 characters, reads both by the whole chain of
rules, and names each whose time grows with more than the length, and the slowest.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from random import Random

from zizhu.ledger.claims import Extractor
from zizhu.read.dates import dates
from zizhu.read.documents.opened import from_text
from zizhu.read.extractors import fitting
from zizhu.read.gate.admit import admitted
from zizhu.read.model import Candidate, Context, TimeOf
from zizhu.read.quantities import numbers
from zizhu.read.reading import claims_of
from zizhu.read.rules.sentences import sentences
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import ZizhuError

say = partial(print, flush=True)
LIMIT = 1.0
"""Seconds of CPU for one short text."""
LENGTHS = (20_000, 200_000)
GROWTH, LEAST = 25, 0.05
"""Times the time of a text a tenth as long, from which it is no longer linear, and seconds below which none is."""
ANCHOR = "2025-06-01"
LISTS = {
    "read/number_words.csv": "word",
    "read/calendar.csv": "word",
    "read/classifiers.csv": "word",
    "read/cues.csv": "phrase",
    "read/relations.csv": "phrase",
    "read/sector_words.csv": "phrase",
    "read/places.csv": "phrase",
    "read/plan_periods.csv": "name",
    "vocab/unit_words.csv": "word",
    "vocab/scale_words.csv": "word",
}
SIGNS = (
    *"0123456789０１２５٣५𝟓½①⁶²Ⅳ〇一二三五十百千万亿两半",
    *"%％‰°$€£¥₹.,;:!?()[]{}<>&/\\|#@+-–—−~～*=_^'\"“”‘’«»《》「」、。，；：！？（）·⁄",
    *("\u00ad", "\u200b", "\u200f", "\u202e", "\u202c", "\u2066", "\ufeff", "\u0301", "\u0336", "\ufe0f", "\u20e3"),
    *("\u00a0", "\u2009", "\u202f", "\u3000", "\u2028", "\x85", "\x1c", "\t", "\n", "\n\n", "\r\n", " "),
    *("é", "ß", "İ", "ǅ", "ﬁ", "Σ", "Ω", "و", "ש", "한", "か", "𠀀", "😀", "\ufffd", "\u2fff"),
    *("1,000", "2.5", "1 234", "1.234,5", "2020", "2025-10-28", "1999/2000", "24/7", "5G", "C919", "F-35", "U.S."),
    *("第", "年", "月", "日", "的", "到", "至", "多", "余", "前", "位", "分之", "百分之", "十四五", "期间"),
    *("Plan", "Act", "No.", "Section", "firms", "tonnes", "http://a", "10.1234/", "said", "according to", "not", "by"),
)  # fmt: skip


@cache
def parts() -> tuple[str, ...]:
    """The words of the lexicons, and as many signs."""
    words = sorted({row[column] for name, column in LISTS.items() for row in rows(name)})
    return (*words, *(SIGNS[i % len(SIGNS)] for i in range(len(words))))


def assembled(draw: Random) -> str:
    """A short text of up to thirty parts."""
    between = draw.choice(("", "", " ", " ", "\n", ", "))
    return between.join(draw.choice(parts()) for _ in range(draw.randint(1, 30)))


def repeated(draw: Random, length: int) -> str:
    """A text of one fragment again and again."""
    fragment = draw.choice(("", " ", "\n")).join(draw.choice(parts()) for _ in range(draw.randint(1, 4)))
    fragment = fragment if fragment.strip() else f"{fragment}a"
    return (fragment * (length // len(fragment) + 1))[:length]


def through_the_gate(text: str) -> None:
    """Every number as a candidate, as it is and altered: the first passes or is refused, the second never passes."""
    try:
        document = from_text(text, language="en", published=ANCHOR)
    except ZizhuError:
        return
    by, context = Extractor(name="hostile", version="1"), Context(ANCHOR)
    whens = tuple(TimeOf(when, "observation") for when in dates(text, ANCHOR)[:2])
    for number in numbers(text, "en")[:4]:
        quote = text[max(number.span.start - 20, 0) : number.span.end + 20]
        said = Candidate(quote, "actual", "achieved", number=number, times=whens)
        admitted(document, [said, replace(said, start=max(number.span.start - 20, 0))], by, context)
        value = None if number.value is None else number.value * 2 + 1
        other = replace(number, value=value, low=None if number.low is None else number.low * 2 + 1)
        exact = replace(
            said, quote=text[slice(*number.span)], start=number.span.start, number=other, times=()
        )
        alike = [n for n in numbers(text, "en", number.span) if (n.value, n.low) == (other.value, other.low)]
        assert alike or not admitted(document, [exact], by, context).claims, "an altered number was accepted"


STEPS: dict[str, Callable[[str], object]] = {
    "numbers": lambda text: numbers(text, "en"),
    "dates": lambda text: dates(text, ANCHOR),
    "sentences": lambda text: list(sentences(text)),
    "gate": through_the_gate,
}


def failures(text: str) -> list[str]:
    """The steps that raise something else than ZizhuError or take too long, in words."""
    found = []
    for name, step in STEPS.items():
        begun = time.process_time()
        try:
            step(text)
        except ZizhuError:
            pass
        except Exception as error:
            found.append(f"{name}: {type(error).__name__}: {error}")
        if (took := time.process_time() - begun) > LIMIT:
            found.append(f"{name}: {took:.1f} s")
    return found


def growth(fragments: int, draw: Random) -> None:
    """Say which fragments take long out of proportion where they are repeated, and the slowest."""
    worst = (0.0, "")
    for _ in range(fragments):
        seed = draw.randrange(1 << 30)
        short, long = (_seconds(repeated(Random(seed), length)) for length in LENGTHS)
        worst = max(worst, (long, repeated(Random(seed), 60)))
        if long > GROWTH * max(short, LEAST):
            say(f"{short:.2f} s, then {long:.2f} s: {repeated(Random(seed), 60)!r}")
    say(f"{fragments} fragments, the slowest took {worst[0]:.2f} s: {worst[1]!r}")


def _seconds(text: str) -> float:
    """Seconds of CPU of the whole chain."""
    language = "zh" if sum("\u3400" <= c <= "\u9fff" for c in text) * 2 > len(text) else "en"
    document = from_text(text, language=language, published=ANCHOR)
    begun = time.process_time()
    claims_of(document, fitting(document))
    return time.process_time() - begun


def main() -> None:
    """Read so many texts and say what failed."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--inputs", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--repeat", type=int, default=0)
    given = asked.parse_args()
    draw, bad, worst = Random(given.seed), 0, (0.0, "")
    if given.repeat:
        growth(given.repeat, draw)
        return
    for done in range(1, given.inputs + 1):
        text = assembled(draw)
        begun = time.process_time()
        found = failures(text)
        worst = max(worst, (time.process_time() - begun, text))
        bad += bool(found)
        if found:
            say(found, repr(text))
        if done % 50_000 == 0 or done == given.inputs:
            say(f"{done:,} texts, {bad} failed, the slowest took {worst[0]:.3f} s: {worst[1]!r:.200}")


if __name__ == "__main__":
    main()
