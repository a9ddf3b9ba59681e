"""Where numbers come from: sources that can be connected, tables that are here, what they see, and what is wrong."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from zizhu.sources.catalogue import Entry
from zizhu.store import Table
from zizhu.tables.finding import Finding
from zizhu.vocab.problems import ZizhuError
from zizhu.web.bench import Bench, Here
from zizhu.web.refusals import faults, or_missing
from zizhu.web.shapes import Fault, Product, ProductLink, ProductLinks, StoredTable, Tables
from zizhu.web.written import Written

router = APIRouter(tags=["sources"])
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="The name of a table.")]


@router.get("/sources")
def sources(words: Annotated[str, Query(max_length=200)] = "") -> list[Entry]:
    """The sources that can be connected; with words those in whose description one stands, best first."""
    from zizhu.sources.searching import search

    return search([words] if words.strip() else [])


@router.get("/sources/{source}")
def source(source: Annotated[str, Path(max_length=64)]) -> Entry:
    """A source: its licence and citation, what its files look like, and what to beware of."""
    from zizhu.sources.catalogue import entry

    with or_missing():
        return entry(source)


@router.get("/tables")
def tables(bench: Here) -> Tables:
    """All tables with their sources, licences, flags and notes."""
    found: list[StoredTable] = []
    damaged: list[Fault] = []
    for name in bench.workspace.names():
        try:
            found.append(_described(bench, bench.workspace.read(name)))
        except ZizhuError as error:
            damaged += faults(error.problems, bench.workspace.root)
    return Tables(tables=found, damaged=damaged)


@router.get("/tables/{table}")
def table(table: Name, bench: Here) -> StoredTable:
    """A table's description."""
    with or_missing():
        return _described(bench, bench.workspace.read(table))


@router.get("/tables/{table}/findings")
async def findings(table: Name, bench: Here) -> list[Finding]:
    """The audit of a table: bytes and digest, then what a table of its kind can have wrong, heaviest first."""
    with or_missing():
        version = bench.workspace.read(table).meta.version
    return await bench.made(partial(_audited, bench, table, version))


@router.get("/tables/{table}/products", response_model=list[Product])
async def products(table: Name, request: Request, bench: Here) -> Response:
    """The products of a trade table, with the years in which they were traded."""
    with or_missing():
        version = bench.workspace.read(table).meta.version
    page = await bench.made(partial(_listed, bench, table, version))
    return page.to(request)


@router.get("/products/{product}")
def product(
    product: Annotated[str, Path(max_length=100, description="HS code, or words of a label.")],
) -> ProductLinks:
    """What the register knows of a product: the industry that makes it, targets and dated events."""
    from zizhu.depend.linked import Link, links
    from zizhu.vocab import names
    from zizhu.vocab.products import choose, products

    with or_missing():
        code = choose(product, tuple(products()), "product", "the vocabulary")
    found = links(code)

    def told(link: Link) -> ProductLink:
        return ProductLink.model_validate(link._asdict())

    return ProductLinks(
        hs6=code,
        name=names.product(code),
        sector=found.industry.sector if found.industry else None,
        basis=found.industry.basis if found.industry else "",
        targets=[told(link) for link in found.targets],
        events=[told(link) for link in found.events],
    )


def _described(bench: Bench, table: Table) -> StoredTable:
    own = table.path.is_relative_to(bench.workspace.root)
    return StoredTable(meta=table.meta, ref=table.meta.ref, own=own)


def _audited(bench: Bench, table: str, version: str) -> list[Finding]:
    from zizhu.tables.audit import check_table

    return bench.answers.pages.once(("findings", table, version), lambda: check_table(bench.workspace, table))


def _listed(bench: Bench, table: str, version: str) -> Written:
    from zizhu.tables.load import load_trade

    def made() -> Written:
        return Written.of(load_trade(bench.workspace, table).listing().to_dicts())

    return bench.answers.pages.once(("products", table, version), made)
