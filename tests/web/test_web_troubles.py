"""What goes wrong around a server: clients that dawdle or leave, uploads without end, work that is killed, a workspace
that changes underneath, a second server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
import uvicorn

from web.served import OWN, Served, serving
from web.test_web_jobs import LONG, stocked, until
from zizhu.web import guard, patience
from zizhu.web.app import create_app
from zizhu.web.guard import LARGEST_DOCUMENT
from zizhu.web.routes.about import described

PLAN = b"By 2025, the share of domestic industrial robots shall reach 70 percent of sales."
EXPOSURE = {"buyers": "DEU", "table": "small", "insist": "true"}
FIELDS = {"what", "where", "expected", "remedy"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("troubles") / "ws")


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a workbench that waits a moment for bodies, and for what it sends to be taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "SLOWEST", 0.5)
        patch.setattr(patience, "LONGEST", 0.5)
        app = create_app(tmp_path_factory.mktemp("hurried") / "ws")
        server = uvicorn.Server(
            uvicorn.Config(app, http=patience.Patient, log_level="critical", timeout_graceful_shutdown=1)
        )
        with socket.create_server(("127.0.0.1", 0)) as listening:
            running = Thread(target=server.run, args=([listening],))
            running.start()
            yield listening.getsockname()
            server.should_exit = True
            running.join()


def files(root: Path) -> set[str]:
    """What is in a workspace but the records of runs, which looking at it keeps."""
    found = {p.relative_to(root) for p in root.rglob("*")}
    return {str(p) for p in found if "runs" not in p.parts and p.name != "workspace.toml"}


def said(answer: httpx2.Response) -> Any:
    """What an answer says, which is an answer or problems in full."""
    told = answer.json()
    if answer.status_code >= 400:
        assert told["problems"], answer.text
        assert all(p.keys() == FIELDS for p in told["problems"])
    return told


def address(served: Served) -> tuple[str, int]:
    url = served.client.base_url
    assert url.port is not None
    return url.host, url.port


@pytest.mark.slow
def test_a_body_that_comes_too_slowly_is_told_so(hurried: tuple[str, int]) -> None:
    with socket.create_connection(hurried, timeout=60) as slow:
        slow.sendall(
            b"POST /api/documents?name=a.txt HTTP/1.1\r\nHost: localhost\r\nX-Zizhu: 1\r\nContent-Length: 99\r\n\r\nBy"
        )
        answer = b"".join(iter(lambda: slow.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"too slowly" in answer


@pytest.mark.slow
def test_who_does_not_take_what_is_sent_is_left(hurried: tuple[str, int]) -> None:
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(60)
        slow.connect(hurried)
        slow.sendall(b"GET /api/outlines HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400)
        with pytest.raises(ConnectionError):
            _left(slow)
    with httpx2.Client(base_url=f"http://127.0.0.1:{hurried[1]}", timeout=60) as other:
        assert other.get("/api/meta").status_code == 200


def _left(slow: socket.socket) -> None:
    """Send on without ever taking an answer, until the other side has gone."""
    while True:
        slow.sendall(b"GET /api/outlines HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400)


@pytest.mark.parametrize("stated", [True, False], ids=["stated", "in-parts"])
def test_a_document_that_is_too_large_leaves_nothing_behind(
    served: Served, place: Path, stated: bool
) -> None:
    before, jobs = files(place), served.get("jobs")
    part = b"x" * (1 << 20)
    many = LARGEST_DOCUMENT // len(part) + 1
    content = part * many if stated else (part for _ in range(many))
    answer = served.client.post("/api/documents", params={"name": "a"}, content=content, headers=OWN)
    assert answer.status_code == 413
    assert "64 MB" in said(answer)["problems"][0]["expected"]
    assert (files(place), served.get("jobs")) == (before, jobs)


def test_an_upload_that_breaks_off_begins_nothing(served: Served, place: Path) -> None:
    before, jobs = files(place), served.get("jobs")
    with socket.create_connection(address(served)) as broken:
        broken.sendall(
            b"POST /api/documents?name=a.txt HTTP/1.1\r\nHost: localhost\r\nX-Zizhu: 1\r\n"
            b"Content-Length: 99\r\n\r\nBy 2025"
        )
        _reset(broken)
    assert (files(place), served.get("jobs")) == (before, jobs)


def _reset(one: socket.socket) -> None:
    """Leave at once and without a word."""
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _sockets(pid: int) -> int:
    folder = Path(f"/proc/{pid}/fd")
    return sum(p.is_symlink() and str(p.readlink()).startswith("socket:") for p in folder.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open sockets are counted in /proc")
def test_streams_that_break_leave_no_connection_and_the_job_goes_on(served: Served) -> None:
    job = served.post("stress/run", {"text": LONG, "name": "left"}, 202)
    until(lambda: served.get(f"jobs/{job['id']}"), lambda j: j["of"])
    before = _sockets(served.process.pid)
    streams = [socket.create_connection(address(served), timeout=60) for _ in range(5)]
    for stream in streams:
        stream.sendall(f"GET /api/jobs/{job['id']}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert stream.recv(1)
        _reset(stream)
        stream.close()
    until(lambda: _sockets(served.process.pid), lambda n: n <= before)
    assert served.get(f"jobs/{job['id']}")["state"] == "running"
    served.client.delete(f"/api/jobs/{job['id']}", headers=OWN)


def _children(pid: int) -> list[int]:
    """Processes of jobs that a server has begun."""
    begun = Path(f"/proc/{pid}/task").glob("*/children")
    every = [int(n) for file in begun for n in file.read_text().split()]
    return [n for n in every if b"spawn_main" in Path(f"/proc/{n}/cmdline").read_bytes()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc")
def test_a_killed_job_is_told_and_the_next_one_runs(served: Served) -> None:
    first = served.post("stress/run", {"text": LONG, "name": "killed"}, 202)
    second = served.client.post("/api/documents", params={"name": "a.txt"}, content=PLAN, headers=OWN).json()
    until(lambda: served.get(f"jobs/{first['id']}"), lambda j: j["of"])
    (process,) = _children(served.process.pid)
    os.kill(process, signal.SIGKILL)
    ended = until(lambda: served.get(f"jobs/{first['id']}"), lambda j: j["state"] == "failed")
    assert "signal 9" in ended["problems"][0]["what"]
    then = until(lambda: served.get(f"jobs/{second['id']}"), lambda j: j["state"] in ("done", "failed"))
    assert then["state"] == "done"


class Asked:
    """Everything that is asked of a workspace, after one answer and one document were put into it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        answer = served.get("depend/exposure", **EXPOSURE)
        run, key = answer["run"]["id"], "|".join(map(str, answer["rows"][0][: len(answer["key"])]))
        begun = served.client.post("/api/documents", params={"name": "a.txt"}, content=PLAN, headers=OWN)
        job = until(
            lambda: served.get(f"jobs/{begun.json()['id']}"), lambda j: j["state"] in ("done", "failed")
        )
        (document,) = job["documents"]
        self.claim = served.get("claims")["claims"][0]["claim"]["id"]
        one = {"ref": f"run:{run}#{key},hidden"}, {"ref": f"doc:{document}#0-9"}
        runs = [(f"runs/{run}{rest}", {}) for rest in ("", "/figure", "/export.csv")]
        plain = [
            "meta",
            "scorecard",
            "tables",
            "tables/small",
            "tables/small/findings",
            "documents",
            "claims",
        ]
        plain += [
            f"documents/{document}",
            f"claims/{self.claim}",
            "claims/conflicts",
            "register",
            "stress/kept",
        ]
        asked = [("depend/exposure", EXPOSURE), ("depend/domestic", {**EXPOSURE, "country": "USA"})]
        self.gets = [*asked, *runs, *(("trace", ref) for ref in one), *((path, {}) for path in plain)]

    def statuses(self) -> dict[str, int]:
        """The status of every answer, none of which is a mistake of the server, or tells where the workspace lies."""
        found = {}
        for path, params in self.gets:
            answer = self.served.client.get(f"/api/{path}", params=params)
            found[path] = answer.status_code
            if not path.endswith(".csv") or answer.status_code != 200:
                said(answer)
            assert answer.status_code < 500, (path, answer.text)
            assert answer.status_code == 200 or "troubled" not in answer.text, answer.text
        return found


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Asked, Path]]:
    place = stocked(tmp_path / "troubled")
    with serving(place) as one:
        yield Asked(one), place


@pytest.mark.slow
def test_a_workspace_whose_files_are_damaged_says_which(asked: tuple[Asked, Path]) -> None:
    every, place = asked
    assert set(every.statuses().values()) <= {200, 422}
    for file in place.rglob("*"):
        if file.is_file() and file.name != "open-by":
            file.write_bytes(b"\xff")
    found = every.statuses()
    assert found["scorecard"] == found["meta"] == 200
    assert found["documents"] == 422
    assert found["tables/small"] == 404


@pytest.mark.slow
@pytest.mark.parametrize("then", ["nothing", "a-file", "another"])
def test_a_workspace_that_is_taken_away_is_said(asked: tuple[Asked, Path], tmp_path: Path, then: str) -> None:
    every, place = asked
    place.rename(tmp_path / "moved")
    if then == "a-file":
        place.write_bytes(b"")
    elif then == "another":
        place.mkdir()
    found = every.statuses()
    meta = every.served.get("meta")
    assert (meta["writes"], meta["lost"]) == (False, True)
    assert found["tables/small"] == 404
    before = files(tmp_path)
    answer = every.served.client.post("/api/documents", params={"name": "b"}, content=PLAN, headers=OWN)
    assert answer.status_code == 409
    assert "removed, moved or replaced" in said(answer)["problems"][0]["what"]
    assert files(tmp_path) == before
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    (tmp_path / "moved").rename(place)
    assert every.served.get("meta")["writes"] is True
    assert set(every.statuses().values()) <= {200, 422}


@pytest.mark.slow
def test_a_second_server_refuses_all_that_changes_something(
    asked: tuple[Asked, Path], tmp_path: Path
) -> None:
    every, place = asked
    bodies: dict[str, Any] = {
        "/api/stress/run": {"text": "a: 1"},
        "/api/claims/{claim}/review": {"decision": "accept"},
        "/api/reports": {"report": {}},
    }
    harmless = {"/api/stress/check", "/api/jobs/{job}"}
    changing = [
        (method, path)
        for path, ways in described(create_app(tmp_path / "none"))["paths"].items()
        for method in ways
        if method != "get" and path not in harmless
    ]
    assert len(changing) >= 6
    with serving(place, lines=2) as second:
        for method, path in changing:
            filled = re.sub(r"\{(\w+)\}", lambda m: {"claim": every.claim}.get(m[1], "0" * 12), path)
            content = PLAN if path == "/api/documents" else json.dumps(bodies.get(path, {})).encode()
            kind = "application/octet-stream" if path == "/api/documents" else "application/json"
            answer = second.client.request(
                method, filled, params={"name": "b"}, content=content, headers={**OWN, "Content-Type": kind}
            )
            assert answer.status_code == 409, (path, answer.text)
            assert str(every.served.process.pid) in said(answer)["problems"][0]["what"]
