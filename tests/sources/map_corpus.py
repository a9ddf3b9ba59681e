"""Small tables of the kinds that analysts hold, with the role of every column known, written in many ways.

The numbers are made up; names of columns and layouts are those of the usual producers.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

Cells = list[list[str]]


@dataclass(frozen=True)
class Known:
    """A table whose truth is known: names, roles (several by | where each is right), units by column, cells."""

    name: str
    kind: str
    header: tuple[str, ...]
    roles: tuple[str, ...]
    rows: Cells
    units: Mapping[int, tuple[str, float]] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    skip: int = 0
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    form: str = "csv"


ISO3 = ("CHN", "USA", "DEU", "JPN", "KOR", "FRA", "VNM", "BRA")
M49 = ("156", "842", "276", "392", "410", "251", "704", "76")
ZH = ("中国", "美国", "德国", "日本", "韩国", "法国", "越南", "巴西")
NAMES = ("China", "United States", "Germany", "Japan", "South Korea", "France", "Vietnam", "Brazil")
HS = ("854231", "850760", "280461", "260300", "740311", "870323", "300490", "847130")
HS92 = ("280461", "260300", "740311", "250410", "810520", "261100", "750210", "280530")
PROVINCES = ("广东省", "江苏省", "浙江省", "北京市", "上海市", "四川省", "新疆维吾尔自治区")
SHORT = ("广东", "江苏", "浙江", "北京", "上海", "四川", "新疆")
CITIES = ("合肥市", "济南市", "乌鲁木齐市", "深圳市", "杭州市", "苏州市")
FIRMS = ("000001", "000725", "002415", "300750", "600519", "601318", "688981")


def tables() -> list[Known]:
    """The tables as their producers would write them, and the same written in other ways."""
    made = [*_trade(), *_production(), *_series(), *_panels()]
    return [variant for one in made for variant in _variants(one)]


def _grid(rng: random.Random, *columns: Sequence[str] | Callable[[], str], rows: int = 40) -> Cells:
    return [[c() if callable(c) else rng.choice(c) for c in columns] for _ in range(rows)]


def _money(rng: random.Random, top: float = 9e5) -> Callable[[], str]:
    return lambda: f"{rng.uniform(1, top):.2f}"


def _whole(rng: random.Random, top: int = 90_000) -> Callable[[], str]:
    return lambda: str(rng.randrange(1, top))


def _years(first: int = 2015, last: int = 2023) -> list[str]:
    return [str(y) for y in range(first, last + 1)]


def _trade() -> Iterator[Known]:
    rng = random.Random(1)
    yield Known(
        "baci",
        "trade",
        ("t", "i", "j", "k", "v", "q"),
        ("year", "exporter", "importer", "product", "value", "quantity"),
        _grid(rng, _years(), M49, M49, HS92, _money(rng), _money(rng)),
        codes={1: "baci", 3: "HS6"},
    )
    yield Known(
        "comtrade",
        "trade",
        (
            "refYear",
            "reporterISO",
            "reporterDesc",
            "flowDesc",
            "partnerISO",
            "cmdCode",
            "qtyUnitAbbr",
            "qty",
            "netWgt (kg)",
            "primaryValue (USD)",
        ),
        (
            "year",
            "reporter",
            "ignore",
            "flow",
            "partner",
            "product",
            "quantity_unit",
            "quantity|ignore",
            "quantity|ignore",
            "value",
        ),
        _grid(
            rng,
            _years(),
            ISO3,
            NAMES,
            ("Import", "Export"),
            ISO3,
            HS,
            ("kg", "u", "m2"),
            _whole(rng),
            _whole(rng),
            _money(rng),
        ),
        units={9: ("USD", 1)},
        codes={1: "iso3", 4: "iso3", 5: "HS6"},
    )
    yield Known(
        "customs",
        "trade",
        ("年份", "贸易伙伴名称", "商品编码", "商品名称", "进出口", "第一数量(千克)", "美元"),
        ("year", "partner", "product", "ignore", "flow", "quantity", "value"),
        _grid(
            rng,
            _years(),
            ZH,
            ["85423190", "85076000", "28046100", "10121000"],
            ["集成电路", "锂电池", "硅"],
            ["进口", "出口"],
            _whole(rng),
            _whole(rng),
        ),
        units={5: ("kg", 1), 6: ("USD", 1)},
        codes={1: "name", 2: "HS8"},
    )
    yield Known(
        "customs_month",
        "trade",
        ("日期", "注册地名称", "贸易伙伴编码", "原产国", "商品代码", "人民币（元）"),
        ("period", "attribute|ignore", "ignore|importer|partner", "exporter|partner", "product", "value"),
        _grid(
            rng,
            [f"2023{m:02}" for m in range(1, 13)],
            SHORT,
            ["502", "304", "116"],
            ZH,
            ["85423190", "85076000"],
            _whole(rng),
        ),
        units={5: ("CNY", 1)},
    )
    yield Known(
        "pairs",
        "trade",
        (
            "year",
            "exporter_iso3",
            "exporter_name",
            "importer_iso3",
            "importer_name",
            "hs6",
            "trade_value_thousand_usd",
            "weight_tonnes",
        ),
        ("year", "exporter", "ignore", "importer", "ignore", "product", "value", "quantity"),
        _grid(rng, _years(), ISO3, NAMES, ISO3, NAMES, HS, _money(rng), _money(rng)),
        units={6: ("thousand USD", 1), 7: ("t", 1)},
        codes={1: "iso3", 5: "HS6"},
    )
    yield Known(
        "origin",
        "trade",
        ("Year", "Country of origin", "Destination", "HS Code", "Customs value (million USD)"),
        ("year", "exporter", "importer", "product", "value"),
        _grid(rng, _years(), NAMES, NAMES, HS, _money(rng)),
        units={4: ("million USD", 1)},
        codes={1: "name", 3: "HS6"},
    )


def _production() -> Iterator[Known]:
    rng = random.Random(2)
    ores = ["Lithium", "Cobalt", "Graphite", "Rare earths", "Tungsten"]
    yield Known(
        "minerals",
        "production",
        ("Commodity", "Country", "Year", "Production", "Unit"),
        ("product", "country", "year", "quantity", "quantity_unit"),
        _grid(rng, ores, NAMES, _years(), _money(rng), ["metr. t", "kg"]),
        codes={1: "name"},
    )
    yield Known(
        "prodcom",
        "production",
        ("prccode", "country", "year", "production value (thousand USD)", "quantity (tonnes)", "flag"),
        ("product", "country", "year", "value", "quantity", "ignore"),
        _grid(
            rng,
            ["26112240", "27202300", "20132100"],
            ["DE", "FR", "IT", "ES"],
            _years(),
            _money(rng),
            _money(rng),
            ["", "e", "p"],
        ),
        units={3: ("thousand USD", 1), 4: ("t", 1)},
        codes={1: "iso2"},
    )
    yield Known(
        "output",
        "production",
        ("国家", "产品名称", "年份", "产量（万吨）", "备注"),
        ("country", "product", "year", "quantity", "ignore"),
        _grid(rng, ZH, ["钢材", "水泥", "多晶硅", "电解铝"], _years(), _money(rng, 900), ["", "初步数"]),
        units={3: ("t", 10_000)},
        codes={0: "name"},
    )
    yield Known(
        "industry",
        "production",
        ("country", "isic", "year", "output value (million USD)"),
        ("country", "sector", "year", "value"),
        _grid(rng, ISO3, ["C26", "C27", "C28", "C29", "C30"], _years(), _money(rng)),
        units={3: ("million USD", 1)},
        codes={0: "iso3"},
    )


def _series() -> Iterator[Known]:
    rng = random.Random(3)
    wide = [f"{y} [YR{y}]" for y in range(2016, 2023)]
    yield Known(
        "wdi",
        "series",
        ("Country Name", "Country Code", "Series Name", "Series Code", *wide),
        ("ignore", "country", "ignore|indicator", "indicator|ignore", *["value"] * 7),
        [
            [n, i, s, c, *(rng.choice(["..", f"{rng.uniform(0, 9):.3f}"]) for _ in wide)]
            for n, i in zip(NAMES, ISO3, strict=True)
            for s, c in (("R&D (% of GDP)", "GB.XPD.RSDV.GD.ZS"), ("Exports", "NE.EXP.GNFS.ZS"))
        ],
        codes={1: "iso3"},
    )
    yield Known(
        "nbs",
        "series",
        ("地区", *(f"{y}年" for y in range(2018, 2024))),
        ("province|entity", *["value"] * 6),
        [[p, *(f"{rng.uniform(1, 99):.1f}" for _ in range(6))] for p in SHORT],
        units=dict.fromkeys(range(1, 7), ("100 million CNY", 1)),
        above=("地区生产总值", "单位：亿元"),
    )
    yield Known(
        "long",
        "series",
        ("indicator", "entity", "period", "value", "unit", "status"),
        ("indicator", "entity|country", "year|period", "value", "unit", "status"),
        _grid(
            rng,
            ["rd_gdp", "patents", "ev_sales"],
            ISO3,
            _years(),
            _money(rng),
            ["percent", "count"],
            ["reported"],
        ),
    )
    yield Known(
        "monthly",
        "series",
        ("Date", "EV sales (thousand units)", "Export share (%)"),
        ("period", "value", "value"),
        [
            [f"{y}-{m:02}", str(rng.randrange(1, 900)), f"{rng.uniform(5, 60):.1f}"]
            for y in (2022, 2023)
            for m in range(1, 13)
        ],
        units={1: ("thousand units", 1), 2: ("percent", 1)},
    )
    yield Known(
        "oecd",
        "series",
        ("REF_AREA", "MEASURE", "UNIT_MEASURE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"),
        ("country", "indicator", "unit", "year|period", "value", "ignore"),
        _grid(rng, ISO3, ["GERD", "BERD"], ["percent", "million USD"], _years(), _money(rng), ["A", "E"]),
        codes={0: "iso3"},
    )
    yield Known(
        "bands",
        "series",
        ("country", "year", "estimate", "lower bound", "upper bound"),
        ("country", "year", "value", "lower", "upper"),
        _grid(rng, ISO3, _years(), _money(rng), _money(rng), _money(rng)),
        codes={0: "iso3"},
    )


def _panels() -> Iterator[Known]:
    rng = random.Random(4)
    cells = [_money(rng), _whole(rng), _whole(rng, 500)]
    yield Known(
        "provinces",
        "panel",
        ("省份", "年份", "工业总产值(亿元)", "R&D经费(万元)", "专利申请数(件)"),
        ("province", "year", "value", "value", "value"),
        [[p, y, *(c() for c in cells)] for p in PROVINCES for y in _years()],
        units={2: ("100 million CNY", 1), 3: ("CNY", 10_000), 4: ("count", 1)},
    )
    yield Known(
        "listed",
        "panel",
        ("Stkcd", "Accper", "Indcd", "营业收入", "研发投入", "Employees"),
        ("firm", "period", "attribute", "value", "value", "value"),
        [
            ["证券代码", "会计期间", "行业代码", "营业收入", "研发投入", "员工人数"],
            ["没有单位", "没有单位", "没有单位", "元", "元", "人"],
            *([f, f"{y}-12-31", "C39", *(c() for c in cells)] for f in FIRMS for y in _years()),
        ],
        units={3: ("CNY", 1), 4: ("CNY", 1), 5: ("count", 1)},
        skip=2,
    )
    yield Known(
        "firms",
        "panel",
        ("firm_id", "firm_name", "year", "industry", "revenue (million USD)", "employees", "subsidised"),
        ("firm", "attribute", "year", "attribute", "value", "value", "value|attribute"),
        [
            [
                f,
                f"Maker {f} Co., Ltd.",
                y,
                rng.choice(["C26", "C28"]),
                *(c() for c in cells[:2]),
                rng.choice("01"),
            ]
            for f in FIRMS
            for y in _years()
        ],
        units={4: ("million USD", 1)},
    )
    yield Known(
        "cities",
        "panel",
        ("城市", "所属省份", "年份", "规上工业企业数(家)", "财政支出（万元）"),
        ("city", "attribute|province", "year", "value", "value"),
        [[c, rng.choice(PROVINCES), y, *(x() for x in cells[:2])] for c in CITIES for y in _years()],
        units={3: ("count", 1), 4: ("CNY", 10_000)},
    )


def _variants(known: Known) -> Iterator[Known]:
    """The table as it is, with its columns in another order, in European style, Chinese GBK, and under no names."""
    rng = random.Random(known.name)
    yield known
    chinese = any(not h.isascii() for h in known.header)
    yield replace(
        _shuffled(known, rng), name=f"{known.name}-shuffled", encoding="gb18030" if chinese else "utf-8"
    )
    yield replace(
        _with_commas(known), name=f"{known.name}-europe", delimiter=";", decimal=",", encoding="utf-8-sig"
    )
    last = {"trade": "xlsx", "series": "utf-16", "panel": "parquet", "production": "title"}[known.kind]
    if last == "utf-16":
        yield replace(known, name=f"{known.name}-utf16", delimiter="\t", encoding="utf-16")
    elif last == "title":
        yield replace(known, name=f"{known.name}-title", above=("Table 3.1", "Source: own compilation", ""))
    elif last == "xlsx" or not known.skip:
        yield replace(known, name=f"{known.name}-{last}", form=last)
    yield replace(_renamed(known), name=f"{known.name}-nameless")


def _shuffled(known: Known, rng: random.Random) -> Known:
    order = list(range(len(known.header)))
    rng.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    return replace(
        known,
        header=tuple(known.header[i] for i in order),
        roles=tuple(known.roles[i] for i in order),
        rows=[[r[i] for i in order] for r in known.rows],
        units={place[i]: u for i, u in known.units.items()},
        codes={place[i]: c for i, c in known.codes.items()},
    )


def _with_commas(known: Known) -> Known:
    def comma(cell: str) -> str:
        whole, point, part = cell.partition(".")
        return f"{whole},{part}" if point and whole.isdigit() and part.isdigit() else cell

    return replace(known, rows=[[comma(c) for c in r] for r in known.rows])


def _renamed(known: Known) -> Known:
    """Names that say nothing: what is then said with confidence must come from the cells."""
    names = tuple(h if h[:4].isdigit() else f"V{i}" for i, h in enumerate(known.header))
    kept = {i: u for i, u in known.units.items() if names[i] == known.header[i] or known.skip}
    return replace(known, header=names, units=kept)


def write(known: Known, folder: Path) -> Path:
    """The table as a file."""
    path = folder / f"{known.name}.{known.form}"
    if known.form == "parquet":
        columns = {h: [r[i] for r in known.rows] for i, h in enumerate(known.header)}
        pl.DataFrame(columns).write_parquet(path)
    elif known.form == "xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for r, row in enumerate([known.header, *known.rows]):
                for c, cell in enumerate(row):
                    sheet.write(r, c, cell)
    else:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=known.delimiter)
        for line in known.above:
            text.write(f"{line}\r\n")
        writer.writerows([known.header, *known.rows])
        path.write_bytes(text.getvalue().encode(known.encoding))
    return path
