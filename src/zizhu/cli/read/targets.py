"""`zizhu claims targets`: the targets that documents state, as the register of the workspace has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import Place, workspace
from zizhu.cli.read.telling import DocumentNamed, Json, counted

if TYPE_CHECKING:
    from rich.text import Text

    from zizhu.ledger.models import Target
    from zizhu.read.targets.rows import Rows
    from zizhu.read.targets.views import TargetView

Top = Annotated[int, typer.Option(min=1, help="How many of each list to print.")]


def targets(
    plan: Annotated[str, typer.Option(help="Part of the id or name of a plan.")] = "",
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Those that the register cannot hold, each with the reason.")
    ] = False,
    document: DocumentNamed = "",
    top: Top = 20,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """Targets that documents state, as the register has them: under `zizhu register` and `zizhu track`.

    They are there as soon as a document is read, marked as unreviewed; one counts when one of its claims was accepted
    or corrected, and is gone when all were rejected. One that the register has already is a restatement of that.
    With --document, those that this document states.
    """
    from zizhu.cli.output import console, emit_json
    from zizhu.read.targets import stated

    made = stated(workspace(place), document)
    names = {p.id: p.name for p in made.plans}
    held = [t for t in made.targets if _called(plan, t.plan, names)]
    left = [(v, why) for v, why in made.left_out if _called(plan, v.plan, names)]
    if as_json:
        rows = [t.model_dump(mode="json") for t in held]
        emit_json({"targets": rows, "left_out": [_left_data(v, why) for v, why in left]})
        return
    page = console()
    told = [_left(v, why) for v, why in left] if left_out else [_held(t, names) for t in held]
    for words in told[:top]:
        page.print(words, soft_wrap=True)
    if len(told) > top:
        page.print(f"[dim]{len(told) - top:,} more: --top {len(told)}, or --json for all.[/]")
    page.print(told_of(made), soft_wrap=True, style="dim", markup=False)


def _called(said: str, plan: str, names: Mapping[str, str]) -> bool:
    """Whether a plan may be called so: by its id in the register or in documents, or a part of its name."""
    from zizhu.read.rules.gazetteer import names_of

    return any(said.casefold() in name.casefold() for name in (plan, names.get(plan, ""), *names_of(plan)))


def told_of(made: Rows) -> str:
    """What has become of the targets that were read, in a sentence or two; empty where there are none."""
    if not (made.targets or made.left_out):
        return "No targets were read."
    words = {"unreviewed": "unreviewed", "active": "accepted", "restatement": "restating one that is there"}
    said = f"{len(made.targets):,} target{'s' * (len(made.targets) != 1)} in the register"
    said += f": {counted([words[t.status] for t in made.targets])}" if made.targets else ""
    if made.left_out:
        many = len(made.left_out)
        said += f". {many:,} {'is' if many == 1 else 'are'} not: {counted([why for _, why in made.left_out])}"
    return f"{said}."


def _held(target: Target, names: Mapping[str, str]) -> Text:
    """A target on two lines: what it says and how it stands, and what opens it."""
    from rich.text import Text

    from zizhu.show.claims_page import scaled

    bound = f"{target.comparator} " if target.comparator and target.comparator not in ("=", "range") else ""
    ends = [scaled(v) for v in (target.value, target.high) if v is not None]
    told = Text().append(f"{target.id}  ", style="dim")
    what = dict.fromkeys((target.item, target.indicator))
    told.append(f"{names.get(target.plan, target.plan)}: {', '.join(what)}, ", "bold")
    told.append(f"{bound}{' to '.join(ends)} {target.unit}", "bold")
    told.append(f" by {target.deadline}" if target.deadline else ", no deadline")
    told.append(f"  ({f'restates {target.same_as}' if target.same_as else target.status})\n")
    return told.append(f"    zizhu trace fact:{target.id}", style="dim")


def _left(view: TargetView, why: str) -> Text:
    from rich.text import Text

    from zizhu.show.claims_page import one_line

    told = Text().append(f"{view.claims[0]}  ", style="dim").append(why, style="bold")
    return told.append(f"\n    {one_line(view.quote)}")


def _left_data(view: TargetView, why: str) -> dict[str, Any]:
    return {"why": why, "plan": view.plan, "claims": list(view.claims), "quote": view.quote}
