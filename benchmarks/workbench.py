"""The workbench over loopback: its start, twenty users at once, the slider of what-if, the weight of its page.

    python benchmarks/workbench.py [--runs 5] [--users 20] [--rounds 20] [--json FILE]

`zizhu serve` runs as a user's would, in a workspace of its own; who asks is another process, as a browser is, and no
part of the time is spent on thinking. A start is timed from the start of the process, in the order in which the page
asks: itself, the vocabulary beside what the workbench is, the scorecard. Users go around the addresses below, each on
a connection of its own and with a beginning of its own; every address is asked before, and its status checked then and
ever after. The slider has its twenty steps, each asked for the first time. Any answer but a 200 is counted and named.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

import start_up
from common import emit, isolated, load, machine, markdown, print_facts

COUNTRY, TARGET = "CHN", "T157"
SCORECARD = f"/api/scorecard?country={COUNTRY}"
EXPOSURE = f"/api/depend/exposure?buyers={COUNTRY}&each_industry=true"
WHAT_IF = "/api/stress/what-if?sender=TWN:C26&width=720"
STEPS = tuple(f"{n / 20:.2f}" for n in range(1, 21))
"""Where the slider stops."""
LONGEST = 60.0
COLUMNS = ("what", "answers", "p50", "p95", "not 200", "goal")
GOAL_WEIGHT, GOAL_START = "< 450 kB", "< 2 s"


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`zizhu serve` in `folder` with its address, from the line in which it says it; ended by SIGTERM."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    process = subprocess.Popen(
        (start_up.ZIZHU, "serve", "--port", "0"),
        cwd=folder,
        env=kept | {"ZIZHU_WORKSPACE": str(folder / "workspace")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = re.search(r"http://\S+", process.stdout.readline())
        if said is None:
            raise RuntimeError("zizhu serve did not start; its reason is above")
        yield process, said[0]
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def started() -> None:
    """Seconds from the start of a server to what the page asks, in its order, as one JSON line."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as both:
        begun = time.perf_counter()
        with (
            serving(Path(name)) as (process, address),
            httpx2.Client(base_url=address, timeout=LONGEST) as page,
        ):
            found = {"listening": time.perf_counter() - begun}
            for what, paths in {
                "page": ("/",),
                "vocabulary": ("/api/vocabulary", "/api/meta"),
                "scorecard": (SCORECARD,),
            }.items():
                list(both.map(lambda path: required(page.get(path)), paths))
                found[what] = time.perf_counter() - begun
            process.terminate()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
    emit(**found, cpu=usage.ru_utime + usage.ru_stime)


def required(answer: httpx2.Response) -> httpx2.Response:
    """An answer that is a 200; raises RuntimeError with what was said in its place."""
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:200]}")
    return answer


def addresses(client: httpx2.Client) -> dict[str, str]:
    """What users look at, by name; each was answered once, and is at hand from then on."""
    shown = required(client.get(EXPOSURE)).json()
    run = shown["run"]["id"]
    place = "|".join(shown["rows"][0][shown["columns"].index(column)] for column in shown["key"])
    found = {
        "page": "/",
        "meta": "/api/meta",
        "scorecard": SCORECARD,
        "target": f"/api/targets/{TARGET}",
        "course of a target": f"/api/course?target={TARGET}",
        "exposure, each industry": EXPOSURE,
        "figure of it": f"/api/runs/{run}/figure?width=720",
        "trace of a number of it": f"/api/trace?ref={quote(f'run:{run}#{place},hidden', safe='')}",
        "outlines of countries": "/api/outlines",
    }
    for path in found.values():
        required(client.get(path))
    return found


def users(address: str, count: int, rounds: int) -> None:
    """Seconds and statuses by address of so many users at once, each `rounds` times around, as one JSON line."""
    with httpx2.Client(base_url=address, timeout=LONGEST) as client:
        paths = addresses(client)
    begun, spent = time.perf_counter(), time.process_time()
    said = asyncio.run(_together(address, list(paths.items()), count, rounds))
    took = time.perf_counter() - begun
    emit(said=said, seconds=took, busy=(time.process_time() - spent) / took)


async def _together(
    address: str, paths: list[tuple[str, str]], count: int, rounds: int
) -> list[tuple[str, str, float]]:
    async def user(number: int) -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=LONGEST) as client:
            for n in range(rounds * len(paths)):
                name, path = paths[(number + n) % len(paths)]
                said.append((name, *await _asked(client, path)))

    said: list[tuple[str, str, float]] = []
    await asyncio.gather(*map(user, range(count)))
    return said


async def _asked(client: httpx2.AsyncClient, path: str) -> tuple[str, float]:
    """The status of an answer, or the name of what came in its place, and the seconds to its last byte."""
    begun = time.perf_counter()
    try:
        status = str((await client.get(path)).status_code)
    except httpx2.HTTPError as error:
        status = type(error).__name__
    return status, time.perf_counter() - begun


def slid(address: str) -> None:
    """Seconds of every step of the slider, and of one answer before that factors the table, as one JSON line."""
    with httpx2.Client(base_url=address, timeout=LONGEST) as client:
        seconds = []
        for receiver, cut in (("USA", "1.00"), *((COUNTRY, step) for step in STEPS)):
            begun = time.perf_counter()
            required(client.get(f"{WHAT_IF}&receiver={receiver}&cut={cut}"))
            seconds.append(time.perf_counter() - begun)
    emit(first=seconds[0], seconds=seconds[1:])


def weight() -> list[list[str]]:
    """The scripts and styles as they are sent compressed by gzip, or as they are where that is not kept, in kB."""
    from zizhu.web.pages import Pages

    sent = {
        path: len(file.small.get("gzip", file.content))
        for path, file in Pages.of().files.items()
        if path.endswith((".js", ".css"))
    }
    largest = max(sent, key=lambda path: sent[path])
    rest = sum(sent.values()) - sent[largest]
    return [
        ["scripts and styles, gz", str(len(sent)), f"{sum(sent.values()) / 1e3:.0f} kB", "", "", GOAL_WEIGHT],
        [f"of these all but {Path(largest).name.partition('-')[0]}", "", f"{rest / 1e3:.0f} kB", "", "", ""],
    ]


def row(what: str, seconds: list[float], bad: int = 0, goal: str = "") -> list[str]:
    """A line of the table; p95 where there are twenty answers or more."""
    p95 = f"{statistics.quantiles(seconds, n=20)[-1] * 1e3:,.0f} ms" if len(seconds) >= 20 else ""
    return [what, str(len(seconds)), f"{statistics.median(seconds) * 1e3:,.0f} ms", p95, str(bad), goal]


def starts(runs: int) -> tuple[list[list[str]], list[str], Any]:
    """Starts after one that is not counted, which leaves compiled modules."""
    found = [isolated(__file__, ["started"], os.cpu_count() or 1) for _ in range(runs + 1)][1:]
    named = {"listening": "", "page": GOAL_START, "vocabulary": "", "scorecard": GOAL_START}
    rows = [row(f"start to {what}", [f[what] for f in found], goal=goal) for what, goal in named.items()]
    spent = statistics.median(f["cpu"] for f in found)
    ends = sorted(f["scorecard"] for f in found)
    told = f"Start to scorecard: {ends[0]:.2f} to {ends[-1]:.2f} s; {spent:.2f} s of CPU in the server."
    return rows, [told], found


def views(address: str, count: int, rounds: int) -> tuple[list[list[str]], list[str], Any]:
    """Users at once, all addresses together and each."""
    found = isolated(__file__, ["users", address, str(count), str(rounds)], 1)
    said = found["said"]
    names = list(dict.fromkeys(name for name, _, _ in said))
    parts = {f"{count} users at once": said, **{name: [s for s in said if s[0] == name] for name in names}}
    rows = [row(what, [s[2] for s in of], sum(s[1] != "200" for s in of)) for what, of in parts.items()]
    bad = Counter((name, status) for name, status, _ in said if status != "200")
    rate, share = len(said) / found["seconds"], found["busy"]
    notes = [f"{count} users: {rate:.0f} answers a second; the process that asks took {share:.0%} of a core."]
    return (
        rows,
        notes + [f"Not 200: {name}, {status}, {n} times." for (name, status), n in bad.items()],
        found,
    )


def slider(address: str) -> tuple[list[list[str]], list[str], Any]:
    """The slider of what-if."""
    found = isolated(__file__, ["slid", address], 1)
    told = f"What-if: {found['first']:.2f} s for the first of all, in which the table is read and factored."
    return [row("what-if, a step of the slider", found["seconds"])], [told], found


def measured(runs: int, count: int, rounds: int) -> tuple[list[list[str]], list[str], dict[str, Any]]:
    """All rows, what is said under them, and all that was measured."""
    rows, notes = weight(), list[str]()
    kept: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(name) / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        parts = {"starts": starts(runs)}
        with serving(Path(name)) as (_, address):
            parts["slider"] = slider(address)  # first, so that the table is not there yet
            parts["views"] = views(address, count, rounds)
    for part, (made, said, found) in parts.items():
        rows, notes, kept[part] = rows + made, notes + said, found
    return rows, notes, kept


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="starts after the one that is not counted")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=20, help="times that a user goes around all addresses")
    parser.add_argument("--json", type=Path, help="file for all that was measured")
    asked = parser.parse_args()
    facts = machine(("zizhu", "fastapi", "uvicorn", "polars"))
    print_facts(facts)
    rows, notes, kept = measured(asked.runs, asked.users, asked.rounds)
    print(markdown(COLUMNS, rows))
    print("\n".join([*notes, f"Load of the machine: {facts['load']} before, {load()} after."]))
    if asked.json:
        asked.json.write_text(json.dumps({"machine": facts, **kept}), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["started"]:
        started()
    elif sys.argv[1:2] == ["users"]:
        users(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["slid"]:
        slid(sys.argv[2])
    else:
        main()
