"""Write the documentation of every source in the catalogue, one page a source, from its YAML.

python tools/source_pages.py           write docs/sources
python tools/source_pages.py --check   exit 1 where a page is not what its YAML says
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from zizhu.sources.catalogue import Edition, Entry, File, catalogue

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "sources"
INDEX = "README.md"


def pages(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The text of every page by file name, and of the index."""
    return {INDEX: index(entries.values()), **{f"{e.id}.md": page(e) for e in entries.values()}}


def index(entries: Iterable[Entry]) -> str:
    """The list of all sources by kind."""
    rows = [
        f"| [{e.id}]({e.id}.md) | {e.kind} | {e.producer} | {_cell(e.title)} | {_cell(e.licence)} |"
        for e in sorted(entries, key=lambda e: (e.kind, e.id))
    ]
    lines = [
        "# Sources",
        "",
        "What can be connected with `zizhu data add`. The pages are made from the catalogue "
        "(`src/zizhu/packs/catalogue`) by `make docs`. For a table of your own see `zizhu data map`.",
        "",
        "| source | kind | producer | title | licence |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def page(e: Entry) -> str:
    """The page of one source."""
    lines = [f"# {e.title}", "", e.about, "", *_commands(e), "", *_facts(e), ""]
    lines += ["## Files", "", *(_file(f) for f in e.files), ""] if e.files else []
    lines += ["## Editions", "", *(_edition(x) for x in e.editions), ""] if e.editions else []
    lines += ["## What it makes", "", e.tables, "", "## Beware", "", *(f"- {t}" for t in e.traps), ""]
    lines += ["## Tried", "", e.tried, ""]
    return "\n".join(lines)


def _commands(e: Entry) -> list[str]:
    extra = [f"pip install 'zizhu[{e.extra}]'"] if e.extra else []
    key = [f"export {e.key}=...   # never written anywhere"] if e.key else []
    return ["```sh", *extra, *key, f"zizhu data add {e.id} --from FILE", "zizhu data check", "```"]


def _facts(e: Entry) -> list[str]:
    told = {
        "Producer": e.producer,
        "Page": f"<{e.page}>",
        "Licence": e.licence,
        "Cite as": e.citation,
        "Format": e.format,
        "Units": e.units,
        "Quality": e.quality,
        "Reader": f"`{e.module}`",
    }
    return ["| | |", "|---|---|", *(f"| {k} | {_cell(v)} |" for k, v in told.items())]


def _file(f: File) -> str:
    where = f", <{f.url}>" if f.url else ""
    known = f", SHA-256 `{f.sha256}`" if f.sha256 else ""
    return f"- {f.about}{where}{known}; name matches `{f.pattern}`"


def _edition(x: Edition) -> str:
    parts = (x.published, f"{x.years[0]} to {x.years[1]}" if x.years else "", x.about)
    return f"- **{x.id}**: {'; '.join(p for p in parts if p) or 'no more is known'}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    """Write or check the pages; returns the exit status."""
    wanted = pages(catalogue())
    if "--check" in arguments:
        wrong = [n for n, text in wanted.items() if not _is(FOLDER / n, text)]
        wrong += [p.name for p in FOLDER.glob("*.md") if p.name not in wanted]
        print("\n".join(f"docs/sources/{n} is not what its YAML says: run make docs" for n in wrong))
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stale in {p.name for p in FOLDER.glob("*.md")} - set(wanted):
        (FOLDER / stale).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
