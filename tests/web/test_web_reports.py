"""Reports made by the workbench, and runs of previews, which are kept only when somebody wants them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from web.served import OWN, Served, serving
from zizhu.show.report import pdf
from zizhu.show.report.kept import MOST, content, keep
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

COURSE = {"verb": "track.course", "params": {"target": "T101", "as_of": "2026-11-21"}}
CUT = {"sender": "TWN:C26", "receiver": "CHN"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports") / "ws"


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    place.mkdir()
    with serving(place) as one:
        yield one


def ended(served: Served, job: Any) -> Any:
    end = time.monotonic() + 120
    while (now := served.get(f"jobs/{job['id']}"))["state"] in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    return now


@pytest.mark.slow
def test_a_report_is_made_kept_and_taken_home(served: Served, place: Path) -> None:
    report = {"title": "<script>alert(1)</script>", "views": [COURSE, COURSE | {"title": "Again"}]}
    job = served.post("reports", {"report": report}, 202)
    assert (job["kind"], job["title"]) == ("report", "<script>alert(1)</script>")
    done = ended(served, job)
    assert (done["state"], done["problems"]) == ("done", [])
    (name,) = done["files"]
    answer = served.client.get(f"/api/reports/{name}")
    assert answer.headers["content-disposition"] == f'attachment; filename="zizhu-{name}"'
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script" not in answer.text
    assert (place / "reports" / name).read_text(encoding="utf-8") == answer.text
    again = ended(served, served.post("reports", {"report": report}, 202))
    assert again["files"] == [name]  # the same report is the same file


@pytest.mark.skipif(pdf.browser() is None, reason="no Chromium on this machine: install the package")
@pytest.mark.slow
def test_a_report_is_printed_where_that_is_asked_for(served: Served) -> None:
    assert served.get("reports")["cannot_print"] is None
    report = {"title": "Printed", "views": [COURSE]}
    done = ended(served, served.post("reports", {"report": report, "pdf": True}, 202))
    assert [f.rpartition(".")[2] for f in done["files"]] == ["html", "pdf"]
    printed = served.client.get(f"/api/reports/{done['files'][1]}")
    assert printed.headers["content-type"] == "application/pdf"
    text = pypdfium2.PdfDocument(printed.content)[0].get_textpage().get_text_range()
    assert "Printed" in text


def test_the_brief_is_a_preset(served: Served) -> None:
    (brief,) = served.get("reports")["presets"]
    assert brief["name"] == "brief"
    assert brief["report"]["views"][0] == {"exhibit": "judged"}


@pytest.mark.parametrize(
    ("report", "fault"),
    [
        ({}, "views: Field required"),
        (
            {"views": [{"verb": "read.phrases", "params": {"phrases": ["a"], "place": "/etc"}}]},
            "not asked here",
        ),
        ({"views": [{"verb": "track.nothing"}]}, "unknown verb"),
        ({"views": [{"verb": "track.course", "params": {"tarket": "T101"}}]}, "tarket"),
        ({"views": [{"exhibit": "hidden"}]}, "no country is named"),
        ({"views": [COURSE], "title": "x" * 300}, "at most 200 characters"),
    ],
    ids=["empty", "folder", "verb", "param", "country", "title"],
)
def test_what_cannot_be_made_is_refused_with_its_faults(served: Served, report: Any, fault: str) -> None:
    said = served.post("reports", {"report": report}, 422)
    assert fault in " ".join(p["what"] for p in said["problems"])


def test_only_files_of_reports_are_given_away(served: Served, place: Path) -> None:
    for name in ("..%2Fworkspace.toml", "workspace.toml", f"{'0' * 16}.html", f"{'0' * 16}.svg"):
        answer = served.client.get(f"/api/reports/{name}")
        assert answer.status_code in (404, 422), name
    assert served.client.post("/api/reports", json={"report": {"views": [COURSE]}}).status_code == 403
    del place


def test_the_latest_files_are_kept(tmp_path: Path) -> None:
    names = [keep(tmp_path, f"<p>{i}", None)[0] for i in range(MOST + 3)]
    assert len(list((tmp_path / "reports").iterdir())) == MOST
    assert content(tmp_path, names[-1]) == f"<p>{MOST + 2}".encode()
    with pytest.raises(ZizhuError, match="Make the report again"):
        content(tmp_path, names[0])


@pytest.mark.slow
def test_a_preview_opens_and_is_kept_only_when_it_is_wanted(served: Served, place: Path) -> None:
    said = served.get("stress/what-if", **CUT, cut="0.35", width=720)
    assert said["preview"]
    run = said["run"]["id"]
    record = place / "runs" / f"{run}.json"
    ref = f"run:{run}#receiver|CHN|TOTAL,of_inputs"
    opened = served.get("trace", ref=ref)
    assert (opened["value"] > 0, opened["again"]) == (True, False)
    assert served.get(f"runs/{run}")["run"] == said["run"]
    assert served.get(f"runs/{run}/figure", width=720)["title"] == said["figure"]["title"]
    assert served.client.get(f"/api/runs/{run}/export.csv").text.startswith("side,country")
    assert not record.exists()
    assert served.client.post(f"/api/runs/{run}/keep").status_code == 403  # another page's form
    assert served.post(f"runs/{run}/keep", {}) == said["run"]
    assert record.exists()
    assert trace(Workspace(place), ref).value == opened["value"]
    assert served.client.post(f"/api/runs/{'0' * 12}/keep", headers=OWN).status_code == 404
    assert not served.get("course", target="T101", as_of="2026-11-21")["preview"]
