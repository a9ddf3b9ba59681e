"""Downloads against real servers with faults: whole or resumed files, clear errors, and no secret anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import resource
import subprocess
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.serving import Answer, proxying, serving
from zizhu.sources.net import fetch as fetching
from zizhu.sources.net.exclusive import exclusive
from zizhu.sources.net.fetch import Fetched, fetch
from zizhu.sources.net.offline import cleaned, redacted
from zizhu.sources.net.part import Policy, Wanted
from zizhu.store.files import system_id
from zizhu.vocab.problems import ZizhuError

BODY = b"year,value\n" + b"".join(b"%d,%d\n" % (1900 + i, i * i) for i in range(80_000))
SHA = hashlib.sha256(BODY).hexdigest()
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
KEYS = ("sekret-in-query-1234", "sekret-in-header-5678", "sekret-password-9012", "sekretuser")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "ZIZHU_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Waits(list[float]):
    """A sleep that only remembers."""

    def policy(self, **changes: object) -> Policy:
        return Policy(sleep=self.append, **{"timeout": 5.0, **changes})  # type: ignore[arg-type]


@pytest.fixture
def waits() -> Waits:
    return Waits()


def problems(error: pytest.ExceptionInfo[ZizhuError]) -> str:
    return str(error.value)


def only(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_file_arrives_whole_with_progress_and_what_the_server_says(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with serving(Answer(BODY, headers={"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"})) as site:
        got = fetch(site.url(), tmp_path / "new", tell=lambda *now: told.append(now), sha256=SHA.upper())
    assert got == Fetched(
        tmp_path / "new" / "table.csv", site.url(), len(BODY), SHA, '"v1"', "Wed, 01 Jan 2025 00:00:00 GMT"
    )
    assert got.path.read_bytes() == BODY
    assert only(tmp_path / "new") == ["table.csv"]
    assert told[-1] == (len(BODY), len(BODY))
    assert told == sorted(told)


def test_a_file_with_its_checksum_is_not_asked_for_again_even_offline(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(BODY)
    got = fetch("http://127.0.0.1:9/table.csv", tmp_path, sha256=SHA, offline=True)
    assert (got.sha256, got.bytes) == (SHA, len(BODY))


def test_a_cut_connection_is_resumed_where_it_was_cut(tmp_path: Path, waits: Waits) -> None:
    half = len(BODY) // 2
    with serving(Answer(BODY, cut_at=half), Answer(BODY)) as site:
        got = fetch(site.url(), tmp_path, policy=waits.policy())
    assert got.path.read_bytes() == BODY
    assert site.asked[1][1]["range"] == f"bytes={half}-"
    assert site.asked[1][1]["if-range"] == '"v1"'
    assert waits == [1.0]


def test_a_later_call_resumes_what_an_earlier_one_left(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY, cut_at=70_000)) as site, pytest.raises(ZizhuError, match="has arrived is kept"):
        fetch(site.url(), tmp_path, policy=waits.policy(attempts=1))
    assert only(tmp_path) == ["table.csv.part", "table.csv.part.json"]
    with serving(Answer(BODY)) as again:
        side = tmp_path / "table.csv.part.json"
        side.write_text(side.read_text().replace(f":{site.port}/", f":{again.port}/"))
        got = fetch(again.url(), tmp_path, policy=waits.policy())
    assert again.asked[0][1]["range"] == "bytes=70000-"
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize("cuts", [[1], [1, 2, 3], [65536, 65537, 900_000]])
def test_any_cuts_give_the_same_file(cuts: list[int], tmp_path: Path, waits: Waits) -> None:
    # every answer is of the rest: the part grows by so many bytes each time
    with serving(*(Answer(BODY, cut_at=c) for c in cuts), Answer(BODY)) as site:
        got = fetch(site.url(), tmp_path, sha256=SHA, policy=waits.policy())
    assert got.path.read_bytes() == BODY
    assert len(site.asked) == len(cuts) + 1


def test_a_server_without_ranges_sends_everything_again(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY, cut_at=500_000), Answer(BODY, ranges=False)) as site:
        got = fetch(site.url(), tmp_path, policy=waits.policy())
    assert "range" in site.asked[1][1]
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize("honest", [True, False])
def test_changed_content_is_never_joined_to_the_old_part(honest: bool, tmp_path: Path, waits: Waits) -> None:
    new = BODY.replace(b"19", b"20")

    def liar(handler: object) -> Answer:
        # says 206 although the validator does not hold
        start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))  # type: ignore[attr-defined]
        rest = {"Content-Range": f"bytes {start}-{len(new) - 1}/{len(new)}"}
        return Answer(new[start:], 206, rest, etag='"v2"')

    second = Answer(new, etag='"v2"') if honest else liar
    with serving(Answer(BODY, cut_at=500_000), second, Answer(new, etag='"v2"')) as site:
        got = fetch(site.url(), tmp_path, policy=waits.policy())
    assert got.path.read_bytes() == new


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_validator_nothing_is_resumed(etag: str, tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY, etag=etag, cut_at=500_000), Answer(BODY, etag=etag)) as site:
        got = fetch(site.url(), tmp_path, policy=waits.policy())
    assert "range" not in site.asked[1][1]
    assert got.path.read_bytes() == BODY


def test_a_date_of_change_is_a_validator_too(tmp_path: Path, waits: Waits) -> None:
    dated = {"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
    with serving(
        Answer(BODY, headers=dated, etag="", cut_at=9), Answer(BODY, headers=dated, etag="")
    ) as site:
        fetch(site.url(), tmp_path, sha256=SHA, policy=waits.policy())
    assert site.asked[1][1]["if-range"] == dated["Last-Modified"]


def test_a_part_that_is_whole_already_gets_its_name(tmp_path: Path) -> None:
    with serving(Answer(BODY)) as site:
        said = {"url": site.url(), "etag": '"v1"', "last_modified": "", "length": len(BODY)}
        (tmp_path / "table.csv.part").write_bytes(BODY)
        (tmp_path / "table.csv.part.json").write_text(json.dumps(said))
        got = fetch(site.url(), tmp_path, sha256=SHA)
    assert (got.path.read_bytes(), got.etag) == (BODY, '"v1"')
    assert [a[1].get("range") for a in site.asked] == [f"bytes={len(BODY)}-"]


@pytest.mark.parametrize("side", ["", "[]", "{", '{"url": "other", "etag": "x"}'])
def test_a_damaged_side_file_starts_again(side: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv.part").write_bytes(b"rubbish")
    (tmp_path / "table.csv.part.json").write_text(side)
    with serving(Answer(BODY)) as site:
        assert fetch(site.url(), tmp_path).sha256 == SHA


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_faults_are_waited_out(status: int, tmp_path: Path, waits: Waits) -> None:
    fault = Answer(b"no", status)
    with serving(fault, fault, fault, Answer(BODY)) as site:
        assert fetch(site.url(), tmp_path, policy=waits.policy()).sha256 == SHA
    assert waits == [1.0, 2.0, 4.0]


def test_the_server_says_how_long_to_wait(tmp_path: Path, waits: Waits) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    script = [Answer(b"", 429, {"Retry-After": s}) for s in ("7", when, "soon")]
    with serving(*script, Answer(BODY)) as site:
        fetch(site.url(), tmp_path, policy=waits.policy())
    assert waits[0] == 7.0
    assert 30 < waits[1] <= 40
    assert waits[2] == 4.0


def test_a_wait_beyond_the_bound_is_an_error_at_once(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(b"", 429, {"Retry-After": "3600"})) as site, pytest.raises(ZizhuError) as caught:
        fetch(site.url(), tmp_path, policy=waits.policy())
    assert "asks to wait 3,600 seconds" in problems(caught)
    assert (waits, len(site.asked)) == ([], 1)


def test_attempts_are_bounded(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(b"", 503)) as site, pytest.raises(ZizhuError, match=r"answers 503 \(attempt 5\)"):
        fetch(site.url(), tmp_path, policy=waits.policy())
    assert len(site.asked) == 5
    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_nobody_listens(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY)) as site:
        gone = site.url()
    with pytest.raises(ZizhuError, match="the connection failed"):
        fetch(gone, tmp_path, policy=waits.policy(attempts=2))


def test_a_server_that_stalls_is_given_up(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY, pause=0.5)) as site, pytest.raises(ZizhuError, match="ReadTimeout"):
        fetch(site.url(), tmp_path, policy=waits.policy(attempts=1, timeout=0.1))


def test_a_slow_server_is_waited_for(tmp_path: Path) -> None:
    told: list[int] = []
    with serving(Answer(BODY[:300_000], pause=0.02)) as site:
        got = fetch(site.url(), tmp_path, tell=lambda done, _: told.append(done))
    assert got.bytes == told[-1] == 300_000


@pytest.mark.parametrize(
    ("status", "words"), [(401, "refuses"), (403, "refuses"), (404, "no such file"), (418, "answers 418")]
)
def test_faults_that_do_not_pass_are_told_at_once(
    status: int, words: str, tmp_path: Path, waits: Waits
) -> None:
    with serving(Answer(HTML, status)) as site, pytest.raises(ZizhuError, match=words) as caught:
        fetch(site.url(), tmp_path, policy=waits.policy())
    assert "--from FILE" in problems(caught)
    assert len(site.asked) == 1
    assert only(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [(HTML, r"a web page \(Sign in\)"), (b"", "an empty file"), (b"PK\x03\x04cut", "damaged or cut short")],
)
def test_what_is_no_data_is_removed(body: bytes, words: str, tmp_path: Path) -> None:
    with serving(Answer(body)) as site, pytest.raises(ZizhuError, match=words) as caught:
        fetch(site.url(), tmp_path)
    assert only(tmp_path) == []
    assert site.url() in problems(caught)
    assert ".part" not in problems(caught)


def test_a_web_page_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    with serving(Answer(HTML)) as site:
        got = fetch(site.url("/plan.html"), tmp_path, policy=Policy(pages=True))
    assert got.path.read_bytes() == HTML


def test_a_bomb_is_removed(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"0" * 10_000_000)
    with serving(Answer(packed.getvalue())) as site, pytest.raises(ZizhuError, match="unpack to"):
        fetch(site.url("/a.zip"), tmp_path)
    assert only(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "headers", "words"),
    [
        ({"sha256": "0" * 64}, {}, "SHA-256"),
        ({"size": 5}, {}, "not the file that was expected"),
        ({}, {"Content-MD5": base64.b64encode(b"0" * 16).decode()}, "MD5"),
    ],
)
def test_a_wrong_checksum_or_size_removes_the_part(
    given: dict[str, str | int], headers: dict[str, str], words: str, tmp_path: Path
) -> None:
    with serving(Answer(BODY, headers=headers)) as site, pytest.raises(ZizhuError, match=words):
        fetch(site.url(), tmp_path, **given)  # type: ignore[arg-type]
    assert only(tmp_path) == []


def test_a_right_md5_and_size_pass(tmp_path: Path) -> None:
    md5 = {"Content-MD5": base64.b64encode(hashlib.md5(BODY).digest()).decode()}
    with serving(Answer(BODY, headers=md5)) as site:
        assert fetch(site.url(), tmp_path, size=len(BODY)).sha256 == SHA


def test_a_body_shorter_than_said_never_gets_its_name(tmp_path: Path, waits: Waits) -> None:
    with (
        serving(Answer(BODY, ranges=False, cut_at=len(BODY), length=len(BODY) + 5)) as site,
        pytest.raises(ZizhuError),
    ):
        fetch(site.url(), tmp_path, policy=waits.policy(attempts=2))
    assert "table.csv" not in only(tmp_path)


def test_a_file_beyond_the_cap_is_refused_before_and_while_it_comes(tmp_path: Path, waits: Waits) -> None:
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="at most 1,000 bytes"):
        fetch(site.url(), tmp_path, policy=waits.policy(largest=1000))
    endless = Answer(BODY, headers={"Connection": "close"}, cut_at=len(BODY))
    with serving(endless) as site, pytest.raises(ZizhuError, match="at most 1,000 bytes"):
        fetch(site.url(), tmp_path, policy=waits.policy(largest=1000))
    assert only(tmp_path) == []


def test_redirects_lead_from_the_web_to_the_web(tmp_path: Path) -> None:
    with serving(Answer(BODY)) as end, serving(Answer(b"", 302, {"Location": end.url("/real.csv")})) as start:
        got = fetch(start.url("/old.csv"), tmp_path, headers={"X-Key": KEYS[1]})
    assert got.path.read_bytes() == BODY
    assert start.asked[0][1]["x-key"] == KEYS[1]
    assert "x-key" not in end.asked[0][1]


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://example.org/x", "data:text/csv,1", "http://[::1", "http://h:99999/x"],
)
def test_redirects_out_of_the_web_are_refused(target: str, tmp_path: Path) -> None:
    with (
        serving(Answer(b"", 302, {"Location": target})) as site,
        pytest.raises(ZizhuError, match="out of the web"),
    ):
        fetch(site.url(), tmp_path)


def test_redirects_in_a_circle_end(tmp_path: Path) -> None:
    with (
        serving(Answer(b"", 301, {"Location": "/table.csv"})) as site,
        pytest.raises(ZizhuError, match="10 redirects"),
    ):
        fetch(site.url(), tmp_path)
    assert len(site.asked) == 11


@pytest.mark.parametrize(
    ("said", "path", "name"),
    [
        (
            'attachment; filename="API_X_DS2_en_csv_v2_1.csv"',
            "/X?downloadformat=csv",
            "API_X_DS2_en_csv_v2_1.csv",
        ),
        ("attachment; filename*=UTF-8''a%20b.csv", "/x", "a b.csv"),
        ('attachment; filename="../../../etc/cron.d/x"', "/x", "x"),
        ('attachment; filename="..\\\\..\\\\evil.csv"', "/x", "evil.csv"),
        ("", "/a/%2e%2e%2fb.csv", "b.csv"),
        ("", "/", "download"),
    ],
)
def test_the_file_has_a_harmless_name_in_its_folder(said: str, path: str, name: str, tmp_path: Path) -> None:
    headers = {"Content-Disposition": said} if said else {}
    with serving(Answer(BODY, headers=headers)) as site:
        got = fetch(site.url(path), tmp_path / "in")
    assert got.path == tmp_path / "in" / name
    assert only(tmp_path) == ["in"]


def test_ctrl_c_leaves_the_part_that_is_resumed(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    with serving(Answer(BODY, pause=0.01), Answer(BODY)) as site:
        with pytest.raises(KeyboardInterrupt):
            fetch(site.url(), tmp_path, tell=stop)
        held = (tmp_path / "table.csv.part").stat().st_size
        assert held > 100_000
        assert only(tmp_path) == ["table.csv.part", "table.csv.part.json"]
        assert fetch(site.url(), tmp_path).sha256 == SHA
    assert site.asked[1][1]["range"] == f"bytes={held}-"


@pytest.fixture
def _small_disk() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("_small_disk")
def test_a_full_disk_is_told_and_leaves_the_part_only(tmp_path: Path) -> None:
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="the disk is full"):
        fetch(site.url(), tmp_path)
    assert set(only(tmp_path)) <= {"table.csv.part", "table.csv.part.json"}


def test_a_disk_without_room_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("zizhu.sources.net.part.shutil.disk_usage", lambda _: usage)
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="the disk is full"):
        fetch(site.url(), tmp_path)
    assert only(tmp_path) == []


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ZizhuError):
        fetch("http://127.0.0.1:9/x", tmp_path / "file" / "in")


def test_the_proxy_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Answer(BODY)) as site, proxying() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url(""))
        assert fetch(site.url(), tmp_path).sha256 == SHA
        assert [a for a, _ in proxy.asked] == [site.url()]
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert fetch(site.url(), tmp_path / "2").sha256 == SHA
        assert len(proxy.asked) == 1


def test_a_proxy_that_is_none_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"gopher://{KEYS[3]}:{KEYS[2]}@127.0.0.1:1")
    with pytest.raises(ZizhuError, match="HTTP_PROXY") as caught:
        fetch("http://127.0.0.1:9/x", tmp_path)
    assert not any(k in problems(caught) for k in KEYS)


@pytest.mark.parametrize("switch", ["1", "true", "yes"])
def test_offline_by_the_environment(switch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZIZHU_OFFLINE", switch)
    with serving(Answer(BODY)) as site:
        with pytest.raises(ZizhuError, match="--from FILE"):
            fetch(site.url(), tmp_path)
        assert site.asked == []
        assert fetch(site.url(), tmp_path, offline=False).sha256 == SHA


@pytest.mark.parametrize(
    "url", ["", "table.csv", "file:///etc/passwd", "ftp://x/y", "http://", "http://[::1", "http://h:99999/x"]
)
def test_other_addresses_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError):
        fetch(url, tmp_path)


FAULTS = {
    "cut": Answer(BODY, cut_at=9, ranges=False),
    "busy": Answer(b"", 503),
    "refused": Answer(b"", 403),
    "gone": Answer(b"", 404),
    "page": Answer(HTML),
    "circle": Answer(b"", 302, {"Location": f"/x?api_key={KEYS[0]}"}),
    "out": Answer(b"", 302, {"Location": f"file:///{KEYS[0]}"}),
    "wrong": Answer(BODY),
}


@pytest.mark.parametrize("fault", [*FAULTS, "nobody", "offline", "proxy"])
def test_no_failing_path_tells_a_secret(
    fault: str,
    tmp_path: Path,
    waits: Waits,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(FAULTS.get(fault, Answer(BODY))) as site:
        port = 9 if fault == "nobody" else site.port
        if fault == "proxy":
            monkeypatch.setenv("HTTP_PROXY", f"http://{KEYS[3]}:{KEYS[2]}@127.0.0.1:9")
        url = f"http://{KEYS[3]}:{KEYS[2]}@127.0.0.1:{port}/table.csv?subscription-key={KEYS[0]}&year=2022#{KEYS[0]}"
        with pytest.raises(ZizhuError) as caught:
            fetch(
                url,
                tmp_path,
                sha256="0" * 64,
                headers={
                    "Ocp-Apim-Subscription-Key": KEYS[1],
                    "Authorization": f"Bearer {KEYS[2]}",
                    "Accept-Language": "ab",
                },
                offline=fault == "offline",
                policy=waits.policy(attempts=2),
            )
    left = "".join(p.read_text(errors="replace") for p in tmp_path.iterdir())
    names = "".join(only(tmp_path))
    shown = "".join(traceback.format_exception(caught.value))
    everything = shown + str(caught.value) + repr(caught.value.problems) + caplog.text + left + names
    assert [k for k in KEYS if k in everything] == []
    assert "year=2022" in str(caught.value)


def test_a_good_download_tells_no_secret_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Answer(BODY)) as site:
        url = f"http://{KEYS[3]}:{KEYS[2]}@127.0.0.1:{site.port}/table.csv?key={KEYS[0]}"
        got = fetch(url, tmp_path, headers={"X-Key": KEYS[1]})
    assert got.url_without_secrets == f"http://127.0.0.1:{site.port}/table.csv?key=***"
    assert site.asked[0][0].endswith(KEYS[0])
    assert base64.b64decode(site.asked[0][1]["authorization"].split()[1]).decode() == f"{KEYS[3]}:{KEYS[2]}"
    assert [k for k in KEYS if k in caplog.text] == []


def test_addresses_keep_what_tells_nothing_secret() -> None:
    plain = "https://api.worldbank.org/v2/en/indicator/NY.GDP.MKTP.CD?downloadformat=csv&reporterCode=156"
    assert redacted(plain) == plain
    assert redacted("https://x.org/a?X-Amz-Signature=ab&sig=c&token=d") == (
        "https://x.org/a?X-Amz-Signature=***&sig=***&token=***"
    )
    assert redacted("https://x.org/a?v=a1b2c3d4e5f6a7b8c9d0e1f2") == "https://x.org/a?v=***"
    assert redacted("https://x.org/abc/def", ("abc",)) == "https://x.org/***/def"
    assert cleaned("cannot reach http://u:p@h/a?key=k now") == "cannot reach http://h/a?key=*** now"


secret = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789/+&=%#@: ", min_size=4, max_size=40).filter(
    str.strip
)


@given(secret)
def test_a_named_secret_never_survives(text: str) -> None:
    for url in (f"https://h.org/{quote(text, safe='')}", f"https://h.org/?q={quote(text, safe='')}"):
        assert quote(text, safe="") not in redacted(url, (text,)).removeprefix("https://h.org")


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "apikey",
        "api_key",
        "api-key",
        "apiKey",
        "APIKey",
        "KEY",
        "token",
        "access_token",
        "accessToken",
        "subscription-key",
        "client_secret",
        "password",
        "passwd",
        "pwd",
        "pass",
        "sig",
        "X-Amz-Signature",
        "code",
        "authcode",
        "auth_code",
        "oauth_token",
        "Authorization",
        "sessionid",
        "user",
        "username",
        "email",
        "p%61ssword",
    ],
)
@pytest.mark.parametrize("mark", ["?", "?a=1&", "?a=1;", "?a=1&amp;", ";", "/b;x=1;"])
def test_a_parameter_with_the_name_of_a_secret_is_hidden(name: str, mark: str) -> None:
    url = f"https://x.org/a{mark}{name}=" + "{}" + ("&year=2022" if "?" in mark else ";year=2022")
    for value in ("abc", "1234", "12345678901234567890", "A%2Fb"):
        assert redacted(url.format(value)) == url.format("***")


@pytest.mark.parametrize(
    "plain",
    [
        "https://x.org/a?keyword=steel&monkey=1&country_code=156&reporterCode=842&author=Li&design=2",
        "https://x.org/a?keywords=hot;rolled=yes",
        "https://x.org/grapher/co2-emissions-per-capita-and-year-2020.csv?v=1&csvType=full",
        "https://x.org/data/OECD.SDD.NAD,DSD_NAMAIN1@DF_QNA,1.0/A.CHN+USA..?startPeriod=2015",
        "https://x.org/keys/BACI_HS92_V202601.zip",
        "https://x.org/sdg-indicators-by-country-2024/table",
    ],
)
def test_what_only_looks_like_a_secret_is_shown(plain: str) -> None:
    assert redacted(plain) == plain


@pytest.mark.parametrize(
    "url",
    [
        "https://x.org/api/{}/data",
        "https://x.org/v6/{}",
        "https://x.org/a;{}/b",
        "https://x.org/a?{}",
        "https://x.org/a?v={}",
        "https://x.org/apikey/{}/b",
    ],
)
@pytest.mark.parametrize(
    "key",
    ["a1b2c3d4e5f6a7b8c9d0e1f2", "12345678901234567890", "f337e03f-697a-4495-a772-78e8963da2d0", "Ab_3-" * 6],
)
def test_keys_without_a_name_are_hidden_in_query_and_path(url: str, key: str) -> None:
    assert redacted(url.format(key)) == url.format("***")


def test_short_keys_are_hidden_where_a_name_tells() -> None:
    assert redacted("https://x.org/apikey/12345678/b?mykeyvalue=87654321") == (
        "https://x.org/apikey/***/b?mykeyvalue=***"
    )


@pytest.mark.parametrize("scheme", ["http", "HTTPS", "socks5", "socks5h", "ftp", "git+ssh"])
def test_messages_lose_the_password_of_any_scheme(scheme: str) -> None:
    said = cleaned(f"proxy '{scheme}://me:pw@host:1080/x?code=7' refuses")
    assert said.casefold() == f"proxy '{scheme.casefold()}://host:1080/x?code=***' refuses"


def test_two_downloads_of_one_file_do_not_share_its_part(tmp_path: Path) -> None:
    begun, go_on, got = threading.Event(), threading.Event(), []

    def wait(*_: int) -> None:
        begun.set()
        go_on.wait(10)

    with serving(Answer(BODY)) as site:
        first = threading.Thread(target=lambda: got.append(fetch(site.url(), tmp_path, tell=wait)))
        first.start()
        assert begun.wait(10)
        with pytest.raises(ZizhuError, match="being downloaded by another process") as caught:
            fetch(site.url(), tmp_path)
        assert "table.csv.part.lock" in str(caught.value)
        go_on.set()
        first.join(10)
        assert got[0].sha256 == SHA
        assert only(tmp_path) == ["table.csv"]
        assert fetch(site.url(), tmp_path).bytes == len(BODY)


def ended() -> int:
    """The number of a process that runs no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize("left", ["ended", "old", "empty and old"])
def test_the_lock_of_a_process_that_has_ended_is_taken_over(left: str, tmp_path: Path) -> None:
    lock = tmp_path / "table.csv.part.lock"
    if left == "ended":
        lock.write_text(f"{system_id()} {ended()} 00")
    else:
        lock.write_text("" if "empty" in left else "ffffffffffff 1 00")
        os.utime(lock, (time.time() - 2 * 86400,) * 2)
    with serving(Answer(BODY)) as site:
        assert fetch(site.url(), tmp_path).sha256 == SHA
    assert only(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("who", ["nobody yet", "another machine", "this process"])
def test_a_lock_that_may_be_held_is_left_alone(who: str, tmp_path: Path) -> None:
    here = f"{system_id()} {os.getpid()} 00"
    said = {"nobody yet": "", "another machine": "ffffffffffff 1 00", "this process": here}[who]
    lock = tmp_path / "table.csv.part.lock"
    lock.write_text(said)
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="another process"):
        fetch(site.url(), tmp_path)
    assert site.asked == []
    assert lock.read_text() == said
    assert only(tmp_path) == ["table.csv.part.lock"]


def test_only_one_of_many_takes_a_stale_lock_over(tmp_path: Path) -> None:
    lock, dead = tmp_path / "x.lock", ended()
    for _ in range(30):
        lock.write_text(f"{system_id()} {dead} 00")
        start, leave, inside = threading.Barrier(6), threading.Barrier(6), []

        def one(start: threading.Barrier, leave: threading.Barrier, inside: list[bool]) -> None:
            start.wait()
            try:
                with exclusive(lock, "x"):
                    inside.append(True)
                    leave.wait(10)
            except ZizhuError:
                leave.wait(10)

        threads = [threading.Thread(target=one, args=(start, leave, inside)) for _ in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(20)
        assert inside == [True]
        assert only(tmp_path) == []


@pytest.mark.parametrize("change", ["cut", "longer", "replaced"])
def test_a_part_that_another_changes_never_gets_the_name(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle(_: object) -> None:
        part = tmp_path / "table.csv.part"
        if change == "replaced":
            (tmp_path / "new").write_bytes(BODY)
            (tmp_path / "new").replace(part)
        else:
            part.write_bytes(BODY[:9] if change == "cut" else BODY + b"9")

    monkeypatch.setattr(fetching, "_check_content", meddle)
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="changed while it was checked"):
        fetch(site.url(), tmp_path)
    assert only(tmp_path) == []


def test_a_part_shorter_than_said_when_it_is_checked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fetching._all_of_it

    def cut(wanted: Wanted) -> fetching._Arrived:
        arrived = whole(wanted)
        wanted.part.write_bytes(BODY[:100])
        return arrived

    monkeypatch.setattr(fetching, "_all_of_it", cut)
    with serving(Answer(BODY)) as site, pytest.raises(ZizhuError, match="as the server says"):
        fetch(site.url(), tmp_path)
    assert only(tmp_path) == []
