"""Every source of the catalogue has its page, made from its YAML."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from zizhu.sources.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("source_pages", ROOT / "tools" / "source_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_what_the_catalogue_says(tool: ModuleType) -> None:
    wanted = tool.pages(catalogue())
    found = {p.name: p.read_text(encoding="utf-8") for p in tool.FOLDER.glob("*.md")}
    assert found == wanted
    assert set(wanted) == {"README.md", *(f"{name}.md" for name in catalogue())}


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_source_names_what_a_user_needs(name: str) -> None:
    entry = catalogue()[name]
    assert importlib.util.find_spec(entry.module) is not None
    assert re.match("https?://", entry.page)
    assert all(not f.url or re.match("https?://", f.url) for f in entry.files)
    assert entry.tried
