"""A report put together, ordered, made and taken home in a real browser; previews that leave no run behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from web.browser import CHROMIUM, Browser, browsing
from web.served import Served, serving
from zizhu.web.pages import DIST, INDEX

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
    pytest.mark.skipif(
        not (DIST / INDEX).is_file(), reason="the page is not built: `npm ci && npm run build` in web/"
    ),
]
HOSTILE = "Mine <img src=x onerror=alert(1)>"
SENT = '{"title":"Theirs","views":[{"exhibit":"judged"},{"exhibit":"hidden"}]}'
DRAWN = "document.querySelector('.zizhu-figure svg')"
ADDED = "[...document.querySelectorAll('.exhibit button')].some(b => b.textContent === 'In the report')"
VIEWS = "[...document.querySelectorAll('main ol li p')].map(p => p.textContent.split(':')[0])"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports") / "ws"


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    place.mkdir()
    with serving(place) as one:
        yield one


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile") as browser:
        browser.size(1440)
        yield browser
        assert browser.faults == []


def go(page: Browser, served: Served, where: str) -> None:
    page.open("about:blank")
    page.open(f"{served.client.base_url}#/{where}")
    page.until("document.querySelector('main h1')")


def test_views_are_added_ordered_and_made_into_one_file(page: Browser, served: Served) -> None:
    for where in ("scorecard/T101", "stress/whatif?country=CHN&sender=TWN&industry=C26"):
        go(page, served, where)
        page.until(DRAWN)
        page.click(".exhibit button", "Add to report")
        page.until(ADDED)
    go(page, served, "report?country=CHN")
    page.until(f"{VIEWS}.length === 2")
    assert page.run(VIEWS) == ["track.course", "stress.what_if"]
    page.click("main ol li:first-child button", "↓")
    page.until(f"{VIEWS}[0] === 'stress.what_if'")
    page.enter("main form input", HOSTILE)
    address = page.run("location.href")
    page.click("button.main", "Make the report")
    name = page.until("document.querySelector('section a[download]')?.getAttribute('href')", 90)
    made = served.client.get(name)
    assert "<title>Mine &lt;img src=x onerror=alert(1)&gt;</title>" in made.text
    titles = re.findall(r"<h2><span class=\"letter\">(\w)</span> ([^<]*)</h2>", made.text)
    assert [letter for letter, _ in titles] == ["a", "b"]
    assert titles[0][1].startswith("Both sides of a cut")
    page.run("localStorage.clear()")  # the address alone restores the report
    page.open("about:blank")
    page.open(address)
    page.until(f"{VIEWS}.length === 2 && document.querySelector('main form input').value")
    assert page.run("document.querySelector('main form input').value") == HOSTILE
    page.click("main ol li:first-child button", "×")
    page.until(f"{VIEWS}.length === 1")


def test_a_report_that_somebody_sent_leaves_ones_own_as_it_is(page: Browser, served: Served) -> None:
    kept = "JSON.parse(localStorage.getItem('zizhu.report')).views.length"
    go(page, served, "report?country=DEU")
    page.click("button", "Start from: the brief (Germany)")
    page.until("document.querySelectorAll('main ol li input').length === 9")
    assert not page.run("document.querySelector('main p.box')")
    go(page, served, f"report?report={quote(SENT)}")
    page.until(
        f"/with 9 views/.test(document.querySelector('main p.box')?.innerText) && {VIEWS}.length === 2"
    )
    page.click("main ol li:first-child button", "×")
    page.until(f"{VIEWS}.length === 1")
    assert page.run(kept) == 9
    page.click("main p.box button", "Back to mine")
    page.until("document.querySelectorAll('main ol li input').length === 9")
    assert not page.run("document.querySelector('main p.box')")
    go(page, served, f"report?report={quote(SENT)}")
    page.click("main p.box button", "Keep as mine")
    page.until("!document.querySelector('main p.box')")
    assert page.run(kept) == 2


def test_the_brief_is_where_a_report_may_begin(page: Browser, served: Served) -> None:
    go(page, served, "report?country=DEU")
    page.click("button", "Start from: the brief (Germany)")
    page.until("document.querySelectorAll('main ol li input').length === 9")
    assert page.run("document.querySelectorAll('main ol li input')[3].placeholder") == "Hidden exposure"


def test_a_report_of_a_hostile_address_is_text_and_asked_only_on_demand(
    page: Browser, served: Served
) -> None:
    go(
        page,
        served,
        "report?report=%7B%22title%22%3A5%2C%22views%22%3A%5B1%2Cnull%2C%7B%22verb%22%3A%22%3Cb%3E%22%7D%5D%7D",
    )
    page.until(f"{VIEWS}.length === 1")
    assert page.run("document.querySelector('main ol b')") is None
    page.click("button.main", "Make the report")
    page.until("/unknown verb/.test(document.querySelector('[role=alert]').innerText)")
    page.faults.clear()  # the refusal, which the browser logs


def test_the_slider_leaves_no_run_behind_until_one_is_kept(
    page: Browser, served: Served, place: Path
) -> None:
    go(page, served, "stress/whatif?country=CHN&sender=KOR&industry=C26")
    before = len(list((place / "runs").glob("*.json")))
    shown = page.until(f"{DRAWN}?.textContent")
    for cut in ("0.5", "0.45", "0.4"):
        page.enter("input[type=range]", cut)
        shown = page.until(f"(t => t !== {shown!r} && t)({DRAWN}?.textContent)")
    page.click(".zizhu-figure a")
    page.until("document.querySelector('.panel .value')")
    assert len(list((place / "runs").glob("*.json"))) == before
    page.click(".exhibit button", "Keep this run")
    page.until("[...document.querySelectorAll('.exhibit button')].some(b => b.textContent === 'Run kept')")
    assert len(list((place / "runs").glob("*.json"))) == before + 1


THREE = """id: three
title: Graphite stops
horizons: [weeks, quarters, years]
length: 4 weeks
draws: 0
shocks:
  - {name: stop, kind: export_ban, sender: CHN, receiver: WLD, share: 0.5, products: ["250410"]}
"""


def test_three_horizons_of_a_scenario_stand_on_one_chart(page: Browser, served: Served) -> None:
    go(page, served, f"stress/scenario?yaml={quote(THREE)}")
    page.until("/sound/.test(document.querySelector('#checked').innerText)")
    page.click("button.main", "Run")
    page.until("/done|failed/.test(document.querySelector('section [role=status]').innerText)", 240)
    drawn = page.until("document.querySelector('.zizhu-figure svg')?.textContent", 60)
    assert [drawn.count(f"{horizon}") for horizon in ("Weeks:", "Quarters,", "Years:")] == [1, 2, 1]
    assert page.run("document.querySelectorAll('.zizhu-figure a[href^=\"#/trace/run\"]').length") > 8
    page.click(".exhibit button", "Table")
    page.until("document.querySelectorAll('.exhibit tbody tr').length > 20")
