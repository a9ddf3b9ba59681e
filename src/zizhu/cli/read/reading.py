"""`zizhu read`: documents in, claims kept and shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import Place
from zizhu.cli.read.forms import FormName, Out
from zizhu.cli.read.telling import Json

if TYPE_CHECKING:
    from rich.text import Text

    from zizhu.cli.read.forms import Writing
    from zizhu.read.reading import Alike, Reading, Session, Unread
    from zizhu.read.targets.rows import Rows
    from zizhu.sources.net.fetch import Fetched
    from zizhu.store import Workspace
    from zizhu.vocab.problems import ZizhuError

NUMBERS = 20
"""Numbers that are shown of a document that is read alone."""
STOPPED = "Documents that are done are kept: zizhu claims documents list shows them."


def read(
    places: Annotated[
        list[str],
        typer.Argument(metavar="PATH|URL|-...", help="Files, folders, addresses; - for a pasted text."),
    ],
    language: Annotated[
        str | None, typer.Option(help="Language of the documents (en, zh), if what is found is wrong.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Day of publication of one document, as EDTF.")
    ] = None,
    publisher: Annotated[str, typer.Option(help="Who published the documents.")] = "",
    title: Annotated[str, typer.Option(help="Title of one document.")] = "",
    extractor: Annotated[
        list[str] | None,
        typer.Option(help="Extractor to read with, by name; repeatable. The built-in ones if absent."),
    ] = None,
    form: FormName = None,
    out: Out = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show, and keep nothing.")] = False,
    top: Annotated[
        int | None,
        typer.Option(min=0, help="Numbers to show of each document; 20 of one, none of several if absent."),
    ] = None,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """Read documents: every claim points to the words it was read from, and every number was parsed from them.

    Text, HTML, PDF and DOCX in English and Chinese. What is read is kept in the workspace; reading a document again
    takes the place of the earlier reading and says what changed, and what reviewers said stays.
    """
    from zizhu.cli.progress import counting
    from zizhu.cli.read.forms import writing
    from zizhu.cli.read.model import offer
    from zizhu.cli.ready import ready
    from zizhu.read.places import Means, Stated, several, waiting
    from zizhu.read.reading import Session

    many = several(places)
    writer = writing(form, out, many)
    if writer is not None and writer.out is None and as_json:
        raise _refused("--json and --format both on standard output", "-o FILE", "Name a file.")
    if extractor:
        offer(extractor)
    session = Session(None if dry_run else ready(place), extractor or ())
    said = Stated(language, published, publisher, title)
    documents = waiting(places, said, Means(_download, _pasted))
    page = _Page(writer, as_json, top if top is not None else 0 if many else NUMBERS)
    with counting("Reading", "Nothing is kept." if dry_run else STOPPED) as tell:
        for outcome in session.read(documents, tell):
            page.take(outcome)
    page.end(session)


def _renewed(workspace: Workspace) -> tuple[Rows | None, list[ZizhuError]]:
    """The targets of all documents, written into the register; what keeps them from it is told with the rest."""
    from zizhu.read.targets import written
    from zizhu.vocab.problems import ZizhuError

    try:
        return written(workspace), []
    except ZizhuError as error:
        return None, [error]


class _Page:
    """What is told of documents, held back until the last one is done: a bar may stand on the page meanwhile."""

    def __init__(self, writer: Writing | None, as_json: bool, top: int) -> None:
        self._writer, self._as_json, self._top = writer, as_json, top
        self._told: list[Any] = []
        self._errors: list[ZizhuError] = []

    def take(self, outcome: Reading | Unread) -> None:
        from zizhu.read.reading import Unread

        if isinstance(outcome, Unread):
            self._errors.append(outcome.error)
            return
        if self._writer is not None:
            self._writer.write(outcome.document, outcome.admitted.claims)
        if self._as_json:
            self._told.append(_data(outcome))
        elif self._writer is None or self._writer.out is not None:
            self._told += _summary(outcome, self._top)

    def end(self, session: Session) -> None:
        """Print all, and what became of targets; raises ZizhuError with what could not be read."""
        from zizhu.cli.output import console, emit_json
        from zizhu.cli.read.targets import told_of
        from zizhu.vocab.problems import CannotAnswer, ZizhuError

        if self._writer is not None:
            self._writer.end()
        made, errors = _renewed(session.workspace) if session.workspace else (None, [])
        self._errors += errors
        alike, problems = session.alike(), [p for e in self._errors for p in e.problems]
        if self._as_json:
            copies, targets = [vars(a) for a in alike], told_of(made) if made else None
            said = {"documents": self._told, "alike": copies, "targets": targets}
            emit_json({**said, "problems": [vars(p) for p in problems]})
        else:
            page = console()
            for told in (*self._told, *map(_alike_words, alike)):
                page.print(told, soft_wrap=True)
            if made and (made.targets or made.left_out) and self._told:
                page.print(f"{told_of(made)} zizhu claims targets shows them.", style="dim", soft_wrap=True)
        if problems:
            unanswered = all(isinstance(e, CannotAnswer) for e in self._errors)
            raise (CannotAnswer if unanswered else ZizhuError)(problems)


def _summary(reading: Reading, top: int) -> list[Text]:
    """A document in a few lines, and its first numbers, each in its sentence."""
    from rich.text import Text

    from zizhu.cli.read.telling import DOCUMENT, change_words, counted, item
    from zizhu.read.called import short
    from zizhu.show.claims_page import one_line

    document, claims, refused = reading.document, reading.admitted.claims, reading.admitted.rejected
    head = Text().append(one_line(short(document.name)), style="bold")
    head.append(f"  {document.id[:DOCUMENT]}  {_about(reading)}")
    numbers = [c for c in claims if c.quantity is not None]
    said = f"  {len(claims):,} claims, {len(numbers):,} with a number"
    said += f": {counted([c.kind for c in claims])}" if claims else ""
    said += f"; {len(refused):,} refused: {counted([r.reason for r in refused])}" if refused else ""
    lines = [head, Text(said)]
    if reading.change is not None and change_words(reading.change):
        shown = f" {_compared(reading)} shows them." if reading.change.added or reading.change.gone else ""
        lines.append(Text(f"  Read before: {change_words(reading.change)}.{shown}"))
    if reading.change is not None and reading.change.orphans:
        lost = len(reading.change.orphans)
        told = f"  {lost:,} review{'s have' if lost > 1 else ' has'} no claim any more: {_compared(reading)}"
        lines.append(Text(told, style="yellow"))
    lines += [Text(f"  Note: {one_line(note)}.", style="yellow") for note in document.notes]
    lines += [item(document, claim) for claim in numbers[:top]]
    if top and len(numbers) > top:
        lines.append(Text(f"  {len(numbers) - top:,} more numbers: --top {len(numbers)}.", style="dim"))
    return lines


def _compared(reading: Reading) -> str:
    """The command that shows what a reading changed."""
    from zizhu.cli.read.telling import DOCUMENT

    before = reading.change.before if reading.change else None
    earlier = f"{before[:DOCUMENT]} " if before and before != reading.document.id else ""
    return f"zizhu claims diff {earlier}{reading.document.id[:DOCUMENT]}"


def _about(reading: Reading) -> str:
    """Language, day with its evidence, publisher and title."""
    from zizhu.show.claims_page import one_line

    document, day = reading.document, reading.document.published
    dated = f"published {day.edtf} ({one_line(day.evidence)})" if day else "no date found"
    named = [one_line(text) for text in (document.publisher, document.title) if text]
    return "; ".join((document.language, dated, *named))


def _data(reading: Reading) -> dict[str, Any]:
    from zizhu.cli.read.telling import change_data, claim_data, document_data
    from zizhu.read.exchange.lines import data

    return {
        **document_data(reading.document),
        "claims": [claim_data(reading.document, claim) for claim in reading.admitted.claims],
        "rejected": [data(refused) for refused in reading.admitted.rejected],
        "change": change_data(reading.change) if reading.change else None,
    }


def _alike_words(alike: Alike) -> Text:
    from rich.text import Text

    from zizhu.read.called import told_apart
    from zizhu.show.claims_page import one_line

    one, of = map(one_line, told_apart(alike.name, alike.of))
    told = {
        "bytes": f"is the same file as {of}",
        "text": f"has the same text as {of}",
        "near": f"is nearly {of}, {alike.similarity:.0%} of the passages of both",
    }[alike.how]
    return Text(f"{one} {told}.", style="yellow")


def _download(url: str, folder: Path, /) -> Fetched:
    from zizhu.read.documents.opened import LARGEST
    from zizhu.sources.net.fetch import fetch
    from zizhu.sources.net.part import Policy
    from zizhu.vocab.problems import Problem, ZizhuError

    try:
        return fetch(url, folder, policy=Policy(pages=True, largest=LARGEST))
    except ZizhuError as error:
        # what downloads speaks of data, which have an option for files
        said = [(p, p.remedy.replace("give it with --from FILE", "read the file")) for p in error.problems]
        raise ZizhuError(Problem(p.what, p.where, p.expected, remedy) for p, remedy in said) from None


def _pasted() -> bytes:
    from zizhu.read.documents.opened import LARGEST

    if sys.stdin.isatty():
        typer.echo("Paste the text, then press Enter and Ctrl-D.", err=True)
    return sys.stdin.buffer.read(LARGEST + 1)


def _refused(what: str, expected: str, remedy: str) -> ZizhuError:
    from zizhu.vocab.problems import Problem, ZizhuError

    return ZizhuError(Problem(what, "options", expected, remedy))
