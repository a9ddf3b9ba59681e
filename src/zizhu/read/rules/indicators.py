"""What a claim measures: an indicator of the register where words fit, else a name made of what the clause says.

Names are English words joined by `_`: what is measured, of which whole, and how (`nev_production`,
`world_market_share`). Words and links are rows of indicator_words.csv and indicator_links.csv.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from zizhu.read.model import Number
from zizhu.read.rules.kinds import Judged
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.vocab.packfiles import rows

_MONEY_LETTERS = 3
_NEAR_CHANGE = 6
_WORDS = 4
_RANKED = 12
_POWER = frozenset(("GW", "MW", "kW", "GWh", "TWh", "kWh", "MWh"))
_LISTED = ("areas", "sectors", "industries", "fields", "technologies")
_COUNTED_BY = ("production", "sales", "exports", "imports", "stock", "employment")


@cache
def _links() -> tuple[tuple[str, frozenset[str], str], ...]:
    """Unit, concepts and indicator of every link, the most demanding first."""
    found = [
        (r["unit"], frozenset(r["concepts"].split()), r["indicator"])
        for r in rows("read/indicator_links.csv")
    ]
    return tuple(sorted(found, key=lambda link: -len(link[1])))


def concepts(read: Reading, of: Range) -> list[Mark]:
    """Concept words that begin in a token range."""
    return [m for m in read.concepts if of[0] <= m.first < of[1]]


def of_number(
    read: Reading, number: Number, at: int, clause: Range, judged: Judged
) -> tuple[str | None, str]:
    """The indicator of a number and the rule that named it."""
    if judged.kind == "policy_event" and judged.cue and judged.cue.value in ("entity_list", "export_ban"):
        return judged.cue.value, "indicator.act"
    if judged.rule == "kind.funding" and judged.cue:
        spends = read.tokens[judged.cue.last - 1].word in words_tagged("spends")
        return "public_spending" if spends else "funding", "indicator.funding"
    marks = concepts(read, clause)
    if not any(m.tag in ("measure", "object") for m in marks):
        marks = concepts(read, (0, clause[1]))
    family = unit_family(number.unit)
    changed = number.unit == "percent" and _changes(read, at, clause)
    linked = None if changed else _linked(family, {m.value for m in marks})
    if linked:
        return linked, "indicator.register"
    composed = _COMPOSERS.get(family, _counted)(read, number, at, marks)
    if changed and composed and "share" in composed:
        composed = composed.replace("_share", "") + "_growth"
    return composed or None, "indicator.words"


def unit_family(unit: str) -> str:
    """The family of a unit: percent, money, power, ratio, rank, time, area or count."""
    if unit in ("percent", "percentage_point"):
        return "percent"
    if unit in _POWER:
        return "power"
    if len(unit) == _MONEY_LETTERS and unit.isupper():
        return "money"
    plain = unit.removeprefix("count:")
    if plain in ("ratio", "rank"):
        return plain
    if plain in ("year", "month", "day", "week", "hour"):
        return "time"
    return "area" if plain in ("km2", "m2", "ha", "hectare") else "count"


def _linked(family: str, found: set[str]) -> str | None:
    return next((i for unit, needed, i in _links() if unit == family and needed <= found), None)


def _changes(read: Reading, at: int, clause: Range) -> bool:
    """Whether a number says by how much something rose or fell, not what it is."""
    near = [m for m in read.tagged("change", clause) if abs(m.first - at) <= _NEAR_CHANGE]
    if (
        any(t.word in ("up", "down") for t in read.tokens[max(clause[0], at - 1) : at])
        and clause[0] >= at - 2
    ):
        return True
    to = at > 0 and read.tokens[at - 1].word in ("to", "至", "到", "达")
    return bool(near) and not to


def _nearest(marks: Sequence[Mark], role: str, at: int) -> str:
    held = [m for m in marks if m.tag == role]
    return min(held, key=lambda m: (abs(m.first - at), m.first)).value if held else ""


def _joined(*parts: str) -> str:
    """Parts joined, none twice."""
    words = [w for part in parts for w in part.split("_") if w]
    return "_".join(dict.fromkeys(words))


def _percent(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    measure = _nearest(marks, "measure", at)
    whole = _nearest([m for m in marks if m.first > at - 6], "whole", at)
    if measure == "tariff":
        return "tariff_rate"
    if measure in ("self_sufficiency", "localisation", "penetration", "growth_rate"):
        return _joined(_nearest(marks, "object", at) if measure == "penetration" else "", measure, "rate")
    if measure == "market_share":
        return _joined(whole, measure)
    thing = _nearest(marks, "object", at) or ("" if measure and whole else _head_noun(read, number, at))
    parts = {"exports": "export", "imports": "import", "dependence": "import"}
    if number.unit == "percentage_point":
        return _joined(thing, measure, "share", "change")
    if measure in parts:
        return _joined(
            whole if whole != "domestic" else "", thing if not whole else "", parts[measure], "share"
        )
    if whole == "gdp":
        return _joined(thing, measure if measure != "gdp" else "", "share", "gdp")
    return _joined(thing, measure, whole, "share")


def _money(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    measure, thing = _nearest(marks, "measure", at), _nearest(marks, "object", at)
    if measure == "subsidies":
        return "subsidy_budget"
    return _joined(thing if measure != "gdp" else "", measure) or _head_noun(read, number, at)


def _ratio(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    named = _joined(_nearest(marks, "object", at), _nearest(marks, "measure", at)) or _head_noun(
        read, number, at
    )
    return _joined(named, "growth", "multiple") if named else "multiple"


def _rank(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    """What is ranked: the words behind the last `in` (`second in the world in chip output`), else a concept."""
    del at
    first = read.at(number.span.end - 1)
    stop = min(first + _RANKED, len(read.tokens))
    ins = [k for k in range(first, stop) if read.tokens[k].word == "in" and not _the_world(read, k + 1)]
    named = _words_from(read, ins[-1] + 1) if ins else ""
    world = "world" if any(m.tag == "whole" and m.value == "world" for m in marks) else ""
    return _joined(named or _nearest(marks, "object", first), world, "rank")


def _the_world(read: Reading, at: int) -> bool:
    return [t.word for t in read.tokens[at : at + 2]] == ["the", "world"]


def _words_from(read: Reading, first: int) -> str:
    """Up to four words from a token on, an article skipped, to the first mark or small word."""
    first += first < len(read.tokens) and read.tokens[first].word in ("the", "a", "its")
    words = []
    for token in read.tokens[first : first + _WORDS]:
        if token.word in words_tagged("stop") or not token.text.isalpha() or token.han:
            break
        words.append(token.word)
    return "_".join(words)


def _time(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    measure = _nearest(marks, "measure", at)
    thing = measure or _nearest(marks, "object", at) or _head_noun(read, number, at)
    return "technology_lag_years" if measure == "lag" else _joined(thing, "duration")


def _area(*_: object) -> str:
    return "area"


def _counted(read: Reading, number: Number, at: int, marks: Sequence[Mark]) -> str:
    """What is counted with the words before it: `life_science_companies`; people at work are employment."""
    measure, thing = _nearest(marks, "measure", at), _nearest(marks, "object", at)
    noun = _counted_noun(read, number, marks)
    if noun.endswith(_LISTED) and (read.tagged("relation") or "priority" in noun):
        return "priority_areas"
    if noun.endswith(("people", "workers")) and measure == "employment":
        sector = read.sectors[0].value if read.sectors else ""
        return _joined(sector.removesuffix("s"), "employment")
    if measure in _COUNTED_BY and thing and (thing in noun or not noun or thing in ("nev", "ev", "vehicle")):
        return _joined(thing, measure)
    return noun or _joined(thing, measure)


def _counted_noun(read: Reading, number: Number, marks: Sequence[Mark]) -> str:
    """The noun phrase behind a number, at most four words; a concept in front goes by its short name."""
    first = read.at(number.digits.end)
    short = next((m for m in marks if m.tag == "object" and m.first == first and m.last - first > 1), None)
    words = [short.value] if short else []
    for token in read.tokens[short.last if short else first :][: _WORDS + 3]:
        if token.text in '-&“"‘' and len(words) < _WORDS:
            continue
        if (
            token.word in words_tagged("stop")
            or not token.text.isalpha()
            or token.han
            or len(words) == _WORDS
        ):
            break
        words.append(token.word)
    return "_".join(words)


def _head_noun(read: Reading, number: Number, at: int) -> str:
    """The noun behind `of` after a number (`half of new trucks`), else the one before its verb; three words at most."""
    last = read.at(number.span.end - 1) + 1
    if last < len(read.tokens) and read.tokens[last].word in ("of", "in"):
        return _content(read, last + 1, len(read.tokens))
    return _content(read, read.clause(at)[0], at)


def _content(read: Reading, first: int, last: int) -> str:
    words: list[str] = []
    for token in read.tokens[first:last]:
        if not token.text.isalpha() and words:
            break
        if token.word in words_tagged("stop") or not token.text.isalpha() or token.han or token.capital:
            if len(words) > 1:
                break
            continue
        if token.word in words_tagged("change"):
            break
        words.append(token.word)
        if len(words) == _WORDS - 1:
            break
    return "_".join(words)


_COMPOSERS: Mapping[str, Callable[[Reading, Number, int, Sequence[Mark]], str]] = {
    "percent": _percent,
    "money": _money,
    "ratio": _ratio,
    "rank": _rank,
    "time": _time,
    "area": _area,
    "count": _counted,
    "power": _counted,
}


def of_clause(read: Reading, clause: Range, judged: Judged) -> tuple[str | None, str]:
    """The indicator of a claim without a number, and the rule that named it."""
    cue = judged.cue
    if cue is None:
        return None, ""
    if judged.kind == "relation":
        return cue.value, "indicator.predicate"
    if judged.kind == "policy_event":
        return _act(read, clause, cue), "indicator.act"
    marks = concepts(read, clause)
    if judged.kind == "ranking":
        return _ranked(marks, cue), "indicator.ranking"
    after = [m for m in marks if m.first >= cue.last]
    named = _joined(_nearest(after, "object", cue.last), _nearest(after, "measure", cue.last))
    if judged.kind == "target":
        return named or _content(read, cue.last, clause[1]) or None, "indicator.aim"
    if judged.kind == "actual" and cue.value == "import_reliance":
        return cue.value, "indicator.state"
    return (named if any(m.tag == "measure" for m in after) else None) or None, "indicator.words"


def _act(read: Reading, clause: Range, cue: Mark) -> str:
    if cue.value in ("export_ban", "entity_list", "indictments", "address"):
        return cue.value
    if read.named("plan", clause) or read.tagged("plan_noun", clause):
        return f"plan_{cue.value}"
    objects = read.tagged("policy_object", (cue.first, clause[1])) or read.tagged("policy_object", clause)
    return _joined(objects[0].value, cue.value) if objects else cue.value


def _ranked(marks: Sequence[Mark], cue: Mark) -> str:
    if cue.value in ("largest", "first", "second", "rank"):
        return _joined(
            _nearest(marks, "object", cue.last), _nearest(marks, "measure", cue.last), "world", "rank"
        )
    return {"lag": "technology_lag", "overtook": "overtaking"}.get(cue.value, cue.value)
