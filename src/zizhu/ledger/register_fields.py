"""What may stand in a folder of the register, told from the models that read it."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from zizhu.ledger.folders import FILES, PLAN_FILE
from zizhu.ledger.models import Record

UNTOLD = ("official_indicators.csv",)
"""Files of the built-in register that a folder has no use for."""
EXAMPLE = {
    "plan.yaml": """\
id: Chips at home
names: {en: Chips at home, de: Chips aus dem Inland}
kind: plan
country: DEU
start: 2026
end: 2032
source: ministry-2026
quality: high
""",
    "targets.csv": """\
id,plan,country,sector,item,indicator,comparator,comparator_assumed,value,unit,deadline,status,source,quality
home-1,Chips at home,DEU,Chips,power chips,domestic content,>=,false,35,percent,2032,active,ministry-2026,high
""",
    "sources.csv": """\
id,producer,title,published,url,quality
ministry-2026,Ministry of Economics,Chips at home,2026-02-03,https://example.org/chips-at-home,high
""",
}
"""The smallest folder that says something."""
_WAY = (
    "A plan is one folder. A contributor puts it under `src/zizhu/packs/policy/plans/<name>/`; your own lies under "
    "`register/<name>/` of your workspace (`zizhu data path` prints where that is) and needs nothing else: every "
    "`zizhu register` command and `zizhu trace` read it. It holds `plan.yaml` and as many of the CSV files below "
    "as there is something to say. Three files are enough; `plans/eu-chips-act` of the built-in register, the European "
    "Chips Act, uses nearly all."
)
_RULES = (
    "A folder may refer to the ids of the built-in register, of itself and of the other folders beside it. It is "
    "read whole or not at all: what is wrong in any of its files is said at once, with file, row and column, what "
    "was expected and the nearest valid words. Ids are unique over the whole register. Every row cites a source, "
    "with its quality; nothing is written from memory. Dates are EDTF. In CSV cells several things are joined by "
    "`;`, and names carry their language: `en:Chips Act;zh:中国制造2025`. Columns that are not needed may be left out."
)


def documented() -> str:
    """How a plan is added, and the columns of every file, as Markdown."""
    parts = ["# The register: adding a plan", _WAY, *map(_example, EXAMPLE), _RULES]
    shown: set[str] = set()
    for name, file in FILES.items():
        if file.kind not in shown and name not in UNTOLD:
            shown.add(file.kind)
            title = f"{name}, or plans.csv for several" if name == PLAN_FILE else name
            parts += [f"## {title}", _first(file.model), _table(file.model)]
    return "\n\n".join(parts) + "\n"


def _example(name: str) -> str:
    return f"`{name}`:\n\n```{name.rpartition('.')[2]}\n{EXAMPLE[name]}```"


def _table(model: type[Record]) -> str:
    lines = [
        f"| `{n}` | {_needed(i)} | {i.description or ''}{_choices(i)} |"
        for n, i in model.model_fields.items()
    ]
    return "\n".join(["| column | if absent | what it is |", "|---|---|---|", *lines])


def _needed(info: FieldInfo) -> str:
    if info.is_required():
        return "may be empty" if NoneType in get_args(info.annotation) else "needed"
    return "-" if info.default in ("", None, ()) else str(info.default)


def _choices(info: FieldInfo) -> str:
    """The words that a cell may hold, where it is a closed list that the description does not name."""
    words = [str(w) for w in _literals(info.annotation) if w]
    named = info.description or ""
    return (
        f" One of: {', '.join(f'`{w}`' for w in words)}."
        if words and not all(w in named for w in words)
        else ""
    )


def _literals(annotation: Any) -> Iterator[Any]:
    """The values of a closed list, inside of an optional one too."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for inner in get_args(annotation):
            yield from _literals(inner)


def _first(model: type[Record]) -> str:
    return (model.__doc__ or "").partition("\n")[0]
