"""SQL over the store: right answers, parameters that stay values, and nothing but tables of the workspace."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

TRADE = pl.DataFrame(
    {
        "year": [2020, 2020, 2020, 2021, 2021, 2021],
        "exporter": ["CHN", "DEU", "USA", "CHN", "DEU", "USA"],
        "importer": ["FRA", "FRA", "FRA", "FRA", "FRA", "CHN"],
        "hs6": ["850110", "850110", "280530", "850110", "280530", "280530"],
        "value_usd": [30_000_000_000, 10_000_000_000, 5_000, 7_000, 3_000, 2_000],
        "quantity_t": [1.5, None, 0.25, 2.0, 0.0, 1.0],
    },
    schema_overrides={"year": pl.Int16},
)
KEY = ("year", "exporter", "importer", "hs6")
GROUPS = pl.DataFrame(
    {"iso3": ["CHN", "DEU", "FRA"], "region": ["Asia", "Europe", "Europe"], "since": [2021, 2020, 2020]}
)
SECRET = "the content of another file"
HOSTILE = [
    "'; DROP TABLE trade; --",
    "' OR '1'='1",
    "\\' OR 1=1 --",
    "''",
    '"trade"',
    "`trade`",
    "*/ UNION SELECT 1 --",
    "-- a comment",
    ":name $name ?",
    "$$x$$",
    "read_csv('/etc/passwd')",
    "line\nbreak\ttab\x00nul",
    "自主 é ñ 🦆 \u2028 \u202e",
    "%_\\%",
    "",
]


def describe(**units: str) -> dict[str, Any]:
    return {"title": "A table", "sources": ("test",), "units": units}


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Tables `trade`, `country-groups`, `v1.0` and a dense array `dense`; nothing built in."""
    folder = tmp_path_factory.mktemp("query [0-9]*")
    made = Workspace(root=folder / "mine", builtin=folder / "none")
    made.commit("trade", TRADE, KEY, describe(value_usd="USD", quantity_t="t"))
    made.commit("country-groups", GROUPS, ("iso3",), describe(since="year"))
    made.commit("v1.0", GROUPS.select("iso3"), ("iso3",), describe())
    dense = pl.DataFrame({"v": [1.0, 2.0, 3.0, 4.0]})
    made.commit("dense", dense, (), describe(v="USD") | {"shape": (2, 2)})
    return made


def refused(space: Workspace, sql: str, **params: Any) -> str:
    """The text of the error that a query must raise."""
    with pytest.raises(ZizhuError) as caught:
        space.query(sql, **params)
    return str(caught.value)


# --- right answers ---


def test_a_selection_is_that_of_plain_polars(space: Workspace) -> None:
    answer = space.query(
        "SELECT exporter, value_usd, quantity_t FROM trade WHERE importer = :who AND year >= :since ORDER BY ALL",
        who="FRA",
        since=2021,
    )
    expected = TRADE.filter((pl.col("importer") == "FRA") & (pl.col("year") >= 2021))
    assert_frame_equal(answer, expected.select("exporter", "value_usd", "quantity_t").sort(pl.all()))


def test_supplier_concentration_with_a_with_part_and_a_window(space: Workspace) -> None:
    answer = space.query(
        """
        WITH share AS (
            SELECT year, hs6, importer, value_usd / SUM(value_usd) OVER (PARTITION BY year, hs6, importer) AS s
            FROM trade
        )
        SELECT year, hs6, SUM(s * s) AS hhi FROM share WHERE importer = 'FRA' GROUP BY year, hs6 ORDER BY 1, 2
        """
    )
    assert answer.rows() == [(2020, "280530", 1.0), (2020, "850110", 0.75**2 + 0.25**2), *_ones()]


def _ones() -> list[tuple[int, str, float]]:
    return [(2021, "280530", 1.0), (2021, "850110", 1.0)]


def test_tables_join_across_integer_widths(space: Workspace) -> None:
    answer = space.query(
        """
        SELECT g.region, COUNT(*) AS n, SUM(t.value_usd) AS usd FROM trade t
        JOIN "country-groups" g ON t.exporter = g.iso3 AND t.year = g.since GROUP BY g.region ORDER BY 1
        """
    )
    assert answer.rows() == [("Asia", 1, 7_000), ("Europe", 1, 10_000_000_000)]


def test_money_squared_does_not_wrap_around(space: Workspace) -> None:
    answer = space.query("SELECT SUM(value_usd * value_usd) / 1e18 AS s, MAX(year * year) AS y FROM trade")
    assert answer.row(0) == (pytest.approx(1_000.0), 2021**2)


def test_an_integer_beyond_64_bits_is_refused_with_a_remedy(space: Workspace) -> None:
    assert "CAST to DOUBLE" in refused(space, "SELECT SUM(value_usd * value_usd) AS s FROM trade")


def test_numbers_with_a_point_are_floats_and_integers_come_back_as_64_bits(space: Workspace) -> None:
    answer = space.query("SELECT 0.1 + 0.2 AS a, 1. / 3 AS b, .5e1 AS c, year, 2 AS d FROM trade LIMIT 1")
    assert answer.dtypes == [pl.Float64, pl.Float64, pl.Float64, pl.Int64, pl.Int64]
    assert answer.row(0)[:3] == (0.1 + 0.2, 1 / 3, 5.0)


def test_encoded_text_and_narrow_floats_read_as_plain_columns(tmp_path: Path) -> None:
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    frame = pl.DataFrame(
        {"who": ["B", "A"], "x": [0.5, 1.5]}, schema={"who": pl.Enum(["A", "B"]), "x": pl.Float32}
    )
    space.commit("t", frame, ("who",), describe(x="USD"))
    answer = space.query(
        "SELECT t.who, x FROM t JOIN (SELECT 'A' AS who) AS u ON t.who = u.who WHERE t.who <> 'C'"
    )
    assert_frame_equal(answer, pl.DataFrame({"who": ["A"], "x": [1.5]}))


@pytest.mark.parametrize("name", ['"v1.0"', "`v1.0`", "v1.0", '"V1.0"'])
def test_tables_go_by_their_names(space: Workspace, name: str) -> None:
    if name == "v1.0":
        assert 'Write "v1.0" in double quotes' in refused(space, f"SELECT iso3 FROM {name}")
    else:
        assert space.query(f"SELECT iso3 FROM {name}").height == 3


def test_names_of_tables_ignore_case_and_columns_take_a_prefix(space: Workspace) -> None:
    assert space.query("SELECT Trade.year FROM Trade WHERE trade.year = 2020").height == 3


def test_comments_are_blanks(space: Workspace) -> None:
    sql = "/* what */ SELECT/**/exporter -- ' \" read_csv('x')\nFROM trade /*! WHERE 1 = 0 */ ; -- done\n;"
    assert space.query(sql).height == TRADE.height


def test_a_part_of_a_with_may_hide_nothing_but_a_table(space: Workspace) -> None:
    assert space.query("WITH trade AS (SELECT 1 AS a) SELECT a FROM trade").rows() == [(1,)]


def test_a_pinned_workspace_answers_from_the_pinned_table(tmp_path: Path) -> None:
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    old = space.commit("g", GROUPS, ("iso3",), describe(since="year"))
    space.commit("g", GROUPS.head(1), ("iso3",), describe(since="year"))
    count = "SELECT COUNT(*) AS n FROM g"
    assert space.query(count).item() == 1
    assert space.pinned([f"table:g@{old}#CHN"]).query(count).item() == 3


# --- parameters stay values ---


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("sign", [":", "$"])
def test_hostile_text_is_only_text(space: Workspace, text: str, sign: str) -> None:
    assert space.query(f"SELECT {sign}x AS x, 'a' AS y", x=text).row(0) == (text, "a")
    assert space.query(f"SELECT exporter FROM trade WHERE exporter={sign}x", x=text).is_empty()
    assert space.query(f"SELECT exporter FROM trade WHERE exporter IN {sign}x", x=[text, "CHN"]).height == 2


@given(st.text())
def test_every_text_comes_back(space: Workspace, text: str) -> None:
    assert space.query("SELECT 'a'||:x||'b' AS x, LENGTH(:x) AS n", x=text).row(0) == (f"a{text}b", len(text))


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), st.dates())
def test_every_number_and_date_comes_back(space: Workspace, n: int, x: float, day: date) -> None:
    assert space.query("SELECT :n AS n, :x AS x, :day AS day", n=n, x=x, day=day).row(0) == (n, x, day)


def test_a_parameter_is_one_operand(space: Workspace) -> None:
    sql = "SELECT 5-:n AS a,-:n AS b,:t AS t,:none IS NULL AS c,:n::varchar AS d"
    assert space.query(sql, n=-3, t=True, none=None).row(0) == (8, 3, True, True, "-3")


def test_parameters_and_texts_side_by_side_do_not_grow_together(space: Workspace) -> None:
    refused(space, "SELECT :a:b AS x", a="1", b="2")
    refused(space, "SELECT 'a':b AS x", b="2")
    assert 'unable to find column "E"' in refused(space, "SELECT E'a' FROM trade")


def test_names_within_texts_quotes_and_casts_are_no_parameters(space: Workspace) -> None:
    assert space.query("SELECT ':a $b' AS \":c\", '7'::int AS n -- :d").row(0) == (":a $b", 7)


def test_all_problems_of_the_parameters_come_at_once(space: Workspace) -> None:
    said = refused(
        space, "SELECT :importr AS a, :codes AS b, :when AS c", importer="FRA", codes=[], when=datetime.now()
    )
    for part in (
        "'importr' has no value",
        "Nearest given: importer",
        "'importer' is not in",
        "an empty list",
        "datetime",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (float("nan"), "not a finite number"),
        (float("-inf"), "not a finite number"),
        (2**63, "beyond 64 bits"),
        (-(2**63), "beyond 64 bits"),
        ("\ud800", "not valid Unicode"),
        ([1, ["a"]], "of type list"),
        ({"a": 1}, "of type dict"),
        (b"a", "of type bytes"),
    ],
)
def test_values_without_a_literal_are_refused(space: Workspace, value: Any, fault: str) -> None:
    assert fault in refused(space, "SELECT :x AS x", x=value)


@pytest.mark.parametrize("sql", ["SELECT ? AS x", "SELECT $1 AS x"])
def test_parameters_have_names(space: Workspace, sql: str) -> None:
    assert "without a name" in refused(space, sql)


# --- nothing but tables of the workspace ---

READERS = [
    "SELECT * FROM {f}",
    "SELECT * FROM trade, {f}",
    "SELECT t.* FROM trade t JOIN {f} AS f ON 1 = 1",
    "SELECT t.* FROM (trade t CROSS JOIN {f} f)",
    "SELECT * FROM (SELECT * FROM {f}) AS x",
    "SELECT 1 FROM trade WHERE exporter IN (SELECT * FROM {f})",
    "SELECT 1 FROM trade WHERE EXISTS (SELECT 1 FROM {f})",
    "SELECT (SELECT MAX(column_1) FROM {f}) AS x",
    "WITH x AS (SELECT * FROM {f}) SELECT * FROM x",
    "WITH read_csv AS (SELECT 1 AS a) SELECT * FROM {f}",
    'WITH "READ_CSV" AS (SELECT 1 AS a) SELECT * FROM {f}',
    "SELECT 1 AS a UNION ALL SELECT * FROM {f}",
    "SELECT * FROM LATERAL {f}",
    "SELECT * FROM TABLE({f})",
    "SELECT * FROM mine.{f}",
    "FROM {f}",
    "TABLE {f}",
    "EXPLAIN SELECT * FROM {f}",
    "CREATE TABLE x AS SELECT * FROM {f}",
]
SPELLINGS = [
    "read_csv('{p}')",
    "READ_CSV ( '{p}' )",
    "\"read_csv\"('{p}')",
    "`read_csv`('{p}')",
    "read_csv/* */('{p}')",
    "read_csv--\n('{p}')",
    "read_csv(:p)",
]


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    path.write_text(f"column_1\n{SECRET}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_statement_reads_a_file(space: Workspace, secret: Path, reader: str, spelling: str) -> None:
    params = {"p": str(secret)} if ":p" in spelling else {}
    assert SECRET not in refused(space, reader.format(f=spelling.format(p=secret)), **params)


@pytest.mark.parametrize("kind", ["csv", "parquet", "ipc", "json"])
def test_a_missing_file_is_not_even_looked_for(space: Workspace, kind: str) -> None:
    assert f"read_{kind}(...)" in refused(space, f"SELECT * FROM read_{kind}('no-such-file')")


def test_a_stored_table_does_not_lend_its_name_to_a_reader(tmp_path: Path, secret: Path) -> None:
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    for name in ("read_csv", "read_csv.x"):
        space.commit(name, GROUPS, ("iso3",), describe(since="year"))
        assert space.query(f'SELECT * FROM "{name}"').height == 3
        assert "commit them as tables" in refused(space, f"SELECT * FROM {name}('{secret}')")


PIECES = [
    *(
        "SELECT",
        "FROM",
        "WITH",
        "AS",
        "UNION",
        "JOIN",
        "WHERE",
        "(SELECT",
        "trade",
        "a",
        "1",
        ":x",
        "read_csv",
    ),
    *("*", "(", ")", ",", ".", ";", ":", "::", "=", "[", "]", "{", "}", "$", "#", "\\", "\n"),
    *("'", "''", '"', "`", "E'", "U&'", "--", "/*", "*/", "WITH/**/read_csv"),
    *("'PATH'", '"read_csv"', "read_csv('PATH')"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", " "]))
def test_no_heap_of_tokens_reads_a_file(space: Workspace, secret: Path, pieces: list[str], gap: str) -> None:
    sql = "SELECT * FROM trade " + gap.join(pieces).replace("PATH", str(secret))
    try:
        said = str(space.query(sql, **({"x": "*/ ' \" --"} if ":x" in sql else {})))
    except ZizhuError as error:
        said = str(error)
    assert SECRET not in said


@pytest.mark.parametrize("file", ["'{p}'", '"{p}"', "`{p}`"])
def test_a_path_is_no_table(space: Workspace, secret: Path, file: str) -> None:
    assert "unknown table" in refused(space, f"SELECT * FROM {file.format(p=secret)}")


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE trade",
        "DELETE FROM trade",
        "TRUNCATE TABLE trade",
        "INSERT INTO trade VALUES (1)",
        "UPDATE trade SET year = 1",
        "CREATE TABLE x AS SELECT * FROM trade",
        "COPY trade TO '/tmp/x'",
        "ATTACH '/tmp/x'",
        "SET x = 1",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "VALUES (1)",
        "(SELECT 1)",
        "FROM trade",
        "",
        "  -- nothing\n",
    ],
)
def test_only_select_and_with_are_queries(space: Workspace, sql: str) -> None:
    assert "is not a query; expected SELECT or WITH" in refused(space, sql)


@pytest.mark.parametrize(
    "tail", ["DELETE FROM trade", "INSERT INTO trade SELECT * FROM x", "UPDATE trade SET year = 1"]
)
def test_a_with_does_not_open_the_way_for_changes(space: Workspace, tail: str) -> None:
    refused(space, f"WITH x AS (SELECT 1 AS a) {tail}")
    assert space.query("SELECT COUNT(*) AS n FROM trade").item() == TRADE.height


def test_one_statement_at_a_time(space: Workspace) -> None:
    assert "more than one statement" in refused(space, "SELECT 1; DROP TABLE trade")


def test_a_query_that_may_never_end_is_refused(space: Workspace) -> None:
    assert "RECURSIVE" in refused(
        space, "WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n FROM x) SELECT n FROM x"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "year + " * 600 + "1 AS x FROM trade",
        "SELECT 1 FROM trade WHERE year " + "IS NULL " * 600,
        " UNION ALL ".join(["SELECT 1 AS a"] * 70),
        "SELECT " + "(" * 2_000 + "1" + ")" * 2_000 + " AS x",
    ],
)
def test_statements_long_enough_to_break_the_engine_are_refused(space: Workspace, sql: str) -> None:
    assert "words and signs" in refused(space, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "year + " * 490 + "1 AS x FROM trade",
        "SELECT (year " + "IS NULL " * 495 + ") AS x FROM trade",
        " UNION ALL ".join(["SELECT year AS x FROM trade"] * 64),
        "SELECT CASE " + "".join(f"WHEN year={i} THEN {i} " for i in range(240)) + "END AS x FROM trade",
    ],
)
def test_statements_just_short_of_the_limit_run(space: Workspace, sql: str) -> None:
    assert space.query(sql).columns == ["x"]


def test_deep_brackets_are_an_error_not_a_crash(space: Workspace) -> None:
    assert "recursion limit" in refused(space, "SELECT " + "(" * 400 + "1" + ")" * 400 + " AS x")


@pytest.mark.slow
def test_a_long_list_of_codes_is_a_parameter(space: Workspace) -> None:
    codes = [f"{i:06d}" for i in range(300_000)]
    assert space.query("SELECT COUNT(*) AS n FROM trade WHERE hs6 IN :codes", codes=codes).item() == 3


@pytest.mark.parametrize("sql", ["SELECT '", 'SELECT "', "SELECT `a", "SELECT 1 /* :x", 'SELECT "" AS a'])
def test_open_quotes_and_comments_are_named(space: Workspace, sql: str) -> None:
    assert "does not end" in refused(space, sql)


def test_an_open_comment_cannot_be_closed_by_a_value(space: Workspace) -> None:
    assert "does not end" in refused(space, "SELECT 1 AS a /* :x", x="*/ UNION SELECT 2")


@pytest.mark.parametrize(
    "sql", ["SELECT \\'a' AS x", "SELECT $$a$$ AS x", "SELECT 1 # c", "SELECT @x", "SELECT '\ud800'"]
)
def test_characters_of_other_dialects_are_refused(space: Workspace, sql: str) -> None:
    assert "is not SQL" in refused(space, sql)


# --- errors for the person ---


def test_an_unknown_table_lists_the_nearest_and_all_of_them(space: Workspace) -> None:
    said = refused(space, 'SELECT * FROM trad JOIN "country-group" ON TRUE')
    for part in ("unknown table 'trad'", "Nearest: trade", "unknown table 'country-group'", "country-groups"):
        assert part in said


def test_an_unknown_column_lists_the_nearest(space: Workspace) -> None:
    assert "Nearest: exporter" in refused(space, "SELECT exportr FROM trade")
    assert "Nearest: exporter" in refused(space, "SELECT trade.exportr FROM trade")


def test_a_dashed_name_without_quotes_is_explained(space: Workspace) -> None:
    assert 'Write "country-groups" in double quotes.' in refused(space, "SELECT * FROM country-groups")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT",
        "SELECT FROM WHERE",
        "SELECT nothing(1)",
        "SELECT exporter + 1 FROM trade",
        "SELECT CAST('x' AS INT)",
        "SELECT year, SUM(value_usd) FROM trade GROUP BY exporter",
        "SELECT DATE '2020-02-30'",
    ],
)
def test_what_the_engine_refuses_is_one_line_without_its_plan(space: Workspace, sql: str) -> None:
    said = refused(space, sql)
    for part in ("\n", "FAILED HERE", "Parquet"):
        assert part not in said


def test_a_dense_array_says_how_to_read_it(space: Workspace) -> None:
    assert "dense array of shape (2, 2)" in refused(space, "SELECT SUM(v) AS v FROM dense")


def test_only_the_tables_that_are_named_are_opened(tmp_path: Path) -> None:
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    for name in ("whole", "cut", "gone"):
        space.commit(name, GROUPS, ("iso3",), describe(since="year"))
    space.read("gone").path.unlink()
    cut = space.read("cut").path
    cut.write_bytes(cut.read_bytes()[:-10])
    assert space.query("SELECT COUNT(*) AS n FROM whole").item() == 3
    assert "is missing" in refused(space, "SELECT * FROM gone")
    assert "cut short" in refused(space, "SELECT * FROM cut")
