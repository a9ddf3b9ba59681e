"""What each kind of figure may be told, and the reading of a figure's rows by these roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from zizhu.ledger.models import Figure, Ref
from zizhu.show.marks.scale import position, read_domain
from zizhu.show.marks.text import Numbers, printable
from zizhu.vocab.problems import Problem, ZizhuError

Holds = Literal["number", "size", "period", "text", "place", "flag", "ref", "setting"]


@dataclass(frozen=True)
class Role:
    """One entry of `encoding`. All but a setting name a column; `required` ones must be there.

    `empty` says whether the column may hold None in a row.
    """

    name: str
    holds: Holds
    required: bool = False
    empty: bool = True


def _need(holds: Holds, *names: str, empty: bool = False) -> tuple[Role, ...]:
    return tuple(Role(name, holds, True, empty) for name in names)


def _may(holds: Holds, *names: str) -> tuple[Role, ...]:
    return tuple(Role(name, holds) for name in names)


_COMMON = (*_may("ref", "ref"), *_may("flag", "estimated"))
_LINES = (
    *_need("period", "x"),
    *_need("number", "y", empty=True),
    *_may("text", "series", "family", "event", "mark", "beside"),
    *_may("number", "lower", "upper", "reference"),
    *_may("flag", "forecast", "accent", "dashed"),
    *_may("ref", "ref"),
    *_may("setting", "x_title", "x_of", "domain", "reference_label", "key"),
)

ROLES: Mapping[str, tuple[Role, ...]] = {
    "bars": (
        *_need("text", "category"),
        *_need("number", "value", empty=True),
        *_may("text", "group", "mark", "panel"),
        *_may("flag", "accent"),
        *_may("number", "lower", "upper", "reference"),
        *_may("setting", "value_label", "reference_label"),
        *_COMMON,
    ),
    "dumbbell": (
        *_need("text", "category"),
        *_need("number", "from", "to"),
        *_may("size", "unseen"),
        *_may("ref", "ref_from", "ref_to", "ref_unseen"),
        *_may("setting", "from_label", "to_label", "unseen_label"),
        *_COMMON,
    ),
    "heatmap": (
        *_need("text", "row", "column"),
        *_need("number", "value", empty=True),
        *_may("text", "facet"),
        *_may("setting", "domain"),
        *_COMMON,
    ),
    "lines": _LINES,
    "slope": (
        *_need("period", "period"),
        *_need("text", "series"),
        *_need("number", "value"),
        *_may("flag", "accent"),
        *_COMMON,
    ),
    "gauge": (
        *_need("text", "category"),
        *_need("number", "value", empty=True),
        *_need("number", "target"),
        *_may("number", "target_high", "lower", "upper"),
        *_may("text", "comparator", "verdict", "unit"),
        *_may("ref", "ref_target"),
        *_COMMON,
    ),
    "small_multiples": (*_need("text", "panel"), *_LINES, *_may("setting", "y_scale")),
    "ledger": (
        *_need("text", "category"),
        *_need("size", "left", "right"),
        *_may("size", "left_share", "right_share"),
        *_may("ref", "ref_left", "ref_right"),
        *_may("setting", "left_label", "right_label", "left_share_label", "right_share_label"),
        *_COMMON,
    ),
    "strip": (
        *_need("number", "value"),
        *_need("text", "speaker"),
        *_may("text", "row", "comparator", "quality"),
        *_may("number", "reference"),
        *_may("setting", "domain", "reference_label"),
        *_COMMON,
    ),
    "choropleth": (
        *_need("place", "place"),
        *_need("text", "name"),
        *_need("number", "value", empty=True),
        *_may("flag", "home"),
        *_may("setting", "home_label", "none_label"),
        *_COMMON,
    ),
    "flows": (
        *_need("place", "from", "to"),
        *_need("text", "from_name", "to_name"),
        *_need("size", "value"),
        *_COMMON,
    ),
    "network": (
        *_need("text", "node"),
        *_need("number", "x", "y", empty=True),
        *_may("text", "name", "group", "to"),
        *_may("size", "size"),
        *_may("flag", "ring"),
        *_may("setting", "size_label", "ring_label"),
        *_COMMON,
    ),
}
"""The roles of every kind that is drawn; `zizhu.show.spec` explains them."""


_ADDRESSES = ("#", "/", "./", "../", "?", "http://", "https://")
"""How a link may begin. Anything else (a script, a file) is refused here, for the engine breaks on it."""


class Data:
    """The rows of a sound figure, read by role."""

    def __init__(self, figure: Figure, link: Callable[[Ref], str], outlines: str = "") -> None:
        self.figure, self.rows, self._link = figure, list(figure.rows), link
        self.unit = figure.unit
        self.outlines = outlines
        """The address of the outlines of countries; '' puts them into the drawing."""

    def has(self, role: str) -> bool:
        """Whether the role is filled in at least one row; false does not fill it, zero does."""
        column = self.figure.encoding.get(role, "")
        return any((v := row.get(column)) is not None and v is not False and v != "" for row in self.rows)

    def number(self, row: Mapping[str, Any], role: str) -> float | None:
        """The number of a role in a row, None where there is none."""
        value = row.get(self.figure.encoding.get(role, ""))
        return None if value is None else float(value)

    def value(self, row: Mapping[str, Any], role: str) -> float:
        """The number of a role that every row fills."""
        return float(row[self.figure.encoding[role]])

    def numbers(self, *roles: str) -> list[float]:
        """All numbers of some roles."""
        read = (self.number(row, role) for role in roles for row in self.rows)
        return [v for v in read if v is not None]

    def period(self, row: Mapping[str, Any], role: str) -> float:
        """A period as a number."""
        found = position(row[self.figure.encoding[role]])
        if found is None:
            raise ValueError(f"role {role!r} was not checked")
        return found

    def text(self, row: Mapping[str, Any], role: str) -> str:
        """The text of a role in one line, '' where there is none."""
        value = row.get(self.figure.encoding.get(role, ""))
        return "" if value is None else printable(value)

    def flag(self, row: Mapping[str, Any], role: str) -> bool:
        """Whether a mark is set."""
        return row.get(self.figure.encoding.get(role, "")) is True

    def setting(self, role: str, default: str = "") -> str:
        """A setting, which is said in the encoding itself."""
        return printable(self.figure.encoding.get(role, default))

    def domain(self) -> tuple[float, float] | None:
        """The stated range of the scale, if there is one."""
        return read_domain(self.setting("domain", " "))

    def href(self, row: Mapping[str, Any], *roles: str) -> str:
        """The link of a mark: that of the first of `roles` that is filled, or of `ref`; '' for none.

        Raises ZizhuError for a link that is not an address.
        """
        columns = (self.figure.encoding.get(role, "") for role in (*roles, "ref"))
        ref = next((row[column] for column in columns if row.get(column)), "")
        address = self._link(ref) if ref else ""
        if address and not address.startswith(_ADDRESSES):
            where = f"figure {self.figure.title!r}, link of {ref!r}"
            raise ZizhuError(
                Problem(f"{address!r}", where, "a place on the page or a web address", "Mend the link.")
            )
        return address

    def star(self, row: Mapping[str, Any]) -> str:
        """The sign of an estimate, to stand behind its number."""
        return "*" if self.flag(row, "estimated") else ""

    def words(self, row: Mapping[str, Any], value: float, numbers: Numbers) -> str:
        """The number with its unit, for descriptions."""
        return numbers.full(value) + (" (estimated)" if self.flag(row, "estimated") else "")

    def distinct(self, role: str) -> list[str]:
        """The texts of a role, each once, in order of appearance, without the empty one."""
        return list(dict.fromkeys(t for row in self.rows if (t := self.text(row, role))))

    def section(self, role: str, name: str) -> Data:
        """The rows whose role reads `name`."""
        own = tuple(row for row in self.rows if self.text(row, role) == name)
        return Data(self.figure.model_copy(update={"rows": own}), self._link, self.outlines)

    def sections(self, role: str) -> list[str]:
        """As `distinct`, but with '' where some rows leave the role empty."""
        return list(dict.fromkeys(self.text(row, role) for row in self.rows))
