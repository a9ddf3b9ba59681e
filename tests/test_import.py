"""`import zizhu` is light: heavy libraries are loaded by the part that needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import zizhu

HEAVY = ("numpy", "polars", "scipy", "pydantic", "vl_convert", "jinja2", "rich", "typer", "threadpoolctl")


def loaded_by(code: str) -> set[str]:
    """The top-level modules of a fresh interpreter that has run `code`."""
    show = "import sys; print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code", ["import zizhu", "import zizhu; zizhu.ZizhuError, zizhu.Problem, dir(zizhu), zizhu.__version__"]
)
def test_importing_zizhu_loads_no_heavy_library(code: str) -> None:
    loaded = loaded_by(code)
    assert "zizhu" in loaded
    assert not loaded & set(HEAVY)


def test_every_public_name_is_there() -> None:
    for name in zizhu.__all__:
        assert getattr(zizhu, name).__name__.rpartition(".")[2] == name
    assert set(zizhu.__all__) < set(dir(zizhu))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'zizhu' has no attribute 'exposures'"):
        _ = zizhu.exposures


def test_opening_a_number_of_one_verb_does_not_bring_in_the_compiler_of_another() -> None:
    code = "from zizhu.show.trace import METHODS; METHODS['depend.influence'].explain"
    assert "numba" not in loaded_by(code)
