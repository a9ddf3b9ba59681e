"""What may stand in a scenario file, told from the models that read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from zizhu.ledger.models import Record
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.parameters import parameters
from zizhu.stress.scenario.shocks import BY_KIND, Horizon, Shock, Traded
from zizhu.stress.scenario.spans import is_span, told
from zizhu.stress.scenario.wording import WITHIN

HIDDEN = ("kind",)
EXAMPLE = """\
id: graphite
title: China holds natural graphite back from Japan
shocks:
  - name: control
    kind: licence
    sender: CHN
    receiver: JPN
    products: ["250410", "250490"]
    delay: 9 weeks
    granted: 0.5
overrides:
  strict: {shocks: {control: {granted: 0.1}}}
  stocked: {stocks: {B08: 6 months}}
"""


def documented() -> str:
    """All settings as Markdown: of a scenario, of the shocks by kind, and of what they contain."""
    parts = ["# The scenario file", _opening(), f"```yaml\n{EXAMPLE}```", "## A scenario", *_table(Scenario)]
    parts += ["## Shocks", "Every shock has its `kind` and", *_table(Shock)]
    parts += [f"Shocks to sales ({_names(Traded)}) also have", *_table(Traded, set(Shock.model_fields))]
    for name, kind in BY_KIND.items():
        shared = Traded if issubclass(kind, Traded) else Shock
        parts += [f"### {name}", f"{_first(kind)} Acts in {_acts(kind)}."]
        parts += _table(kind, set(shared.model_fields))
    for name, inner in WITHIN.items():
        parts += [f"## {name}", _first(inner), *_table(inner)]
    parts += ["## What is drawn", *_parameters()]
    return "\n\n".join(parts) + "\n"


def _names(shared: type[Shock]) -> str:
    return ", ".join(f"`{name}`" for name, kind in BY_KIND.items() if issubclass(kind, shared))


def _opening() -> str:
    return (
        "A YAML file. Times carry their unit (`10 days`, `26 weeks`, `3 months`, `2 years`); shares are numbers from 0 "
        "to 1. What stands at the top holds for every scenario of `scenarios:`; without that list the file is one "
        "scenario. `overrides:` names variants: each is run for every scenario, as `id.name`; `shocks: {name: {...}}` "
        "in it changes the shock of that name, and mappings are merged. `zizhu stress from-event` and `zizhu stress "
        "from-product` write a first file."
    )


def _table(model: type[Record], without: set[str] | None = None) -> list[str]:
    lines = [
        f"| `{name}` | {_default(info)} | {info.description or ''}{_choices(info)} |"
        for name, info in model.model_fields.items()
        if name not in {*HIDDEN, *(without or ())}
    ]
    return ["\n".join(["| setting | if absent | what it is |", "|---|---|---|", *lines])] if lines else []


def _choices(info: FieldInfo) -> str:
    """The words that a setting may take, where it is a closed list that the description does not name."""
    words = [str(w) for w in get_args(info.annotation)] if get_origin(info.annotation) is Literal else []
    named = info.description or ""
    return f" One of: {', '.join(words)}." if words and not all(w in named for w in words) else ""


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value: Any = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, bool):
        return str(value).lower()
    if value in (None, "", (), {}) or isinstance(value, Record):
        return "-"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return told(value) if is_span(info) else f"{value:g}"
    return str(value)


def _acts(kind: type[Shock]) -> str:
    return ", ".join(h for h in get_args(Horizon) if h in kind.acts)


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
