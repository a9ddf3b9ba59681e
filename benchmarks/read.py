"""Reading: pages a second of one core through the whole chain and its parts, memory, and the command on few documents.

    python benchmarks/read.py [--pages 60] [--runs 5]

Generated English and Chinese text, a page being 3,000 characters: `prose` has a number in every fourth sentence,
`dense` in every one. Parts: `documents` (bytes to a layer), `numbers and dates`, and `chain` (the built-in rules and
the gate, numbers and dates within). `memory` is the peak of a process that reads one text of 5,000 sentences with a
number each, and how much of it came with the text. One thread; a warm-up is not counted. Busy is the share of the time
spent on a processor: below 100 % the pages a second are lower bounds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import start_up
from common import emit, isolated, load, machine, markdown, peak_rss_mib, print_facts, timed

PAGE = 3000
GOAL = 100
NUMBERS = 5_000
SENTENCE = "Output of plant {n} in Kenya rose by {n} tonnes in 2020. "
COLUMNS = ("text", "claims a page", "part", "pages/s", "pages/s of CPU", "busy", "goal")
NUMBERED = {
    "en": (
        "Output of {thing} in {place} rose by {n} percent in {year}.",
        "The ministry of {place} aims to open {n} {thing} plants by {year}.",
        "Exports of {thing} reached {n}.4 million tonnes last year.",
    ),
    "zh": (
        "{year}年{place}{thing}产量增长{n}%。",
        "{place}计划到{year}年建成{n}家{thing}工厂。",
        "{thing}出口额达到{n}亿元。",
    ),
}
PLAIN = {
    "en": (
        "The officials who met in the capital spoke for a long time about what the coming years may bring.",
        "Nobody in {place} expects that the makers of {thing} will soon agree with those who buy from them.",
        "The roads, the ports and the schools of the province are part of the same story, as critics say.",
    ),
    "zh": (
        "与会官员就今后几年的发展方向进行了长时间的讨论，并听取了各方面的意见。",
        "{place}的{thing}企业与下游客户之间的关系仍然需要进一步改善和协调。",
        "该地区的道路、港口和学校建设是同一项工作的组成部分，有关方面对此表示关注。",
    ),
}
THINGS = {"en": ("copper", "tractors", "solar cells", "cement"), "zh": ("铜", "拖拉机", "太阳能电池", "水泥")}
PLACES = {"en": ("Kenya", "Peru", "Chile", "Vietnam"), "zh": ("肯尼亚", "秘鲁", "智利", "越南")}


def text(language: str, density: float, pages: int) -> str:
    """So many pages, `density` of their sentences with a number; the same in every run."""
    draw, made, length = Random(0), [], 0
    while length < pages * PAGE:
        forms = NUMBERED if draw.random() < density else PLAIN
        sentence = draw.choice(forms[language]).format(
            thing=draw.choice(THINGS[language]),
            place=draw.choice(PLACES[language]),
            n=draw.randint(2, 90),
            year=draw.randint(2001, 2035),
        )
        ending = "\n\n" if draw.random() < 0.2 else " " if language == "en" else ""
        made.append(sentence + ending)
        length += len(made[-1])
    return "".join(made)


def parts(language: str, density: float, pages: int, runs: int) -> None:
    """Seconds of every part, as one JSON line."""
    from zizhu.read.dates import dates
    from zizhu.read.documents.opened import opened
    from zizhu.read.extractors import fitting
    from zizhu.read.quantities import numbers
    from zizhu.read.reading import claims_of

    data = text(language, density, pages).encode()
    document = opened(data, "made.txt", language=language, published="2025-06-01")
    chain, again = fitting(document), count(1)
    calls: dict[str, Any] = {
        "documents": lambda: opened(data, "made.txt"),
        "numbers and dates": lambda: (
            numbers(document.text + " " * next(again), language),  # another text: what is read is remembered
            dates(document.text, "2025-06-01", language),
        ),
        "chain": lambda: claims_of(document, chain),
    }
    found = {}
    for name, call in calls.items():
        call()
        made, time = timed(call, runs)
        found[name] = {"wall": time.median, "cpu": time.cpu}
    emit(parts=found, claims=len(made.claims) / pages, pages=len(document.text) / PAGE)


def rows(name: str, found: dict[str, Any]) -> list[list[str]]:
    """The lines of one text."""
    return [
        [
            name,
            f"{found['claims']:.0f}",
            part,
            f"{found['pages'] / time['wall']:,.0f}",
            f"{found['pages'] / time['cpu']:,.0f}",
            f"{time['cpu'] / time['wall']:.0%}",
            f">= {GOAL}" if part == "chain" else "",
        ]
        for part, time in found["parts"].items()
    ]


def _sentences(count: int) -> str:
    """So many sentences, each another: one that comes often is read at its first places only."""
    return "".join(SENTENCE.format(n=n) for n in range(2, count + 2))


def memory() -> None:
    """Peak MiB of a process that reads a text with many numbers, before it and after it, as one JSON line."""
    from zizhu.read.documents.opened import from_text
    from zizhu.read.extractors import fitting
    from zizhu.read.reading import claims_of

    few, many = (from_text(_sentences(n), language="en", published="2025-06-01") for n in (1, NUMBERS))
    claims_of(few, fitting(few))
    before = peak_rss_mib()
    made = claims_of(many, fitting(many))
    emit(before=before, after=peak_rss_mib(), claims=len(made.claims))


def remembered() -> str:
    """The line on memory."""
    found = isolated(Path(__file__), ["memory"], threads=1)
    each = (found["after"] - found["before"]) * 1024 / found["claims"]
    told = f"{found['claims']:,} claims with a number in one text: peak {found['after']:,.0f} MiB"
    return f"{told}, {each:.1f} KiB a claim."


def command(runs: int) -> str:
    """Wall and CPU seconds of `zizhu read` on five documents of four pages in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        for i in range(5):
            (Path(name) / f"{i}.txt").write_text(text("en", 0.25, 4)[i:], encoding="utf-8")
        sample, _ = start_up.repeated((start_up.ZIZHU, "read", name, "--dry-run"), runs)
    spent = (sample.cpu or 0) / len(sample.runs)
    took = f"{sample.median:.2f} s, {spent:.2f} s of CPU, busy {sample.busy or 0:.0%} (goal < 2 s)"
    return f"`zizhu read`, five documents of four pages: {took}."


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    print_facts(machine(("zizhu", "pydantic")))
    table = []
    for language in NUMBERED:
        for name, density in (("prose", 0.25), ("dense", 1.0)):
            arguments = ["parts", language, str(density), str(asked.pages), str(asked.runs)]
            table += rows(f"{name}, {language}", isolated(Path(__file__), arguments, threads=1))
    print(markdown(COLUMNS, table))
    print(remembered())
    print(command(asked.runs))
    print(f"Load of the machine after: {load()}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["parts"]:
        parts(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    elif sys.argv[1:2] == ["memory"]:
        memory()
    else:
        main()
