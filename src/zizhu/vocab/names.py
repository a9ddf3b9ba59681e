"""The English name of a code in running text."""

from __future__ import annotations

from zizhu.vocab import countries, groups

_WITH_ARTICLE = ("United ", "Netherlands", "Philippines", "Czech Republic", "Dominican Republic", "Central African")


def name(code: str) -> str:
    """The English name of a country; groups go by their code."""
    return code if code in groups.groups() else countries.country(code).name


def the(code: str) -> str:
    """The name as it stands in a sentence: China, the United States, the EU27."""
    return f"the {name(code)}" if code in groups.groups() or name(code).startswith(_WITH_ARTICLE) else name(code)


def possessive(text: str) -> str:
    """China -> China's; the United States -> the United States'."""
    return f"{text}'" if text.endswith("s") else f"{text}'s"
