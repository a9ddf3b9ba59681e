"""`zizhu data search|info|add|update|remove`: sources in the catalogue and the tables made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from zizhu.cli.options import AsJson, Place, workspace
from zizhu.vocab import groups
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    from zizhu.sources.catalogue import Entry
    from zizhu.store import Workspace
    from zizhu.store.meta import Meta

SourceName = Annotated[str, typer.Argument(help="A source; `zizhu data search` lists them.")]
What = Annotated[
    list[str] | None,
    typer.Argument(help="Indicators, charts, data flows or products, of a source that is asked."),
]
Countries = Annotated[
    list[str] | None,
    typer.Option(
        "--country", parser=groups.coded, metavar="COUNTRY", help="Of a source that is asked; repeatable."
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--from", metavar="FILE|FOLDER|ZIP", help="What you have already; repeatable."),
]
Years = Annotated[list[int] | None, typer.Option("--year", help="Only this year; repeatable.")]
EditionName = Annotated[str, typer.Option("--edition", help="The release, where the files do not say it.")]


def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words that the description has.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sources that can be connected: all, or those whose description has the words, most of them first."""
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.cli.output import console, emit_json
    from zizhu.sources import searching

    found = searching.search(words or ())
    if as_json:
        emit_json([e.model_dump(mode="json") for e in found])
        return
    if not searching.has_all(found[0], words or ()):
        console().print("No source has all of these words; those with most of them come first.", markup=False)
    shown = Table(
        Column("source", no_wrap=True), "kind", "producer", "what it is", box=None, header_style="bold"
    )
    for e in found:
        shown.add_row(*map(escape, (e.id, e.kind, e.producer, f"{e.title}: {e.about}")))
    console().print(shown)


def info(
    name: Annotated[
        str,
        typer.Argument(
            help="A source of the catalogue, or a table, of which NAME@VERSION is an earlier one."
        ),
    ],
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """What is known of a source (licence, files, traps) or of a table (sources, units, files it was read from)."""
    from zizhu.cli.output import console, emit_json
    from zizhu.sources.catalogue import catalogue
    from zizhu.vocab.problems import unknown

    ws = workspace(place)
    tables = ws.names()
    name, _, version = name.partition("@")
    if name not in catalogue() and name not in tables:
        raise ZizhuError(unknown("source or table", name, [*catalogue(), *tables], "name"))
    if name in catalogue():
        source = catalogue()[name]
        if as_json:
            emit_json(source.model_dump(mode="json"))
        else:
            _tell(console().print, _of_source(source))
        return
    versions = [ws.read(name, version).meta] if version else ws.versions(name)
    if as_json:
        emit_json([{**m.model_dump(mode="json"), "version": m.version} for m in versions])
        return
    told = ws.read(name, version or None)
    _tell(
        console().print,
        [
            *_of_table(ws, told.meta),
            ("File", str(told.path)),
            *_of_versions(told.meta, ws.versions(name), version),
        ],
    )


def add(
    source: SourceName,
    what: What = None,
    given: Files = None,
    country: Countries = None,
    year: Years = None,
    edition: EditionName = "",
    place: Place = None,
) -> None:
    """Connect a source: read its files and make tables of them, all together or not at all.

    Without --from the files are downloaded, where the producer has them at an open address; a source with an
    interface is asked for WHAT: an indicator, a chart, a product. SOURCE may be a mapping made by `zizhu data map`.
    """
    from zizhu.cli import revised

    ws = workspace(place)
    ws.check_writable()
    before = revised.current(ws)
    made = _added(ws, source, _Selection(what or [], given or [], country or [], year or [], edition))
    _report(before, made)


def update(
    source: SourceName,
    what: What = None,
    given: Files = None,
    country: Countries = None,
    year: Years = None,
    edition: EditionName = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every value that changed or was withdrawn.")
    ] = False,
    place: Place = None,
) -> None:
    """Add a newer release of a source and say which values changed: revised, new, withdrawn.

    Earlier versions are kept whole; a value that the producer has withdrawn is in them only.
    """
    from zizhu.cli import revised

    ws = workspace(place)
    ws.check_writable()
    before = revised.current(ws)
    made = _added(ws, source, _Selection(what or [], given or [], country or [], year or [], edition))
    if as_json:
        revised.emit(ws, before, made)
        return
    _report(before, made)
    revised.show(ws, before, made)


def remove(
    name: Annotated[str, typer.Argument(help="A table of your own.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    place: Place = None,
) -> None:
    """Remove a table of your own with all its versions. Answers made from it can no longer be opened."""
    ws = workspace(place)
    if not yes and not _agreed(f"Remove {name} and all its versions from {ws.root}?"):
        typer.echo(f"Kept {name}.")
        return
    typer.echo(f"Removed {', '.join(ws.remove(name))}.")


def _agreed(question: str) -> bool:
    """Whether the person says yes; raises ZizhuError where nobody can answer."""
    try:
        return input(f"{question} [y/N]: ").strip().casefold() in ("y", "yes")
    except EOFError:
        raise ZizhuError(
            Problem(
                "nobody to answer the question", "data remove", "y or n", "Give --yes, or ask at a terminal."
            )
        ) from None


class _Selection(NamedTuple):
    """What of a source, and where from."""

    what: list[str]
    given: list[Path]
    countries: list[str]
    years: list[int]
    edition: str


def _added(ws: Workspace, source: str, chosen: _Selection) -> list[Meta]:
    from zizhu.sources.add import Wanted
    from zizhu.sources.add import add as put
    from zizhu.sources.catalogue import entry
    from zizhu.sources.own.mapped import add_mapped

    own = source.endswith((".yaml", ".yml"))
    _refuse_idle(chosen, own)
    with _progress(source) as tell:
        if own:
            return add_mapped(ws, Path(source), tell)
        asked = entry(source)
        years = frozenset(chosen.years)
        if chosen.given:
            return put(ws, asked, Wanted(tuple(chosen.given), years, chosen.edition), tell)
        folder = ws.root / "downloads" / asked.id
        paths, urls = _fetched(folder, asked, chosen, tell)
        made = put(ws, asked, Wanted(paths, years, chosen.edition, urls), tell)
        shutil.rmtree(folder)
        return made


def _refuse_idle(chosen: _Selection, own: bool) -> None:
    """Raise ZizhuError for options that would change nothing."""
    idle: dict[str, Sequence[object]] = {"WHAT": chosen.what, "--country": chosen.countries}
    if own:
        idle |= {"--from": chosen.given, "--year": chosen.years, "--edition": chosen.edition}
    elif not chosen.given:
        idle = {"--country": chosen.countries if not chosen.what else []}
    problems = [
        Problem(
            f"{option} has no effect here",
            "data add",
            "options that choose something",
            f"Leave {option} out.",
        )
        for option, value in idle.items()
        if value
    ]
    if problems:
        raise ZizhuError(problems)


def _fetched(
    folder: Path, asked: Entry, chosen: _Selection, tell: Callable[[str], None]
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files of the source and where they came from, in `folder`, where an interrupted download goes on later."""
    from zizhu.sources.asking import Asked, ask
    from zizhu.sources.download import addresses
    from zizhu.sources.net.fetch import fetch
    from zizhu.sources.net.offline import redacted

    if chosen.what:
        question = Asked(
            asked, tuple(chosen.what), tuple(chosen.countries), tuple(sorted(chosen.years)), tell
        )
        answers = ask(question, folder)
        return tuple(a.path for a in answers), tuple(a.url for a in answers)
    wanted = addresses(asked, frozenset(chosen.years), chosen.edition)
    got = [
        fetch(a.url, folder, sha256=a.sha256, tell=partial(_arrived, tell, redacted(a.url))) for a in wanted
    ]
    return tuple(g.path for g in got), tuple(g.url_without_secrets for g in got)


def _arrived(tell: Callable[[str], None], url: str, done: int, total: int) -> None:
    of = f" of {total / 1e6:,.0f}" if total else ""
    tell(f"{url.rpartition('/')[2]}, {done / 1e6:,.0f}{of} MB")


def _report(before: Mapping[str, Meta], made: Sequence[Meta]) -> None:
    """What was made, what it replaces, how to cite it, and what comes next."""
    from zizhu.cli import revised
    from zizhu.cli.output import console

    page = console()
    for meta in made:
        page.print(f"{meta.name}: {meta.rows:,} rows, {meta.title}", markup=False)
    for line in revised.replaced(before, made):
        page.print(line, markup=False)
    cited = {s.id: s for meta in made if meta.origin for s in meta.origin.cited}
    for s in cited.values():
        page.print(f"Source: {s.citation()}. Licence: {s.licence or 'not stated'}.", markup=False)
    page.print("Next: `zizhu data check` audits what was added.", markup=False)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str], None]]:
    """What is being done, on standard error, where a terminal shows it."""
    from zizhu.cli.screen import errors

    console = errors()
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(what) as status:
        yield lambda words: status.update(f"{what}: {words}")


Lines = list[tuple[str, str]]


def _tell(page: Callable[..., None], lines: Lines) -> None:
    from rich.markup import escape

    for head, text in lines:
        if text:
            page(f"[bold]{head}.[/] {escape(text)}")


def _of_source(e: Entry) -> Lines:
    editions = "; ".join(
        f"{x.id}{f' ({x.published})' if x.published else ''}{f', {x.years[0]} to {x.years[1]}' if x.years else ''}"
        for x in e.editions
    )
    return [
        (e.id, f"{e.producer}, {e.title}: {e.about}"),
        ("Page", e.page),
        ("Licence", e.licence),
        ("Cite as", e.citation),
        ("Editions", editions),
        *[("File", f"{f.about}{f' ({f.url})' if f.url else ''}") for f in e.files],
        ("Format", e.format),
        ("Units", e.units),
        ("Makes", e.tables),
        ("Needs", f"`pip install zizhu[{e.extra}]`" if e.extra else ""),
        ("Key", f"environment variable {e.key}" if e.key else ""),
        *[("Beware", trap) for trap in e.traps],
        ("Tried", e.tried),
    ]


def _of_table(ws: Workspace, meta: Meta) -> Lines:
    from zizhu.show.trace import sources_of

    origin = meta.origin
    read = [
        f"{f.name}, {f.bytes:,} bytes, SHA-256 {f.sha256[:16]}{f', from {f.url}' if f.url else ''}"
        for f in (origin.files if origin else ())
    ]
    return [
        (meta.name, meta.title),
        ("Rows", f"{meta.rows:,}; columns {', '.join(meta.columns)}"),
        ("Units", "; ".join(f"{c}: {u}" for c, u in meta.units.items())),
        *[("Source", f"{s.citation()}. {s.licence}") for s in sources_of(ws, (meta.ref,))],
        *[("Read from", text) for text in read],
        ("Added", f"{origin.added} by zizhu {origin.version}" if origin else ""),
        *[("Note", note) for note in meta.notes],
        *[("History", text) for text in meta.history],
    ]


def _of_versions(shown: Meta, versions: list[Meta], asked: str) -> Lines:
    from zizhu.cli import revised

    others = [m for m in versions if m.version != shown.version]
    return [
        ("Version", f"{shown.short}{'' if asked else ' (current)'}"),
        *[("Other version" if asked else "Earlier version", revised.told(m)) for m in others],
    ]
