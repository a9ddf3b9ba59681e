"""Countries that a table splits, as whole countries in the rankings: against dense algebra on the parts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from tables.stored import trade
from tables.strategies import dense, random_table
from zizhu.depend import extract, influence, network, paths, points
from zizhu.depend.structure.extraction import KINDS, Kind
from zizhu.depend.wholes import Wholes
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO, Nodes

NO_TRADE = trade((1995, "CHN", "USA", "284690", 1, None))
SEEDS = st.integers(0, 2**32 - 1)


def divided(seed: int, countries: int = 4, sectors: int = 3, inactive: int = 1) -> MRIO:
    """A random table in which China has the parts CN1 and CN2."""
    mrio = random_table(seed, countries, sectors, inactive=inactive)
    named = {"CHN": "CN1", "DEU": "CN2"}
    part = tuple(named.get(c, c) for c in mrio.nodes.country)
    whole = tuple("CHN" if c in named else c for c in mrio.nodes.country)
    return replace(mrio, nodes=Nodes(part, mrio.nodes.sector, whole))


def summing(mrio: MRIO) -> Matrix:
    """R (m, n): a one where a node is, or is part of, an industry; in order of first appearance."""
    whole = list(zip(mrio.nodes.whole, mrio.nodes.sector, strict=True))
    return np.array([[float(p == w) for w in whole] for p in dict.fromkeys(whole)])


def labels(mrio: MRIO) -> list[str]:
    whole = zip(mrio.nodes.whole, mrio.nodes.sector, strict=True)
    return list(dict.fromkeys(f"{c}:{s}" for c, s in whole))


def asked(module: ModuleType, mrio: MRIO, **options: Any) -> Any:
    params = module.Params(**options)
    return (
        module.Inputs(params, mrio, NO_TRADE)
        if "trade" in module.Params.model_fields
        else module.Inputs(params, mrio)
    )


def test_a_table_without_parts_has_its_nodes() -> None:
    mrio = random_table(1)
    wholes = Wholes(mrio.nodes)
    assert [wholes.label(k) for k in range(mrio.n)] == mrio.nodes.labels(np.arange(mrio.n))
    assert wholes.split == ()
    assert wholes.told("anything") == ()
    assert (wholes.weights(mrio.x) == 1).all()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5)  # each with every industry
@given(SEEDS)
def test_parts_are_extracted_together_among_all_industries(kind: Kind, seed: int) -> None:
    mrio = divided(seed)
    every = extract.solve(asked(extract, mrio, kind=kind))
    active = summing(mrio) @ mrio.x > 0
    assert every.frame["extracted"].to_list() == [n for n, on in zip(labels(mrio), active, strict=True) if on]
    for name in every.frame["extracted"]:
        alone = extract.solve(asked(extract, mrio, kind=kind, extracted=(name,), insist=True))
        for column in every.units:
            together = every.row(f"{name}|TOTAL")[column]
            assert together == pytest.approx(alone.row(f"{name}|TOTAL")[column], abs=1e-9 * mrio.x.max())


@examples(15)
@given(SEEDS)
def test_the_network_of_whole_countries(seed: int) -> None:
    """W (n, m) deals an industry's output to its parts; coefficients of the merged table are R A W."""
    mrio = divided(seed)
    full, R = dense(mrio), summing(mrio)
    x = R @ mrio.x
    W = (R * mrio.x).T / np.where(x > 0, x, 1)
    W = np.where(x > 0, W, (R / R.sum(axis=1, keepdims=True)).T)
    T, of = full.L - np.eye(mrio.n), np.array(mrio.nodes.whole)
    merged = np.array(R @ mrio.Z @ R.T) / np.where(x > 0, x, np.inf)
    backward = full.L.sum(axis=0) @ W
    forward = (R @ full.L @ mrio.x) / np.where(x > 0, x, 1)
    result = network.solve(asked(network, mrio))
    on = np.flatnonzero(x > 0)
    assert [f"{r['country']}:{r['sector']}" for r in result.frame.iter_rows(named=True)] == [
        labels(mrio)[k] for k in on
    ]
    for row, k in zip(result.frame.iter_rows(named=True), on, strict=True):
        K = np.flatnonzero(R[k])
        abroad = of != row["country"]
        expected = {
            "output": x[k],
            "sales": (R @ mrio.Z)[k].sum(),
            "purchases": (R @ mrio.Z.T)[k].sum(),
            "outdegree": merged[k].sum(),
            "katz": (R @ full.L @ W)[k].sum(),
            "backward": backward[k],
            "backward_index": backward[k] / backward[on].mean(),
            "forward": forward[k],
            "forward_index": forward[k] / forward[on].mean(),
            "betweenness": sum((full.v @ T[:, i]) * (T[i] @ full.y) for i in K),
            "bridge": sum((full.v * abroad @ T[:, i]) * (T[i] @ (full.y * abroad)) for i in K),
        }
        for column, value in expected.items():
            assert row[column] == pytest.approx(value, rel=1e-6, abs=1e-9 * mrio.x.max()), column


@settings(max_examples=10)
@given(SEEDS)
def test_a_walk_jumps_to_every_whole_industry_alike(seed: int) -> None:
    """p = d P p + (1 - d) q, iterated; q gives every industry the same, its parts by output."""
    mrio, damping = divided(seed, inactive=0), 0.6
    Z, R = np.array(mrio.Z, dtype=float), summing(mrio)
    q = (R * mrio.x).T @ (1 / (R @ mrio.x)) / len(R)
    bought = Z.sum(axis=0)
    P = np.where(bought > 0, Z / np.where(bought > 0, bought, 1), q[:, None])
    p = q
    for _ in range(200):
        p = damping * P @ p + (1 - damping) * q
    found = network.solve(asked(network, mrio, damping=damping)).frame["pagerank"]
    assert found.to_numpy() == pytest.approx(R @ p, rel=1e-9)


def test_a_part_is_shown_by_its_own_code_and_has_walks() -> None:
    mrio = divided(5, inactive=0)
    both = network.solve(asked(network, mrio, random_walk=True))
    china = both.frame.filter(pl.col("country") == "CHN")
    assert china["closeness"].null_count() == china.height == 3
    assert any("3 of the industries have parts" in n for n in both.notes)
    assert any("splits CHN (CN1, CN2)" in n for n in both.notes)
    parts = network.solve(asked(network, mrio, random_walk=True, countries=("CN1", "CN2")))
    assert set(parts.frame["country"]) == {"CN1", "CN2"}
    assert parts.frame["closeness"].null_count() == 0
    for column in ("bridge", "sales", "pagerank", "output"):
        assert parts.frame[column].sum() == pytest.approx(china[column].sum(), rel=1e-9)


def written_out(mrio: MRIO, s: Vector, w: Vector, depth: int) -> dict[str, float]:
    """What every path of at most `depth` purchases carries, paths through parts added up."""
    A, names = dense(mrio).A, [f"{c}:{s}" for c, s in zip(mrio.nodes.whole, mrio.nodes.sector, strict=True)]
    found: dict[str, float] = {}
    for length in range(1, depth + 2):
        for chain in product(range(mrio.n), repeat=length):
            value = s[chain[0]] * np.prod([A[i, j] for i, j in pairwise(chain)]) * w[chain[-1]]
            name = ">".join(names[i] for i in chain)
            found[name] = found.get(name, 0.0) + value
    return found


@pytest.mark.slow
@settings(max_examples=10)
@given(SEEDS, st.sampled_from(["CHN:C26", "USA", "CN2:C28"]))
def test_paths_run_through_whole_countries(seed: int, buyer: str) -> None:
    mrio = divided(seed, 3, 2, inactive=0)
    question = asked(paths, mrio, buyer=buyer, count=12, insist=True)
    result = paths.solve(question)
    shown = result.frame.filter(pl.col("kind") == "path", pl.col("path") != "OTHERS")
    expected = written_out(mrio, dense(mrio).v, question.weights, 4)
    for row in shown.iter_rows(named=True):
        path = row["path"].replace("CN2:C28", "CHN:C28")
        if row["purchases"] <= 4:
            assert row["value_added_content"] == pytest.approx(expected.pop(path), rel=1e-6)
            assert buyer != "CN2:C28" or row["path"].endswith("CN2:C28")
    assert max(expected.values()) <= shown["value_added_content"].min() * (1 + 1e-9)
    total = result.row("TOTAL")["value_added_content"]
    rows = result.frame.filter(pl.col("kind") == "path")["value_added_content"]
    assert rows.sum() == pytest.approx(total, rel=1e-12)


def test_influence_keeps_the_parts_and_says_why() -> None:
    result = influence.solve(asked(influence, divided(3), count=200))
    assert {"CN1", "CN2"} <= {s.partition(":")[0] for s in result.frame["supplier"]}
    assert any("the parts are kept in these rows" in n for n in result.notes)
    assert not any("splits" in n for n in influence.solve(asked(influence, random_table(3))).notes)


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (extract, {}),
        (extract, {"extracted": ("CHN:C26",)}),
        (network, {}),
        (network, {"countries": ("CHN", "CN1")}),
        (paths, {"buyer": "CHN:C26", "count": 6}),
        (points, {"buyer": "USA:C26", "cut": 0.2}),
    ],
    ids=["extract", "extract one", "network", "network of a part", "paths", "points"],
)
def test_merged_numbers_open_into_what_makes_them(module: ModuleType, options: dict[str, Any]) -> None:
    inputs = asked(module, divided(8), **options)
    result = module.solve(inputs)
    for row in result.frame.iter_rows(named=True):
        key = "|".join(str(row[k]) for k in result.key)
        for column in result.units:
            if row[column] is None or column == "pagerank":
                continue
            opened = module.explain(inputs, result, key, column, 10**6)
            summands = [p.value for p in opened.parts if p.share is not None]
            if summands:
                assert sum(summands) == pytest.approx(row[column], rel=1e-8, abs=1e-12), (key, column)
            elif opened.parts and column != "purchases":
                assert np.prod([p.value for p in opened.parts]) == pytest.approx(row[column], rel=1e-9)


@pytest.mark.parametrize("damping", [0.5, 0.85])
def test_visits_come_from_customers_and_jumps(damping: float) -> None:
    """What is left to jumps is what they are: the same for every whole industry, all customers having suppliers."""
    mrio = divided(4, inactive=0)
    question = asked(network, mrio, damping=damping)
    result = network.solve(question)
    jumps = [
        network.explain(question, result, f"{r['country']}|{r['sector']}", "pagerank", 50).parts[0].value
        for r in result.frame.iter_rows(named=True)
    ]
    assert jumps == pytest.approx(np.full(len(jumps), (1 - damping) / len(jumps)), rel=1e-9)


def halved(mrio: MRIO, share: float) -> MRIO:
    """The table with China as CN1 and CN2 of one technology and market: `share` of every flow, and the rest."""
    china = [i for i, c in enumerate(mrio.nodes.country) if c == "CHN"]
    order = [*china, *range(mrio.n)]
    part = np.ones(len(order))
    part[: len(china)], part[[len(china) + i for i in china]] = share, 1 - share
    names = ("CN1",) * len(china) + tuple("CN2" if c == "CHN" else c for c in mrio.nodes.country)
    whole = tuple(mrio.nodes.country[i] for i in order)
    Z = np.array(mrio.Z, dtype=float)[np.ix_(order, order)] * np.outer(part, part)
    return replace(
        mrio,
        nodes=Nodes(names, tuple(mrio.nodes.sector[i] for i in order), whole),
        Z=Z,
        x=mrio.x[order] * part,
        value_added=mrio.value_added[order] * part,
        sales_elsewhere=mrio.sales_elsewhere[order] * part,
    )


QUESTIONS: dict[str, tuple[ModuleType, dict[str, Any]]] = {
    "extract": (extract, {}),
    "extract forward": (extract, {"kind": "forward"}),
    "extract countries": (extract, {"each": "country", "kind": "backward"}),
    "network": (network, {}),
    "paths": (paths, {"buyer": "CHN", "count": 20, "insist": True}),
    "paths abroad": (paths, {"buyer": "USA:C26", "sources": ("CHN",), "count": 20, "insist": True}),
    "points": (points, {"buyer": "USA:C26", "cut": 0.2, "insist": True}),
}


@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=8)
@given(SEEDS, st.floats(0.1, 0.9))
def test_a_country_split_in_equal_ways_has_the_answer_of_the_whole(
    name: str, seed: int, share: float
) -> None:
    module, options = QUESTIONS[name]
    mrio = random_table(seed, 4, 3, inactive=1)
    if not mrio.x[mrio.nodes.position["USA", "C26"]] or not mrio.x[0]:
        return
    whole, split = (module.solve(asked(module, m, **options)) for m in (mrio, halved(mrio, share)))
    assert set(split.frame.select(split.key).iter_rows()) == set(whole.frame.select(whole.key).iter_rows())
    for row in whole.frame.iter_rows(named=True):
        found = split.row("|".join(str(row[k]) for k in whole.key))
        for column in whole.units:
            if row[column] is None:
                assert found[column] is None
            else:
                assert found[column] == pytest.approx(row[column], rel=1e-7, abs=1e-9), (row, column)
