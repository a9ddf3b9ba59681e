"""What may stand in a scenario file, told from the models that read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from zizhu.ledger.models import Record
from zizhu.stress.scenario.model import Needs, Scenario
from zizhu.stress.scenario.parameters import parameters
from zizhu.stress.scenario.shocks import KINDS, Recovery, Shock

HIDDEN = ("kind",)
OTHER_HORIZONS = "weeks, quarters, years"


def documented() -> str:
    """All settings as Markdown: of a scenario, of the shocks by kind, and of what they contain."""
    parts = ["# The scenario file", _opening(), "## A scenario", *_table(Scenario), "## Shocks"]
    parts += ["Every shock has", *_table(Shock), "and, by its `kind`:"]
    for kind in KINDS:
        parts += [
            f"### {_kind(kind)}",
            f"{_first(kind)} Acts in {_acts(kind)}.",
            *_table(kind, set(Shock.model_fields)),
        ]
    parts += ["## recovery", _first(Recovery), *_table(Recovery), "## needs", _first(Needs), *_table(Needs)]
    parts += ["## What is drawn", *_parameters()]
    return "\n\n".join(parts) + "\n"


def _opening() -> str:
    return (
        "A YAML file. Times carry their unit (`10 days`, `26 weeks`, `3 months`, `2 years`); shares are numbers from 0 "
        "to 1. "
        "What stands at the top holds for every scenario of `scenarios:`; without that list the file is one scenario. "
        "`overrides:` names variants: each is run for every scenario, as `id.name`; `shocks: {name: {...}}` in it "
        "changes the shock of that name. `zizhu stress from-event` writes a first file from a dated event."
    )


def _table(model: type[Record], without: set[str] | None = None) -> list[str]:
    lines = [
        f"| `{name}` | {_default(info)} | {info.description or ''} |"
        for name, info in model.model_fields.items()
        if name not in {*HIDDEN, *(without or ())}
    ]
    return ["\n".join(["| setting | if absent | what it is |", "|---|---|---|", *lines])] if lines else []


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value: Any = info.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), {}) or isinstance(value, Record):
        return "-"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return (
        f"{value:g} days" if info.description and isinstance(value, float) and _is_span(info) else str(value)
    )


def _is_span(info: FieldInfo) -> bool:
    from zizhu.stress.scenario.spans import LONGEST

    return any(getattr(m, "le", None) in (LONGEST, 31) for m in info.metadata)


def _kind(kind: type[Shock]) -> str:
    return str(get_args(kind.model_fields["kind"].annotation)[0])


def _acts(kind: type[Shock]) -> str:
    return ", ".join(h for h in OTHER_HORIZONS.split(", ") if h in kind.acts)


def _first(model: type[Record]) -> str:
    return " ".join((model.__doc__ or "").split())


def _parameters() -> Iterator[str]:
    yield "\n".join(
        [
            "| parameter | usual | drawn from | unit | what it is | value from | band from |",
            "|---|---|---|---|---|---|---|",
            *(
                f"| `{p.name}` | {p.value:g} | {p.low:g} to {p.high:g} | {p.unit} | {p.what} "
                f"| {_cited(p.source, p.url)} | {p.band_basis} |"
                for p in parameters().values()
            ),
        ]
    )


def _cited(source: str, url: str) -> str:
    return f"[{source}]({url})" if url else source
