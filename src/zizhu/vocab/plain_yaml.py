"""YAML that a user has edited, read as mappings, lists and texts and nothing else.

Every scalar is a text, so that the country NO is not the truth value no, and 0101 is a code and not 65. Anchors,
aliases and tags are refused (with them a small file becomes a large one, or names code), as are names that stand
twice in a mapping.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 8 << 20
"""Bytes: a map of 5,000 columns with its comments has 3 MB."""
DEEPEST = 12
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(path: Path, largest: int = LARGEST) -> Any:
    """The content of a YAML file of at most so many bytes; raises ZizhuError where it cannot be read or is more than
    plain YAML."""
    text = _text(path, largest)
    try:
        problems = list(_not_plain(text, path.name))
        if problems:
            raise ZizhuError(problems)
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        said = " ".join(str(error).split())[:300]
        remedy = "Mind the blanks at the beginning of lines, and quote texts that have : or #."
        raise ZizhuError(Problem(f"no YAML: {said}", path.name, "a mapping", remedy)) from error
    found = _made(node, path.name, problems)
    if problems:
        raise ZizhuError(problems)
    return found


def _text(path: Path, largest: int) -> str:
    try:
        if not path.is_file():
            raise ZizhuError(Problem("no such file", str(path), "a YAML file", "Check the name."))
        with path.open("rb") as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            remedy = "Remove what it does not need."
            raise ZizhuError(
                Problem(f"more than {largest >> 20} MB", str(path), "a file that a person wrote", remedy)
            )
        return content.decode("utf-8-sig")
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise ZizhuError(Problem(what, str(path), "a readable file", "Check the path.")) from error
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        raise ZizhuError(Problem(what, str(path), "a text in UTF-8", "Save it as UTF-8.")) from error


def _not_plain(text: str, name: str) -> list[Problem]:
    """What is not plain, each kind of it once, where it first stands."""
    found: dict[str, Problem] = {}
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"{name}, line {_line(event)}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            odd = Problem("an anchor or alias", where, "plain YAML", "Write the text out.")
            found.setdefault(odd.what, odd)
        elif tag := getattr(event, "tag", None):
            odd = Problem(f"the tag {tag!r}", where, "plain YAML", "Remove the tag.")
            found.setdefault(odd.what, odd)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or len(found) > DEEPEST:
            problem = Problem("too deep or too odd", where, "plain YAML", "Write it anew.")
            return [*found.values(), problem]
    return list(found.values())


def _made(node: yaml.Node | None, name: str, problems: list[Problem]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_made(item, name, problems) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return node.value if node is not None else None
    made: dict[str, Any] = {}
    for key, value in node.value:
        where = f"{name}, line {_line(key)}"
        if not isinstance(key, yaml.ScalarNode) or key.value in made:
            what = (
                f"{key.value!r:.60} twice" if isinstance(key, yaml.ScalarNode) else "a name that is no text"
            )
            problems.append(Problem(what, where, "every name once", "Remove one of the two."))
            continue
        made[key.value] = _made(value, name, problems)
    return made


def _line(part: yaml.Event | yaml.Node) -> int:
    return part.start_mark.line + 1 if part.start_mark else 0
