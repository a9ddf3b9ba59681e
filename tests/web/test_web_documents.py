"""Documents in the workbench: read from bytes, shown as text, reviewed; a hostile one stays text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.served import OWN, Served, serving
from web.test_web_jobs import events
from zizhu.ledger import register
from zizhu.read import kept
from zizhu.store import Workspace

PLAIN = b"""Strategy of 2021

By 2025, the share of domestic industrial robots shall reach 70 percent of sales.
In 2020 the share was 50 percent.
"""
HOSTILE = b"""<!doctype html><html><head><title>Plan</title><script>steal()</script></head><body onload="steal()">
<p>By 2030 the output of chips shall reach 80 percent of demand.</p>
<p>&lt;script&gt;steal()&lt;/script&gt; <img src=x onerror=steal()> <a href="javascript:steal()">here</a></p>
</body></html>"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    with serving(place) as one:
        yield one


@pytest.fixture(scope="module")
def plain(served: Served) -> str:
    return given(served, PLAIN, "../../plan.txt")


def given(served: Served, data: bytes, name: str, **said: str) -> str:
    """The id of a document that the workbench was given."""
    answer = served.client.post("/api/documents", params={"name": name, **said}, content=data, headers=OWN)
    assert answer.status_code == 202, answer.text
    last = list(events(served, answer.json()["id"]))[-1]
    assert last["state"] == "done", last
    (document,) = last["documents"]
    return str(document)


def claims(served: Served, document: str, **asked: Any) -> Any:
    return served.get("claims", document=document, **asked)


def test_a_document_is_read_and_its_numbers_stand_where_they_say(served: Served, plain: str) -> None:
    said = served.get(f"documents/{plain}")
    assert said["head"]["name"] == "../../plan.txt"
    numbers = [c["evidence"][0] for c in said["claims"] if c["quantity"]]
    assert numbers
    for found in numbers:
        where, text = found["value_position"], said["text"]
        assert any(digit in text[where["start"] : where["end"]] for digit in ("70", "50"))


def test_a_name_is_no_path(place: Path, plain: str) -> None:
    assert plain
    assert not list(place.parent.parent.glob("plan.txt"))
    assert [h.name for h in kept.heads(Workspace(place))][:1] == ["../../plan.txt"]


def test_a_hostile_document_stays_text(served: Served) -> None:
    document = given(served, HOSTILE, "plan.html")
    answer = served.client.get(f"/api/documents/{document}")
    assert answer.headers["content-type"] == "application/json"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "onload" not in answer.json()["text"]
    assert "80 percent" in answer.json()["text"]


def test_claims_are_asked_for_a_stretch_at_a_time(served: Served, plain: str) -> None:
    whole = claims(served, plain)
    assert whole["total"] == len(whole["claims"]) > 1
    second = claims(served, plain, first=1, count=1)
    assert (second["total"], second["claims"]) == (whole["total"], whole["claims"][1:2])
    assert served.get("claims", 422, kind="nothing")["problems"]


def test_a_claim_opens_into_its_words(served: Served, plain: str) -> None:
    one = next(c for c in claims(served, plain)["claims"] if c["claim"]["quantity"])
    said = served.get(f"claims/{one['claim']['id']}")
    assert said["sentence"] in PLAIN.decode()
    assert served.get("trace", ref=one["ref"])["ref"].startswith("doc:")


def test_a_review_is_kept(served: Served, plain: str, place: Path) -> None:
    one = claims(served, plain)["claims"][0]["claim"]["id"]
    said = served.post(f"claims/{one}/review", {"decision": "accept", "by": "a reader"})
    assert said["status"] == "accepted"
    held = next(c for c in kept.load(Workspace(place), plain).claims if c.id == one)
    assert held.review is not None
    assert held.review.by == "a reader"
    assert served.get("documents")[0]["reviewed"] == 1


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "shrug"},
        {"decision": "correct"},
        {"decision": "accept", "changes": ["value=1"]},
        {"by": "x"},
        {},
    ],
    ids=["no-decision-of-these", "nothing-corrected", "accepted-and-corrected", "none", "empty"],
)
def test_a_review_that_cannot_be_says_why(served: Served, plain: str, said: dict[str, Any]) -> None:
    one = claims(served, plain)["claims"][0]["claim"]["id"]
    assert served.post(f"claims/{one}/review", said, 422)["problems"]
    assert served.post("claims/ffffffffffffffff/review", {"decision": "accept"}, 404)["problems"]


def test_what_cannot_be_read_is_said_by_its_job(served: Served) -> None:
    answer = served.client.post(
        "/api/documents", params={"name": "x.pdf"}, content=b"%PDF-1.4 no", headers=OWN
    )
    last = list(events(served, answer.json()["id"]))[-1]
    assert last["state"] == "failed"
    assert last["problems"]


def test_an_empty_file_is_said_to_be_empty(served: Served) -> None:
    said = served.client.post("/api/documents", params={"name": "none.txt"}, content=b"", headers=OWN)
    assert (said.status_code, said.json()["problems"][0]["what"]) == (400, "an empty file")
    assert said.json()["problems"][0]["where"] == "none.txt"


def test_conflicts_are_answers(served: Served, plain: str) -> None:
    assert plain
    assert served.get("claims/conflicts")["key"] == ["a", "b"]


def test_a_target_is_on_the_scorecard_until_it_is_rejected(served: Served, place: Path) -> None:
    text = b"Vietnam Steel Strategy 2030\n\nVietnam aims to raise the share of domestic steel to 70 percent by 2030.\n"
    document = given(served, text, "steel.txt")
    (target,) = (t for t in register.of(place).targets.values() if t.source == f"doc.{document[:12]}")
    assert (target.country, target.value, target.deadline, target.status) == ("VNM", 70, "2030", "unreviewed")
    assert target.id in str(served.get("scorecard", country="VNM")["rows"])
    (claim,) = (c for c in claims(served, document)["claims"] if c["claim"]["kind"] == "target")
    served.post(f"claims/{claim['claim']['id']}/review", {"decision": "reject"})
    assert target.id not in register.of(place).targets
