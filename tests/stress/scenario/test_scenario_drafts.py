"""Drafted files are read and fit the built-in tables; what no draft can be made of says why."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from stress.scenario.scenarios import refused, taken
from zizhu.ledger import register
from zizhu.ledger.controls import controls, draft_settings, event_kinds, needed
from zizhu.stress.scenario.from_event import draftable, drafted
from zizhu.stress.scenario.from_product import drafted_for
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.scenario.shocks import BY_KIND, Licence, Tariff, Traded
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import CannotAnswer, ZizhuError

DRAFTABLE = tuple(e.id for e in draftable())
BLANK = {"2025-04-09.USA.tariff.1"}
"""Whose rate is no single number."""
KNOWN = {
    "2022-10-07.USA.export_control.1": [("export_ban", "USA:C26", "CHN", ())],
    "2023-12-01.CHN.export_control.1": [("licence", "CHN", "WLD", ("250410", "250490"))],
    "2024-09-15.CHN.export_control.1": [("licence", "CHN", "WLD", ("261710",))],
    "2024-12-03.CHN.export_control.1": [
        ("export_ban", "CHN", "USA", ("261710",)),
        ("licence", "CHN", "USA", ("250410", "250490")),
        ("export_ban", "CHN:C24B", "USA", ()),
    ],
    "2025-04-04.CHN.export_control.1": [("licence", "CHN", "WLD", ("284690", "280530"))],
}


@pytest.mark.slow
@pytest.mark.parametrize("event", sorted(set(DRAFTABLE) - BLANK))
def test_every_draft_is_read_and_fits_the_built_in_tables(
    event: str, tmp_path: Path, icio: MRIO, baci: Trade
) -> None:
    (one,) = taken(tmp_path, drafted(event))
    assert one.event == event
    assert one.id == event.casefold()
    told = resolve(one, Ground(icio, baci))
    by_week = [s for s in one.shocks if "weeks" in s.acts]
    assert len(told.restrictions) == len(by_week)
    assert len(told.restrictions) + len(told.terms) == len(told.coverage)
    assert bool(by_week) != (one.horizons == ("years",) and bool(told.terms))
    assert all(r.cut.size and 0 < r.cut.max() <= 1 for r in told.restrictions)


@pytest.mark.parametrize("event", sorted(KNOWN))
def test_a_draft_says_who_restricts_what_to_whom(event: str, tmp_path: Path) -> None:
    (one,) = taken(tmp_path, drafted(event))
    shocks = [s for s in one.shocks if isinstance(s, Traded)]
    assert [(getattr(s, "kind", ""), s.sender, s.receiver, s.products) for s in shocks] == KNOWN[event]


@pytest.mark.parametrize("event", DRAFTABLE)
def test_a_draft_cites_its_event_and_marks_what_is_assumed(event: str) -> None:
    text, held = drafted(event), register.events()[event]
    said = " ".join(line.strip().removeprefix("# ") for line in text.splitlines())
    source = register.sources()[held.source]
    for part in (held.date, held.event, source.producer, source.url, f"quality {held.quality}"):
        assert part in said
    assert ("confirm it before relying" in said) is (held.quality == "low")
    for product in register.event_products():
        if product.event == event:
            assert product.covers in said
    kinds = set(re.findall(r"kind: (\w+)", text))
    assumed = {(s.setting, s.value) for s in draft_settings() if s.shock in kinds}
    found = re.findall(r"# ASSUMED: .*\n(?: +# .*\n)* +(\w+): (.*)", text)
    assert set(found) == assumed
    assert max(len(line) for line in text.splitlines() if not re.search(r"https?://|title:", line)) <= 110


def test_a_rate_that_is_no_single_number_is_left_open_and_the_reader_says_so(tmp_path: Path) -> None:
    for event in BLANK:
        text = drafted(event)
        assert "rate: TODO" in text
        (problem,) = refused(tmp_path, text)
        assert problem.what == "rate is still to be filled in"
        assert refused(tmp_path, text.replace("rate: TODO", "rate: 1.45")) == []


@pytest.mark.parametrize(
    ("event", "rates"),
    [
        ("2025-02-10.CHN.tariff.1", [0.15, 0.1]),
        ("2025-04-12.CHN.tariff.1", [1.25]),
        ("2026-01-01.USA.tariff.1", [0.25]),
        ("2026-02-24.USA.tariff.1", [0.1]),
    ],
)
def test_a_rate_is_that_of_the_wording(event: str, rates: list[float], tmp_path: Path) -> None:
    (one,) = taken(tmp_path, drafted(event))
    assert [s.rate for s in one.shocks if isinstance(s, Tariff)] == rates
    assert all(f"{rate * 100:g} percent" in register.events()[event].event for rate in rates)


def test_a_low_share_of_licences_is_a_change_of_one_line(tmp_path: Path) -> None:
    text = drafted("2023-12-01.CHN.export_control.1").replace("granted: 0.5", "granted: 0.1")
    (shock,) = taken(tmp_path, text)[0].shocks
    assert isinstance(shock, Licence)
    assert (shock.granted, shock.delay) == (0.1, 63.0)


@pytest.mark.parametrize("event", [e for e in DRAFTABLE if "products:" in drafted(e)])
def test_who_needs_products_is_left_to_the_reader_with_what_is_known(event: str, tmp_path: Path) -> None:
    text = drafted(event)
    (line, *_) = left = re.findall(r"^    # needed_by: (\[.*\])$", text, re.M)
    assert len(left) == len(re.findall(r"^    products:$", text, re.M))
    known = needed().get(event)
    assert line == (f"[{', '.join(known.users)}]" if known else "[INDUSTRY, ...]")
    if known is None:
        return
    said = " ".join(part.strip().removeprefix("# ") for part in text.splitlines())
    assert known.basis in said
    assert known.url in said
    chosen = re.sub(r"^    # (needed_by: \[)", r"    \1", text, flags=re.M)
    assert [s.needed_by for s in taken(tmp_path, chosen)[0].shocks if isinstance(s, Traded)] == [known.users]


@pytest.mark.parametrize("event", sorted(set(register.events()) - set(DRAFTABLE)))
def test_an_event_without_a_draft_says_why_and_what_to_write(event: str) -> None:
    held = register.events()[event]
    with pytest.raises(CannotAnswer) as caught:
        drafted(event)
    (problem,) = caught.value.problems
    assert event in problem.what
    assert held.event in problem.where
    kind = event_kinds()[held.kind]
    if not kind.drafted:
        assert problem.remedy.startswith(kind.why)
    for product in register.event_products():
        if product.event == event:
            assert product.covers in str(problem)


def test_what_is_to_be_written_by_hand_can_be_read_once_products_are_named(tmp_path: Path) -> None:
    tried = 0
    for event in set(register.events()) - set(DRAFTABLE):
        with pytest.raises(CannotAnswer) as caught:
            drafted(event)
        shock = re.search(r"\{kind: (\w+), .*\}", caught.value.problems[0].remedy)
        if shock is None:
            continue
        tried += 1
        line = shock[0].replace("[...]", '["284690"]').replace("TODO", "0.25")
        acts = "weeks" if "weeks" in BY_KIND[shock[1]].acts else "years"
        assert refused(tmp_path, f"id: a\ntitle: A\nhorizons: [{acts}]\nshocks:\n  - {line}\n") == []
    assert tried > 10


def test_an_unknown_event_names_the_nearest() -> None:
    with pytest.raises(ZizhuError, match=r"Nearest: 2023-12-01\.CHN\.export_control\.1") as caught:
        drafted("2023-12-01.CHN.export_contrl.1")
    assert not isinstance(caught.value, CannotAnswer)


def test_every_control_is_in_the_draft_of_its_event(tmp_path: Path) -> None:
    for control in controls().values():
        (one,) = taken(tmp_path, drafted(control.event))
        assert (control.sender, control.receiver) in [
            (s.sender, s.receiver) for s in one.shocks if isinstance(s, Traded)
        ]


# --- from a product ---


@pytest.mark.slow
def test_the_lead_supplier_stops_selling_a_product(tmp_path: Path, icio: MRIO, baci: Trade) -> None:
    text = drafted_for("日本", "284690", baci)
    bought = baci.frame.filter(pl.col("year") == 2024, pl.col("hs6") == "284690", pl.col("importer") == "JPN")
    lead = bought.sort("value_usd").row(-1, named=True)
    (one,) = taken(tmp_path, text)
    (shock,) = one.shocks
    assert isinstance(shock, Traded)
    assert (shock.sender, shock.receiver, shock.products) == (lead["exporter"], "JPN", ("284690",))
    assert (
        f"# {lead['value_usd'] / bought['value_usd'].sum():.1%} of the importer's purchases abroad in 2024"
        in text
    )
    assert one.id == f"{lead['exporter']}-284690-jpn".casefold()
    assert one.trade == ""
    (pinned,) = taken(tmp_path, drafted_for("JPN", "284690", baci, pinned=True))
    assert pinned.trade == "baci-raw-materials"
    assert resolve(one, Ground(icio, baci)).restrictions


def test_a_bloc_does_not_count_what_its_members_sell_each_other(tmp_path: Path, baci: Trade) -> None:
    (one,) = taken(tmp_path, drafted_for("EU27", "280530", baci))
    (shock,) = one.shocks
    assert isinstance(shock, Traded)
    assert (shock.sender, shock.receiver) == ("CHN", "EU27")
    (other,) = taken(tmp_path, drafted_for("EU27", "280530", baci, "Vietnam"))[0].shocks
    assert isinstance(other, Traded)
    assert other.sender == "VNM"


@pytest.mark.parametrize(
    ("importer", "product", "sender", "error", "what"),
    [
        ("JPN", "284690", "JPN", ZizhuError, "JPN and JPN have countries in common"),
        ("DEU", "284690", "EU27", ZizhuError, "EU27 and DEU have countries in common"),
        ("JPM", "284690", "", ZizhuError, "unknown country or group 'JPM'"),
        ("JPN", "no such thing", "", ZizhuError, "unknown HS 1992 product"),
        ("JPN", "284690", "STP", CannotAnswer, "no imports of .* by Japan from São Tomé"),
        ("ATA", "284690", "", CannotAnswer, "no imports of .* by Antarctica from anybody"),
    ],
    ids=["itself", "inside", "importer", "product", "sender", "nothing"],
)
def test_a_product_that_cannot_be_cut_off(
    importer: str, product: str, sender: str, error: type[ZizhuError], what: str, baci: Trade
) -> None:
    with pytest.raises(error, match=what):
        drafted_for(importer, product, baci, sender)
