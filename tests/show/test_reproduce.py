"""Published numbers beside ours: sums and shares as in the table, outcomes, reasons, and references that open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from show.test_published import row
from zizhu.show.published import COUNT, published
from zizhu.show.reproduce import Compared, compared
from zizhu.show.trace import trace
from zizhu.store import Workspace


@pytest.fixture(scope="module")
def korea(built_in_tables: Workspace) -> pl.DataFrame:
    """What Korea bought of the product of the example in its year, flow by flow."""
    flows = pl.scan_parquet(built_in_tables.read("baci-raw-materials").path, glob=False)
    return flows.filter(hs6="282520", importer="KOR", year=2022).collect()


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path)


@pytest.fixture
def one(space: Workspace) -> Callable[..., Compared]:
    """One number of the example, compared."""

    def of(**changed: str) -> Compared:
        (found,) = compared(space, [row(**changed)])
        return found

    return of


def test_a_sum_and_a_share_are_those_of_the_table(one: Callable[..., Compared], korea: pl.DataFrame) -> None:
    flows = korea
    total = int(flows["value_usd"].sum())
    china = int(flows.filter(pl.col("exporter") == "CHN")["value_usd"].sum())
    assert one().ours == pytest.approx(total / 1e9, rel=1e-12)
    share = one(rows="partner=CHN", over="year=*", times="100", value="87.9", unit="%", tolerance="0.05")
    assert share.ours == pytest.approx(100 * china / total, rel=1e-12)
    assert share.difference == pytest.approx(100 * china / total - 87.9, rel=1e-9)


def test_the_printed_total_is_reproduced_and_opens(space: Workspace, one: Callable[..., Compared]) -> None:
    found = one()
    assert found.outcome == "within the print"
    assert found.why == ""
    opened = trace(space, found.refs[0])
    assert opened.value == pytest.approx(3.2243e9, rel=1e-4)
    values = [trace(space, ref).value or 0.0 for ref in found.refs[:2]]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("changed", "outcome", "why"),
    [
        ({"value": "4"}, "unexplained", ""),
        ({"value": "4", "reason": "another year", "grounds": "found"}, "differs", "another year"),
        ({"value": "4", "sign": "<"}, "within the print", ""),
        ({"rows": "partner=ATA"}, "unexplained", "no row with partner=ATA"),
        ({"rows": "buyer=CHN"}, "unexplained", "no column buyer"),
        ({"column": "tons"}, "unexplained", "no column tons"),
        ({"question": '{"reporter": "KOR", "products": ["999999"]}'}, "unexplained", "999999"),
        (
            {
                "needs": "baci-hs92",
                "get": "`zizhu data add baci`",
                "reason": "More products.",
                "grounds": "likely",
            },
            "needs a table",
            "needs baci-hs92: `zizhu data add baci`. More products.",
        ),
    ],
)
def test_outcomes(one: Callable[..., Compared], changed: dict[str, str], outcome: str, why: str) -> None:
    found = one(**changed)
    assert found.outcome == outcome
    assert why in found.why
    assert found.missing == (outcome == "needs a table")


def test_rows_are_counted_and_the_count_opens(
    space: Workspace, one: Callable[..., Compared], korea: pl.DataFrame
) -> None:
    every = one(rows="partner=*", column=COUNT, times="1", value=str(korea.height), tolerance="0")
    assert every.outcome == "within the print"
    named = one(rows="partner=CHN&year=2022", column=COUNT, times="1", value="1", tolerance="0")
    assert named.outcome == "within the print"
    assert trace(space, named.refs[0]).value == 1


def test_a_number_that_the_table_has_no_value_for_is_not_made_up(one: Callable[..., Compared]) -> None:
    taiwan = '{"reporter": "TWN", "products": ["271111"], "first": 2022, "last": 2022}'
    found = one(question=taiwan, rows="partner=AUS", column="quantity_t", value="0", tolerance="1e9")
    assert (found.ours, found.difference, found.left_out) == (None, None, 1)
    assert found.outcome == "unexplained"


def test_a_question_of_several_numbers_is_asked_once_and_they_keep_their_order(space: Workspace) -> None:
    told: list[tuple[int, int]] = []
    rows = [row(), row(id="other", needs="nowhere"), row(id="two", rows="partner=CHN")]
    found = compared(space, rows, lambda done, of: told.append((done, of)))
    assert [c.published.id for c in found] == ["one", "other", "two"]
    assert told == [(3, 3)]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Compared]]:
    space = Workspace(root=tmp_path_factory.mktemp("reproduced"))
    return space, compared(space, published())


@pytest.mark.slow
def test_every_built_in_number_is_within_its_print_or_has_a_reason(
    every: tuple[Workspace, list[Compared]],
) -> None:
    _, found = every
    assert [(c.published.id, c.ours, c.why) for c in found if c.outcome == "unexplained"] == []
    assert sum(not c.missing for c in found) >= 20


@pytest.mark.slow
def test_a_reason_stands_only_where_ours_differs(every: tuple[Workspace, list[Compared]]) -> None:
    _, found = every
    assert [c.published.id for c in found if c.outcome == "within the print" and c.published.reason] == []


@pytest.mark.slow
def test_every_reference_opens_to_the_number_of_its_row(every: tuple[Workspace, list[Compared]]) -> None:
    space, found = every
    by_verb = {c.published.verb: c for c in found if c.refs and not c.published.over and len(c.refs) == 1}
    assert {v.partition(".")[0] for v in by_verb} == {"depend", "stress", "track"}
    for c in by_verb.values():
        opened = trace(space, c.refs[0])
        assert opened.value is not None
        assert opened.value * c.published.times == pytest.approx(c.ours, rel=1e-12)
