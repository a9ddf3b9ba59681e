"""`zizhu read --extractor llm`: a service of the environment, or a clear word that there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import run, within
from sources.serving import Answer, serving

FERRIES = "Norway wants 62.5% of its ferries to be electric by 2032."
KEY = "sk-Sekret0123456789"
SAID = {
    "quote": FERRIES, "kind": "target", "modality": "planned", "polarity": "affirmed", "subject": "Norway",
    "speaker": None, "number": "62.5%", "times": [{"words": "2032", "role": "deadline"}],
}  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(FERRIES, encoding="utf-8")
    return path


def test_a_service_proposes_and_the_gate_decides(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [SAID, {**SAID, "number": "26.5%"}]
    message = {"message": {"content": json.dumps({"claims": items})}}
    with serving(Answer(json.dumps({"choices": [message]}).encode())) as site:
        monkeypatch.setenv("ZIZHU_LLM_URL", site.url("/v1"))
        monkeypatch.setenv("ZIZHU_LLM_MODEL", "gadus-7b")
        monkeypatch.setenv("ZIZHU_LLM_KEY", KEY)
        monkeypatch.delenv("ZIZHU_OFFLINE", raising=False)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        done = run(
            "read", str(report), "--extractor", "llm", "--format", "jsonl", "--dry-run", place=report.parent
        )
    (claim,) = [json.loads(line) for line in done.stdout.splitlines() if '"evidence"' in line]
    assert claim["quantity"]["value"] == 62.5
    assert claim["extractor"]["model"] == "gadus-7b"
    assert KEY not in done.stdout + done.stderr


def test_no_service_is_named(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZIZHU_LLM_URL", raising=False)
    done = within("read", str(report), "--extractor", "llm", "--dry-run", place=report.parent, expect=2)
    assert "ZIZHU_LLM_URL" in done.stderr


def test_the_rules_need_no_service(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZIZHU_LLM_URL", "no address")
    done = within("read", str(report), "--dry-run", place=report.parent)
    assert "claim" in done.stdout
