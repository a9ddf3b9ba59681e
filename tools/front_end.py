"""Write what the front end has from Python: the types of the API, and the style rules of figures.

python tools/front_end.py           write web/src/api/types.ts and web/src/style/figure.css
python tools/front_end.py --check   exit 1 where a file is not what Python says
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from zizhu.show import theme
from zizhu.web.app import create_app
from zizhu.web.pages import Pages
from zizhu.web.routes.about import described

SOURCES = Path(__file__).resolve().parents[1] / "web" / "src"
REF = "#/components/schemas/"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
Schema = Mapping[str, Any]


def files() -> dict[str, str]:
    """The text of every file by its place below web/src."""
    with tempfile.TemporaryDirectory() as folder:
        api = described(create_app(Path(folder), pages=Pages({})))
    return {"api/types.ts": types(api), "style/figure.css": theme.css()}


def types(api: Schema) -> str:
    """The records of the API, and what each address is asked with and says, as TypeScript."""
    schemas: Mapping[str, Schema] = api["components"]["schemas"]
    sent = {_name(ref) for ref in _sent(api)}
    records = (_record(_name(key), schema, _name(key) in sent) for key, schema in sorted(schemas.items()))
    asked = (line for path, found in sorted(api["paths"].items()) for line in _asked(path, found))
    return "\n".join(
        [
            "// Written by tools/front_end.py from the description of the API.",
            "",
            *records,
            "export interface Gets {",
            *asked,
            "}",
            "",
        ]
    )


def _record(name: str, schema: Schema, sent: bool) -> str:
    if "properties" not in schema:
        return f"export type {name} = {_type(schema) if schema.get('type') else 'unknown'};\n"
    needed = schema.get("required", ())
    lines = (
        f"  {_key(key)}{'' if key in needed or not sent else '?'}: {_type(said)};"
        for key, said in schema["properties"].items()
    )
    return "\n".join([f"export interface {name} {{", *lines, "}\n"])


def _asked(path: str, found: Schema) -> Iterator[str]:
    """The line of an address that is read, its names in braces left as they are."""
    said = found.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json")
    if not said:
        return
    given = (p for p in found["get"].get("parameters", ()) if p["in"] == "query")
    fields = "; ".join(
        f"{_key(p['name'])}{'' if p.get('required') else '?'}: {_type(p['schema'])}" for p in given
    )
    yield f'  "{path.removeprefix("/api/")}": {{ ask: {{ {fields} }}; answer: {_type(said["schema"])} }};'


def _type(schema: Schema) -> str:
    """A schema as a type."""
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(dict.fromkeys(_type(s) for s in schema.get("anyOf") or schema["oneOf"]))
    kind = schema.get("type")
    if kind == "array":
        return _list(schema)
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"Record<string, {_type(inner) if isinstance(inner, dict) else 'unknown'}>"
    return PLAIN.get(str(kind), "unknown")


def _list(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(map(_type, schema['prefixItems']))}]"
    inner = _type(schema.get("items", {}))
    return f"({inner})[]" if "|" in inner else f"{inner}[]"


def _name(ref: str) -> str:
    """The name of a record; of two of one name each has that of its module before it."""
    words = re.split(r"__|-", ref.removeprefix(REF))
    return "".join(w[:1].upper() + w[1:] for w in words[-2:])


def _key(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


def _sent(api: Schema) -> Iterator[str]:
    """References to the records that requests bring."""
    for operation in (o for path in api["paths"].values() for o in path.values()):
        for body in operation.get("requestBody", {}).get("content", {}).values():
            if "$ref" in body["schema"]:
                yield body["schema"]["$ref"]


def stale(found: Mapping[str, str]) -> Iterable[str]:
    """The files that are not what Python says."""
    for name, text in found.items():
        file = SOURCES / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield name


def main() -> int:
    """Write the files, or tell which are not what Python says."""
    found = files()
    if "--check" in sys.argv[1:]:
        old = list(stale(found))
        print(*(f"web/src/{name} is not what Python says: run tools/front_end.py" for name in old), sep="\n")
        return bool(old)
    for name, text in found.items():
        (SOURCES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
