"""Records one a line, and Web Annotations: out and in again, whatever the texts hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from read.exchange.anyclaim import HOSTILE, claims
from zizhu.ledger.claims import Claim, Link
from zizhu.read.exchange import annotations, lines
from zizhu.vocab.problems import ZizhuError

SCHEMA = Path(__file__).resolve().parents[4] / "shared" / "read" / "claim.schema.json"
ours = st.lists(claims, max_size=3).map(tuple)


@given(ours)
@examples(60)
def test_lines_come_back_as_they_were(made: tuple[Claim, ...]) -> None:
    text = lines.written(made)
    assert text.count("\n") == len(made)
    assert lines.records(text, Claim, "here") == made


@given(ours)
@examples(60)
def test_annotations_come_back_as_they_were(made: tuple[Claim, ...]) -> None:
    assert annotations.read_page(annotations.page(made), "here") == made


@given(claims)
@examples(30)
def test_an_annotation_has_both_selectors_of_the_standard(claim: Claim) -> None:
    page = json.loads(annotations.page([claim]))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    (item,) = page["items"]
    assert (page["type"], item["type"]) == ("AnnotationPage", "Annotation")
    assert len(item["target"]) == len(claim.evidence)
    for target, evidence in zip(item["target"], claim.evidence, strict=True):
        quote, position, *rest = target["selector"]
        assert quote == {"type": "TextQuoteSelector", **evidence.quote.model_dump()}
        assert position == {"type": "TextPositionSelector", **evidence.position.model_dump()}
        assert [s["value"] for s in rest] == ([f"page={evidence.pdf.page}"] if evidence.pdf else [])
        assert target["source"].isascii()


@pytest.mark.skipif(
    not SCHEMA.is_file(), reason="the schema of claims (../shared/read) is not on this machine"
)
@given(claims)
@examples(60)
def test_a_line_has_the_keys_and_types_of_the_schema(claim: Claim) -> None:
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    _check(json.loads(lines.written([claim])), definitions["claim"], definitions, "claim")


OURS = {"layer": "docx-text"}
"""What our records know and the schema does not: a layer for DOCX."""
TYPES: dict[str, Any] = {
    "object": dict, "string": str, "array": list, "number": (int, float), "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip


def _check(value: Any, rule: dict[str, Any], known: dict[str, Any], where: str) -> None:
    """Hold a value against the parts of JSON Schema that the schema of claims uses."""
    if "$ref" in rule:
        rule = known[rule["$ref"].removeprefix("#/$defs/")]
    kinds = rule.get("type", [])
    allowed = tuple(TYPES[k] for k in ([kinds] if isinstance(kinds, str) else kinds))
    assert not allowed or isinstance(value, allowed), where
    name = where.rpartition(".")[2]
    assert "enum" not in rule or value in rule["enum"] or value == OURS.get(name), where
    if isinstance(value, dict):
        assert set(rule.get("required", ())) <= set(value), where
        for key, inner in rule.get("properties", {}).items():
            if key in value:
                _check(value[key], inner, known, f"{where}.{key}")
    if isinstance(value, list):
        assert rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)), where
        for item in value:
            _check(item, rule.get("items", {}), known, where)
    if isinstance(value, str):
        assert rule.get("minLength", 0) <= len(value) <= rule.get("maxLength", len(value)), where


def test_all_faulty_lines_are_named_at_once() -> None:
    good = Link(a="0" * 16, b="1" * 16, type="restates", by="a rule", note=HOSTILE[8])
    text = "\ufeff" + lines.written([good]) + "{]\n\n" + lines.written([good]) + '{"a": 1, "kind": "x"}\n'
    with pytest.raises(ZizhuError) as raised:
        lines.records(text, Link, "links.jsonl")
    places = {p.where for p in raised.value.problems}
    assert places == {"links.jsonl, line 2", "links.jsonl, line 5"}
    with pytest.raises(ZizhuError, match="line 2"):
        lines.rows(text, "rows.jsonl")
    assert [row["by"] for _, row in lines.rows(lines.written([good]), "rows.jsonl")] == ["a rule"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"items": [1]}', '{"items": [{"body": {"value": "{}"}, "target": []}]}', "[" * 100_000],
    ids=["nothing", "list", "no items", "number", "empty claim", "deep"],
)
def test_what_is_no_page_of_claims_is_refused(text: str) -> None:
    with pytest.raises(ZizhuError):
        annotations.read_page(text, "page.jsonld")
