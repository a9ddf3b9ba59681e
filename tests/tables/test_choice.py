"""Which table answers when none is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tables.stored import FLAGS, MONEY
from zizhu.store import Table, Workspace
from zizhu.tables.choice import Best
from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.sectors import sectors

HAS = "it has final demand by destination"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


def mrio(space: Workspace, name: str, codes: tuple[str, ...] = tuple(sectors()), **flags: Any) -> None:
    """A table with one country: only its description and its industries are looked at."""
    n = len(codes)
    nodes = pl.DataFrame({"idx": np.arange(n), "iso3": ["CHN"] * n, "sector": codes})
    made = space.commit(
        f"{name}-nodes", nodes, ("idx",), {"title": "Nodes", "sources": ("test",), "units": {}}
    )
    space.commit(
        name,
        pl.DataFrame({"v": np.zeros(n * n)}),
        (),
        {
            "title": name,
            "sources": ("test",),
            "units": {"v": MONEY},
            "shape": (n, n),
            "parts": {"nodes": f"table:{name}-nodes@{made}"},
            "flags": FLAGS | {"lossy_relative_error": 0.0, "has_rest_of_world": False} | flags,
        },
    )


def trade(space: Workspace, name: str, year: int, **flags: Any) -> None:
    frame = pl.DataFrame({"year": [year], "hs6": ["284690"], "value_usd": [1]})
    described = {"title": name, "sources": ("test",), "units": {"value_usd": "USD"}}
    flags = {"kind": "trade", "revision": "HS1992", "products": "all", "years": [year], **flags}
    space.commit(name, frame, ("year", "hs6"), described | {"flags": flags})


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        ({"years": [2023]}, {"years": [2022], "has_rest_of_world": True}, "it is of 2023"),
        ({"has_rest_of_world": True}, {"has_final_by_destination": True}, "it has the rest of the world"),
        ({"has_final_by_destination": True}, {}, "it has final demand by destination"),
        ({"has_rest_of_world": True, "lossy_relative_error": 0.1}, {}, "it has the rest of the world"),
        (
            {"has_final_by_destination": True},
            {"has_final_by_destination": True, "final_is_estimated": True},
            "it has final demand by destination",
        ),
        ({}, {"lossy_relative_error": 1e-5}, "its cells are closer to the published ones"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_the_better_table_is_chosen_and_it_says_why(
    space: Workspace, better: dict[str, Any], worse: dict[str, Any], why: str, swapped: bool
) -> None:
    names = ("b", "a") if swapped else ("a", "b")
    mrio(space, names[0], **better)
    mrio(space, names[1], **worse)
    found = Best(space).mrio
    assert found.name == names[0]
    assert found.why.startswith(f"{names[0]} is used and not {names[1]}: {why}.")


def test_what_speaks_for_the_next_best_is_said_too(space: Workspace) -> None:
    mrio(space, "late", years=[2022])
    mrio(space, "known", years=[2011], has_final_by_destination=True)
    assert Best(space).mrio == ("late", f"late is used and not known: it is of 2022. For known: {HAS}.")
    assert Best(space).mrio_with_final.why == (f"known is used and not late: {HAS}. For late: it is of 2022.")


def test_a_table_in_other_industries_does_not_answer_for_the_strategies(space: Workspace) -> None:
    mrio(space, "icio")
    mrio(space, "other", codes=("c1", "c2"), years=[2030])
    assert Best(space).mrio == ("icio", "")


def test_trade_in_all_products_is_better_than_later_trade_in_some(space: Workspace) -> None:
    trade(space, "some", 2024, products="raw materials")
    trade(space, "all", 2023)
    trade(space, "later", 2024)
    trade(space, "other", 2025, revision="HS2022")
    assert Best(space).trade == ("later", "later is used and not all: it goes to 2024.")
    space.remove("later")
    assert Best(space).trade == (
        "all",
        "all is used and not some: it has all products. For some: it goes to 2024.",
    )


def test_a_long_record_is_better_than_all_products_of_a_few_years(space: Workspace) -> None:
    trade(space, "raw", 2024, products="raw materials", years=list(range(1995, 2025)))
    trade(space, "few", 2024, years=[2023, 2024])
    assert Best(space).trade == (
        "raw",
        "raw is used and not few: it has enough years to see a change, it has 30 years. "
        "For few: it has all products.",
    )
    trade(space, "whole", 2024, years=list(range(1995, 2025)))
    assert Best(space).trade == ("whole", "whole is used and not raw: it has all products.")


def test_a_workspace_without_tables_says_so(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="no input-output table"):
        _ = Best(space).mrio
    with pytest.raises(ZizhuError, match="no trade table"):
        _ = Best(space).trade


def test_a_damaged_table_is_no_choice(space: Workspace) -> None:
    mrio(space, "a", years=[2030])
    mrio(space, "b")
    space.read("a").path.with_name("meta.json").write_text("{")
    assert Best(space).mrio == ("b", "a cannot be read and takes no part: `zizhu data check a`.")
    space.remove("b")
    with pytest.raises(ZizhuError, match="Invalid JSON"):
        _ = Best(space).mrio


def test_both_choices_read_every_description_once(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    mrio(space, "flows")
    trade(space, "goods", 2024)
    read: list[str] = []
    original = Workspace.read

    def counted(self: Workspace, name: str, digest: str | None = None) -> Table:
        if digest is None:
            read.append(name)
        return original(self, name, digest)

    monkeypatch.setattr(Workspace, "read", counted)
    best = Best(space)
    assert (best.mrio.name, best.trade.name) == ("flows", "goods")
    assert read == space.names()


def test_final_demand_by_destination_comes_first_where_it_is_needed(space: Workspace) -> None:
    mrio(space, "later", years=[2024], has_rest_of_world=True)
    assert Best(space).mrio_with_final == Best(space).mrio == ("later", "")
    mrio(space, "guessed", years=[2023], has_final_by_destination=True, final_is_estimated=True)
    assert Best(space).mrio_with_final.name == "later"
    mrio(space, "elsewhere", codes=("S1", "S2"), years=[2020], has_final_by_destination=True)
    its = "it has the industries of the strategies, it is of 2024, it has the rest of the world"
    why = f"elsewhere is used and not later: {HAS}. For later: {its}."
    assert Best(space).mrio_with_final == ("elsewhere", why)
    mrio(space, "known", years=[2019], has_final_by_destination=True)
    why = "known is used and not elsewhere: it has the industries of the strategies. For elsewhere: it is of 2020."
    assert Best(space).mrio_with_final == ("known", why)
    assert Best(space).mrio.name == "later"
