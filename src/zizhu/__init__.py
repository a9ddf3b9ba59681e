"""zizhu makes an industrial strategy computable: sourced targets, dependence, and what a control breaks.

import zizhu
ws = zizhu.Workspace()
answer = zizhu.exposure.solve(zizhu.exposure.load(ws, zizhu.exposure.Params(buyers=("USA:C26",))))
answer.table()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zizhu.depend import (
        circulation,
        complexity,
        content,
        domestic,
        exposure,
        extract,
        flags,
        markets,
        paths,
        stages,
        sufficiency,
        suppliers,
    )
    from zizhu.read import conflicts, phrases, reading
    from zizhu.store import Workspace
    from zizhu.stress import what_if
    from zizhu.track import judged
    from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

__version__ = "0.1.0"
__all__ = [
    "CannotAnswer",
    "Problem",
    "Workspace",
    "ZizhuError",
    "circulation",
    "complexity",
    "conflicts",
    "content",
    "domestic",
    "exposure",
    "extract",
    "flags",
    "judged",
    "markets",
    "paths",
    "phrases",
    "reading",
    "stages",
    "sufficiency",
    "suppliers",
    "what_if",
]

_MODULES = {
    "circulation": "zizhu.depend.circulation",
    "complexity": "zizhu.depend.complexity",
    "conflicts": "zizhu.read.conflicts",
    "content": "zizhu.depend.content",
    "domestic": "zizhu.depend.domestic",
    "exposure": "zizhu.depend.exposure",
    "extract": "zizhu.depend.extract",
    "flags": "zizhu.depend.flags",
    "judged": "zizhu.track.judged",
    "markets": "zizhu.depend.markets",
    "paths": "zizhu.depend.paths",
    "phrases": "zizhu.read.phrases",
    "reading": "zizhu.read.reading",
    "stages": "zizhu.depend.stages",
    "sufficiency": "zizhu.depend.sufficiency",
    "suppliers": "zizhu.depend.suppliers",
    "what_if": "zizhu.stress.what_if",
}
_NAMES = {
    "CannotAnswer": "zizhu.vocab.problems",
    "Problem": "zizhu.vocab.problems",
    "Workspace": "zizhu.store",
    "ZizhuError": "zizhu.vocab.problems",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'zizhu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
