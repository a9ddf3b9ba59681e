"""A headless Chromium, driven over a pipe by the protocol of its developer tools: no driver, no port."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
LONGEST = 30.0
"""Seconds that something may take to appear."""
END = b"\0"


@dataclass
class Browser:
    """A page in a browser: what it shows, and what a person does to it. `faults` are errors that it has logged."""

    writes: int
    reads: int
    session: str = ""
    faults: list[str] = field(default_factory=list)
    _count: int = 0
    _rest: bytes = b""

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def size(self, width: int, height: int = 900) -> None:
        """Make the window so large."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 700,
        )

    def run(self, script: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        said = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def until(self, script: str, longest: float = LONGEST) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + longest
        tried = f"(() => {{ try {{ return {script} }} catch {{ return null }} }})()"
        asked = f"(v => v instanceof Node || v)({tried})"
        while not (value := self.run(asked)):
            shown = "" if time.monotonic() < end else self.run("document.querySelector('main')?.innerText")
            assert time.monotonic() < end, f"{script} did not come true; the page reads: {shown}"
            time.sleep(0.05)
        return value

    def click(self, selector: str, text: str = "") -> None:
        """Click the first element that fits and reads so, once it is there."""
        every = f"[...document.querySelectorAll({json.dumps(selector)})]"
        found = f"{every}.find(e => e.textContent.includes({json.dumps(text)}))"
        self.until(found + " !== undefined")
        self.run(
            f"(e => e.dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true}})))({found})"
        )

    def enter(self, selector: str, value: str, event: str = "input") -> None:
        """Set the value of a field, as typing or choosing does."""
        self.until(f"document.querySelector({json.dumps(selector)})")
        told = f"e.dispatchEvent(new Event({json.dumps(event)}, {{bubbles: true}}))"
        self.run(
            f"(e => {{ e.value = {json.dumps(value)}; {told} }})(document.querySelector({json.dumps(selector)}))"
        )

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file, as in the window that its field opens."""
        self.until(f"document.querySelector({json.dumps(selector)})")
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        said = {"key": key, "text": key} if len(key) == 1 else {"key": key, "code": key}
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        if key in codes:
            said |= {"windowsVirtualKeyCode": codes[key]}  # type: ignore[dict-item]
        if key == "Enter":
            said |= {"text": "\r"}
        self.call("Input.dispatchKeyEvent", type="keyDown", **said)
        self.call("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in said.items() if k != "text"})

    def picture(self, file: Path, whole: bool = True) -> Path:
        """A PNG of the page."""
        said = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(said["data"]))
        return file

    def call(self, method: str, **params: Any) -> Any:
        """Ask the browser and wait for its answer."""
        self._count += 1
        said: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self.session:
            said["sessionId"] = self.session
        os.write(self.writes, json.dumps(said).encode() + END)
        while (answer := self._next()).get("id") != self._count:
            self._hear(answer)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _next(self) -> Mapping[str, Any]:
        while END not in self._rest:
            read = os.read(self.reads, 1 << 20)
            assert read, "the browser has ended"
            self._rest += read
        one, self._rest = self._rest.split(END, 1)
        found: Mapping[str, Any] = json.loads(one)
        return found

    def _hear(self, event: Mapping[str, Any]) -> None:
        said = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            thrown = said["exceptionDetails"].get("exception", {})
            self.faults.append(thrown.get("description") or str(said["exceptionDetails"]))
        if event.get("method") == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.faults.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")


@contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser with one empty page; it ends with the context."""
    its_reads, writes = os.pipe()
    reads, its_writes = os.pipe()
    process = _started(
        [str(CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", "about:blank"], its_reads, its_writes
    )
    os.close(its_reads)
    os.close(its_writes)
    browser = Browser(writes, reads)
    try:
        pages = browser.call("Target.getTargets")["targetInfos"]
        target = next(p["targetId"] for p in pages if p["type"] == "page")
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            browser.call(f"{domain}.enable")
        yield browser
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        os.close(writes)
        os.close(reads)


def _started(command: list[str], its_reads: int, its_writes: int) -> int:
    """The id of a process that has the ends of the pipes as 3 and 4."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (its_reads, its_writes)]
    try:
        quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
        given = [(os.POSIX_SPAWN_DUP2, fd, to) for fd, to in zip(high, (3, 4), strict=True)]
        return os.posix_spawn(command[0], command, os.environ, file_actions=[*quiet, *given])
    finally:
        for fd in high:
            os.close(fd)
