"""What events do to trade: every control and tariff is read, in the words of the event, or says why it is not."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from zizhu.ledger import register
from zizhu.ledger.controls import Measure, controls, draft_settings, event_kinds, measures
from zizhu.ledger.records import load
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

NUMBER = re.compile(r"\d+(?:\.\d+)?(?=\s*(?:percent|%))")
READ = {m.event for m in measures()} | {c.event for c in controls().values()}


def test_every_kind_of_event_is_known_and_says_why_where_it_restricts_nothing() -> None:
    assert set(event_kinds()) == {e.kind for e in register.events().values()}
    assert all(k.drafted is not bool(k.why) for k in event_kinds().values())


@pytest.mark.parametrize(
    "event", sorted(e.id for e in register.events().values() if event_kinds()[e.kind].drafted)
)
def test_every_control_and_tariff_is_read(event: str) -> None:
    assert event in READ
    mine = [m for m in measures() if m.event == event]
    assert all(m.shock for m in mine) or len(mine) == 1
    codes = [c for m in mine for c in m.codes]
    assert sorted(codes) == sorted({p.hs6 for p in register.event_products() if p.event == event and p.hs6})


def test_only_controls_and_tariffs_are_read_in_the_order_of_their_dates() -> None:
    known = register.events()
    assert all(event_kinds()[known[event].kind].drafted for event in READ)
    order = [list(known).index(m.event) for m in measures()]
    assert all(a <= b for a, b in pairwise(order))


@pytest.mark.parametrize("one", [m for m in measures() if m.shock], ids=lambda m: f"{m.event}:{m.products}")
def test_a_measure_says_what_the_wording_says(one: Measure) -> None:
    event = register.events()[one.event]
    tariff = event.kind == "tariff"
    assert (one.shock == "tariff") is tariff
    assert (one.receiver if tariff else one.sender) == event.actor
    assert one.sender != one.receiver
    if one.shock == "export_ban":
        assert "ban" in event.event.casefold()
    if one.rate is not None:
        assert f"{one.rate * 100:g}" in NUMBER.findall(event.event) or f"{one.rate * 100:g}%" in event.event
    if one.duration:
        assert one.duration in event.event


def test_measures_without_a_shock_have_nothing_else() -> None:
    for one in measures():
        if not one.shock:
            assert (one.products, one.sender, one.receiver, one.rate, one.duration) == ("", "", "", None, "")


def test_an_event_that_is_named_in_a_reason_exists() -> None:
    named = {e for m in measures() for e in re.findall(r"\d{4}[\d-]*\.[A-Z]{2,3}\.\w+\.\d", m.basis)}
    assert named
    assert named <= set(register.events())


def test_drafts_assume_what_shocks_have() -> None:
    keys = [(s.shock, s.setting) for s in draft_settings()]
    assert len(keys) == len(set(keys))
    assert {s.shock for s in draft_settings()} <= {m.shock for m in measures()}


def test_faults_of_the_file_are_told(tmp_path: Path) -> None:
    from zizhu.ledger import controls as loaders

    with pack("policy/event_shocks.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    wrong = [
        ["no.such", "", "licence", "CHN", "WLD", "", "", "b"],
        ["2023-12-01.CHN.export_control.1", "284690", "licence", "CNH", "", "0.5", "", "b"],
        ["2023-12-01.CHN.export_control.1", "", "boycott", "CHN", "WLD", "", "", "b"],
    ]
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *wrong])
    checks = [loaders._event, loaders._codes, loaders._sides, loaders._rated]
    with pytest.raises(ZizhuError) as caught:
        load(path, Measure, checks, key="")
    told = [(p.where.removeprefix("mine.csv, "), p.what) for p in caught.value.problems]
    assert told == [
        ("row 2, column event", "unknown event 'no.such'"),
        ("row 3, column products", "284690 is no product of the event"),
        ("row 3, column sender", "unknown country or group 'CNH'"),
        ("row 3, column receiver", "unknown country or group ''"),
        ("row 3, column rate", "a rate"),
        ("row 4, column shock", "'boycott' does not fit"),
    ]
