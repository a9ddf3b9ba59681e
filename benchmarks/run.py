"""Speed and memory of zizhu as ratios against a peer or the machine: `make bench`, two to four minutes.

    python benchmarks/run.py [--runs 5] [--only static,pymrio,commands] [--json FILE]

Every side of a comparison runs in a process of its own, with one thread; reading the table has all cores, as a user
has. Shown are medians of `--runs` runs after
a warm-up, sides in turn where both take long. It reports and does not judge: it exits 0 whatever it finds.
docs/benchmarks.md says what each line measures.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import start_up
from common import isolated, load, machine, markdown, print_facts, timed
from report import COLUMNS, Row, Sample, merged, write_json

STATIC, PEER = (Path(__file__).with_name(name) for name in ("table_static.py", "peer_pymrio.py"))
PACKAGES = ("zizhu", "numpy", "scipy", "polars", "pymrio", "pandas")
CORES = os.cpu_count() or 1
Found = tuple[list[Row], list[str]]
"""Rows of the table and notes under it."""
Phases = dict[str, float]


def case(name: str, runs: int, threads: int = 1) -> dict[str, Any]:
    """One case of table_static.py."""
    return isolated(STATIC, [name, str(runs)], threads)


def in_turn(names: tuple[str, str], runs: int, threads: int = 1, rounds: int = 2) -> list[Sample]:
    """Two cases by turns, so that a busy minute of the machine falls on both."""
    each = -(-runs // rounds)
    found = [{name: case(name, each, threads)[name] for name in names} for _ in range(rounds)]
    return [merged(f[name] for f in found) for name in names]


def static(runs: int) -> Found:
    """Reading, factoring, content and a cut of the full input-output table."""
    loaded, decoded = in_turn(("load", "read"), runs, CORES)
    factored, lapack = in_turn(("factor", "getrf"), runs)
    solved, held, anew = (case(name, runs) for name in ("solved", "held", "anew"))
    product, again = merged([case("product", runs)["product"]]), merged([anew["anew"]])
    update, answer = "cut from the LU: the update", "cut from the LU: all of what_if.solve"
    rows = [
        Row("table read and checked, warm", loaded, "s", "< 0.15 s", decoded, "read_parquet alone"),
        *fresh(runs),
        Row("LU, I - A made on the way", factored, "s", "ratio <= 1.3", lapack, "LAPACK getrf alone"),
        Row(
            "content, 80 sources x 4,000",
            merged([solved["content"]]),
            "ms",
            "< 200 ms",
            product,
            "dgemm of the same operations",
        ),
        Row(update, merged([solved["cut"]]), "ms", "< 100 ms", again, "factored anew"),
        Row(answer, merged([solved["what_if"]]), "ms", "", again, "factored anew"),
        Row("cut, inverse held: the update", merged([held["cut"]]), "ms", "< 5 ms"),
        Row("cut, inverse held: all of what_if.solve", merged([held["what_if"]]), "ms"),
    ]
    return rows, [f"The update differs from the table factored anew by {anew['difference']:.1e} at most."]


def fresh(runs: int) -> list[Row]:
    """Reading the table first thing in a process, with and without the start of Python and the imports."""
    made = [timed(lambda: case("load-fresh", 1, CORES), 1) for _ in range(runs + 1)][1:]
    reading = merged(found["load"] for found, _ in made)
    whole = Sample(tuple(timing.first for _, timing in made))
    return [
        Row("table read and checked, first in a process", reading, "s", "< 0.15 s"),
        Row("the same from the start of Python", whole, "s"),
    ]


def pymrio(runs: int) -> Found:
    """The contents of all buyers by us and by pymrio."""
    ours, theirs, difference = both_sides(runs)

    def compared(what: str, unit: str, goal: str, *keys: str) -> Row:
        return Row(what, summed(ours, keys), unit, goal, summed(theirs, keys), "pymrio")

    rows = [
        compared("contents: whole process", "s", "ratio <= 0.20", "whole"),
        compared("contents: frames and calculation", "s", "ratio <= 0.20", "frames", "calculation"),
        compared("contents: calculation alone", "s", "ratio <= 0.20", "calculation"),
        compared("contents: peak memory", "MiB", "ratio <= 0.50", "peak"),
    ]
    notes = [f"The contents differ by {difference:.1e} at most."]
    notes += [f"Seconds in {side}: {phases(found)}." for side, found in (("ours", ours), ("pymrio", theirs))]
    return rows, notes


def both_sides(runs: int) -> tuple[list[Phases], list[Phases], float]:
    """The runs of both sides, made in turn after a first pair that is not counted, and how far they differ."""
    found: dict[str, list[Phases]] = {"ours": [], "pymrio": []}
    with tempfile.TemporaryDirectory() as folder:
        isolated(PEER, ["export", folder], threads=1)
        for _ in range(runs + 1):
            for side, reports in found.items():
                reports.append(one_side(side, folder))
        difference = float(isolated(PEER, ["difference", folder], threads=1)["difference"])
    return found["ours"][1:], found["pymrio"][1:], difference


def one_side(side: str, folder: str) -> Phases:
    """What one process reports of itself, and its time as a whole."""
    report, timing = timed(lambda: isolated(PEER, [side, folder], threads=1), 1)
    return {**report, "whole": timing.first}


def summed(found: list[Phases], keys: tuple[str, ...]) -> Sample:
    """The sum of some phases in every run."""
    runs = tuple(sum(run[key] for key in keys) for run in found)
    cpu = [run[f"{key} cpu"] for run in found for key in keys if f"{key} cpu" in run]
    return Sample(runs, sum(cpu) if cpu else None)


def phases(found: list[Phases]) -> str:
    names = ("imports", "read", "frames", "calculation")
    return ", ".join(f"{name} {summed(found, (name,)).median:.2f}" for name in names)


def commands(runs: int) -> Found:
    """Start-up and the demonstration, as a user runs them."""
    bare, _ = start_up.repeated(start_up.BARE, runs)
    imported, _ = start_up.repeated(start_up.IMPORT, runs)
    rows = [Row("import zizhu", imported, "ms", "< 300 ms", bare, "bare Python")]
    shown, _ = start_up.repeated((start_up.ZIZHU, "--help"), runs)
    rows.append(Row("zizhu --help", shown, "ms", "", bare, "bare Python"))
    try:
        demo, peak = start_up.repeated((start_up.ZIZHU, "demo"), runs)
    except RuntimeError as error:
        return rows, [f"zizhu demo failed: {error}"]
    rows += [
        Row("zizhu demo, second run", demo, "s", "< 10 s"),
        Row("zizhu demo: peak memory", peak, "MiB", "< 1,536 MiB"),
    ]
    return rows, []


SECTIONS: dict[str, Callable[[int], Found]] = {"static": static, "pymrio": pymrio, "commands": commands}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="runs of every case after its warm-up")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--json", type=Path, help="file for JSON lines")
    asked = parser.parse_args()
    if unknown := set(asked.only.split(",")) - SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return asked


def prepare(folder: Path) -> None:
    """Give the processes an empty workspace and compiled modules, which a first run leaves for the next."""
    os.environ["ZIZHU_WORKSPACE"] = str(folder / "workspace")
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def main() -> None:
    asked = arguments()
    facts = machine(PACKAGES)
    print_facts(facts)
    rows: list[Row] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        for name in asked.only.split(","):
            before = load()
            try:
                made, said = SECTIONS[name](asked.runs)
            except RuntimeError as error:
                made, said = [], [f"{name} failed: {error}"]
            rows += made
            notes += [*said, f"Load of the machine during {name}: {before} before, {load()} after."]
    print(markdown(COLUMNS, [row.cells() for row in rows]))
    print("\n".join(notes))
    if asked.json:
        write_json(asked.json, facts, rows, notes)


if __name__ == "__main__":
    main()
