"""What a person waits for at the workbench, in a headless Chromium: the first view, a table sorted and looked through,
the slider of what-if.

    python benchmarks/page.py [--runs 9] [--json FILE]

The browser is that of the tests, which need Chromium. A first view is timed by the page itself, from the beginning of
its navigation to the end of the first frame in which the scorecard has its rows, in a browser whose cache is switched
off; the server has answered before. The longest table of a view of the built-in data is the exposure of China by
industry; to sort and to look through it is timed from the event to the frame that shows it, as is the slider, whose
chart comes of an answer of the server that nobody has asked for before.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import load, machine, markdown, print_facts
from workbench import COUNTRY, required, row, serving

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import httpx2

from web.browser import CHROMIUM, Browser, browsing  # type: ignore[import-not-found,unused-ignore]

COLUMNS = ("what", "times", "p50", "p95", "not 200", "goal")
SCORECARD = f"#/scorecard?country={COUNTRY}"
TABLE = f"#/depend/map?country={COUNTRY}&map=table"
SLIDER = f"#/stress/whatif?country={COUNTRY}&sender=TWN&industry=C26"
SEEN = """
new MutationObserver((_, watch) => {
  if (document.querySelectorAll("tbody tr").length < 30) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.seen = performance.now())));
}).observe(document, { childList: true, subtree: true });
"""
FRAME = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
"""The end of the next frame."""
SORT = "e => e.click()"
FIND = "e => { e.value = %s; e.dispatchEvent(new Event('input', { bubbles: true })); }"


@contextmanager
def page(folder: Path) -> Iterator[Browser]:
    """A browser of a desktop's width that keeps nothing."""
    with browsing(folder / "profile") as found:
        found.size(1440)
        found.call("Network.enable")
        found.call("Network.setCacheDisabled", cacheDisabled=True)
        yield found


def first_views(browser: Browser, address: str, runs: int) -> list[float]:
    """Seconds from a navigation to a scorecard with rows."""
    browser.call("Page.addScriptToEvaluateOnNewDocument", source=SEEN)
    found = []
    for _ in range(runs + 1):
        browser.open("about:blank")
        browser.until("location.href === 'about:blank'")
        browser.open(f"{address}/{SCORECARD}")
        found.append(browser.until("window.seen") / 1e3)
    return found[1:]


def acted(browser: Browser, selector: str, act: str, until: str = "true") -> float:
    """Seconds from an event on an element to the end of the frame in which `until` is true."""
    script = f"""(async () => {{
      const begun = performance.now();
      ({act})(document.querySelector({json.dumps(selector)}));
      do await {FRAME}; while (!({until}) && performance.now() - begun < 20000);
      return performance.now() - begun;
    }})()"""
    return float(browser.run(script)) / 1e3


def tables(browser: Browser, address: str, runs: int) -> tuple[int, list[float], list[float]]:
    """Rows of the longest table, and seconds to sort it and to look through it."""
    browser.open(f"{address}/{TABLE}")
    browser.until("document.querySelectorAll('th button').length > 3")
    count = int(browser.run("document.querySelector('table').getAttribute('aria-rowcount')")) - 1
    columns = int(browser.run("document.querySelectorAll('th button').length"))
    sorts = [acted(browser, f"th:nth-child({1 + n % columns}) button", SORT) for n in range(2 * runs)]
    words = ("c26", "taiwan", "korea chem", "1", "")
    finds = [acted(browser, "input[type=search]", FIND % json.dumps(words[n % 5])) for n in range(2 * runs)]
    return count, sorts, finds


def slider(browser: Browser, address: str) -> list[float]:
    """Seconds from a step of the slider to its chart."""
    browser.open(f"{address}/{SLIDER}")
    browser.until("document.querySelector('.zizhu-figure svg')")
    found = []
    for step in range(1, 20):
        browser.run("window.before = document.querySelector('.zizhu-figure svg')")
        drawn = "document.querySelector('.zizhu-figure svg') !== window.before"
        found.append(acted(browser, "input[type=range]", FIND % json.dumps(f"{step / 20:.2f}"), drawn))
    return found


def measured(runs: int) -> tuple[list[list[str]], dict[str, Any]]:
    """The rows of the table and all that was measured."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as (_, address):
        with httpx2.Client(base_url=address, timeout=60) as client:
            for path in ("/", "/api/vocabulary", "/api/meta", f"/api/scorecard?country={COUNTRY}"):
                required(client.get(path))
        with page(Path(name)) as browser:
            views = first_views(browser, address, runs)
            count, sorts, finds = tables(browser, address, runs)
            steps = slider(browser, address)
            faults = browser.faults
    rows = [
        row("first view", views, goal="< 1 s"),
        row(f"{count:,} rows sorted", sorts, goal="< 50 ms"),
        row(f"{count:,} rows looked through", finds, goal="< 50 ms"),
        row("slider to chart", steps, goal="< 100 ms"),
    ]
    return rows, {"views": views, "sorts": sorts, "finds": finds, "steps": steps, "faults": faults}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", type=Path, help="file for all that was measured")
    asked = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit("No Chromium on this machine: install the package chromium.")
    facts = machine(("zizhu", "fastapi", "uvicorn", "polars"))
    print_facts(facts)
    rows, kept = measured(asked.runs)
    print(markdown(COLUMNS, rows))
    print(f"Errors that the page logged: {len(kept['faults'])}.")
    print(f"Load of the machine: {facts['load']} before, {load()} after.")
    if asked.json:
        asked.json.write_text(json.dumps({"machine": facts, **kept}), encoding="utf-8")


if __name__ == "__main__":
    main()
