"""A product as an input of its own, where the table knows the industry that makes it only.

Notation: Z (n, n) flows, x (n,) output; the product g leaves the industry i of every country p. V_pq is the trade of g
between countries, in money of the table, T_pq what the users in q (industries; also final buyers where everybody is a
user) buy of the industry of p, E_pq what everybody there buys of it. Then

    R_pq = min(V_pq / T_pq, 1)                                share of g in these purchases
    R_pp = max(that, home * min(sum_q V_pq / sum_q E_pq, 1))  at home, sums over q /= p: the share of g in exports
    Z_(p,g)j = R_pq Z_(p,i)j for users j in q                 what exceeds the purchases is not seen
    x_(p,g) = what g sells, no more than x_(p,i)              its share of x_(p,i) is its share of the column of (p, i)

so that g is made as the rest of its industry is (the same coefficients), and i and g together are what i was: sums
over both, balances and value-added content are those of the table before, but for the rounding of flows in single
precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.content import country_indicator
from zizhu.tables.leontief import Flows, Index, Matrix, Vector
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.vocab import sectors
from zizhu.vocab.problems import Problem, ZizhuError, unknown

Mask = NDArray[np.bool_]
HOME = 1.0
EXACT = 1e-12
"""Share of an industry that is rounding: one of which no more is left is the product altogether."""


@dataclass(frozen=True)
class Split:
    """A table with a product as a sector of its own, and the trade (C, C) of it that did not fit into the table."""

    mrio: MRIO
    unseen: Matrix


def split_rows_and_columns(Z: Flows, at: Index, after: Index, sold: Matrix, share: Vector) -> Flows:
    """Z' (n + b, n + b), in the precision of Z: b new nodes, one behind each of the nodes `after` (rising).

    Each takes the sales `sold` (b, n), no more than the flows, out of row `at` (b,), and `share` (b,) of its column.
    """
    new = after + 1 + np.arange(len(after))
    old = at + np.searchsorted(after, at)
    rows = np.insert(Z, after + 1, sold, axis=0)
    rows[old] -= rows[new]
    made: Flows = np.insert(rows, after + 1, rows[:, at] * share, axis=1)
    made[:, old] *= (1.0 - share).astype(Z.dtype)
    return made


def split_vector(values: Vector, at: Index, after: Index, taken: Vector) -> Vector:
    """values' (n + b,): the new nodes behind `after` hold `taken` (b,), which `at` gives up."""
    left = np.array(values, dtype=float)
    left[at] -= taken
    return np.asarray(np.insert(left, after + 1, taken))


def shares_of_product(value: Matrix, to_users: Matrix, to_everybody: Matrix, home: float = HOME) -> Matrix:
    """R (C, C): the share of the product in what users buy, from trade V, T and E (C, C) of the module.

    `home` scales what the exports say of sales at home.
    """
    R = _ratio(value, to_users)
    abroad = 1.0 - np.eye(len(value))
    exported = _ratio((value * abroad).sum(axis=1), (to_everybody * abroad).sum(axis=1))
    return np.asarray(np.maximum(R, np.diag(np.minimum(home * exported, 1.0))))


def sales_by_country(mrio: MRIO, rows: Index) -> tuple[Matrix, Matrix]:
    """What the nodes `rows` (k,) sell to the industries and to the final buyers of each country, (k, C) both.

    Without final demand by destination, final sales to a country are taken to be to its intermediate purchases as the
    node's final sales are to its intermediate ones everywhere. Negative final sales count as none.
    """
    buyers = country_indicator(mrio.nodes.country_index, len(mrio.nodes.countries))
    between = np.asarray(mrio.Z[rows], dtype=float) @ buyers
    if mrio.final is not None:
        return between, np.maximum(mrio.final[rows], 0.0)
    everywhere = between.sum(axis=1)
    elsewhere = np.maximum(mrio.sales_elsewhere[rows], 0.0)
    ratio = np.divide(elsewhere, everywhere, out=np.zeros_like(elsewhere), where=everywhere > 0)
    return between, between * ratio[:, None]


def with_product(
    mrio: MRIO,
    code: str,
    industry: str,
    value: Matrix,
    *,
    users: Sequence[str] | None = None,
    home: float = HOME,
    basis: str = "a trade table",
) -> Split:
    """The table with `code` as one more sector at the end of every country, taken out of `industry`.

    value (C, C): its trade by selling and buying country in the table's unit, in the order of `nodes.countries`; on
    the diagonal what is known of sales at home. `users` are the sectors that buy it, in proportion to what they buy of
    the industry; None for all buyers, final ones too. `home` scales the sales at home that exports suggest (0: none).
    `basis` names the trade in the notes. The reference stays: cells of the product are estimates, marked as such.
    Raises ZizhuError for sectors that the table has not, a code that it has, and trade of another shape or below 0.
    """
    _require(mrio, code, industry, value, users, home)
    at, after, makes = _places(mrio.nodes, industry)
    index, count = mrio.nodes.country_index, len(mrio.nodes.countries)
    seller, buyers = country_indicator(index[at], count) * makes[:, None], country_indicator(index, count)
    wanted = np.isin(mrio.nodes.sector, mrio.nodes.sectors if users is None else users)
    flows = np.asarray(mrio.Z[at], dtype=float) * wanted
    between, final = sales_by_country(mrio, at)
    bought = between + final if users is None else flows @ buyers
    R = seller @ shares_of_product(value, seller.T @ bought, seller.T @ (between + final), home)
    taken = np.zeros_like(final) if users is not None else R * final
    sold = flows * R[:, index]
    fit = _ratio(mrio.x[at], sold.sum(axis=1) + taken.sum(axis=1))
    sold, taken = sold * fit[:, None], taken * fit[:, None]
    unseen = np.maximum(value - seller.T @ (sold @ buyers + taken), 0.0)
    made = replace(
        _divided(mrio, at, after, sold, taken),
        nodes=_nodes(mrio.nodes, code, industry, after),
        estimated=(*mrio.estimated, *(f"{mrio.nodes.country[i]}:{code}" for i in after)),
        notes=(*mrio.notes, _note(code, industry, users, home, basis)),
    )
    return Split(made, unseen)


def _divided(mrio: MRIO, at: Index, after: Index, sold: Matrix, taken: Matrix) -> MRIO:
    """The table, its nodes still to be named, less the sales `sold` (b, n) and final sales `taken` (b, C) of `at`."""
    x, output = mrio.x[at], sold.sum(axis=1) + taken.sum(axis=1)
    output = np.where(output > (1.0 - EXACT) * x, np.maximum(x, 0.0), output)
    share = _ratio(output, x)

    def by_column(values: Vector) -> Vector:
        return split_vector(values, at, after, values[at] * share)

    final = None
    if mrio.final is not None:
        final = np.insert(mrio.final, after + 1, taken, axis=0)
        final[at + np.searchsorted(after, at)] -= taken
    return replace(
        mrio,
        Z=split_rows_and_columns(mrio.Z, at, after, sold, share),
        x=split_vector(mrio.x, at, after, output),
        value_added=by_column(mrio.value_added),
        sales_elsewhere=split_vector(mrio.sales_elsewhere, at, after, taken.sum(axis=1)),
        final=final,
        primary=None if mrio.primary is None else by_column(mrio.primary),
        imports=None if mrio.imports is None else by_column(mrio.imports),
    )


def _places(nodes: Nodes, industry: str) -> tuple[Index, Index, Mask]:
    """Of every country or part: its node of the industry, its last node, and whether it has the industry.

    Where it has not, its last node stands for it and gives nothing.
    """
    last = {c: i for i, c in enumerate(nodes.country)}
    own = {c: i for i, (c, s) in enumerate(nodes) if s == industry}
    after = sorted(last.values())
    at = [own.get(nodes.country[i], i) for i in after]
    makes = [nodes.country[i] in own for i in after]
    return np.array(at, dtype=np.intp), np.array(after, dtype=np.intp), np.array(makes)


def _nodes(nodes: Nodes, code: str, industry: str, after: Index) -> Nodes:
    """The nodes with one of `code` behind each of `after`, of the ISIC section of its industry."""
    known = sectors.sectors()
    section = nodes.section or tuple(known[s].section if s in known else "" for s in nodes.sector)
    of_product = next(part for part, s in zip(section, nodes.sector, strict=True) if s == industry)

    def inserted(held: tuple[str, ...], new: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(str, np.insert(np.array(held, dtype=object), after + 1, list(new))))

    return Nodes(
        inserted(nodes.country, [nodes.country[i] for i in after]),
        inserted(nodes.sector, [code] * len(after)),
        inserted(nodes.part_of, [nodes.part_of[i] for i in after]) if nodes.part_of else (),
        inserted(section, [of_product] * len(after)),
    )


def _note(code: str, industry: str, users: Sequence[str] | None, home: float, basis: str) -> str:
    who = "all buyers" if users is None else ", ".join(users)
    at_home = (
        f"at home {home:g} times the share that it is of the industry's exports"
        if home
        else "no sales at home"
    )
    return (
        f"{code} is an estimate and in no stored table: the part of {industry} that is its trade ({basis}), bought by "
        f"{who} in proportion to what they buy of {industry} and made as the rest of it is; {at_home}."
    )


def _ratio(a: Matrix, b: Matrix) -> Matrix:
    """a / b, from 0 to 1; 0 where b is not above 0."""
    return np.asarray(np.clip(np.divide(a, b, out=np.zeros_like(a), where=b > 0), 0.0, 1.0))


def _require(
    mrio: MRIO, code: str, industry: str, value: Matrix, users: Sequence[str] | None, home: float
) -> None:
    problems = list(_faults(mrio, code, value, home))
    named = [("industry", industry), *(("users", s) for s in users or ())]
    here = mrio.nodes.sectors
    problems += [unknown("sector", s, here, f"{code}: {where}") for where, s in named if s not in here]
    if problems:
        raise ZizhuError(problems)


def _faults(mrio: MRIO, code: str, value: Matrix, home: float) -> Iterator[Problem]:
    if code in mrio.nodes.sectors:
        yield Problem(f"{code} is a sector already", mrio.ref, "a code of its own", "Name it otherwise.")
    count = len(mrio.nodes.countries)
    if value.shape != (count, count) or not np.isfinite(value).all() or (value < 0).any():
        yield Problem(
            f"trade of {code} of shape {value.shape}",
            mrio.ref,
            f"({count}, {count}) numbers of 0 or more",
            "One row and one column for each country of the table.",
        )
    if not 0.0 <= home < np.inf:
        yield Problem(
            f"home {home:g}", code, "a factor of 0 or more", "1 for the share of exports, 0 for none."
        )
