"""Assessments are those of the country's own plans."""

from __future__ import annotations

import pytest

from zizhu.ledger import register
from zizhu.store import Workspace
from zizhu.track import assessed
from zizhu.vocab.problems import CannotAnswer


def test_a_country_has_the_assessments_of_its_own_plans(built_in_tables: Workspace) -> None:
    found = assessed.solve(assessed.load(built_in_tables, assessed.Params(country="CHN"))).frame
    about = {a.id for a in register.assessments().values() if a.country == "CHN"}
    assert set(found["claim"]) == about
    assert len(about) == 30


def test_plans_that_nobody_has_assessed_are_told_so(built_in_tables: Workspace) -> None:
    """The register holds targets of the European Union, and no assessment of them."""
    assert any(t.country == "EU" for t in register.targets().values())
    with pytest.raises(CannotAnswer, match="no assessments of EU"):
        assessed.solve(assessed.load(built_in_tables, assessed.Params(country="EU")))
