"""The map of a table as a file: what was guessed is read back, what is open or wrong is told all at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.sources.own import draft, map_yaml, mapping
from zizhu.sources.own.mapping import load, table_of
from zizhu.vocab import plain_yaml
from zizhu.vocab.problems import ZizhuError

TABLE = "year,country,product,output (t)\n2022,CHN,850760,5\n2023,DEU,850760,7\n"
MAP = """
file: t.csv
sha256: {sha256}
kind: production
table: batteries
title: Batteries
source: {{producer: Me, title: Batteries, quality: low}}
constants: {{classification: HS2017, basis: territorial}}
columns:
- {{name: year, role: year}}
- {{name: country, role: country, codes: iso3}}
- {{name: product, role: product, codes: HS6}}
- {{name: output (t), role: quantity, unit: t}}
"""


def written(folder: Path, text: str, name: str = "t.map.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def of_table(folder: Path) -> str:
    """A complete map of TABLE, which is written too."""
    from zizhu.store import files

    written(folder, TABLE, "t.csv")
    return MAP.format(sha256=files.sha256_of(folder / "t.csv"))


def problems(path: Path) -> str:
    with pytest.raises(ZizhuError) as raised:
        load(path)
    return str(raised.value)


def test_a_complete_map_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, of_table(tmp_path))
    made = load(path)
    assert made.one("quantity") == mapping.Column(name="output (t)", role="quantity", unit="t")
    assert table_of(made, path) == tmp_path / "t.csv"


def test_every_todo_of_a_first_map_is_told(tmp_path: Path) -> None:
    made = draft.draft(written(tmp_path, TABLE, "t.csv"))
    text = map_yaml.to_yaml(made, tmp_path)
    told = problems(written(tmp_path, text))
    assert told.count("left open (TODO)") == text.count(": TODO") == 6
    for word in ("title", "producer", "quality", "classification", "basis"):
        assert word in told


def test_a_first_map_becomes_complete_by_filling_in(tmp_path: Path) -> None:
    text = map_yaml.to_yaml(draft.draft(written(tmp_path, TABLE, "t.csv")), tmp_path)
    for name, value in {"classification": "HS2017", "basis": "territorial", "quality": "low"}.items():
        text = text.replace(f"{name}: TODO", f"{name}: {value}")
    made = load(written(tmp_path, text.replace(": TODO", ": Mine")))
    assert [c.role for c in made.columns] == ["year", "country", "product", "quantity"]


def test_what_a_column_may_say_instead_is_what_it_may_say(tmp_path: Path) -> None:
    text = map_yaml.to_yaml(draft.draft(written(tmp_path, TABLE, "t.csv")), tmp_path)
    assert "classification and basis stand here alone" in text
    trade = "year,exporter,importer,product,value (USD)\n2022,CHN,DEU,850760,5\n2023,DEU,CHN,850760,7\n"
    text = map_yaml.to_yaml(draft.draft(written(tmp_path, trade, "trade.csv")), tmp_path)
    assert "revision stands here alone" in text
    made = of_table(tmp_path).replace("role: country", "role: basis").replace(", codes: iso3", "")
    told = problems(written(tmp_path, made))
    assert "a column of role basis" in told
    assert "one of the two" not in told  # of the constant, which has to stay


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_any_name_and_cell_survives_the_yaml(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("yaml")
    lines = [
        f"- {map_yaml._quoted(t)}  # {map_yaml._comment(t)}\n"
        for t in texts
        if t.isprintable() or t.isascii()
    ]
    shown = [t for t in texts if t.isprintable() or t.isascii()]
    if lines:
        assert plain_yaml.read(written(folder, "".join(lines))) == shown


def test_a_country_named_no_and_a_code_with_a_zero_stay_text(tmp_path: Path) -> None:
    assert plain_yaml.read(written(tmp_path, "a: NO\nb: 0101\nc: [yes, ~, 1_0]")) == {
        "a": "NO",
        "b": "0101",
        "c": ["yes", "~", "1_0"],
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &x [1]\nb: *x", "anchor or alias"),
        ("a: !!python/object/apply:os.system ['ls']", "the tag"),
        ("a: 1\na: 2", "'a' twice"),
        ("[" * 100_000, "too deep"),
        ("a: [1", "no YAML"),
        ("{a: 1}: 2", "a name that is no text"),
        ("just words", "no map of a table"),
        ("", "no map of a table"),
        ("a: 1\n---\nb: 2", "no YAML"),
        ("x: '" + "y" * (9 << 20) + "'", "more than 8 MB"),
    ],
)
def test_hostile_yaml_is_refused(tmp_path: Path, text: str, what: str) -> None:
    assert what in problems(written(tmp_path, text))


def test_a_billion_laughs_cost_nothing(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert "anchor or alias" in problems(written(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("role: quantity, unit: t", "role: quantaty, unit: t", "Nearest: quantity"),
        ("role: country", "role: year", "a second column of role year"),
        ("codes: iso3", "codes: iso", "unknown coding 'iso'"),
        ("basis: territorial", "basis: teritorial", "Nearest: territorial"),
        ("basis: territorial", "x: y", "nothing says the basis"),
        ("role: quantity, unit: t", "role: basis", "one basis for a whole production table, under constants"),
        ("codes: iso3}", "codes: iso3}\n- {name: HS, role: classification}", "under omit of this column"),
        ("basis: territorial", "basis: territorial, country: CHN", "country is a constant and a column"),
        ("role: year}", "role: ignore}", "nothing says the year or period"),
        ("kind: production", "kind: trade", "nothing says the exporter"),
        ("kind: production", "kind: prodution", "trade', 'series"),
        ("table: batteries", "table: Batteries!", "table"),
        ("unit: t}", "unit: t, scale: -1}", "greater than 0"),
        ("unit: t}", "unit: t, scale: nan}", "scale"),
        ("unit: t}", "unti: t}", "unti"),
        ("quality: low", "quality: low, published: May", "published 'May'"),
        ("name: country", "name: year", "stands there twice"),
        ("title: Batteries\n", "title: Batteries\nrates: {x: 1}\n", "a year and a rate"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, before: str, after: str, what: str) -> None:
    text = of_table(tmp_path)
    assert before in text
    assert what in problems(written(tmp_path, text.replace(before, after)))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = (
        of_table(tmp_path).replace("codes: iso3", "codes: iso").replace("basis: territorial", "basis: none")
    )
    assert problems(written(tmp_path, text)).count("\n") == 1


def test_a_table_that_changed_or_went_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, of_table(tmp_path))
    made = load(path)
    (tmp_path / "t.csv").write_text(TABLE + "2024,CHN,850760,1\n", encoding="utf-8")
    with pytest.raises(ZizhuError, match=r"has changed since it was mapped.*Map it again"):
        table_of(made, path)
    (tmp_path / "t.csv").unlink()
    with pytest.raises(ZizhuError, match="no such file"):
        table_of(made, path)
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(ZizhuError, match="no file with data"):
        table_of(made, path)
