"""The horizon of years on real tables: WIOD through a scenario file is the kernel called directly, and both are the
numbers that others found; on the built-in table, whose final sales are an estimate, they are nearly so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from stress.scenario.scenarios import content, taken
from stress.years.planets import elastic, on
from tables import wiod2013
from zizhu.stress.scenario.ground import Ground, grounded
from zizhu.stress.scenario.reading import read
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.trade.base import with_theta
from zizhu.stress.trade.calibrate import from_table
from zizhu.stress.trade.instruments import Cells, Tariff, combined
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.stress.years.measures import losses
from zizhu.stress.years.model import Years
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.elasticities import sets
from zizhu.vocab.problems import CannotAnswer

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "tariffs.yaml"
PAIR = ("USA", "CHN")


def war(sectors: tuple[str, ...], rate: float = 0.25) -> list[dict[str, Any]]:
    """Tariffs of both countries on each other's goods."""
    return [
        {"kind": "tariff", "sender": f"{seller}:{s}", "receiver": buyer, "rate": rate}
        for seller, buyer in (PAIR, PAIR[::-1])
        for s in sectors
    ]


def welfare(model: Years) -> dict[str, float]:
    """Change in percent."""
    change = -100 * losses(model.central)["welfare"] / model.base.I
    return dict(zip(model.countries, change, strict=True))


@wiod2013.needed
def test_a_scenario_file_is_the_kernel_called_directly(tmp_path: Path) -> None:
    mrio = wiod2013.table(2011)
    tariff = {"kind": "tariff", "sender": "USA", "receiver": "CHN", "rate": 0.25}
    (said,) = taken(tmp_path, content(tariff, horizons=["years"], draws=0))
    ground = Ground(mrio, None)
    found = Years.of(said, resolve(said, ground), ground).central.solution
    theta = sets()["caliendo-parro-2015"].theta(mrio.nodes.sectors, "wiod-2013").values
    N, J = len(mrio.nodes.countries), len(mrio.nodes.sectors)
    assert mrio.final is not None
    base = with_theta(
        from_table(np.asarray(mrio.Z, dtype=float), mrio.final, np.zeros((N, N, J)), np.ones(J)).base, theta
    )
    usa, chn = (np.array([mrio.nodes.countries.index(c)]) for c in PAIR)
    direct = solve(base, combined(base, [Tariff(Cells(chn, usa, np.arange(J)), 0.25, added=True)]))
    assert_allclose(equivalent_variation(found), equivalent_variation(direct), atol=1e-9)
    assert found.tariffs[chn] > 0


@wiod2013.needed
def test_tariffs_on_goods_cost_what_others_found() -> None:
    """Mutual tariffs of 25 points, theta 4, WIOD 2011: USA -.081, CHN -.375 % by a plain solver."""
    mrio = wiod2013.table(2011)
    found = welfare(on(mrio, *war(mrio.nodes.sectors[:16]), elastic=elastic((4.0,) * 35)))
    assert [found[c] for c in PAIR] == pytest.approx([-0.081, -0.375], abs=6e-4)


@pytest.mark.slow
def test_on_estimated_final_sales_they_are_nearly_that(icio: MRIO) -> None:
    """The same on ICIO 2022: USA -.061, CHN -.213 % with 28 sectors and the final sales that are published."""
    goods = tuple(s for s in icio.nodes.sectors if s[0] in "ABC")
    found = welfare(on(icio, *war(goods), elastic=elastic((4.0,) * 50)))
    assert [found[c] for c in PAIR] == pytest.approx([-0.061, -0.213], abs=4e-3)


@pytest.mark.slow
def test_the_examples_fit_the_built_in_table_and_cost_both_sides(icio: MRIO) -> None:
    found = {s.id: s for s in read(EXAMPLES)}
    ground = Ground(icio, None)
    models = {i: Years.of(s, resolve(s, ground), ground) for i, s in found.items()}
    lost = {i: welfare(model) for i, model in models.items()}
    assert lost["ev-usa"]["CHN"] < 0
    assert lost["ev-eu"]["CHN"] < 0
    for scenario in ("decoupling", "decoupling-within-a-year"):
        assert max(lost[scenario][c] for c in PAIR) < 0 < lost[scenario]["MEX"]
    assert lost["decoupling-within-a-year"]["CHN"] < lost["decoupling"]["CHN"]
    assert max(lost["chip-equipment"][c] for c in ("CHN", "JPN", "NLD")) < 0


def test_the_whole_decoupling_answers_in_the_long_run_and_is_refused_within_a_year(icio: MRIO) -> None:
    ground = Ground(icio, None)
    said = {s.id: s for s in read(EXAMPLES)}["decoupling"]
    model = Years.of(said, resolve(said, ground), ground)
    assert min(model.base.theta) > 1
    assert "caliendo-parro-2015-table" in model.elastic.flat
    sooner = said.model_copy(update={"years": said.years.model_copy(update={"term": "one_year"})})
    with pytest.raises(CannotAnswer) as caught:
        Years.of(sooner, resolve(sooner, ground), ground).central  # noqa: B018
    (problem,) = caught.value.problems
    assert "C28 (0.551)" in problem.what
    assert all(w in problem.remedy for w in ("kind: quota", "weeks", "term: long_run", "--allow-extreme"))


@pytest.mark.slow
def test_products_of_their_own_have_the_elasticity_of_their_industry(
    icio: MRIO, baci: Trade, tmp_path: Path
) -> None:
    ban = {"kind": "export_ban", "sender": "CHN", "receiver": "JPN", "products": ["250410"]}
    whole, own = {}, {}
    for name, shock in (("part", ban), ("own", {**ban, "needed_by": ["C27"]})):
        (said,) = taken(tmp_path, content(shock, horizons=["years"], draws=0, id=name))
        ground = grounded(said, Ground(icio, baci))
        model = Years.of(said, resolve(said, ground), ground)
        lost = losses(model.central)["welfare"]
        found = whole if name == "part" else own
        found |= {c: lost[model.countries.index(c)] for c in ("CHN", "JPN")}
    code = "HS250410"
    assert code in model.sectors
    assert model.base.theta[model.sectors.index(code)] == model.base.theta[model.sectors.index("B08")]
    assert own["JPN"] > abs(whole["JPN"])
    assert own["CHN"] > 0
