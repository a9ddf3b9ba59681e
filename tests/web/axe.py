"""What axe-core finds in a page that is shown. It is put in by the debugger: the page's own policy stays as it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from web.browser import Browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("moderate", "serious", "critical")
FOUND = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


@cache
def _script() -> str:
    return f"{AXE.read_text('utf-8')}; true"


def barriers(page: Browser) -> list[str]:
    """What keeps some people from using the page as it stands: rule, place and what would mend it."""
    page.run(_script())
    return [
        _told(rule, node) for rule in page.run(FOUND) if rule["impact"] in GRAVE for node in rule["nodes"]
    ]


def _told(rule: Any, node: Any) -> str:
    return f"{rule['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
