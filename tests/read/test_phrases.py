"""Phrases in dated texts: what is counted, when it was first and last used, and where it stands."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read import phrases
from zizhu.read.corpora import Columns, corpus
from zizhu.read.phrases import Params, by_step, order, simplified, used
from zizhu.show.spec import spec
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.vocab.problems import CannotAnswer, ZizhuError

REAL = Path(__file__).resolve().parents[3] / "shared/data/test/policy_texts"
ROWS = {
    "year": ["2003", "2001", None, "2002", "2003"],
    "title": ["c", "a", "undated", "b", "d"],
    "content": [
        "The Green-Line plan ends.",
        "A green line plan: the Green  Line\nplan begins. Greenline plans do not count.",
        "green line plan",
        "Nothing of it here.",
        "GREEN LINE PLAN, green line planning",
    ],
}


def found(place: Path, *words: str, **columns: str) -> tuple[Any, Any]:
    params = Params(phrases=words, place=str(place), columns=Columns(**columns))
    inputs = phrases.load(Workspace(place.parent / "ws"), params)
    return inputs, phrases.solve(inputs)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "texts.parquet"
    pl.DataFrame(ROWS).write_parquet(place)
    return place


def test_uses_are_counted_by_text_and_in_time(table: Path) -> None:
    _, result = found(table, "green line plan")
    rows = used(result.frame).select("document", "period", "count").rows()
    assert rows == [("row 2", "2001", 2), ("row 1", "2003", 1), ("row 5", "2003", 1), ("row 3", None, 1)]
    assert result.frame.height == 5
    assert result.notes[0] == "'green line plan': 5 uses in 4 of 5 texts, first 2001 (a), last 2003 (d)."
    assert result.coverage[0].share == 0.8
    steps = by_step(result.frame).select("period", "texts", "count").rows()
    assert steps == [("2001", 1, 2), ("2002", 1, 0), ("2003", 2, 2)]


def test_hyphens_between_letters_and_other_forms_of_a_phrase(table: Path) -> None:
    _, result = found(table, "greenline plan|green line plan", "green-line plan")
    counts = {
        p: used(result.frame).filter(pl.col("phrase") == p)["count"].sum() for p in result.frame["phrase"]
    }
    assert counts == {"greenline plan|green line plan": 5, "green-line plan": 1}


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("Made in China 2025", "Made-in-China 2025, Made in China\n2025, made-in-China 20255", 2),
        ("belt and road", "the belt-and-road matter; a seat-belt and road, belt and road-side", 1),
        ("cooperation", "co-operation, cooperation, co operation", 2),
        ("tech", "high-tech, tech-heavy, tech", 1),
    ],
)
def test_a_hyphen_stands_for_nothing_or_a_blank(phrase: str, text: str, count: int) -> None:
    assert len(phrases.uses(text, phrases._patterns([phrase]))[phrase]) == count


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("自主创新", "提高自主創新能力，自主 创新，自 主\n创新", 3),
        ("自主創新", "自主创新", 1),
        ("中国制造2025", "《中国制造２０２５》和“中国制造 2025”", 2),
        ("AI", "AI, ai and chains; 発展AI产业", 3),
        ("5G", "5G 25G 5G网络", 2),
        ("R&D", "r&d, R＆D", 2),
        ("first’s", "First's", 1),
        ("十四五", "“十四五”规划", 1),
    ],
)
def test_what_is_the_same(phrase: str, text: str, count: int) -> None:
    spans = phrases.uses(text, phrases._patterns([phrase]))[phrase]
    assert len(spans) == count
    for span in spans:
        plain = unicodedata.normalize("NFKC", text[slice(*span)]).casefold().translate(simplified())
        wanted = unicodedata.normalize("NFKC", phrase).casefold().translate(simplified())
        assert re.sub(r"\s", "", plain).replace("’", "'") == wanted.replace("’", "'")


@given(st.text(alphabet="中製制x2 -\n", max_size=60))
def test_blanks_in_chinese_are_as_if_they_were_not_there(text: str) -> None:
    spans = phrases.uses(text, phrases._patterns(["中制"]))["中制"]
    assert len(spans) == re.sub(r"\s", "", text.replace("製", "制")).count("中制")
    assert all(re.fullmatch(r"中\s*[製制]", text[slice(*span)]) for span in spans)


@pytest.mark.parametrize("phrase", ["", " ", "—", "a|", "|"])
def test_a_phrase_that_says_nothing_is_refused(phrase: str, table: Path) -> None:
    with pytest.raises(ZizhuError, match="says nothing"):
        found(table, "plan", phrase)


def test_documents_of_a_folder_are_dated_by_what_they_state_and_then_by_their_names(tmp_path: Path) -> None:
    place = tmp_path / "texts"
    place.mkdir()
    (place / "report-2019.txt").write_text("The solar law was passed and is in force.")
    (place / "head.txt").write_text("Published: 3 May 2021\n\nThe solar law is old and the rules are new.")
    (place / "plan 2025 to 2030.txt").write_text("The solar law will be amended in the plan.")
    (place / "x.zip").write_bytes(b"PK\x03\x04" + bytes(30))
    inputs, result = found(place, "solar law")
    assert {t.name: t.period for t in inputs.corpus.texts} == {
        "report-2019.txt": "2019",
        "head.txt": "2021-05-03",
        "plan 2025 to 2030.txt": None,
    }
    assert "first 2019 (report-2019.txt), last 2021-05-03 (head.txt)" in result.notes[0]
    assert "1 texts that state no day are dated by their names." in result.notes
    assert any("1 files could not be read: x.zip" in note for note in result.notes)


@pytest.mark.parametrize(
    ("cells", "periods"),
    [
        (["2019", "2020.0", "", "n/a"], ["2019", "2020", None, None]),
        (
            ["2019-05-01T08:00:00", "2020/03/04", "2021-Q1", "2020-05"],
            ["2019-05-01", "2020-03-04", "2021-Q1", "2020-05"],
        ),
        (["18", "9", "", "20"], ["18", "9", None, "20"]),
        (["18", "9", "1999", ""], [None, None, "1999", None]),
    ],
    ids=["years", "days", "ordinals", "numbers and a year"],
)
def test_dates_of_a_table(cells: list[str], periods: list[str | None], tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    pl.DataFrame({"when": cells, "body": ["text"] * 4}).write_csv(place)
    made = corpus(place, Columns(date="when"))
    assert [t.period for t in made.texts] == periods


def test_ordinals_are_in_the_order_of_numbers() -> None:
    assert sorted(["18", "9", "100"], key=order) == ["9", "18", "100"]
    assert sorted(["2021-05-03", "2020", "2021-02", "2019/2023"], key=order) == [
        "2020",
        "2021-02",
        "2021-05-03",
        "2019/2023",
    ]


def test_faults_of_a_table_are_told(tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("a,b\n1,2\n")
    with pytest.raises(ZizhuError) as caught:
        corpus(place)
    assert [p.expected for p in caught.value.problems] == ["--text-column NAME", "--date-column NAME"]
    with pytest.raises(ZizhuError, match="no column 'bb'"):
        corpus(place, Columns(text="bb", date="a"))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ZizhuError, match="cannot be read"):
        corpus(tmp_path / "bad.parquet")
    for name in ("none.csv", "t.xlsx"):
        with pytest.raises(ZizhuError, match=r"no such file|neither"):
            corpus(tmp_path / name)
    place.write_text("text,date\n,2001\n")
    with pytest.raises(CannotAnswer, match="no text"):
        corpus(place)


def test_a_count_opens_into_its_uses_and_is_made_again(table: Path, tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "ws")
    _, result = found(table, "green line plan")
    ws.save_run(result.run)
    opened = trace(ws, result.ref({"phrase": "green line plan", "document": "row 2"}, "count"))
    assert (opened.value, [p.value for p in opened.parts], opened.remainder) == (2.0, [1.0, 1.0], 0.0)
    assert opened.parts[1].label.endswith("plan: the [Green Line plan] begins. Greenline plans do no")
    text = ROWS["content"][1]
    start, end = (int(part) for part in opened.parts[1].ref.rpartition("#")[2].split("-"))
    assert text is not None
    assert text[start:end] == "Green  Line\nplan"
    pl.DataFrame(ROWS).head(2).write_parquet(table)
    with pytest.raises(ZizhuError, match="the answer has digest"):
        trace(ws, result.ref({"phrase": "green line plan", "document": "row 2"}, "count"))


def test_a_figure_has_a_line_a_phrase_with_the_years_without_a_use(table: Path) -> None:
    _, result = found(table, "green line plan", "nothing")
    figure = result.figure()
    assert [(r["phrase"], r["period"]) for r in figure.rows] == [
        (phrase, year) for phrase in ("green line plan", "nothing") for year in ("2001", "2002", "2003")
    ]
    assert "first 2001" in figure.sentence
    assert spec(figure)["description"].startswith("Uses over time")


def counted_by_hand(text: str, phrase: str) -> int:
    """As the verb counts, by other means: compatibility forms, without any blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).count(phrase)


@pytest.mark.skipif(not REAL.is_dir(), reason="the reports of ../shared are not there")
@pytest.mark.parametrize(
    ("phrase", "first", "last", "uses"),
    [
        ("中国制造2025", "2015", "2018", 7),
        ("战略性新兴产业", "2010", "2025", 24),
        ("双循环", "2021", "2025", None),
    ],
)
def test_government_work_reports(phrase: str, first: str, last: str, uses: int | None) -> None:
    place = REAL / "cn_gov_work_reports_zh.parquet"
    _, result = found(place, phrase)
    reports = pl.read_parquet(place)
    by_hand = {
        f"row {i:02}": counted_by_hand(text, phrase) for i, text in enumerate(reports["content"], start=1)
    }
    assert dict(result.frame.select("document", "count").iter_rows()) == by_hand
    years = [y for y, n in zip(reports["year"], by_hand.values(), strict=True) if n and y]
    dated = used(result.frame).drop_nulls("period")["period"].to_list()
    assert (dated[0], dated[-1]) == (min(years), max(years)) == (first, last)
    if uses is not None:
        assert sum(by_hand.values()) == uses


@pytest.mark.skipif(not REAL.is_dir(), reason="the reports of ../shared are not there")
def test_congress_reports_are_in_the_order_of_congresses() -> None:
    _, result = found(REAL / "cpc_congress_reports_zh.parquet", "自主创新", date="congress")
    congresses = used(result.frame)["period"].to_list()
    assert congresses == sorted(congresses, key=int)
    assert congresses[-1] == "20"
