"""The workbench as a user starts it: `zizhu serve` in a process of its own, on a port that is free."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2

from cli.running import ZIZHU, environment

OWN = {"X-Zizhu": "1"}
LONGEST = 120.0


@dataclass(frozen=True)
class Served:
    """A running workbench, what it said at its start, and a client of it."""

    process: subprocess.Popen[str]
    said: tuple[str, ...]
    client: httpx2.Client

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """The JSON at an address below /api."""
        answer = self.client.get(f"/api/{path}", params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        """What the workbench says to JSON that its own page could have sent."""
        answer = self.client.post(f"/api/{path}", json=body, headers=OWN)
        assert answer.status_code == status, answer.text
        return answer.json()


@contextmanager
def serving(workspace: Path, *options: str, lines: int = 1) -> Iterator[Served]:
    """`zizhu serve` on a workspace, which says so many lines at its start."""
    command = [*ZIZHU, "serve", "--port", "0", "--workspace", str(workspace), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment(workspace), cwd=workspace.parent
    )
    try:
        said = _lines(process, lines)
        port = re.search(r":(\d+)", said[0])
        assert port is not None
        with httpx2.Client(base_url=f"http://127.0.0.1:{port[1]}", timeout=LONGEST) as client:
            yield Served(process, said, client)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.communicate()


def _lines(process: subprocess.Popen[str], count: int) -> tuple[str, ...]:
    assert process.stdout is not None
    waiting: queue.Queue[str] = queue.Queue()
    stream = process.stdout

    def listen() -> None:
        for _ in range(count):
            waiting.put(stream.readline())

    Thread(target=listen, daemon=True).start()
    return tuple(waiting.get(timeout=LONGEST) for _ in range(count))
