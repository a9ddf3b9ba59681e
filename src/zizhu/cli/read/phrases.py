"""`zizhu phrases`: when dated texts use a phrase, how often, and in which words around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.answering import Asked, answering

if TYPE_CHECKING:
    from zizhu.cli.output import Listing
    from zizhu.ledger.result import Result
    from zizhu.read.phrases import Inputs


@answering
def phrases(
    ask: Asked,
    words: Annotated[
        list[str],
        typer.Argument(help="Phrases; other forms of one behind |: 'indigenous innovation|自主创新'."),
    ],
    corpus: Annotated[
        Path,
        typer.Option(
            "--in", help="A folder of documents, or a Parquet, CSV or TSV file with texts and dates."
        ),
    ],
    text: Annotated[str, typer.Option("--text-column", help="The column of texts.")] = "",
    date: Annotated[str, typer.Option("--date-column", help="The column of dates, years or numbers.")] = "",
    title: Annotated[str, typer.Option("--title-column", help="The column of titles.")] = "",
    language: Annotated[str | None, typer.Option(help="Language of a folder's documents.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows of each list to print.")] = 20,
) -> None:
    """Track phrases over dated texts: counts, first and last use, and every use with its place and context."""
    from zizhu.cli.output import give, working
    from zizhu.read import phrases as verb
    from zizhu.read.corpora import Columns

    ws = ask.ready()
    columns = Columns(text=text, date=date, title=title)
    params = verb.Params(
        phrases=tuple(dict.fromkeys(words)), place=str(corpus.resolve()), columns=columns, language=language
    )
    with working("Reading the texts"):
        inputs = verb.load(ws, params)
        result = verb.solve(inputs)
    give(ws, result, _listings(inputs, result, top), ask.form, "count", inputs)


def _listings(inputs: Inputs, result: Result, top: int) -> list[Listing]:
    import polars as pl

    from zizhu.cli.output import Listing
    from zizhu.read import phrases as verb

    found = verb.used(result.frame)
    columns = ("phrase", "period", "document", "title", "count", "rate")
    every = list(verb.contexts(inputs, found.head(top).iter_rows(named=True)))
    contexts = pl.DataFrame(every, ["phrase", "period", "document", "place", "context"], orient="row")
    steps = verb.by_step(result.frame).filter(pl.col("count") > 0)
    return [
        Listing("Texts that use the phrases", found, top, columns),
        Listing("Uses by year", steps, top, units={"texts": "texts"}),
        Listing("Contexts", contexts, top),
    ]
