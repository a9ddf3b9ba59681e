"""The workbench in a real browser on the real server: what each view is for, and that nothing on it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from web.axe import AXE, barriers
from web.browser import CHROMIUM, Browser, browsing
from web.served import OWN, Served, serving
from zizhu.web.pages import DIST, INDEX

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
    pytest.mark.skipif(
        not (DIST / INDEX).is_file(), reason="the page is not built: `npm ci && npm run build` in web/"
    ),
]
SAID = (
    "By 2025, domestic brands shall supply 70 percent of industrial robots sold in China. "
    "MIIT said that domestic brands reached 47 percent in 2023. <script>document.title = 'run'</script>\n"
)
PLACES = (
    "scorecard?country=CHN",
    "scorecard/T157",
    "scorecard?country=CHN&open=fact%3AT157",
    "depend/map",
    "depend/exposure",
    "depend/world",
    "depend/paths",
    "depend/flags",
    "depend/product",
    "stress/whatif?country=CHN&sender=TWN&industry=C26",
    "stress/scenario",
    "stress/runs",
    "reader",
    "reader/conflicts",
    "sources",
    "sources/catalogue?words=trade",
    "trace/fact%3AT157",
)
NO_AXE = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: `npm ci` in web/")
SETTLED = "!document.querySelector('[role=status][style], [aria-busy=true]')"
FILE = "id: first\nhorizons: [weeks]\nshoks: []\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("workbench") / "ws"
    place.mkdir()
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def page(served: Served, browser: Browser) -> Iterator[Browser]:
    """The browser in English and in the light, at the workbench; at the end nothing was logged as an error."""
    browser.faults.clear()
    browser.size(1440)
    browser.open(f"{served.client.base_url}")
    browser.until("document.querySelector('main h1')")
    browser.run("localStorage.clear()")
    yield browser
    assert browser.faults == []


def go(page: Browser, served: Served, place: str) -> None:
    page.open("about:blank")
    page.open(f"{served.client.base_url}#/{place}")
    page.until("document.querySelector('main h1')")


def test_a_reader_finds_a_target_and_opens_what_it_rests_on(page: Browser, served: Served) -> None:
    go(page, served, "scorecard?country=CHN")
    page.until("document.querySelectorAll('tbody tr').length > 30")
    page.enter("input[type=search]", "robot")
    page.until("[...document.querySelectorAll('tbody th')].every(e => /robot/i.test(e.textContent))")
    assert "words=robot" in page.run("location.hash")
    page.click("tbody a", "industrial robots")
    page.until("document.querySelector('dl') && document.querySelector('.zizhu-figure svg')")
    page.click("dd a.n")
    page.until("document.querySelector('.panel .value')")
    assert "fact%3AT0" in page.run("location.hash")
    page.press("Escape")
    page.until("!document.querySelector('.panel')")


def test_the_address_restores_the_view(page: Browser, served: Served) -> None:
    go(page, served, "scorecard?country=CHN&verdict=missed&sort=deadline")
    verdicts = "[...document.querySelectorAll('.verdict')].map(e => e.textContent.trim())"
    page.until(f"{verdicts}.length > 0 && {verdicts}.every(v => v === 'missed')")
    assert page.run("document.querySelector('select option:checked').value") == "CHN"


CARD = "document.querySelector('section.box').innerText"


def test_a_verdict_of_ones_own_stands_in_the_card_beside_that_of_the_register(
    page: Browser, served: Served
) -> None:
    """T008 on its own basis and on ownership, which is another verdict; a series that is none takes nothing away."""
    go(page, served, "scorecard/T008?country=CHN")
    page.until("document.querySelector('.zizhu-figure svg')")
    registered = page.run("document.querySelector('.verdict strong').innerText")
    page.click("details summary", "another series")
    page.enter("details form label:nth-of-type(2) select", "ownership", "change")
    page.click("details form button.main")
    page.until(f"/own reading/.test({CARD})")
    row = served.get("scorecard", country="CHN", target="T008", basis="ownership")
    at = {name: row["rows"][0][i] for i, name in enumerate(row["columns"])}
    assert page.run("document.querySelector('.verdict strong').innerText") == at["verdict"]
    assert f"The register's own verdict: {registered}" in page.run(CARD)
    assert "basis=ownership" in page.run("location.hash")
    go(page, served, "scorecard/T008?country=CHN&by=nosuch")
    page.until("/nosuch/.test(document.querySelector('.problems').innerText)")
    page.until("document.querySelector('.zizhu-figure svg')")
    assert page.run("document.querySelector('.verdict strong').innerText") == registered
    page.faults.clear()  # the browser counts a refusal as an error


COUNTED = """
[...document.querySelectorAll('main ul[aria-label] li')].map(e => Number(e.textContent.match(/\\d+/g)?.at(-1)))
"""


@pytest.mark.parametrize(
    "asked", ["all=1", "plan=MIC2025", "all=1&words=share"], ids=["all", "plan", "words"]
)
def test_the_counts_of_verdicts_add_up_to_the_rows(page: Browser, served: Served, asked: str) -> None:
    go(page, served, f"scorecard?country=CHN&{asked}")
    page.until("document.querySelector('.head [role=status]')")
    counts = page.run(COUNTED)
    shown = int(page.run("document.querySelector('.head [role=status]').textContent.match(/\\d+/)[0]"))
    assert counts
    assert sum(counts) == shown


STALLED = """
(() => { const real = fetch; window.fetch = async (address, init) => {
  const said = await real(address, init);
  if (window.stalled || !address.includes('/figure')) return said;
  window.stalled = true;
  const never = start => init.signal.addEventListener('abort', () => start.error(init.signal.reason));
  return new Response(new ReadableStream({ start: never }), { status: 200 });
}})()
"""


@pytest.mark.slow
def test_an_answer_given_up_in_the_midst_is_no_answer(page: Browser, served: Served) -> None:
    go(page, served, "depend/world?country=CHN&industry=C26")
    page.until("document.querySelector('.zizhu-figure svg')")
    page.run(STALLED)
    page.size(1000)
    page.until("window.stalled")
    page.size(1300)
    page.until(
        f"{SETTLED} && document.querySelector('.zizhu-figure svg')?.getBoundingClientRect().width > 800"
    )


def test_an_address_of_nothing_says_so(page: Browser, served: Served) -> None:
    for place in ("scorecard/T999?country=CHN", "depend/nosuch", "stress/nosuch"):
        go(page, served, place)
        page.until("/T999|nosuch/.test(document.querySelector('main .box')?.innerText)")


@pytest.mark.slow
def test_any_number_opens_down_to_the_cells(page: Browser, served: Served) -> None:
    answer = served.get("depend/exposure", buyers="CHN:C26", sources="TWN")
    ref = f"run:{answer['run']['id']}#CHN:C26|TWN,value_added_content"
    go(page, served, f"trace/{quote(ref, safe='')}")
    page.until("document.querySelectorAll('tbody tr').length > 3")
    shown = float(page.run("document.querySelector('.value').textContent").replace("%", ""))
    assert shown == pytest.approx(100 * answer["rows"][0][2], rel=0.01)
    page.click("button", "Graph")
    page.until("document.querySelectorAll('svg[role=group] a').length > 3")
    page.click("svg[role=group] a")
    page.until("!location.hash.includes('value_added_content') && document.querySelector('main code')")


@pytest.mark.slow
def test_the_heat_map_has_links_and_a_table_twin(page: Browser, served: Served) -> None:
    go(page, served, "depend/map?country=CHN&from=TWN&from=KOR")
    page.until("document.querySelectorAll('.zizhu-figure svg a[href^=\"#/trace/\"]').length > 50")
    page.click("button", "Table")
    page.until("document.querySelectorAll('tbody tr').length > 20 && location.hash.includes('map=table')")
    assert page.run("document.querySelector('tbody a.n').getAttribute('href')").startswith("#/trace/run%3A")


@pytest.mark.slow
def test_the_world_map_opens_a_country_and_becomes_flows_and_a_table(page: Browser, served: Served) -> None:
    go(page, served, "depend/world?country=CHN&industry=C26")
    marks = "document.querySelectorAll('.zizhu-figure svg a[href^=\"#/trace/\"]')"
    page.until(f"{marks}.length === 80")
    label = page.run(f"[...{marks}].map(a => a.getAttribute('aria-label')).find(l => l.startsWith('Taiwan'))")
    answer = served.get("depend/exposure", buyers="CHN:C26")
    content = {row[1]: row[answer["columns"].index("value_added_content")] for row in answer["rows"]}
    assert float(label.removeprefix("Taiwan: ").removesuffix(" %")) == pytest.approx(
        100 * content["TWN"], abs=0.05
    )
    fetched = "performance.getEntriesByType('resource').filter(r => r.name.endsWith('/api/outlines')).length"
    assert page.run(fetched) >= 1
    page.click("button", "Flows")
    page.until(f"{marks}.length === 15 && location.hash.includes('as=flows')")
    svg = page.run("[...document.querySelectorAll('.exports a')].find(a => a.textContent === 'SVG').href")
    assert "China" in served.client.get(svg).text
    page.run(f"{marks}[0].dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true}}))")
    page.until("document.querySelector('.panel .value')")
    page.press("Escape")
    page.click("button", "Table")
    page.until("document.querySelectorAll('tbody tr').length > 70")
    go(page, served, "depend/world?country=DEU&side=out&as=flows")
    page.until(f"{marks}.length === 15 && /Where the output of Germany ends/.test(document.body.innerText)")
    go(page, served, "depend/world?country=DEU&as=flows")
    page.until("/Where the value in Germany comes from/.test(document.body.innerText)")
    page.run(
        "(s => { s.value = 'JPN'; s.dispatchEvent(new Event('change', {bubbles: true})) })"
        "([...document.querySelectorAll('main label')].find(l => /middle/.test(l.textContent)).querySelector('select'))"
    )
    page.until(
        f"{marks}.length === 15 && /Where the value in Japan comes from/.test(document.body.innerText)"
    )
    assert "country=DEU" in page.run("location.hash")
    assert "hub=JPN" in page.run("location.hash")


@pytest.mark.slow
def test_the_product_space_is_refused_and_then_drawn_with_rings(page: Browser, served: Served) -> None:
    go(page, served, "depend/space?country=CHN")
    page.until("/of the products of HS1992/.test(document.querySelector('main').innerText)")
    page.faults.clear()  # the browser counts a refusal as an error
    page.click("input[type=checkbox]")
    page.until("document.querySelectorAll('.zizhu-figure svg a[href^=\"#/trace/\"]').length > 30")
    assert "insist=1" in page.run("location.hash")
    answer = served.get("depend/product-space", country="CHN", insist=True)
    rca = [row[answer["columns"].index("rca")] for row in answer["rows"]]
    ringed = (
        "[...document.querySelectorAll('.zizhu-figure a')].filter(a => /RCA of/.test(a.ariaLabel)).length"
    )
    assert page.run(ringed) == sum(v >= 1 for v in rca)
    page.enter("form select", "6", "change")
    page.until(
        "location.hash.includes('level=6') && /51 products/.test(document.querySelector('main').innerText)"
    )


@pytest.mark.slow
def test_the_partners_in_a_product_are_on_the_map(page: Browser, served: Served) -> None:
    go(page, served, "depend/product?country=CHN&product=284690")
    page.until("document.querySelectorAll('.zizhu-figure svg').length === 3")
    page.until("/Imports of China/.test(document.body.innerText)")


@pytest.mark.slow
def test_the_heat_map_says_which_measure_it_shows(page: Browser, served: Served) -> None:
    go(page, served, "depend/map?country=CHN")
    page.until("/Hidden exposure/.test(document.querySelector('.exhibit h2').textContent)")
    page.click("button", "Face value")
    page.until("/Face-value exposure/.test(document.querySelector('.exhibit h2').textContent)")
    assert "of=face" in page.run("location.hash")
    page.until("document.querySelector('.zizhu-figure svg a[href*=face_value]')")


@pytest.mark.slow
def test_a_product_shows_its_suppliers_over_the_years(page: Browser, served: Served) -> None:
    go(page, served, "depend/flags?country=CHN")
    page.click("tbody th a")
    page.until("document.querySelectorAll('.zizhu-figure svg').length === 3")
    page.until("/Suppliers over the years/.test(document.body.innerText)")


@pytest.mark.slow
def test_a_long_table_is_looked_through_and_sorted(page: Browser, served: Served) -> None:
    go(page, served, "depend/map?country=CHN&map=table")
    count = "Number(document.querySelector('table').getAttribute('aria-rowcount')) - 1"
    every = page.until(count)
    page.enter("input[type=search]", "  taiwan C26 ")
    page.until(f"/^\\d+ of {every} rows$/.test(document.querySelector('p[role=status]').innerText)")
    found = page.run(count)
    assert 0 < found < every / 20
    assert page.run("[...document.querySelectorAll('tbody tr')].every(r => r.innerText.includes('Taiwan'))")
    page.enter("input[type=search]", "taiwan")
    page.until(f"{count} > {found}")
    page.click("th.num button")
    page.until("document.querySelector('th[aria-sort=descending]')")
    first = page.run(
        "[...document.querySelectorAll('tbody tr:not([aria-hidden])')].map(r => r.querySelector('.num').innerText)"
    )
    shown = [float(said.removesuffix("%").strip()) for said in first if said.endswith("%")]
    assert len(shown) > 5
    assert shown == sorted(shown, reverse=True)
    page.enter("input[type=search]", "nowhere")
    page.until(f"{count} === 0")


@pytest.mark.slow
def test_a_cut_is_redrawn_as_the_slider_moves(page: Browser, served: Served) -> None:
    go(page, served, "stress/whatif?country=CHN&sender=TWN&industry=C26")
    drawn = "document.querySelector('.zizhu-figure svg')?.textContent"
    whole = page.until(drawn)
    page.enter("input[type=range]", "0.5")
    page.until(f"{drawn} !== {whole!r} && location.hash.includes('cut=0.5')")


@pytest.mark.slow
def test_a_scenario_is_checked_run_and_cancelled(page: Browser, served: Served) -> None:
    go(page, served, f"stress/scenario?yaml={quote(FILE)}")
    page.until("/shoks/.test(document.querySelector('#checked').innerText)")
    assert page.run("document.querySelector('button.main').disabled")
    page.enter("select:not(header select)", "2022-10-07.USA.export_control.1", "change")
    page.click("main form button", "Draft")
    page.until("/sound/.test(document.querySelector('#checked').innerText)")
    page.click("button.main", "Run")
    page.until("document.querySelector('section [role=status]')")
    page.click("section button", "Cancel")
    page.until("/cancelled/.test(document.querySelector('section [role=status]').innerText)")


@pytest.mark.slow
def test_a_document_that_is_uploaded_is_listed_when_it_is_read(
    page: Browser, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "uploaded.txt"
    file.write_text(SAID)
    go(page, served, "reader")
    page.choose("input[type=file]", file)
    page.click("button.main")
    page.until("/· done/.test(document.querySelector('section.box [role=status]').parentElement.innerText)")
    page.until("/uploaded.txt/.test(document.querySelector('.list').innerText)")
    opened = page.run("document.querySelector('section.box a').getAttribute('href')")
    assert opened.startswith("#/reader/")
    assert page.run("document.querySelector('progress')") is None


def test_a_document_is_text_and_reviewed_by_keyboard(page: Browser, served: Served) -> None:
    begun = served.client.post(
        "/api/documents", params={"name": "said.txt"}, content=SAID.encode(), headers=OWN
    ).json()
    go(page, served, "reader")
    page.until(f"fetch('/api/jobs/{begun['id']}').then(r => r.json()).then(j => j.state === 'done')")
    go(page, served, "reader")
    page.click(".list a", "said.txt")
    page.until("document.querySelector('.text').textContent.includes('<script>document.title')")
    assert page.run("document.title").startswith("Reader")
    page.run("document.activeElement.blur()")
    page.press("a")
    page.until("/reviewed: accepted/.test(document.querySelector('.side').innerText)")
    before = page.run("document.querySelector('.side h2').innerText")
    page.press("j")
    page.until(f"document.querySelector('.side h2').innerText !== {before!r}")
    page.press("e")
    page.until("document.querySelector('.side form select')")
    assert page.run("document.querySelector('.side form button').disabled")
    page.enter(".side form label:nth-of-type(1) select", "forecast", "change")
    page.click(".side form button")
    page.until("/Corrected: Kind = forecast$/m.test(document.querySelector('.side').innerText)")


@pytest.mark.slow
@NO_AXE
def test_who_disagrees_stands_side_by_side(page: Browser, served: Served) -> None:
    for name, share in (("ministry.txt", 47), ("press.txt", 31)):
        text = (
            f"Domestic brands supplied {share} percent of industrial robots sold in China in 2023, it said.\n"
        )
        begun = served.client.post(
            "/api/documents", params={"name": name}, content=text.encode(), headers=OWN
        )
        asked = f"fetch('/api/jobs/{begun.json()['id']}').then(r => r.json()).then(j => j.state === 'done')"
        page.until(asked)
    go(page, served, "reader/conflicts?relation=contradicts")
    sides = page.until("[...document.querySelectorAll('ol .side')].map(e => e.innerText)")
    assert any("47 percent" in side for side in sides)
    assert any("31 percent" in side for side in sides)
    assert barriers(page) == []
    page.click(".side a", "press.txt")
    page.until(
        "document.querySelector('.side h2') && document.querySelector('.text').textContent.includes('31 percent')"
    )


@pytest.mark.slow
def test_tables_and_sources_are_listed_and_audited(page: Browser, served: Served) -> None:
    go(page, served, "sources")
    page.click("button", "Check this table")
    page.until("document.querySelectorAll('section h3 + div li, section h3 ~ div li').length > 0")
    go(page, served, "sources/catalogue?words=trade")
    page.until("document.querySelectorAll('section.box').length > 0")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")], ids=["en", "zh"])
def test_nothing_is_wider_than_the_window(
    page: Browser, served: Served, width: int, language: str, theme: str
) -> None:
    seen_by(page, language, theme)
    page.size(width)
    for place in (
        "scorecard?country=CHN",
        "scorecard/T157",
        "depend/world",
        "depend/exposure",
        "stress/scenario",
        "sources",
    ):
        go(page, served, place)
        page.until(SETTLED)
        assert page.run("document.documentElement.scrollWidth") <= width, place
        assert page.run("document.documentElement.dataset.theme") == theme
    assert page.run("document.documentElement.lang").startswith(language)


def test_the_keyboard_reaches_the_content(page: Browser, served: Served) -> None:
    go(page, served, "scorecard?country=CHN")
    page.press("Tab")
    assert page.run("document.activeElement.className").startswith("skip")
    page.press("Enter")
    page.until("document.activeElement.id === 'main'")
    page.press("2")
    page.until("location.hash.startsWith('#/depend')")


def seen_by(page: Browser, language: str, theme: str) -> None:
    """Choose as a reader has chosen before."""
    page.run(
        f"localStorage.setItem('zizhu.language', '{language}'); localStorage.setItem('zizhu.theme', '{theme}')"
    )


@pytest.mark.slow
@NO_AXE
def test_nobody_is_kept_from_the_first_view(page: Browser, served: Served) -> None:
    go(page, served, PLACES[0])
    page.until("document.querySelectorAll('tbody tr').length > 30")
    assert barriers(page) == []


@NO_AXE
def test_a_barrier_is_found(page: Browser, served: Served) -> None:
    go(page, served, "stress/runs")
    page.run("document.querySelector('main').append(document.createElement('input'))")
    assert any(said.startswith("label at ") for said in barriers(page))


@NO_AXE
@pytest.mark.slow
@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nobody_is_kept_from_any_view(
    page: Browser, served: Served, language: str, theme: str, width: int
) -> None:
    seen_by(page, language, theme)
    page.size(width)
    found = {}
    for place in PLACES:
        go(page, served, place)
        page.until(SETTLED)
        found[place] = barriers(page)
    assert page.run("document.documentElement.dataset.theme") == theme
    assert {place: said for place, said in found.items() if said} == {}
