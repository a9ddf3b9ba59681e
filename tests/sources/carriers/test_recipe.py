from __future__ import annotations

from pathlib import Path

import pytest

from zizhu.sources.carriers.recipe import load_recipes
from zizhu.store.workspace import builtin_root
from zizhu.vocab.problems import ZizhuError


def test_every_built_in_recipe_belongs_to_a_source_module() -> None:
    recipes = load_recipes(builtin_root() / "tables.yaml")
    modules = {
        p.stem for p in (Path(__file__).parents[3] / "src" / "zizhu" / "sources" / "carriers").glob("*.py")
    }
    assert set(recipes) == {"oecd_icio", "baci_raw_materials", "wgi"}
    assert set(recipes) <= modules


def test_all_faults_of_a_recipe_file_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(
        "a: {parameters: {}, tables: {t: {title: T, key: [], units: {}, sources: [s]}}}\n"
        "b: {parameters: {}, tables: {}, colour: red}\n",
        encoding="utf-8",
    )
    with pytest.raises(ZizhuError) as caught:
        load_recipes(path)
    assert len(caught.value.problems) == 2
    assert "a table without a key needs a shape" in caught.value.problems[0].what
    assert "colour" in caught.value.problems[1].what


@pytest.mark.parametrize(
    ("content", "message"), [("a: [", "no YAML"), ("- a", "no mapping"), ("", "no mapping")]
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ZizhuError, match=message):
        load_recipes(path)
