"""What an input-output table is about, read without its numbers: countries, industries by name, final demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from zizhu.ledger.models import Ref
from zizhu.store import Table, Workspace
from zizhu.store.meta import Meta
from zizhu.tables.load import flags_of, named_nodes, part_of, stored_nodes
from zizhu.tables.mrio import Flags, Nodes
from zizhu.vocab import names
from zizhu.vocab.industries import Industry, classifications, recognised
from zizhu.vocab.problems import Problem, ZizhuError


@dataclass(frozen=True)
class Axes:
    """The axes of a table. `final` is the reference of its final demand by `buyers` and `categories`, if any."""

    meta: Meta
    flags: Flags
    nodes: Nodes
    final: Ref = ""
    buyers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @cached_property
    def industries(self) -> tuple[Industry, ...]:
        """The industries in the order of the table, named as in the classification whose list they are.

        A code of no list that is known has the name that it has in other lists, or stands for itself.
        """
        section = dict(zip(self.nodes.sector, self.nodes.section or ("",) * len(self.nodes), strict=True))
        known = _classification(section)
        return tuple(
            known.get(code, Industry(code, names.sector(code), "", section[code], ""))
            for code in self.nodes.sectors
        )

    @property
    def countries(self) -> tuple[tuple[str, str, str], ...]:
        """Code and name of every country, and of every part of one with the country that it is a part of."""
        pairs = zip(self.nodes.country, self.nodes.whole, strict=True)
        parts = {part: whole for part, whole in pairs if part != whole}
        return tuple((code, names.name(code), parts.get(code, "")) for code in self.nodes.codes)

    @property
    def named(self) -> bool:
        """Whether any industry has a name besides its code."""
        return any(i.name != i.code for i in self.industries)

    @property
    def examples(self) -> tuple[Ref, ...]:
        """References of a flow between industries and of a cell of final demand, where the table has any."""
        node = self.nodes.label(0)
        flow = f"{self.meta.ref}#{node},{node}"
        return (flow, f"{self.final}#{node},{self.buyers[0]}:{self.categories[0]}") if self.final else (flow,)

    def told(self, code: str) -> str:
        """A country, group or node in the words of a trace; an industry without a code of its own by its name."""
        who, _, what = code.partition(":")
        name = next((i.name for i in self.industries if i.code == what), what)
        own = name != what and names.sector(what) == what
        return f"{names.within(name)} of {names.the(who)} ({code})" if own else names.told(code)

    def data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "table": self.meta.name,
            "title": self.meta.title,
            "unit": next(iter(self.meta.units.values())),
            "flags": asdict(self.flags),
            "countries": [{"code": c, "name": n, "part_of": w} for c, n, w in self.countries],
            "industries": [asdict(i) for i in self.industries],
            "final_demand": {"table": self.final, "buyers": self.buyers, "categories": self.categories},
            "notes": self.meta.notes,
        }


def load_axes(workspace: Workspace, name: str, digest: str | None = None) -> Axes:
    """The axes of an input-output table; raises ZizhuError for a table of another kind."""
    table = workspace.read(name, digest)
    flags = flags_of(table)
    nodes = named_nodes(stored_nodes(part_of(workspace, table, "nodes")))
    if "final" not in table.meta.parts:
        return Axes(table.meta, flags, nodes)
    held = part_of(workspace, table, "final").meta
    buyers, categories = (tuple(held.flags.get(axis, ())) for axis in ("buyers", "categories"))
    return Axes(table.meta, flags, nodes, held.ref, buyers, categories)


def owner(workspace: Workspace, part: Table, role: str) -> Meta:
    """The input-output table that names `part` as its part in that role; raises ZizhuError where none does."""
    for name in workspace.names():
        for meta in workspace.versions(name):
            if meta.parts.get(role) == part.meta.ref:
                return meta
    raise ZizhuError(
        Problem(
            f"no input-output table has {part.meta.name} as its part",
            f"table {part.meta.name}",
            "the table that it belongs to",
            "Add the source again: its tables belong together.",
        )
    )


def _classification(section: Mapping[str, str]) -> Mapping[str, Industry]:
    """The list of industries with exactly these codes and sections, empty where none is known.

    Without sections the codes alone decide, but not where they are numbers: those stand for other industries
    in every list.
    """
    if any(section.values()):
        listed = classifications().values()
        return next((k for k in listed if {c: i.section for c, i in k.items()} == section), {})
    if all(code.isdigit() for code in section):
        return {}
    return classifications().get(recognised(section), {})
