"""The brief in a real browser: it loads nothing, fits desktop and phone, and prints."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from zizhu.show.brief.page import page
from zizhu.show.brief.write import write
from zizhu.show.report.model import presets
from zizhu.store import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
    pytest.mark.xdist_group("browser"),
]

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    china = presets()["brief"].about(country="CHN", as_of="2026-11-21")
    made = page(write(Workspace(tmp_path_factory.mktemp("ws")), china))
    (place / "brief.html").write_text(made, encoding="utf-8")
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


@pytest.mark.parametrize(("width", "drawings"), [(1000, 12), (390, 12), (320, 12)])
def test_it_fits_the_width_and_fetches_nothing(
    width: int, drawings: int, folder: Path, site: str, tmp_path: Path
) -> None:
    number = re.findall(r'class="trace" id="(\w+)"', (folder / "brief.html").read_text(encoding="utf-8"))[0]
    probe = PROBE.format(width=width, hash=f"#{number}")
    (folder / f"probe{width}.html").write_text(probe, encoding="utf-8")
    dom = chromium("--virtual-time-budget=8000", "--dump-dom", f"{site}/probe{width}.html", profile=tmp_path)
    found = dict(re.findall(r"(\w+) (\w+)", re.findall(r'id="out">([^<]*)<', dom)[0]))
    assert found["fetched"] == "0"
    assert found["overflow"] == "0"
    assert int(found["drawings"]) == drawings  # one of the two widths of each figure
    assert int(found["widest"]) <= width
    assert found["cut"] == "0"
    assert found["target"] == number


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
