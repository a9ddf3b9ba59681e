"""Work under way: its progress, its end, the same runs as on the command line, and ends that nobody asked for."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.running import within
from tables.stored import store
from tables.strategies import random_table
from web.served import OWN, Served, serving
from zizhu.ledger import register
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError
from zizhu.web.jobs import MOST, Jobs
from zizhu.web.refusals import Refused
from zizhu.web.worker import ScenarioTask

STOP: dict[str, Any] = {
    "title": "Germany's stop",
    "table": "small",
    "draws": 14,
    "length": "8 weeks",
    "insist": True,
    "shocks": [{"name": "out", "kind": "capacity", "at": "DEU:C26", "share": 0.8, "duration": "4 weeks"}],
}
TEXT = yaml.safe_dump(STOP)
LONG = yaml.safe_dump({**STOP, "draws": 50_000, "length": "150 weeks"})
PATIENCE = 100.0


def stocked(place: Path) -> Path:
    """A workspace with a small table."""
    store(Workspace(root=place), random_table(5, 4, 4), sources=(next(iter(register.sources())),))
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("jobs") / "ws")


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def finished(served: Served) -> list[Any]:
    """The events of a run from its begin to its end."""
    job = served.post("stress/run", {"text": TEXT, "name": "stop"}, 202)
    return list(events(served, job["id"]))


def events(served: Served, job: str) -> Iterator[Any]:
    with served.client.stream("GET", f"/api/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


def until(found: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """What is found, as soon as it is wanted."""
    end = time.monotonic() + PATIENCE
    while not wanted(now := found()):
        assert time.monotonic() < end, now
        time.sleep(0.05)
    return now


@pytest.mark.slow
def test_a_run_tells_how_far_it_is_and_ends(finished: list[Any]) -> None:
    assert finished[-1]["state"] == "done", finished[-1]
    assert finished[-1]["problems"] == []
    done = [e["done"] for e in finished]
    assert done == sorted(done)
    assert finished[-1]["of"] == 15


@pytest.mark.slow
def test_the_run_is_that_of_the_command_line(finished: list[Any], served: Served, place: Path) -> None:
    file = place.parent / "stop.yaml"
    file.write_text(TEXT, "utf-8")
    own = json.loads(within("stress", "run", str(file), "--json", place=place.parent, workspace=place).stdout)
    said = served.get(f"runs/{finished[-1]['runs'][0]}")
    assert said["run"] == own["run"]
    assert said["rows"] == own["rows"]


@pytest.mark.slow
def test_what_is_kept_is_listed_and_discarded(finished: list[Any], served: Served) -> None:
    assert finished
    (kept,) = [k for k in served.get("stress/kept") if k["id"] == "stop"]
    assert kept["done"] == kept["of"]
    left = served.client.delete(f"/api/stress/kept/{kept['key']}", headers=OWN)
    assert left.status_code == 200
    assert kept["key"] not in {k["key"] for k in left.json()}


def test_what_is_wrong_with_a_scenario_is_said_at_once(served: Served) -> None:
    wrong = yaml.safe_dump(
        {**STOP, "draws": -1, "shocks": [{"kind": "embargo", "sender": "ZZZ", "receiver": "USA"}]}
    )
    said = served.post("stress/check", {"text": wrong})
    assert len(said["problems"]) >= 2
    assert all("/" not in p["where"] for p in said["problems"])
    job = served.post("stress/run", {"text": wrong}, 202)
    last = list(events(served, job["id"]))[-1]
    assert (last["state"], len(last["problems"])) == ("failed", len(said["problems"]))


def test_a_sound_scenario_is_told(served: Served) -> None:
    said = served.post("stress/check", {"text": TEXT, "name": "stop"})
    assert said["scenarios"] == [
        {"id": "stop", "title": STOP["title"], "horizons": ["weeks", "quarters"], "runs": 15}
    ]
    draft = served.get("stress/draft/event", event=served.get("stress/events")[0]["id"])
    assert served.post("stress/check", {"text": draft["text"]})["problems"] == []


@pytest.mark.slow
def test_a_job_is_cancelled_and_the_next_one_begins(served: Served) -> None:
    first = served.post("stress/run", {"text": LONG, "name": "long"}, 202)
    second = served.post("stress/run", {"text": LONG, "name": "longer"}, 202)
    assert (first["state"], second["state"]) == ("running", "waiting")
    until(lambda: served.get(f"jobs/{first['id']}"), lambda j: j["of"])
    assert served.client.delete(f"/api/jobs/{first['id']}", headers=OWN).json()["state"] == "cancelled"
    until(lambda: served.get(f"jobs/{second['id']}"), lambda j: j["state"] == "running")
    served.client.delete(f"/api/jobs/{second['id']}", headers=OWN)
    assert list(events(served, second["id"]))[-1]["state"] == "cancelled"
    assert served.client.delete(f"/api/jobs/{first['id']}", headers=OWN).json()["state"] == "cancelled"


def test_a_stream_that_is_left_does_not_end_the_job(served: Served) -> None:
    job = served.post("stress/run", {"text": LONG, "name": "left"}, 202)
    for _ in events(served, job["id"]):
        break
    assert served.get(f"jobs/{job['id']}")["state"] == "running"
    served.client.delete(f"/api/jobs/{job['id']}", headers=OWN)


@pytest.mark.slow
def test_a_second_workbench_reads_and_changes_nothing(served: Served, place: Path) -> None:
    with serving(place, lines=2) as second:
        assert str(served.process.pid) in second.said[1]
        meta = second.get("meta")
        assert (meta["writes"], served.get("meta")["writes"]) == (False, True)
        assert str(served.process.pid) in meta["elsewhere"]
        assert second.get("scorecard")["rows"]
        said = second.post("stress/run", {"text": TEXT}, 409)
        assert str(served.process.pid) in said["problems"][0]["what"]


@pytest.mark.slow
def test_a_killed_process_is_told(tmp_path: Path) -> None:
    jobs = Jobs(stocked(tmp_path / "ws"), 1)
    job = jobs.begin("scenario", "long", ScenarioTask(LONG, "long"))
    until(lambda: jobs.one(job.id), lambda j: bool(j.of))
    (process,) = active_children()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    ended = until(lambda: jobs.one(job.id), lambda j: j.state == "failed")
    assert "signal 9" in ended.problems[0].what
    jobs.close()


def test_too_many_jobs_are_refused_and_none_begins_after_the_end(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 0)
    for _ in range(MOST):
        jobs.begin("scenario", "waits", ScenarioTask("", "waits"))
    with pytest.raises(Refused, match="jobs wait or run"):
        jobs.begin("scenario", "one more", ScenarioTask("", "waits"))
    jobs.close()
    assert {j.state for j in jobs.all()} == {"cancelled"}
    with pytest.raises(ZizhuError):
        jobs.begin("scenario", "late", ScenarioTask("", "waits"))
