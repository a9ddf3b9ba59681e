"""The built front end: what is sent for an address, how it is kept, and what is said where there is none."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from threading import Event

import pytest
from fastapi.testclient import TestClient

from web.served import serving as serving_it
from zizhu.store.claimed import claimed
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.web import serving
from zizhu.web.answers import Answers
from zizhu.web.app import create_app
from zizhu.web.pages import Pages
from zizhu.web.verbs import Verb

BUILT = {
    "index.html": b"<!doctype html><title>zizhu</title>",
    "assets/main-B3xYz9Qa.js": b"export {}",
    "assets/main-B3xYz9Qa.js.br": b"brotli",
    "assets/main-B3xYz9Qa.js.gz": b"gzip",
    "icon.svg": b"<svg/>",
}


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    for name, content in BUILT.items():
        file = tmp_path / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return client(tmp_path, Pages.of(tmp_path / "dist"))


def client(place: Path, pages: Pages) -> TestClient:
    return TestClient(create_app(place / "ws", pages=pages), base_url="http://localhost")


def test_the_page_is_asked_for_anew_and_its_parts_are_kept(page: TestClient) -> None:
    whole = page.get("/")
    assert (whole.content, whole.headers["cache-control"]) == (BUILT["index.html"], "no-cache")
    part = page.get("/assets/main-B3xYz9Qa.js", headers={"Accept-Encoding": "identity"})
    assert part.content == BUILT["assets/main-B3xYz9Qa.js"]
    assert part.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in part.headers["cache-control"]
    assert "immutable" not in page.get("/icon.svg").headers["cache-control"]
    assert page.get("/", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("reads", "encoding"), [("gzip, br;q=1", "br"), ("gzip", "gzip")], ids=["brotli", "gzip"]
)
def test_a_part_is_sent_as_it_was_compressed(page: TestClient, reads: str, encoding: str) -> None:
    with page.stream("GET", "/assets/main-B3xYz9Qa.js", headers={"Accept-Encoding": reads}) as part:
        assert part.headers["content-encoding"] == encoding
        assert (
            b"".join(part.iter_raw())
            == BUILT[f"assets/main-B3xYz9Qa.js.{'br' if encoding == 'br' else 'gz'}"]
        )


def test_what_is_not_built_is_not_there(page: TestClient) -> None:
    for path in ("/assets", "/assets/", "/assets/main-B3xYz9Qa.js.gz", "/api", "/api/", "/index.html/.."):
        answer = page.get(path)
        assert answer.status_code in (200, 404)
        assert answer.status_code == 404 or answer.content == BUILT["index.html"]


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    answer = client(tmp_path, Pages.of(tmp_path / "nothing")).get("/")
    assert answer.status_code == 503
    assert "not built" in answer.text
    assert client(tmp_path, Pages.of(tmp_path / "nothing")).get("/assets/x.js").status_code == 404


def test_a_mistake_of_the_server_is_said_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    app = create_app(tmp_path / "ws", pages=Pages({}))
    monkeypatch.setattr(app.state.bench.jobs.__class__, "all", broken)
    answer = TestClient(app, base_url="http://localhost").get("/api/jobs")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.slow
def test_stopped_in_the_midst_of_an_answer_it_ends_as_other_commands_do(tmp_path: Path) -> None:
    with serving_it(tmp_path / "ws") as served:
        served.process.send_signal(signal.SIGINT)  # while the scorecard is made
        assert served.process.wait(60) == 130


def test_an_address_that_is_taken_is_said(tmp_path: Path) -> None:
    with serving._bound("127.0.0.1", 0) as first, pytest.raises(ZizhuError, match="cannot listen"):
        serving._bound("127.0.0.1", first.getsockname()[1])
    with pytest.raises(ZizhuError, match="cannot listen"):
        serving._bound("no.such.host.invalid", 0)
    assert not list(tmp_path.iterdir())


def test_a_workspace_is_claimed_by_one_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path / "ws", "the first") as first:
        assert first.elsewhere == ""
        with claimed(tmp_path / "ws", "the second") as second:
            assert second.elsewhere == "the first"
    with claimed(tmp_path / "ws", "the third") as third:
        assert third.elsewhere == ""


def test_a_claim_is_lost_with_its_workspace(tmp_path: Path) -> None:
    place = tmp_path / "ws"
    with claimed(place, "the first") as claim:
        assert not claim.lost()
        place.rename(tmp_path / "moved")
        assert claim.lost()
        with claimed(place, "the second") as second:
            assert (second.elsewhere, second.lost(), claim.lost()) == ("", False, True)
        shutil.rmtree(place)
        (tmp_path / "moved").rename(place)
        assert not claim.lost()


@pytest.mark.parametrize(
    "fault", [None, ZizhuError(Problem("no", "here", "yes", ""))], ids=["made", "refused"]
)
def test_it_is_told_when_what_is_asked_first_is_there_or_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: ZizhuError | None
) -> None:
    made: list[str] = []

    def page(answers: Answers, verb: Verb, asking: object) -> None:
        del answers, asking
        made.append(verb.path)
        if fault is not None:
            raise fault

    monkeypatch.setattr(Answers, "page", page)
    told = Event()
    with TestClient(create_app(tmp_path / "ws", ready=told.set), base_url="http://localhost"):
        assert told.wait(60)
    assert made == ["scorecard"]
