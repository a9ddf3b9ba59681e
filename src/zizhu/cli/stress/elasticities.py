"""`zizhu stress elasticities`: how strongly trade answers to costs, by set of estimates, industry and horizon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import Place, TableName

if TYPE_CHECKING:
    from rich.console import Console

    from zizhu.tables.axes import Axes
    from zizhu.vocab.elasticities import ElasticitySet, HorizonRow, Thetas

SetName = Annotated[
    str | None, typer.Argument(metavar="SET", help="A set of estimates, by name; all are listed if absent.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
STATED = {
    "citation": "Source",
    "table": "Where in it",
    "url": "Seen at",
    "convention": "Theta",
    "concordance": "Industries",
    "band_basis": "Spread where none is published",
    "licence": "Licence",
}
"""What a set says of itself, with the words for it."""


def elasticities(
    name: SetName = None, table: TableName = None, as_json: Json = False, place: Place = None
) -> None:
    """Trade elasticities: the sets of estimates with their sources, or one set on the industries of a table."""
    from zizhu.vocab.elasticities import elasticity_set
    from zizhu.vocab.problems import Problem, ZizhuError

    if name is not None:
        _one_set(elasticity_set(name, "SET"), _axes(table, place), as_json)
    elif table is not None:
        raise ZizhuError(
            Problem(
                "--table has no effect here", "--table", "a SET with it", "Name a set, or leave --table out."
            )
        )
    else:
        _all_sets(as_json)


def _axes(table: str | None, place: Place) -> Axes:
    from zizhu.cli import ready
    from zizhu.cli.options import workspace
    from zizhu.tables.axes import load_axes

    ws = workspace(place)
    return load_axes(ws, ready.mrio(ws, table))


def _all_sets(as_json: bool) -> None:
    from zizhu.cli.output import console, emit_json
    from zizhu.vocab.elasticities import sets

    listed = sets().values()
    if as_json:
        emit_json({"sets": [_set_data(one) for one in listed], "horizons": _horizon_data()})
        return
    page = console()
    _print_table(
        page,
        ("set", "what it is", "sectors", "mean theta", "source"),
        [(s.name, s.title, str(len(s.estimates)), f"{s.mean:.3g}", s.citation) for s in listed],
    )
    _print_horizons(page)
    page.print("[dim]One set on a table's industries: zizhu stress elasticities SET --table NAME[/]")


def _one_set(one: ElasticitySet, axes: Axes, as_json: bool) -> None:
    from zizhu.cli.output import console, emit_json
    from zizhu.vocab.elasticities import classified

    classification = classified(axes.industries)
    found = one.theta([i.code for i in axes.industries], classification)
    if as_json:
        told = {"set": _set_data(one), "table": axes.meta.name, "classification": classification}
        industries = _industry_data(axes, found)
        emit_json({**told, "industries": industries, "missing": found.missing, "horizons": _horizon_data()})
        return
    page = console()
    _print_set(page, one)
    page.print(f"\n[bold]On the industries of {axes.meta.name}[/] ({classification})")
    _print_table(
        page,
        ("industry", "name", "theta", "spread of ln theta", "made of"),
        [
            (r["sector"], r["name"], _figure(r["theta"]), _figure(r["log_spread"]), r["how"])
            for r in _industry_data(axes, found)
        ],
    )
    if found.missing:
        page.print(f"[bold]Without an elasticity in this set:[/] {', '.join(found.missing)}.")
    _print_horizons(page)


def _set_data(one: ElasticitySet) -> dict[str, Any]:
    stated = {k: v for k, v in asdict(one).items() if k != "rows"}
    assumed = [{"sector": r.sector, "theta": r.theta, "note": r.note} for r in one.assumed]
    return {**stated, "sectors": len(one.estimates), "mean": one.mean, "assumed": assumed}


def _industry_data(axes: Axes, found: Thetas) -> list[dict[str, Any]]:
    rows = zip(axes.industries, found.values, found.spread, found.log_spread, found.how, strict=True)
    return [
        {
            "sector": industry.code,
            "name": industry.name,
            "theta": _known(theta),
            "spread": _known(spread),
            "log_spread": _known(log_spread) if isfinite(theta) else None,
            "how": how,
        }
        for industry, theta, spread, log_spread, how in rows
    ]


def _horizon_data() -> list[dict[str, Any]]:
    from zizhu.vocab.elasticities import horizons

    return [{k: _known(v) for k, v in asdict(h).items()} for h in horizons().values()]


def _known(value: Any) -> Any:
    """A plain value, None for a number that is not there or has no bound."""
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    return value


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _print_set(page: Console, one: ElasticitySet) -> None:
    from rich.markup import escape

    page.print(f"[bold]{escape(one.title)}[/] ({one.name})")
    for field, word in STATED.items():
        page.print(f"[bold]{word}.[/] {escape(getattr(one, field))}", soft_wrap=True)
    for row in one.assumed:
        page.print(
            f"[bold]Assumed.[/] {escape(row.sector)} {row.theta:g}: {escape(row.note)}", soft_wrap=True
        )


def _print_horizons(page: Console) -> None:
    from rich.markup import escape

    from zizhu.vocab.elasticities import horizons

    page.print("\n[bold]What is assumed at each horizon[/] (an assumption, not an estimate)")
    columns = ("horizon", "theta", "rho", "eps", "sigma", "labour")
    _print_table(page, columns, [_horizon_cells(h) for h in horizons().values()])
    for h in horizons().values():
        page.print(f"[dim]{h.name}: {escape(h.source)}[/]", soft_wrap=True)


def _horizon_cells(h: HorizonRow) -> Sequence[str]:
    bounds = f", held between {h.theta_least:g} and {h.theta_most:g}" if isfinite(h.theta_most) else ""
    labour = "stays in its sector" if h.sector_labour else "moves"
    return (h.name, f"x {h.theta_scale:g}{bounds}", *(f"{e:g}" for e in (h.rho, h.eps, h.sigma)), labour)


def _print_table(page: Console, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.markup import escape
    from rich.table import Column, Table

    first, *others = columns
    shown = Table(Column(first, no_wrap=True), *others, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        shown.add_row(*map(escape, row))
    page.print(shown)
