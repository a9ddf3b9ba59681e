"""Names of shares, rates and changes: `world_market_share`, `unemployment_rate`, `export_growth`."""

from __future__ import annotations

from collections.abc import Sequence

from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.measured import content, singular
from zizhu.read.rules.name_parts import Sum, head, joined, level, nearest, short

_WORDS = 4
_NEAR_WHOLE = 6
"""Tokens before a number among which the whole of a share may stand."""
_RANGE = 12
_SHARES = {"exports": "export", "imports": "import", "dependence": "import", "purchases": "import"}


def share(of: Sum) -> str:
    said, words = of.said, of.said.head
    if said.changed:
        return _change(of)
    own = _share_by_concept(of)
    if own:
        return own
    if said.rule == "verb":
        return _share_of_verb(of)
    if words and words[-1] in words_tagged("share_noun"):
        inside = short(of, said.of) if len(words) == 1 else "_".join(words[:-1])
        return joined(inside, "share") if inside else of.same or "share"
    whole = _whole(of)
    if words and any(w in words_tagged("rate_noun") or w.endswith("isation") for w in words):
        return joined(_rate(words), "share_gdp" if whole == "gdp" else "")
    if words and not whole and of.same and of.read.tokens[max(0, of.at - 1)].word in words_tagged("takes"):
        return of.same
    thing = head(of)
    if not thing and not whole:
        whole = "_".join(_behind_verb(of)) if said.rule == "" else ""
        if not whole:
            return of.same or joined(
                nearest(of.marks, "object", of.at), nearest(of.marks, "measure", of.at), "share"
            )
    if whole == "gdp":
        return joined(thing, "share_gdp")
    if thing and whole and not _joined(of):
        return joined(thing.rpartition("_")[2], whole.rpartition("_")[2], "share")
    return joined(whole or thing, "share")


def _joined(of: Sum) -> bool:
    """Whether `and` stands before a share, so that what is in front is another one's: `60 % of X and 90 % of Y`."""
    first = of.read.at(of.number.span.start)
    return first > 0 and of.read.tokens[first - 1].word in ("and", "or", "but")


def _change(of: Sum) -> str:
    thing = head(of) or level(of.before.other)
    if thing in ("exports", "imports") or thing.endswith(("_exports", "_imports")):
        thing = thing[:-1]
    ends = "change" if of.number.unit == "percentage_point" else "growth"
    return joined(thing, ends) if thing else of.same


def _rate(head: Sequence[str]) -> str:
    """The name of a rate: that of a tax or a quality says that it is one."""
    plain = head[-1] in ("tariff", "tariffs", "tax", "credit", "levy", "duty") or head[-1].endswith("isation")
    return "_".join(head) + ("_rate" if plain else "")


def _share_of_verb(of: Sum) -> str:
    """The share of what is made, bought or used: `makes 60 % of its own buses`, `recycles 40 % of its paper`."""
    verb, inside = of.said.verb, of.said.of
    after = [t.word for t in of.read.tokens[of.behind : of.behind + _WORDS]]
    if "own" in after and verb == "production":
        return "domestic_production_share"
    if verb == "purchases":
        bought = any(t.word == "from" for t in of.read.tokens[of.behind :])
        return joined("_".join(inside[-1:]), "import_share") if bought else "acquisition_stake"
    if verb == "recycling":
        return "recycling_rate"
    return joined("_".join(inside[-2:]), singular((verb,)), "share")


def _behind_verb(of: Sum) -> tuple[str, ...]:
    """What stands behind the verb of a share that opens its clause: `30 % went into storage`."""
    return content(of.read, of.behind, min(of.behind + _RANGE, len(of.read.tokens)))[-2:]


def _whole(of: Sum) -> str:
    """What stands behind `percent of`."""
    last = of.behind
    if last < len(of.read.tokens) and of.read.tokens[last].word in ("of", "in"):
        if any(
            m.tag == "whole" and m.value == "gdp" and m.first in (last, last + 1) for m in of.read.concepts
        ):
            return "gdp"
        return short(of, content(of.read, last + 1, len(of.read.tokens)))
    return ""


def _share_by_concept(of: Sum) -> str:
    """The shares that have a name of their own: of a market, of the world, of imports, a rate."""
    at, marks = of.at, of.marks
    measure = nearest(marks, "measure", at)
    whole = nearest([m for m in marks if m.first > at - _NEAR_WHOLE], "whole", at)
    thing = nearest(marks, "object", at)
    if measure == "tariff":
        return "tariff_rate"
    if measure in ("self_sufficiency", "localisation", "penetration"):
        return joined(thing if measure == "penetration" else "", measure, "rate")
    if any(m.value == "from_abroad" for m in marks):
        return "import_share"
    if any(m.value == "domestic_production" for m in marks):
        return "domestic_production_share"
    if measure == "market_share" or of.said.of[-1:] == ("market",):
        return joined(whole, "market_share")
    if measure in _SHARES and (of.said.rule in ("verb", "") or whole):
        inside = of.said.of[-1] if of.said.of else thing
        return joined(
            whole if whole != "domestic" else "", inside if not whole else "", _SHARES[measure], "share"
        )
    if whole == "world" and (thing or measure or of.said.of):
        return joined(thing, measure or ("" if thing else "_".join(of.said.of[-2:])), "world_share")
    return ""
