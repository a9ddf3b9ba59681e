"""The forms in which claims leave: files for people, for other programs, and for those who annotate."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from zizhu.vocab.problems import Problem, ZizhuError, unknown

if TYPE_CHECKING:
    from zizhu.ledger.claims import Claim
    from zizhu.read.model import Document

FormName = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="Also write the claims: gold-jsonl, jsonl, csv, annotation, label-studio or html; "
        "or mentions: all quantities and dates.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o", "--out", help="The file to write; a folder, one file a document, for several documents."
    ),
]
_UNSAFE = re.compile(r"[^\w.\-]+")


class Form(NamedTuple):
    """A form: the ending of its files, how it is written, and whether one file may hold several documents."""

    ending: str
    written: Callable[[Document, Sequence[Claim]], str]
    joins: bool = False


def _gold(_document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.flat import flat

    return "".join(f"{json.dumps(flat(claim), ensure_ascii=False)}\n" for claim in claims)


def _mentions(document: Document, _claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.mentions import mentions

    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in mentions(document))


def _jsonl(_document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.lines import written

    return written(claims)


def _csv(_document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.sheet import sheet

    return sheet(claims)


def _annotation(_document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.annotations import page

    return page(claims)


def _label_studio(document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.read.exchange.label_studio import task

    return task(_public(document), claims)


def _html(document: Document, claims: Sequence[Claim]) -> str:
    from zizhu.show.claims_page import claims_page

    return claims_page(_public(document), claims)


FORMS = {
    "gold-jsonl": Form(".jsonl", _gold),
    "mentions": Form(".jsonl", _mentions),
    "jsonl": Form(".jsonl", _jsonl, joins=True),
    "csv": Form(".csv", _csv, joins=True),
    "annotation": Form(".json", _annotation, joins=True),
    "label-studio": Form(".json", _label_studio),
    "html": Form(".html", _html),
}


def _public(document: Document) -> Document:
    """The document under the last part of its path: whom a file is given to need not know the folders."""
    from zizhu.read.called import short

    return replace(document, name=short(document.name))


@dataclass
class Writing:
    """Where the claims of documents go: to files of a folder, to one file, or to standard output.

    `joined`: those of all documents are one text, written at the end.
    """

    form: Form
    out: Path | None
    folder: bool
    joined: bool = False
    _names: set[str] = field(default_factory=set)
    _held: list[tuple[Document, Sequence[Claim]]] = field(default_factory=list)

    def write(self, document: Document, claims: Sequence[Claim]) -> None:
        """Write the claims of a document; raises ZizhuError where that cannot be."""
        if self.joined:
            self._held.append((document, claims))
        else:
            self._put(document, self.form.written(document, claims))

    def end(self) -> None:
        """Write what is one text for all documents; raises ZizhuError where that cannot be."""
        if self._held:
            first = self._held[0][0]
            self._put(first, self.form.written(first, [c for _, claims in self._held for c in claims]))

    def _put(self, document: Document, text: str) -> None:
        from zizhu.cli.output import save

        if self.out is None:
            sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")
        else:
            save(self._file(document) if self.folder else self.out, text)

    def _file(self, document: Document) -> Path:
        """A file named after the document; of documents of one name, the later ones have their ids in it too."""
        stem = file_stem(document)
        name = stem if stem not in self._names else f"{stem}-{document.id[:8]}"
        self._names.add(name)
        return (self.out or Path()) / f"{name}{self.form.ending}"


def file_stem(document: Document) -> str:
    """The stem of files about a document: that of its own name, without what no file name should have."""
    from zizhu.read.called import short

    return _UNSAFE.sub("_", Path(short(document.name)).stem)[:100].strip(".") or document.id[:12]


def writing(name: str | None, out: Path | None, several: bool, streams: bool = False) -> Writing | None:
    """How `--format` and `-o` want claims to be written; None where nothing is asked for.

    Several documents go into a folder, or into one file of a form that holds several: what has an ending of letters and
    is no folder is a file. Without one to standard output where `streams` says so. Raises ZizhuError for options that
    do not fit one another.
    """
    if name is None:
        if out is None:
            return None
        raise _refused("-o without --format", f"--format {', '.join(FORMS)}", "Name a format.")
    if name not in FORMS:
        raise ZizhuError(unknown("format", name, list(FORMS), "--format"))
    form = FORMS[name]
    if not several:
        return Writing(form, out, folder=out is not None and out.is_dir())
    file = out is not None and not out.is_dir() and (out.is_file() or out.suffix[1:].isalpha())
    named = file and out is not None and (streams or out.suffix == form.ending)
    joined = form.joins and (named or (out is None and streams))
    if out is None and not joined:
        raise _refused(
            "several documents and no folder", "-o FOLDER", "Name a folder; it is made if need be."
        )
    if file and not joined:
        holding = ", ".join(n for n, f in FORMS.items() if f.joins)
        one = f"FILE{form.ending}" if form.joins else f"one file with --format {holding}"
        raise _refused(
            f"several documents and one file, {out}",
            f"-o FOLDER, or {one}",
            "Name a folder without an ending, or one that is there.",
        )
    return Writing(form, out, folder=not joined, joined=joined)


def _refused(what: str, expected: str, remedy: str) -> ZizhuError:
    return ZizhuError(Problem(what, "options", expected, remedy))
