"""The brief of China: right numbers, every number a link, self-contained; in a real browser it fits and prints."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from zizhu.ledger import register
from zizhu.show.brief.model import Number, plain
from zizhu.show.brief.page import page
from zizhu.show.brief.text import data, markdown
from zizhu.show.brief.write import Brief
from zizhu.show.brief.write import write as written
from zizhu.show.report.model import presets
from zizhu.store import Workspace
from zizhu.tables.load import load_trade
from zizhu.vocab import products

AS_OF = "2026-11-21"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"
)

# Opens the brief in a frame of a given width and writes down what a reader would stumble over.
PROBE = """<!doctype html><meta charset="utf-8">
<iframe id="f" src="brief.html{hash}" style="width:{width}px;height:900px;border:0"></iframe>
<pre id="out">waiting</pre><script>
const frame = document.getElementById("f");
frame.onload = () => {{
  const w = frame.contentWindow, d = w.document, box = e => e.getBoundingClientRect();
  const drawn = [...d.querySelectorAll("figure svg")].filter(s => box(s).width > 0);
  const said = [...d.querySelectorAll("p, li, td, h1, h2, figcaption")].filter(e => e.getClientRects().length);
  const target = d.querySelector(":target");
  document.getElementById("out").textContent = [
    "fetched " + w.performance.getEntriesByType("resource").length,
    "overflow " + Math.max(0, d.scrollingElement.scrollWidth - {width}),
    "drawings " + drawn.length,
    "widest " + Math.ceil(Math.max(...drawn.map(s => box(s).right))),
    "cut " + said.filter(e => e.scrollWidth > e.clientWidth + 1).length,
    "target " + (target ? target.id : "none"),
  ].join("; ");
}};
</script>"""


def write(ws: Workspace, country: str, as_of: str, partners: tuple[str, ...] = ()) -> Brief:
    return written(ws, presets()["brief"].about(country=country, as_of=as_of, partners=partners))


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return write(Workspace(tmp_path_factory.mktemp("ws")), "CHN", AS_OF)


@pytest.fixture(scope="module")
def html(china: Brief) -> str:
    return page(china)


class Page(HTMLParser):
    """Collects ids, links and anything that would fetch or run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetching: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "xlink:href"):
                self.links.append(value or "")
            elif name in ("src", "srcset", "data", "action", "poster") or name.startswith("on"):
                self.fetching.append(f"{tag} {name}={value}")
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.fetching.append(tag)


def sentence(brief: Brief, letter: str) -> str:
    return plain(next(e.sentence for e in brief.exhibits if e.letter == letter))


def test_the_nine_exhibits_stand_in_order(china: Brief) -> None:
    assert [e.letter for e in china.exhibits] == list("abcdefghi")
    assert all(plain(e.sentence).endswith(".") for e in china.exhibits)


def test_the_main_sentences_are_right(china: Brief) -> None:
    assert "All 19 manufacturing industries of China exceed the 70 % that MIC2025 promises" in sentence(
        china, "b"
    )
    assert "from 74.3 % (electronics and optics)" in sentence(china, "b")
    assert "15.4 % of Viet Nam's manufacturing output" in sentence(china, "c")
    e = sentence(china, "e")
    assert "HS 284690" in e
    assert (
        "world exports went from 64 % (2010) to 16 % (2024), its share of world imports from 2 % to 57 %" in e
    )


def test_germany_leans_on_china_by_three_percent(china: Brief) -> None:
    rows = [r for p in china.exhibits[2].panels[:1] for r in p.figure.rows]
    cell = next(r for r in rows if r["partner"] == "Germany" and r["industry"] == "All manufacturing")
    assert cell["content"] == pytest.approx(0.0313, abs=5e-4)


def test_no_headline_rests_on_a_weak_source(china: Brief) -> None:
    facts = [p.ref.removeprefix("fact:") for e in china.exhibits for p in e.sentence if isinstance(p, Number)]
    weak = {o.id for o in register.observations() if o.quality == "low"}
    weak |= {
        k
        for rows in (register.targets(), register.events(), register.assessments())
        for k, r in rows.items()
        if r.quality == "low"
    }
    assert not weak & set(facts)


def test_after_a_control_claims_no_cause(china: Brief) -> None:
    f = china.exhibits[5]
    said = " ".join([plain(f.sentence), *(p.caption for p in f.panels)])
    assert not re.search(
        r"because|due to|caus|led to|result|effect|impact|after the control", said, re.IGNORECASE
    )


def test_digits_in_sentences_are_linked_or_are_names(china: Brief) -> None:
    """Outside links only years, codes, names of dates and counts that a name contains may have digits."""
    allowed = re.compile(
        r"HS \d{6}|\((?:19|20)\d\d\)|in (?:19|20)\d\d|All 19|EU27|MIC2025|20\d\d(?:-20\d\d)?"
    )
    for e in china.exhibits:
        loose = "".join(p for p in e.sentence if isinstance(p, str))
        assert not re.search(r"\d", allowed.sub("", loose)), (e.letter, loose)


def test_every_link_of_the_page_has_its_place(china: Brief, html: str) -> None:
    found = Page(html)
    assert len(found.ids) == len(set(found.ids))
    assert len(found.links) > 1500
    away = [x for x in found.links if not x.startswith("#")]
    assert away == [s.url for s in china.sources if s.url]
    assert [x for x in found.links if x.startswith("#") and x[1:] not in found.ids] == []


def test_an_address_that_a_browser_would_run_is_no_link(china: Brief) -> None:
    hostile = china.sources[0].model_copy(update={"url": "javascript:alert('x')", "title": "<script>"})
    made = page(replace(china, exhibits=china.exhibits[:1], sources=(hostile, *china.sources[1:])))
    found = Page(made)
    assert "&lt;script&gt;" in made  # the source is on the page
    assert not any("javascript" in x for x in found.links)
    assert found.fetching == []


def test_abbreviations_are_those_that_the_brief_uses(china: Brief) -> None:
    assert {"MIC2025", "FYP", "HHI", "NDC", "SEI", "EU27"} <= set(china.terms)
    assert all(any(re.search(rf"\b{t}\b", e.text) for e in china.exhibits) for t in china.terms)


def test_the_page_fetches_and_runs_nothing(html: str) -> None:
    assert Page(html).fetching == []
    assert "@import" not in html
    assert "url(http" not in html


def test_every_trace_adds_up(china: Brief) -> None:
    for t in china.traces:
        if t.explanation and t.explanation.parts and t.explanation.parts[0].share is not None:
            total = sum(p.value for p in t.explanation.parts if p.share is not None) + t.explanation.remainder
            assert total == pytest.approx(t.explanation.value, rel=1e-9), t.ref
        nothing_counted = t.explanation is not None and t.text == "0" and t.explanation.unit == "rows"
        assert t.sources or nothing_counted or t.ref.startswith("fact:MIC2025"), t.ref


@pytest.mark.slow
def test_the_same_question_gives_the_same_page(html: str, tmp_path: Path) -> None:
    assert page(write(Workspace(tmp_path), "CHN", AS_OF)) == html


def test_markdown_and_data_say_the_same(china: Brief) -> None:
    text = markdown(china)
    assert text.count("\n## ") == 11
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert used == set(re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE))
    plain_data = json.loads(json.dumps(data(china)))
    assert [e["sentence"] for e in plain_data["exhibits"]] == [plain(e.sentence) for e in china.exhibits]
    assert len(plain_data["numbers"]) == len(china.traces)


def test_the_panels_of_raw_materials_are_the_largest_moves(china: Brief) -> None:
    flows = load_trade(Workspace(), "baci-raw-materials").frame.filter(pl.col("year").is_in([2010, 2024]))
    side = [
        flows.group_by("hs6", "year").agg(
            (pl.col("value_usd").filter(pl.col(who) == "CHN").sum() / pl.col("value_usd").sum()).alias(who)
        )
        for who in ("exporter", "importer")
    ]
    lead = (
        side[0].join(side[1], on=["hs6", "year"]).with_columns(lead=pl.col("exporter") - pl.col("importer"))
    )
    moved = lead.pivot("year", index="hs6", values="lead").drop_nulls()
    moved = moved.with_columns(size=(pl.col("2010") - pl.col("2024")).abs()).sort("size", descending=True)
    expected = {products.product(hs6).label for hs6 in moved["hs6"].head(6)}
    assert {r["product"] for r in china.exhibits[4].panels[0].figure.rows if r["product"]} == expected


@pytest.fixture(scope="module")
def folder(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    (place / "brief.html").write_text(html, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


def chromium(*arguments: str, profile: Path) -> str:
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={profile}",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.slow
@in_a_browser
@pytest.mark.parametrize("width", [1000, 390, 320])
def test_it_fits_the_width_and_fetches_nothing(width: int, folder: Path, site: str, tmp_path: Path) -> None:
    number = re.findall(r'class="trace" id="(\w+)"', (folder / "brief.html").read_text(encoding="utf-8"))[0]
    probe = PROBE.format(width=width, hash=f"#{number}")
    (folder / f"probe{width}.html").write_text(probe, encoding="utf-8")
    dom = chromium("--virtual-time-budget=8000", "--dump-dom", f"{site}/probe{width}.html", profile=tmp_path)
    found = dict(re.findall(r"(\w+) (\w+)", re.findall(r'id="out">([^<]*)<', dom)[0]))
    assert found["fetched"] == "0"
    assert found["overflow"] == "0"
    assert int(found["drawings"]) == 12  # one of the two widths of each figure
    assert int(found["widest"]) <= width
    assert found["cut"] == "0"
    assert found["target"] == number


@pytest.mark.slow
@in_a_browser
def test_it_prints_on_few_pages_without_the_appendix(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "brief.pdf"
    chromium(
        "--no-pdf-header-footer",
        f"--print-to-pdf={out}",
        f"file://{folder / 'brief.html'}",
        profile=tmp_path / "p",
    )
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    pages = max(int(n) for n in re.findall(rb"/Count (\d+)", content))
    assert 8 <= pages <= 25
