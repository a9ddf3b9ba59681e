"""Who gets an answer: by what name the machine is called, from where, with what token, and how much may be sent."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Any

import httpx2
import pytest
import uvicorn

from web.served import OWN, Served, serving
from zizhu.web import patience
from zizhu.web.guard import LARGEST, Rules
from zizhu.web.refusals import Refused

REVIEW = {"decision": "accept"}
CLAIM = "/api/claims/0123456789abcdef/review"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("guard")) as one:
        yield one


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("token"), "--host", "0.0.0.0", lines=3) as one:
        yield one


def token(guarded: Served) -> str:
    found = re.search(r"/enter\?token=(\S+)", guarded.said[1])
    assert found is not None
    return found[1]


def test_every_response_forbids_what_the_page_does_not_need(served: Served) -> None:
    for path in ("/", "/api/meta", "/api/nothing", "/api/openapi.json", "/x"):
        said = served.client.get(path).headers
        policy = said["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert (said["x-content-type-options"], said["referrer-policy"]) == ("nosniff", "no-referrer")
        assert "server" not in said
        assert "access-control-allow-origin" not in said


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8417", "127.0.0.1.evil.example", "", "[::1", "a b"]
)
def test_a_name_that_is_led_here_gets_nothing(served: Served, host: str) -> None:
    answer = served.client.get("/api/meta", headers={"Host": host})
    assert answer.status_code == 400
    assert "version" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1:1", "[::1]:8417"])
def test_this_machine_by_its_names_gets_an_answer(served: Served, host: str) -> None:
    assert served.client.get("/api/meta", headers={"Host": host}).status_code == 200


FOREIGN = {
    "no-header-of-its-own": {},
    "another-origin": {**OWN, "Origin": "http://evil.example"},
    "no-origin": {**OWN, "Origin": "null"},
    "another-port": {**OWN, "Origin": "http://127.0.0.1:1"},
    "another-site": {**OWN, "Sec-Fetch-Site": "cross-site"},
    "the-same-site": {**OWN, "Sec-Fetch-Site": "same-site"},
    "the-address-bar": {**OWN, "Sec-Fetch-Site": "none"},
}


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize(("method", "path"), [("POST", CLAIM), ("DELETE", "/api/jobs/0123456789abcdef")])
def test_other_pages_change_nothing(served: Served, case: str, method: str, path: str) -> None:
    answer = served.client.request(method, path, json=REVIEW, headers=FOREIGN[case])
    assert answer.status_code == 403
    assert answer.json()["problems"]


def test_its_own_page_is_let_through(served: Served) -> None:
    own = {**OWN, "Origin": str(served.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert served.client.post(CLAIM, json=REVIEW, headers=own).status_code == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_pages_start_no_work_by_pictures(served: Served, site: str) -> None:
    assert served.client.get("/api/meta", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert served.client.get("/", headers={"Sec-Fetch-Site": site}).status_code != 403


def test_a_body_that_is_too_large_is_not_read(served: Served) -> None:
    large = {"text": "x" * (LARGEST + 1)}
    assert served.client.post("/api/stress/check", json=large, headers=OWN).status_code == 413


def test_a_body_of_no_stated_length_ends_where_it_is_too_large(served: Served) -> None:
    parts = (b"x" * (1 << 20) for _ in range(6))
    answer = served.client.post("/api/stress/check", content=parts, headers=OWN)
    assert answer.status_code == 413


def test_a_body_that_is_no_json_is_not_well_formed(served: Served) -> None:
    for body in (b"{", b"\xff\xfe", b"[" * 100_000):
        headers = {**OWN, "Content-Type": "application/json"}
        answer = served.client.post("/api/stress/check", content=body, headers=headers)
        assert answer.status_code in (400, 422)
        assert answer.json()["problems"]


def test_a_sender_that_breaks_off_leaves_the_server_standing(served: Served) -> None:
    host, port = served.client.base_url.host, served.client.base_url.port
    assert port is not None
    with socket.create_connection((host, port)) as broken:
        broken.sendall(
            b"POST /api/stress/check HTTP/1.1\r\nHost: localhost\r\nX-Zizhu: 1\r\nContent-Length: 999\r\n\r\n{"
        )
    assert served.get("meta")["writes"] is True


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The address of a server that waits a moment for what is wanted."""
    monkeypatch.setattr(patience, "SLOWEST", 0.2)
    said = uvicorn.Config(
        _hello, http=patience.Patient, lifespan="off", log_level="critical", timeout_keep_alive=1
    )
    server = uvicorn.Server(said)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Thread(target=server.run, args=([listening],))
        running.start()
        yield listening.getsockname()
        server.should_exit = True
        running.join()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: loc"], ids=["nothing", "half-a-header"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "second"])
def test_who_does_not_say_what_is_wanted_is_left(impatient: Any, begun: bytes, before: bool) -> None:
    with socket.create_connection(impatient, timeout=60) as slow:
        if before:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"204" in slow.recv(1000)
        slow.sendall(begun)
        assert slow.recv(1000) == b""


@pytest.mark.parametrize(
    "path", ["/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/app.py"]
)
def test_no_address_leads_to_a_file(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_there_is_no_page_of_another_site_for_documentation(served: Served) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert served.client.get(path).status_code == 404


def test_on_an_address_for_others_a_token_is_needed(guarded: Served) -> None:
    for path in ("/", "/api/meta", "/api/openapi.json", "/enter", "/enter?token=wrong"):
        answer = guarded.client.get(path)
        assert answer.status_code == 401
        assert token(guarded) not in answer.text
    wrong = {"Authorization": f"Bearer {token(guarded)}x"}
    assert guarded.client.get("/api/meta", headers=wrong).status_code == 401
    right = {"Authorization": f"Bearer {token(guarded)}"}
    assert guarded.client.get("/api/meta", headers=right).status_code == 200


def test_the_link_gives_a_cookie_that_does_not_tell_the_token(guarded: Served) -> None:
    with httpx2.Client(base_url=guarded.client.base_url) as browser:
        entered = browser.get("/enter", params={"token": token(guarded)})
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        said = entered.headers["set-cookie"]
        assert "HttpOnly" in said
        assert "SameSite=strict" in said
        assert token(guarded) not in said
        assert browser.get("/api/meta").status_code == 200


def test_a_name_of_its_own_is_refused_with_the_token_too(guarded: Served) -> None:
    headers = {"Authorization": f"Bearer {token(guarded)}", "Host": "evil.example"}
    assert guarded.client.get("/api/meta", headers=headers).status_code == 400


def test_no_address_for_others_without_a_token() -> None:
    with pytest.raises(Refused, match="no token"):
        Rules.of("192.0.2.1", None)
    assert Rules.of("192.0.2.1", "t", ["Bench.example"]).knows("bench.example")
    assert not Rules.of("192.0.2.1", "t").knows("192.0.2.2")
    assert "secret" not in repr(Rules.of("0.0.0.0", "secret"))
