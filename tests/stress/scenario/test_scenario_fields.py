"""The documentation of the scenario file is what the models say, and its example can be run."""

from __future__ import annotations

import re
from pathlib import Path

from stress.scenario.scenarios import taken
from zizhu.stress.scenario.fields import documented
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.model import Needs, Scenario, Years
from zizhu.stress.scenario.parameters import UNCERTAIN
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.scenario.shocks import BY_KIND, Recovery
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scenario.md"


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == documented(), "zizhu stress fields > docs/scenario.md"


def test_every_setting_and_kind_has_its_place() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", documented(), re.M))
    models = (Scenario, Years, Needs, Recovery, *BY_KIND.values())
    assert named == {f for m in models for f in m.model_fields if f != "kind"} | set(UNCERTAIN)
    assert set(re.findall(r"^### (\w+)$", documented(), re.M)) == set(BY_KIND)


def test_the_example_fits_the_built_in_tables(tmp_path: Path, icio: MRIO, baci: Trade) -> None:
    example = re.search(r"```yaml\n(.*?)```", documented(), re.S)
    assert example is not None
    found = taken(tmp_path, example[1])
    assert [s.id for s in found] == ["graphite", "graphite.strict", "graphite.stocked"]
    for one in found:
        assert resolve(one, Ground(icio, baci)).restrictions
