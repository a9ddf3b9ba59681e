"""h. Who says what: competing assessments side by side, with what each of them counts."""

from __future__ import annotations

from zizhu.ledger import register
from zizhu.ledger.models import Claim, Figure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.vocab import units

TITLE = "Who says what"


def build(desk: Desk) -> Exhibit:
    """The strip of claims that count successes, and all claims in a table; none is merged or averaged."""
    if not any(t.country == desk.country for t in register.targets().values()):
        return Exhibit("h", TITLE, line(f"The register holds no assessments of a plan of {words.country(desk.country)}."))
    claims = tuple(register.claims().values())
    counted = [c for c in claims if _is_count_of_successes(c)]
    return Exhibit(
        "h",
        TITLE,
        _sentence(desk, claims, counted),
        (Panel(_figure(desk, counted), "Share of goals, sectors, indicators or technologies counted as met, led or in line, by speaker and definition."),),
        (_grid(desk, claims),),
        (
            line("Claims are never merged: each counts another thing, over another list, at another date."),
            line("Hollow marks and the word low: the page is a repost, or its producer is not certain. Such a claim carries no headline."),
        ),
        tuple(dict.fromkeys(c.source for c in claims)),
    )


def _is_count_of_successes(claim: Claim) -> bool:
    """Counts out of a stated list, and shares of goals: the claims that can stand on one axis."""
    return claim.unit.startswith("of ") or claim.indicator == "goals achieved share"


def _sentence(desk: Desk, claims: tuple[Claim, ...], counted: list[Claim]) -> Line:
    speakers = len({c.speaker for c in claims})
    weak = sum(c.quality == "low" for c in claims)
    sound = sorted((c for c in counted if c.quality != "low"), key=lambda c: (units.convert(c.value, c.unit, "percent"), c.id))
    opening = f"{len(claims)} assessments by {speakers} speakers stand side by side; {weak} of them rest on a weak source and carry no headline"
    if len(sound) < 2:
        return line(opening, ".")
    low, high = sound[0], sound[-1]
    return line(
        f"{opening}. Among the others that count successes, the lowest is ",
        desk.fact(low.id, _value(low)),
        f" ({low.speaker}, {low.indicator}) and the highest ",
        desk.fact(high.id, _value(high)),
        f" ({high.speaker}, {high.indicator}): they count different things.",
    )


def _value(claim: Claim) -> str:
    return f"{words.comparator(claim.comparator)}{words.quantity(claim.value, claim.unit)}"


def _figure(desk: Desk, counted: list[Claim]) -> Figure:
    rows = tuple(
        {
            "speaker": f"{c.speaker}: {c.indicator}",
            "share": units.convert(c.value, c.unit, "share"),
            "quality": c.quality,
            "ref": desk.fact(c.id, _value(c)).ref,
        }
        for c in sorted(counted, key=lambda c: (units.convert(c.value, c.unit, "share"), c.id))
    )
    return Figure(
        kind="strip",
        title=TITLE,
        sentence="Counts of successes by speaker, as a share of the list that each speaker used.",
        unit="share",
        basis="each speaker's own list and definition",
        rows=rows,
        encoding={"speaker": "speaker", "value": "share", "quality": "quality", "ref": "ref"},
        sources=(),
    )


def _grid(desk: Desk, claims: tuple[Claim, ...]) -> Grid:
    rows = tuple(
        (
            line(c.speaker),
            line(words.period(c.date)),
            line(c.subject),
            line(c.indicator),
            line(desk.fact(c.id, _value(c))),
            line(c.verdict),
            line(c.quality),
        )
        for c in sorted(claims, key=lambda c: (c.subject.casefold(), c.speaker.casefold(), c.id))
    )
    return Grid(
        ("Speaker", "Date", "Subject", "What is counted", "Value", "Verdict in the speaker's words", "Source"),
        (False,) * 7,
        rows,
        "All assessments in the register.",
    )
