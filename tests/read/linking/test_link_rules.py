"""Every rule of linking on pairs of our own: what it links, with which reason, and what it leaves alone."""

from __future__ import annotations

from typing import get_args

import pytest

from read.linking.saying import aim, cars, claim, number, opinion, share, when
from zizhu.ledger.claims import Claim, LinkType, Review
from zizhu.read.linking import linked
from zizhu.read.linking.lists import rules
from zizhu.read.model import Document, Layer
from zizhu.vocab.packfiles import rows

OCEAN = {"plans": ("ocean-plan-2030",)}
RIVER = {"plans": ("river-plan-2035",)}
INDUSTRY = {"kind": "relation", "object": ("DE-INDUSTRIE40",)}
STEEL = {"sectors": ("steel",)}
WOOL = {"sectors": ("textiles",)}
ROBOTS = {"sectors": ("robotics",)}


def act(paper: str, indicator: str, **fields: object) -> Claim:
    return claim(paper, f"{paper} on {indicator}", kind="policy_event", indicator=indicator, **fields)


def relation(paper: str, predicate: str, **fields: object) -> Claim:
    return opinion(
        paper, f"{paper}: {predicate}.", kind="relation", indicator=predicate, predicate=predicate, **fields
    )


def amounts(paper: str, text: str, *said: tuple[str, float, str], **fields: object) -> list[Claim]:
    """Claims of one sentence, one for each amount in it."""
    found = []
    for written, value, unit in said:
        at = text.index(written)
        of = number(value, unit, written)
        found.append(
            claim(paper, text, indicator="fund_size", quantity=of, at=(at, at + len(written)), **fields)
        )
    return found


WON = ("15 trillion won", 15e12, "KRW")
PAIRS: dict[str, tuple[str | None, list[Claim]]] = {
    "one voice says a number twice": (
        "figure.repeated",
        [cars("A", 40), cars("A", 40, quote="Again the 40 cars of that year.", start=500)],
    ),
    "two papers give one number": ("figure.confirmed", [cars("A", 40), cars("B", 40)]),
    "a rounded number agrees": (
        "figure.confirmed",
        [
            cars("A", 0, quantity=number(98.6e9, "USD", "98.6 billion")),
            cars("B", 0, quantity=number(99e9, "USD", "about 99 billion", comparator="about")),
        ],
    ),
    "two papers print one text": (
        "figure.copied",
        [
            cars(p, 40, quote="The country sold 40 cars abroad in 2023, its office said on Monday.")
            for p in "AB"
        ],
    ),
    "a bound agrees with a number close to it": (
        "figure.within",
        [cars("A", 62), cars("B", 0, quantity=number(60, comparator=">"))],
    ),
    "a bound says nothing of a number far from it": (
        None,
        [cars("A", 0, quantity=number(2, comparator=">=")), cars("B", 90)],
    ),
    "two papers disagree": ("figure.disagrees", [cars("A", 40), cars("B", 55)]),
    "one paper gives two numbers of other things": (None, [cars("A", 40), cars("A", 55, start=900)]),
    "two years are a series": (None, [cars("A", 40), cars("B", 55, "2024")]),
    "a year and its first months": (None, [cars("A", 40), cars("B", 30, "2023-01/2023-09")]),
    "two countries": (None, [cars("A", 40), cars("B", 55, geography=("DEU",))]),
    "two indicators": (
        None,
        [cars("A", 40), claim("B", indicator="car_plants", quantity=number(55), times=(when("2023"),))],
    ),
    "a voice revises itself": (
        "figure.revised",
        [
            cars("A", 40, speaker="the office"),
            cars("B", 55, speaker="the office", said_on="2024-09"),
        ],
    ),
    "a forecast and what came": (
        "figure.expected",
        [cars("A", 40), cars("B", 55, kind="forecast", modality="estimated", said_on="2022-12")],
    ),
    "undated numbers of two years": (
        "figure.undated",
        [cars("A", 40, times=()), cars("B", 55, times=(), said_on="2021-05")],
    ),
    "two plans": (
        "figure.plan",
        [
            claim(p, indicator="priority_areas", quantity=number(n, "count:area"), **of)  # type: ignore[arg-type]
            for p, n, of in (("A", 6, OCEAN), ("B", 9, RIVER))
        ],
    ),
    "two sectors": (
        "figure.sector",
        [
            share(p, "localisation_rate", n, sectors=s)
            for p, n, s in (("A", 40, ("steel",)), ("B", 70, ("wool",)))
        ],
    ),
    "one paper's title names a sector of what both name": (
        "figure.disagrees",
        [
            share(p, "domestic_robot_brands_share", n, quote=f"Robot brands had {n} %.", sectors=s)
            for p, n, s in (("A", 39, ("robotics",)), ("B", 31, ()))
        ],
    ),
    "one sentence names a sector": (
        "figure.sector",
        [
            share(p, "domestic_robot_brands_share", n, quote=f"{q} had {n} %.", sectors=s)
            for p, n, q, s in (("A", 39, "Brands in robotics", ("robotics",)), ("B", 31, "Brands", ()))
        ],
    ),
    "two countries impose": (
        "figure.imposed",
        [
            act(
                p,
                "tariff_rate",
                quantity=number(n, "percent"),
                times=(when("2023", "event"),),
                geography=(c,),
                **STEEL,
            )
            for p, n, c in (("A", 100, "CAN"), ("B", 40, "TUR"))
        ],
    ),
    "two issuers impose on one place": (
        "figure.imposed",
        [
            act(
                p,
                "tariff_rate",
                quantity=number(n, "percent"),
                times=(when("2024", "event"),),
                geography=("CHN",),
                plans=(plan,),
                **STEEL,
            )
            for p, n, plan in (("A", 100, "US-EVTARIFF2024"), ("B", 40, "EU-EVTARIFF2024"))
        ],
    ),
    "stock and flow": (
        "figure.definition",
        [share("A", "ev_stock_share", 24), share("B", "ev_sales_share", 82)],
    ),
    "two flows in two papers": (
        "figure.definition",
        [share("A", "ev_production_share", 24), share("B", "ev_exports_share", 82)],
    ),
    "two flows in one paper are two things": (
        None,
        [share("A", "ev_production_share", 24), share("A", "ev_exports_share", 82, start=900)],
    ),
    "a level and a contribution": (
        "figure.definition",
        [share("A", "fishery_share_gdp", 8), share("B", "fishery_contribution_gdp_growth", 20)],
    ),
    "a part is left out of one of two numbers": (
        "figure.basis",
        [
            cars("A", 40, quote="40 cars, excluding used ones"),
            cars("B", 55, quote="55 cars in all that year"),
        ],
    ),
    "two measures of one dependence": (
        "figure.dependence",
        [
            opinion(
                "A", "The mills rely on ore from abroad.", indicator="import_reliance", kind="actual", **STEEL
            ),
            share("B", "steel_self_sufficiency_rate", 30, **STEEL),
        ],
    ),
    "an aim and a forecast against it": (
        "figure.doubted",
        [
            aim("A", "car_export_share", 50),
            share("B", "car_export_share", 20, kind="forecast", modality="estimated").model_copy(
                update={"times": (when("2030"),)}
            ),
        ],
    ),
    "an aim and a voice that names it": (
        "figure.named",
        [
            aim("A", "car_export_share", 50),
            share("B", "car_export_share", 50, kind="attribution", modality="asserted").model_copy(
                update={"times": (when("2030"),)}
            ),
        ],
    ),
    "one place in two rankings": (
        "ranking.same",
        [
            claim(p, f"{p} ranks it", kind="ranking", indicator=i, quantity=number(1, "rank"), **STEEL)
            for p, i in (("A", "steel_mill_world_rank"), ("B", "steel_mill_capacity_world_rank"))
        ],
    ),
    "one paper ranks twice": (
        "ranking.repeated",
        [
            claim("A", f"A ranks {i}", s, kind="ranking", indicator=i, quantity=number(1, "rank"), **STEEL)
            for s, i in ((0, "steel_mill_world_rank"), (90, "steel_mill_capacity_world_rank"))
        ],
    ),
    "two currencies in brackets": (
        "restated.currency",
        amounts("A", "a fund of 15 trillion won ($11 billion) for mills", WON, ("$11 billion", 11e9, "USD")),
    ),
    "two currencies joined by words": (
        "restated.currency",
        amounts(
            "A",
            "a fund of 15 trillion won, or about $11 billion, for mills",
            WON,
            ("$11 billion", 11e9, "USD"),
        ),
    ),
    "two currencies of two things": (
        None,
        amounts(
            "A", "15 trillion won for mills and a levy of $11 billion", WON, ("$11 billion", 11e9, "USD")
        ),
    ),
    "two units": (
        "restated.unit",
        amounts("A", "a plant of 2 GW (2,000 MW) at sea", ("2 GW", 2, "GW"), ("2,000 MW", 2000, "MW")),
    ),
    "one act dated alike": (
        "event.same",
        [
            act(p, "plan_launched", times=(when(d, "event"),), **OCEAN)
            for p, d in (("A", "2023"), ("B", "2023-05"))
        ],
    ),
    "one act dated twice": (
        "event.date",
        [
            act(p, "plan_launched", times=(when(d, "event"),), **OCEAN)
            for p, d in (("A", "2023"), ("B", "2024"))
        ],
    ),
    "an act that happens often": (
        None,
        [
            act(p, "plan_amended", times=(when(d, "event"),), **OCEAN)
            for p, d in (("A", "2023"), ("B", "2024"))
        ],
    ),
    "one aim in words": (
        "goal.same",
        [aim(p, "tech_leadership", None, quote=f"{p}: a leader in technology and innovation") for p in "AB"],
    ),
    "two aims of one theme": (
        "goal.differs",
        [
            aim(p, i, None, quote=f"{p}: {q}")
            for p, i, q in (
                ("A", "tech_leadership", "lead the world in innovation"),
                ("B", "innovative_nation", "a nation of innovation"),
            )
        ],
    ),
    "two horizons of one theme": (
        "goal.horizon",
        [
            aim(p, i, None, d, quote=f"{p}: {q}")
            for p, i, d, q in (
                ("A", "tech_leadership", "2030", "lead the world in innovation"),
                ("B", "innovative_nation", "2045", "a nation of innovation"),
            )
        ],
    ),
    "two say one thing": (
        "statement.same",
        [relation(p, "supports", object=("org:Mills",), **OCEAN) for p in "AB"],
    ),
    "one denies": (
        "statement.denied",
        [
            relation(p, "supports", object=("org:Mills",), polarity=s, **OCEAN)
            for p, s in (("A", "affirmed"), ("B", "negated"))
        ],
    ),
    "one criticises": (
        "statement.disputed",
        [
            opinion(p, f"{s} on water", s, indicator="water_advantage", modality=m)
            for p, s, m in (("A", "Ida", "asserted"), ("B", "Olav", "criticised"))
        ],
    ),
    "goes on, and was put aside": (
        "stance.opposed",
        [
            opinion("A", "The plan was shelved in spring.", **OCEAN),
            opinion("B", "The plan remains in force.", **OCEAN),
        ],
    ),
    "succeeded, and had little effect": (
        "stance.opposed",
        [
            opinion("A", "It has succeeded, says Ida.", "Ida", **OCEAN),
            opinion("A", "It had little effect.", "Olav", start=99, **OCEAN),
        ],
    ),
    "has not failed, and has succeeded": (
        "stance.agrees",
        [
            opinion("A", "It has not failed.", "Ida", **OCEAN),
            opinion("B", "It has succeeded.", "Olav", **OCEAN),
        ],
    ),
    "is unlikely to succeed": (
        "stance.opposed",
        [
            opinion("A", "It is unlikely that the plan has succeeded.", "Ida", **OCEAN),
            opinion("B", "It has succeeded.", "Olav", **OCEAN),
        ],
    ),
    "asks whether it failed": (
        None,
        [
            opinion("A", "He asks whether it has failed.", "Ida", **OCEAN),
            opinion("B", "It has succeeded.", "Olav", **OCEAN),
        ],
    ),
    "one voice sees both sides": (
        None,
        [
            opinion("A", "It has succeeded at sea.", "Ida", **OCEAN),
            opinion("A", "It has failed on land.", "Ida", start=99, **OCEAN),
        ],
    ),
    "in Chinese": (
        "stance.opposed",
        [opinion("A", "该计划成效显著。", "甲", **OCEAN), opinion("B", "该计划收效甚微。", "乙", **OCEAN)],
    ),
    "two plans fare differently": (
        None,
        [opinion("A", "It has succeeded.", "Ida", **OCEAN), opinion("B", "It has failed.", "Olav", **RIVER)],
    ),
    "a glut of two decades": (
        "stance.recurs",
        [
            opinion("A", "Overcapacity plagues the mills.", said_on="2013-01", **STEEL),
            opinion("B", "A glut is back.", **STEEL),
        ],
    ),
    "one plan of two countries": (
        "owner.differs",
        [
            opinion("A", "Japan's Industry 4.0 pays for robots.", plans=("DE-INDUSTRIE40",)),
            opinion("B", "They copied France’s “Industry 4.0”.", plans=("DE-INDUSTRIE40",)),
        ],
    ),
    "credit to the state, and to firms": (
        "credit.differs",
        [
            opinion("A", "The success of its yards is due to private entrepreneurs.", "Ida"),
            opinion("B", "Led by state-owned yards, shipbuilding has made progress.", "Olav"),
        ],
    ),
    "no credit to the state": (
        None,
        [
            opinion("A", "The success of its yards is due to private entrepreneurs.", "Ida"),
            opinion("B", "The progress was not driven by government.", "Olav"),
        ],
    ),
    "two leaders": (
        "leader.differs",
        [
            opinion(
                p,
                f"{p} names a leader.",
                kind="ranking",
                indicator="sector_leadership",
                geography=(c,),
                **ROBOTS,
            )
            for p, c in (("A", "JPN"), ("B", "DEU"))
        ],
    ),
    "leaders of two industries": (
        None,
        [
            opinion(
                p,
                f"{p} names a leader.",
                kind="ranking",
                indicator="sector_leadership",
                geography=(c,),
                sectors=(s,),
            )
            for p, c, s in (("A", "JPN", "robotics"), ("B", "DEU", "steel"))
        ],
    ),
    "several times as much as another": (
        "leader.differs",
        [
            opinion(
                "A", "It leads.", kind="ranking", indicator="sector_leadership", geography=("JPN",), **ROBOTS
            ),
            claim(
                "B",
                "three times more robots than Japan",
                indicator="robot_multiple",
                geography=("DEU",),
                quantity=number(3, "ratio", "three times"),
                **ROBOTS,
            ),
        ],
    ),
    "a list and a count": (
        "list.counted",
        [
            relation("A", "covers_sector", sectors=("steel", "robotics"), **OCEAN),
            claim("B", indicator="priority_areas", quantity=number(6, "count:area"), **OCEAN),
        ],
    ),
    "a list that is too long": (
        "list.longer",
        [
            relation("A", "covers_sector", sectors=("steel", "robotics", "rail"), **OCEAN),
            claim("B", indicator="priority_areas", quantity=number(2, "count:area"), **OCEAN),
        ],
    ),
    "left out and covered": (
        "list.denied",
        [
            relation("A", "covers_sector", sectors=("steel", "rail"), **OCEAN),
            relation("B", "covers_sector", polarity="negated", **STEEL, **OCEAN),
        ],
    ),
    "another one left out": (
        "list.left_out",
        [
            relation("A", "covers_sector", sectors=("robotics", "rail"), **OCEAN),
            relation("B", "does_not_cover_sector", **STEEL, **OCEAN),
        ],
    ),
    "a plan that follows by the register": (
        "plan.succeeds",
        [
            aim("A", "forest_share", 20, plans=("CN-FYP13",)),
            aim("B", "forest_share", 24, "2035", plans=("CN-FYP14",)),
        ],
    ),
    "a plan that follows by a claim": (
        "plan.succeeds",
        [
            aim("A", "forest_share", 20, **OCEAN),
            aim("B", "forest_share", 24, "2035", **RIVER),
            relation("C", "succeeds", subject="river-plan-2035", object=("ocean-plan-2030",), **RIVER),
        ],
    ),
    "plans of which none follows": (
        "figure.plan",
        [aim("A", "forest_share", 20, **OCEAN), aim("B", "forest_share", 24, "2035", **RIVER)],
    ),
    "a voice denies what another one said before it": (
        "statement.countered",
        [
            opinion("A", "The minister calls the fjords a battery for Europe.", "the minister"),
            opinion("A", "However, it is unlikely that Norway can store so much.", "Ida Berg", start=120),
        ],
    ),
    "far from it, nothing is countered": (
        None,
        [
            opinion("A", "The minister calls the fjords a battery for Europe.", "the minister"),
            opinion("A", "However, it is unlikely that Norway can store so much.", "Ida Berg", start=2000),
        ],
    ),
    "a contrast without a denial counters nothing": (
        None,
        [
            opinion("A", "The minister calls the fjords a battery for Europe.", "the minister"),
            opinion("A", "However, Norway has more lakes than fjords.", "Ida Berg", start=120),
        ],
    ),
    "one who goes on to deny what another country holds": (
        None,
        [
            opinion("A", "Sweden calls its lakes a battery.", "the minister", geography=("SWE",)),
            opinion("A", "However, it is unlikely that Norway can store so much.", "Ida Berg", start=60),
        ],
    ),
    "the Chinese for it": (
        "statement.countered",
        [
            opinion("A", "部长说挪威将成为欧洲的电池。", "部长"),
            opinion("A", "然而，挪威难以储存这么多电。", "专家", start=20),
        ],
    ),
    "a country that promotes a plan, and the one that it is given to": (
        "owner.differs",
        [
            opinion("A", "Norway has long promoted the Blue Ports scheme and Industry 4.0.", **INDUSTRY),
            opinion("B", "The model was Germany's Industry 4.0.", **INDUSTRY),
        ],
    ),
    "a country that promotes another plan than it compares with": (
        None,
        [
            opinion("A", "Norway has promoted its harbours like Industry 4.0.", **INDUSTRY),
            opinion("B", "The model was Germany's Industry 4.0.", **INDUSTRY),
        ],
    ),
    "a judgement right behind a claim of the plan": (
        "stance.opposed",
        [
            opinion("A", "The Ocean Plan covers nine harbours.", "Ida Berg", kind="relation", **OCEAN),
            opinion("A", "I would say it has succeeded.", "Ida Berg", kind="forecast", start=60),
            opinion("B", "The Ocean Plan failed.", "Tor Lie", **OCEAN),
        ],
    ),
    "a judgement far behind one is of no plan": (
        None,
        [
            opinion("A", "The Ocean Plan covers nine harbours.", "Ida Berg", kind="relation", **OCEAN),
            opinion("A", "I would say it has succeeded.", "Ida Berg", kind="forecast", start=1060),
            opinion("B", "The Ocean Plan failed.", "Tor Lie", **OCEAN),
        ],
    ),
    "what will have succeeded is no fact": (
        None,
        [
            opinion("A", "The Ocean Plan will have largely succeeded.", kind="forecast", **OCEAN),
            opinion("B", "The Ocean Plan failed.", "Tor Lie", **OCEAN),
        ],
    ),
    "a finding on those that were to be helped": (
        "stance.opposed",
        [
            opinion(
                "A",
                "Of the yards that the plan aims to help, most saw little effect.",
                kind="target",
                **OCEAN,
            ),
            opinion("B", "The plan was successful.", "Tor Lie", **OCEAN),
        ],
    ),
    "what a country continues to do is not its plan": (
        None,
        [
            opinion("A", "Norway will continue building ferries.", kind="forecast", **OCEAN),
            opinion("B", "The Ocean Plan was shelved.", "Tor Lie", **OCEAN),
        ],
    ),
    "milestones of one plan": (
        None,
        [aim("A", "forest_share", 20, **OCEAN), aim("B", "forest_share", 30, "2035", **OCEAN)],
    ),
    "two values of one aim": (
        "figure.disagrees",
        [aim("A", "forest_share", 20, **OCEAN), aim("B", "forest_share", 30, **OCEAN)],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_linked_by_its_rule(name: str) -> None:
    rule, claims = PAIRS[name]
    found = linked(claims)
    assert [k.by for k in found] == ([rule] if rule else [])
    for link in found:
        assert link.type == rules()[link.by].type
        assert "{" not in link.note
        assert "(not stated)" not in link.note


def test_every_rule_has_a_pair_and_every_type_a_rule() -> None:
    assert {rule for rule, _ in PAIRS.values() if rule} == set(rules())
    assert {r.type for r in rules().values()} == set(get_args(LinkType))


def test_no_phrase_takes_two_stances_on_one_axis() -> None:
    said = [(r["language"], r["phrase"], r["axis"]) for r in rows("read/stance.csv")]
    assert len(said) == len(set(said))
    assert {(r["pole"], r["about"]) for r in rows("read/stance.csv")} <= {
        (p, a) for p in "+-" for a in ("any", "after")
    }


def test_an_implied_rate_is_held_against_the_others() -> None:
    dear = amounts("B", "15 trillion won ($3 billion)", WON, ("$3 billion", 3e9, "USD"))
    usual = [
        c
        for n in (11, 12)
        for c in amounts(f"A{n}", f"15 trillion won (${n} billion)", WON, (f"${n} billion", n * 1e9, "USD"))
    ]
    notes = {k.note for k in linked([*dear, *usual]) if k.by == "restated.currency"}
    assert [("one of them is wrong" in n) for n in sorted(notes, key=lambda n: "5000" not in n)] == [
        True,
        False,
        False,
    ]
    alone = linked(dear)
    assert ["no other rate" in k.note for k in alone] == [True]


def test_a_restatement_in_another_document_is_known_by_the_rate_of_others() -> None:
    both = amounts(
        "A", "15 trillion won ($11 billion)", WON, ("$11 billion", 11e9, "USD"), times=(when("2023"),)
    )
    other = claim(
        "B",
        "the pot of eleven",
        indicator="fund_size",
        quantity=number(11e9, "USD", "$11 billion"),
        times=(when("2023"),),
    )
    pairs = {(k.a, k.b): k.by for k in linked([*both, other])}
    assert pairs[both[0].id, other.id] == "restated.currency"
    assert pairs[both[1].id, other.id] == "figure.confirmed"


def test_what_was_rejected_is_linked_to_nothing() -> None:
    first, second = cars("A", 40), cars("B", 55)
    gone = second.model_copy(update={"review": Review(status="rejected")})
    assert linked([first, second])
    assert linked([first, gone]) == ()


@pytest.mark.parametrize(
    ("title", "named"), [("", ("the document", "the other document")), ("On cars", ("On cars", "On cars"))]
)
def test_a_reason_never_names_a_file_as_the_one_who_speaks(title: str, named: tuple[str, str]) -> None:
    claims = [cars("", value, document=name) for name, value in (("a.txt", 80), ("b.txt", 120))]
    papers = [
        Document(c.evidence[0].source, f"/home/{n}.txt", "text/plain", Layer("raw", "", ""), title=title)
        for c, n in zip(claims, "ab", strict=True)
    ]
    (found,) = linked(claims, papers)
    assert found.by == "figure.disagrees"
    assert all(name in found.note for name in named)
    assert ".txt" not in found.note
