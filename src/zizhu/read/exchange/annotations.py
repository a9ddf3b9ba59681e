"""Claims as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), and back without loss.

Each piece of evidence is a target with a TextQuoteSelector and a TextPositionSelector, which count code points as we
do, and a FragmentSelector for a page of a PDF. The claim itself is a JSON body. Terms of our own have the prefix
`zizhu:`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from pydantic import ValidationError

from zizhu.ledger.claims import Claim
from zizhu.ledger.models import faults
from zizhu.read.exchange.lines import data
from zizhu.vocab.problems import Problem, ZizhuError

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"zizhu": "urn:zizhu:term:"}]
CLAIM, DOCUMENT = "urn:zizhu:claim:", "urn:zizhu:document:"
PDF_FRAGMENT = "http://tools.ietf.org/rfc/rfc3778"
OWN = ("sha256", "layer", "value_position", "pdf", "status")
"""Fields of a selector for which the standard has no term."""


def page(claims: Iterable[Claim]) -> str:
    """An annotation page (JSON-LD) with one annotation a claim."""
    made = {"@context": CONTEXT, "type": "AnnotationPage", "items": [_annotation(c) for c in claims]}
    return json.dumps(made, ensure_ascii=False, indent=1)


def _annotation(claim: Claim) -> dict[str, Any]:
    said = data(claim)
    evidence = said.pop("evidence")
    body = {
        "type": "TextualBody",
        "purpose": "describing",
        "format": "application/json",
        "value": json.dumps(said, ensure_ascii=False),
    }
    return {
        "id": f"{CLAIM}{claim.id}",
        "type": "Annotation",
        "motivation": "describing",
        "body": body,
        "target": [_target(selector) for selector in evidence],
    }


def _target(selector: Mapping[str, Any]) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [
        {"type": "TextQuoteSelector", **selector["quote"]},
        {"type": "TextPositionSelector", **selector["position"]},
    ]
    if "pdf" in selector:
        shown = f"page={selector['pdf']['page']}"
        selectors.append({"type": "FragmentSelector", "conformsTo": PDF_FRAGMENT, "value": shown})
    own = {f"zizhu:{name}": selector[name] for name in OWN if name in selector}
    return {"source": DOCUMENT + quote(selector["source"], safe=""), "selector": selectors, **own}


def read_page(text: str, where: str) -> tuple[Claim, ...]:
    """The claims of an annotation page that we wrote. Raises ZizhuError with all annotations that are none."""
    found: list[Claim] = []
    problems: list[Problem] = []
    for number, item in enumerate(_items(text, where), start=1):
        place = f"{where}, annotation {number}"
        try:
            found.append(Claim.model_validate_json(json.dumps(_claim(item))))
        except ValidationError as error:
            problems += faults(error, place, Claim.model_fields)
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
            problems.append(
                Problem("is not an annotation of a claim", place, "a page written by zizhu", "Leave it out.")
            )
    if problems:
        raise ZizhuError(problems)
    return tuple(found)


def _items(text: str, where: str) -> list[Any]:
    try:
        made = json.loads(text.removeprefix("\ufeff"))
        items = made["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ZizhuError(
            Problem("no annotation page", where, "JSON-LD with `items`", "Choose another file.")
        ) from error
    return items if isinstance(items, list) else [items]


def _claim(item: Mapping[str, Any]) -> dict[str, Any]:
    said = json.loads(item["body"]["value"])
    return {**said, "evidence": [_evidence(target) for target in item["target"]]}


def _evidence(target: Mapping[str, Any]) -> dict[str, Any]:
    parts = {s["type"]: {k: v for k, v in s.items() if k != "type"} for s in target["selector"]}
    own = {name: target[f"zizhu:{name}"] for name in OWN if f"zizhu:{name}" in target}
    return {
        "source": unquote(target["source"].removeprefix(DOCUMENT)),
        "quote": parts["TextQuoteSelector"],
        "position": parts["TextPositionSelector"],
        **own,
    }
