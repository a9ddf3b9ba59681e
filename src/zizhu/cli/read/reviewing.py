"""`zizhu claims review`: what people say of claims, one by name, or one after the other on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import Place
from zizhu.cli.read.telling import DocumentNamed, Json

if TYPE_CHECKING:
    from rich.console import Console

    from zizhu.read.chosen import Found
    from zizhu.read.reviewing import Decision
    from zizhu.store import Workspace

By = Annotated[
    str,
    typer.Option(envvar="ZIZHU_REVIEWER", help="Who reviews; the name that you are logged in by if absent."),
]
Note = Annotated[str, typer.Option(help="Why.")]
KEYS: dict[str, Decision] = {"a": "accept", "r": "reject", "e": "correct"}
ASKED = "[a]ccept  [r]eject  [e]dit  [s]kip  [q]uit "


def review(
    claim: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The id of a claim, or its beginning.")
    ] = None,
    decision: Annotated[str | None, typer.Argument(metavar="[accept|reject|correct]")] = None,
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD=VALUE...]", help="What a correction changes.")
    ] = None,
    next_: Annotated[
        bool, typer.Option("--next", help="Show claims that nobody has reviewed, one after the other.")
    ] = False,
    document: DocumentNamed = "",
    kind: Annotated[str, typer.Option(help="With --next, claims of one kind: target, actual, ...")] = "",
    by: By = "",
    note: Note = "",
    as_json: Json = False,
    place: Place = None,
) -> None:
    """Accept, reject or correct a claim. What was read stays beside the correction, also when it is read again."""
    from zizhu.cli.ready import ready

    ws, by = ready(place), by or _login()
    if next_:
        _check_next(claim)
        _one_after_the_other(ws, document, kind, by)
    else:
        _one(ws, claim, decision, changes or [], by, note, as_json)


def _login() -> str:
    """The name that somebody is logged in by; empty where there is none."""
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _check_next(claim: str | None) -> None:
    from zizhu.vocab.problems import Problem, ZizhuError

    if claim is not None:
        raise ZizhuError(Problem("--next and an id", "options", "one of them", "Leave one out."))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ZizhuError(
            Problem(
                "--next without a terminal",
                "--next",
                "a terminal that keys can be pressed on",
                "Review by id: zizhu claims review ID accept.",
            )
        )


def _one(
    ws: Workspace,
    claim: str | None,
    decision: str | None,
    changes: list[str],
    by: str,
    note: str,
    as_json: bool,
) -> None:
    from zizhu.cli.output import emit_json
    from zizhu.cli.read.telling import claim_data, reviewed
    from zizhu.read.chosen import claim as found_claim
    from zizhu.read.reviewing import STATUS, decide
    from zizhu.read.targets import renewed
    from zizhu.vocab.problems import Problem, ZizhuError, unknown

    if claim is None or decision is None:
        expected = "ID accept, ID reject, ID correct FIELD=VALUE..., or --next"
        raise ZizhuError(Problem("no decision", "review", expected, "zizhu claims list shows ids."))
    known = next((d for d in STATUS if d == decision), None)
    if known is None:
        raise ZizhuError(unknown("decision", decision, list(STATUS), "review"))
    found = found_claim(ws, claim)
    signed = decide(ws, found, known, changes, by=by, note=note)
    if as_json:
        emit_json(claim_data(found.kept.document, signed))
    else:
        typer.echo(f"{signed.id} is {reviewed(signed)}.")
    renewed(ws, found.claim, signed)


def _one_after_the_other(ws: Workspace, document: str, kind: str, by: str) -> None:
    """Ask for a key for every open claim; what is decided is kept at once."""
    from zizhu.cli.output import console
    from zizhu.read.chosen import OPEN, Asked, chosen
    from zizhu.read.targets import written

    page, done = console(), 0
    waiting = list(chosen(ws, Asked(kind, OPEN), document))
    try:
        for place, found in enumerate(waiting, start=1):
            answer = _asked(page, found, f"{place} of {len(waiting)}")
            if answer == "q":
                break
            if answer in KEYS:
                done += _decided(page, ws, found, KEYS[answer], by)
    finally:
        if done:
            written(ws)
    page.print(f"{done:,} reviewed, {len(waiting) - done:,} open.")


def _asked(page: Console, found: Found, place: str) -> str:
    """The key that is pressed, until it is one of those asked for."""
    from rich.text import Text

    from zizhu.cli.read.telling import item

    page.print(Text(f"\n{place}", style="dim"))
    page.print(item(found.kept.document, found.claim), soft_wrap=True)
    while True:
        page.print(Text(ASKED), end="")
        key = typer.getchar().casefold()
        page.print(key if key.isprintable() else "", markup=False)
        if key in ("\x04", ""):
            return "q"
        if key in (*KEYS, "s", "q"):
            return key


def _decided(page: Console, ws: Workspace, found: Found, decision: Decision, by: str) -> bool:
    """Keep a decision; a correction is asked for until it can be kept, nothing leaves the claim open."""
    from zizhu.read.reviewing import WRITTEN, decide
    from zizhu.vocab.problems import ZizhuError

    changes: list[str] = []
    while True:
        if decision == "correct":
            page.print(f"FIELD=VALUE; fields are {', '.join(WRITTEN)}. An empty line ends.", markup=False)
            changes = list(
                iter(lambda: typer.prompt("", default="", show_default=False, prompt_suffix="> "), "")
            )
            if not changes:
                return False
        try:
            decide(ws, found, decision, changes, by=by)
        except ZizhuError as error:
            if decision != "correct":
                raise
            for problem in error.problems:
                page.print(str(problem), markup=False)
        else:
            return True
