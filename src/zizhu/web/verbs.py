"""The questions that are asked by address: a row each, the parameters those of the verb.

A verb's own `Params` make the parameters of its address. What differs is said here: tables that may be left out, since
the best one answers; and what on the command line names a file, which an address never does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)
from pydantic.fields import FieldInfo

from zizhu.ledger.models import faults
from zizhu.store import Workspace
from zizhu.vocab import groups
from zizhu.vocab.problems import ZizhuError

LARGEST = 2**32 - 1
"""The largest whole number that is asked with: years, seeds and counts have room."""
Choose = Literal["mrio", "mrio_with_final", "trade"]
Fields = Mapping[str, tuple[Any, Any]]
TABLES: Mapping[str, Choose] = {"table": "mrio", "trade": "trade"}
Width = Annotated[
    int | None, Field(ge=280, le=1600, description="Width of the figure wanted beside the rows.")
]


class Asking(BaseModel):
    """Base of the parameters of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    width: Width = None


@dataclass(frozen=True, eq=False)
class Verb:
    """A question: its address below /api, its method, what it answers.

    `best` says how a table is chosen that nobody names; `fields` are parameters in the place of the verb's own, None to
    leave one out; `prepared` turns values into those of the verb; `lists` name functions of the verb that make tables
    beside the answer. The runs of a `preview`, which is asked at every move of a hand, are kept only when somebody
    wants them.
    """

    path: str
    method: str
    about: str
    best: Mapping[str, Choose] = field(default_factory=lambda: TABLES)
    fields: Callable[[], Fields] = dict
    prepared: Callable[[Workspace, dict[str, Any]], dict[str, Any]] | None = None
    lists: tuple[str, ...] = ()
    preview: bool = False

    def asking(self) -> type[BaseModel]:
        """The model of its parameters."""
        return _asking(self)

    def asked(self, given: Iterable[tuple[str, str]]) -> BaseModel:
        """Its parameters out of those of an address; raises ZizhuError with all that is wrong with them."""
        model = self.asking()
        values: dict[str, Any] = {}
        for name, value in given:
            if name in model.model_fields and _many(model.model_fields[name]):
                values.setdefault(name, []).append(value)
            else:
                values[name] = value
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise ZizhuError(faults(error, f"/api/{self.path}", model.model_fields)) from error


@cache
def _asking(verb: Verb) -> type[BaseModel]:
    from zizhu.show.trace import METHODS

    own: Mapping[str, FieldInfo] = METHODS[verb.method].Params.model_fields
    tables = {name for name in verb.best if name in own}
    made: dict[str, tuple[Any, Any]] = {
        name: (str | None, Field(None, description="A table; the best one if absent."))
        if name in tables
        else _bounded(info)
        for name, info in own.items()
    }
    made |= verb.fields()
    kept: dict[str, Any] = {name: said for name, said in made.items() if said[0] is not None}
    return create_model(f"Ask_{verb.path.replace('/', '_')}", __base__=Asking, **kept)


def _bounded(info: FieldInfo) -> tuple[Any, FieldInfo]:
    """A field as the verb has it: whole numbers within what a machine counts in, one of several out of its digits."""
    said: Any = info.annotation
    if get_origin(said) is Literal and all(isinstance(one, int) for one in get_args(said)):
        return Annotated[said, BeforeValidator(_whole)], info
    return (Annotated[said, Field(ge=0, le=LARGEST)] if said in (int, int | None) else said), info


def _whole(value: Any) -> Any:
    """A whole number that is written in digits; anything else as it is."""
    return int(value) if isinstance(value, str) and value.isdecimal() and value.isascii() else value


def _many(info: FieldInfo) -> bool:
    return getattr(info.annotation, "__origin__", None) is tuple


def _scorecard() -> Fields:
    return {"country": _country(), **_of_day()}


def _of_day() -> Fields:
    return {
        "as_of": (
            date,
            Field(default_factory=date.today, description="The day of judgement; today if absent."),
        )
    }


def _of_country() -> Fields:
    return {"country": _country()}


def _country() -> tuple[Any, Any]:
    said = Field(
        default_factory=most_promising, description="Country or group; the one of most targets if absent."
    )
    return Annotated[str, AfterValidator(groups.coded)], said


@cache
def most_promising() -> str:
    """The country whose plans have most targets in the register."""
    from zizhu.ledger import register

    ranked = Counter(t.country for t in register.targets().values()).most_common(1)
    return ranked[0][0] if ranked else groups.WORLD


def _flags() -> Fields:
    """Definitions by their ids: a file of one's own is for the command line."""
    from zizhu.depend.concentration.presets import presets

    ids: Any = Literal[tuple(presets())]
    return {"presets": (tuple[ids, ...], Field((), description="Definitions of dependency; all if absent."))}


def _with_filters() -> Fields:
    from zizhu.depend.baskets import Filters

    kinds: Mapping[str, Any] = {name: info.annotation for name, info in Filters.model_fields.items()}
    return {"filters": (None, None), **{name: (kind | None, None) for name, kind in kinds.items()}}


def _filtered(workspace: Workspace, values: dict[str, Any]) -> dict[str, Any]:
    from zizhu.depend.baskets import Filters

    del workspace
    said = {name: values.pop(name) for name in Filters.model_fields if name in values}
    return values | ({"filters": Filters(**said)} if said else {})


def _coded_products(workspace: Workspace, values: dict[str, Any]) -> dict[str, Any]:
    """Products by their codes, where words of their labels were given."""
    from zizhu.tables.load import load_trade

    words = values.get("products")
    return values | ({"products": load_trade(workspace, values["trade"]).chosen(words)} if words else {})


def _defined(workspace: Workspace, values: dict[str, Any]) -> dict[str, Any]:
    from zizhu.depend.concentration.presets import chosen

    return _coded_products(workspace, values) | {"presets": chosen(tuple(values.pop("presets", ())))}


VERBS = (
    Verb("scorecard", "track.judged", "What can be said of each target today.", fields=_scorecard),
    Verb(
        "course",
        "track.course",
        "The series of a target with its releases, and where it may go.",
        fields=_of_day,
    ),
    Verb(
        "assessments",
        "track.assessed",
        "Who says what of a country's plans.",
        fields=_of_country,
    ),
    Verb(
        "depend/flags",
        "depend.flags",
        "Dependency flags by several definitions, each with a probability.",
        fields=_flags,
        prepared=_defined,
        lists=("summary", "leverage"),
    ),
    Verb(
        "depend/suppliers",
        "depend.suppliers",
        "Partners, shares, HHI and unit values of products by year.",
        prepared=_coded_products,
    ),
    Verb(
        "depend/stages",
        "depend.stages",
        "From import to export, by product and year.",
        prepared=_coded_products,
    ),
    Verb(
        "depend/position",
        "depend.position",
        "The place in world trade of products.",
        prepared=_coded_products,
    ),
    Verb(
        "depend/sufficiency",
        "depend.sufficiency",
        "Self-sufficiency on four bases.",
        prepared=_coded_products,
    ),
    Verb("depend/risk", "depend.risk", "Geopolitical supply risk.", prepared=_coded_products),
    Verb(
        "depend/exposure", "depend.exposure", "Value-added content of sources in a buyer against face value."
    ),
    Verb("depend/domestic", "depend.domestic", "Domestic value-added content of every industry."),
    Verb("depend/markets", "depend.markets", "Whom a seller's output is sold to, and where it ends."),
    Verb(
        "depend/circulation",
        "depend.circulation",
        "Domestic and external circulation.",
        best={"table": "mrio_with_final"},
    ),
    Verb("depend/content", "depend.content", "Whose value is in a country's exports."),
    Verb("depend/extract", "depend.extract", "What the world loses without an industry or a country."),
    Verb("depend/network", "depend.network", "Centralities and linkages of industries."),
    Verb("depend/influence", "depend.influence", "The coefficients of largest influence."),
    Verb("depend/paths", "depend.paths", "Structural paths of value added into a buyer."),
    Verb("depend/points", "depend.points", "Single points of failure among a buyer's suppliers."),
    Verb(
        "depend/complexity",
        "depend.complexity",
        "Complexity of countries and products, and what is near a basket.",
        fields=_with_filters,
        prepared=_filtered,
    ),
    Verb(
        "depend/product-space",
        "depend.product_space",
        "Products by how often they are exported together.",
        fields=lambda: {**_with_filters(), "min_population": (None, None)},
        prepared=lambda workspace, values: _filtered(workspace, {"min_population": 0.0, **values}),
    ),
    Verb("stress/what-if", "stress.what_if", "A cut as a two-sided ledger.", preview=True),
    Verb("stress/pairs", "stress.pairs", "Every country's stop of sales to every other at once."),
)
