"""The text of a scenario file that a person goes on with: every value with where it comes from, in a comment."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zizhu.ledger.controls import Needed, draft_settings

WIDTH = 100
ASSUMED = "ASSUMED"
"""What stands before an assumption of ours, for the reader to find."""


@dataclass(frozen=True)
class Drafted:
    """A shock of a draft: its settings as text, products with what they cover, remarks that stand above it, and what
    is left to the reader: settings in comments, each with its value and what it means."""

    kind: str
    settings: Mapping[str, str]
    products: Sequence[tuple[str, str]] = ()
    remarks: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def file_text(head: Sequence[str], settings: Mapping[str, str], shocks: Sequence[Drafted]) -> str:
    """A scenario file: remarks, settings, shocks."""
    lines = [line for said in head for line in _comment(said)]
    lines += [f"{name}: {value}" for name, value in settings.items()]
    lines.append("shocks:")
    for number, one in enumerate(shocks, start=1):
        lines += _shock(one, f"{one.kind}_{number}" if len(shocks) > 1 else one.kind)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as YAML takes it, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)


def assumed(kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """The settings that every draft of a kind of shock assumes, and what each assumption rests on."""
    rows = [row for row in draft_settings() if row.shock == kind]
    return {r.setting: r.value for r in rows}, {r.setting: f"{ASSUMED}: {r.basis}" for r in rows}


def who_needs(found: Needed | None) -> dict[str, tuple[str, str]]:
    """The setting `needed_by` of products, with the industries that are known to need them."""
    meant = (
        "needed_by: the industries that cannot do without these products. Without it they count by their value among "
        "what their industry sells, a lower bound; with it nothing serves these users instead, an upper bound."
    )
    if found is None:
        return {"needed_by": ("[INDUSTRY, ...]", f"{meant} `zizhu data show TABLE` lists industries.")}
    users = f"[{', '.join(found.users)}]"
    return {"needed_by": (users, f"{meant} These: {found.basis} ({found.url}).")}


def _shock(one: Drafted, name: str) -> Iterator[str]:
    for said in one.remarks:
        yield from _comment(said, "  ")
    yield f"  - name: {name}"
    yield f"    kind: {one.kind}"
    for setting, value in one.settings.items():
        if setting in one.notes:
            yield from _comment(one.notes[setting], "    ")
        yield f"    {setting}: {value}"
    if one.products:
        yield "    products:"
    for code, covers in one.products:
        yield from _comment(covers, "      ")
        yield f'      - "{code}"'
    for setting, (value, meaning) in one.left.items():
        yield from _comment(meaning, "    ")
        yield f"    # {setting}: {value}"


def _comment(text: str, indent: str = "") -> list[str]:
    """A text as comment lines; an empty one parts what stands around it."""
    prefix = f"{indent}# "
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [f"{indent}#"]
