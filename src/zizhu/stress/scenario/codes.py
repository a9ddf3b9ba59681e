"""The codes of a scenario that the tables do not have, each looked up by itself, so that all are said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zizhu.stress.scenario.goods import industries, no_trade_table
from zizhu.stress.scenario.ground import Faults, Ground, at_shock
from zizhu.stress.scenario.model import DEFAULT, Needs, Scenario
from zizhu.stress.scenario.shocks import Demand, Destruction, Shock, Traded
from zizhu.stress.scenario.sides import members, selected
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

Look = Callable[[], object]


def unfit(shock: Shock, ground: Ground) -> list[ZizhuError]:
    """What the tables do not have of the codes of a shock; settings that it lacks are left out."""
    found: list[ZizhuError] = []
    for look in _looks(shock, ground):
        try:
            look()
        except ZizhuError as error:
            found.append(error)
        except AttributeError:  # a setting that could not be read
            continue
    return found


def faults(scenario: Scenario, ground: Ground) -> list[Problem]:
    """All codes of a scenario that the tables do not have, with their places; what it lacks is left out."""
    found = Faults()
    for i, shock in enumerate(scenario.shocks, start=1):
        for error in unfit(shock, ground):
            found.add(error, at_shock(scenario, i, shock))
    return [*found.problems, *settings(scenario, ground)]


def _looks(shock: Shock, ground: Ground) -> Iterator[Look]:
    mrio = ground.mrio
    if isinstance(shock, Traded):
        yield lambda: _goods(shock, ground)
        yield lambda: selected(mrio, shock.sender)
        yield lambda: selected(mrio, shock.receiver)
        yield lambda: _sectors(shock.needed_by, ground, "needed_by")
    elif isinstance(shock, Demand):
        yield lambda: selected(mrio, shock.sector)
        yield lambda: members(mrio, shock.buyer)
    elif hasattr(shock, "at"):
        yield lambda: selected(mrio, shock.where)
    if isinstance(shock, Destruction):
        yield lambda: _sectors(tuple(shock.rebuilt_by), ground, "rebuilt_by")


def _goods(shock: Traded, ground: Ground) -> None:
    if shock.products and ground.trade is None:
        raise CannotAnswer(no_trade_table())
    if shock.products and ground.trade is not None:
        industries(ground.trade.chosen(shock.products), ground.mrio)


def _sectors(named: tuple[str, ...], ground: Ground, where: str) -> None:
    wrong = [unknown("sector", s, ground.sectors, where) for s in named if s not in ground.sectors]
    if wrong:
        raise ZizhuError(wrong)


def settings(scenario: Scenario, ground: Ground) -> Iterator[Problem]:
    """Sectors in the settings of a scenario that the table does not have; settings that it lacks are left out."""
    named = [("substitution", s) for s in getattr(scenario, "substitution", ()) if s != DEFAULT]
    named += [("stocks", s) for s in getattr(scenario, "stocks", ()) if s != DEFAULT]
    named += [("priority", s) for s in getattr(scenario, "priority", ())]
    needs = getattr(scenario, "needs", Needs())
    for setting, inputs in (("important", needs.important), ("non_critical", needs.non_critical)):
        named += [(f"needs.{setting}", part) for code in inputs for part in code.split(":")]
    for setting, sector in named:
        if sector not in ground.sectors:
            yield unknown("sector", sector, ground.sectors, f"{scenario.id}: {setting}")
