"""Trade flows written out as CEPII publishes BACI: a zip of yearly CSV files with the code tables."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from zizhu.sources.catalogue import entry
from zizhu.sources.files.archive import members
from zizhu.sources.reading import LargeTable, Request

HEADER = "t,i,j,k,v,q"
COUNTRIES = (
    "country_code,country_name,country_iso2,country_iso3",
    "56,Belgium,BE,BEL",
    "58,Belgium-Luxembourg (...1998),BE,BEL",
    "156,China,CN,CHN",
    '384,"Côte d\'Ivoire",CI,CIV',
    '490,"Other Asia, nes",,S19',
    "842,USA,US,USA",
)
PRODUCTS = ("code,description", '010121,"Horses: live, pure-bred"', "854140,Photosensitive devices")

Flow = tuple[object, ...]


def line(flow: Flow) -> str:
    """One flow (t, i, j, k, v, q) as the producer pads it: twelve places for v and q."""
    t, i, j, k, v, q = flow
    return f"{t},{i},{j},{k},{v:>13},{q:>13}"


def text(flows: Iterable[Flow]) -> str:
    """The content of a yearly file."""
    return "\n".join([HEADER, *map(line, flows), ""])


def archive(
    folder: Path,
    years: Mapping[int, str],
    nomenclature: str = "HS92",
    edition: str = "V202601",
    codes: Iterable[str] | None = COUNTRIES,
) -> Path:
    """A zip of yearly files with these contents."""
    path = folder / f"BACI_{nomenclature}_{edition}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for year, content in years.items():
            file.writestr(f"BACI_{nomenclature}_Y{year}_{edition}.csv", content)
        if codes is not None:
            file.writestr(f"country_codes_{edition}.csv", "\n".join(codes))
        file.writestr(f"product_codes_{nomenclature}_{edition}.csv", "\n".join(PRODUCTS))
    return path


def year_of(flows: pl.DataFrame, year: int) -> str:
    """A yearly file of a frame with year, exporter, importer, hs6, value_kusd and tonnes, in exact decimals."""
    cells = flows.filter(pl.col("year") == year).select(
        t="year",
        i="exporter",
        j="importer",
        k="hs6",
        v=pl.col("value_kusd").cast(pl.String).str.pad_start(13),
        q=pl.col("tonnes").cast(pl.String).fill_null("").str.pad_start(13),
    )
    return cells.write_csv(quote_style="never")


def request(path: Path, years: Iterable[int] = (), told: list[str] | None = None) -> Request:
    """What the reader is given for that file."""
    return Request(
        entry("baci"), members(path), frozenset(years), tell=(told if told is not None else []).append
    )


def table(made: Mapping[str, object], name: str = "baci-hs92") -> LargeTable:
    """The large table of that name."""
    found = made[name]
    assert isinstance(found, LargeTable)
    return found
