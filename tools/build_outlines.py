"""Build the outlines of countries (packs/geo) from the pinned npm package that carries Natural Earth.

    python tools/build_outlines.py                 rebuild the files of src/zizhu/packs/geo
    python tools/build_outlines.py --check         rebuild and compare with what is committed
    python tools/build_outlines.py --package FILE  take the package from FILE instead of the package index (needs npm)

outlines.json has the countries at 1:110 million as TopoJSON under their ISO codes, without Antarctica; places.csv a
point in every country at 1:50 million, for those that have no outline and for the ends of flows. The point is the
centroid of the largest part of the country. Exit status: 0 done or equal, 1 a file differs, 2 not the pinned package.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from zizhu.store.files import write_atomic
from zizhu.vocab.packfiles import rows

GEO = Path(__file__).resolve().parents[1] / "src" / "zizhu" / "packs" / "geo"
SMALL, LARGE = "package/countries-110m.json", "package/countries-50m.json"
ANTARCTICA = "ATA"
Point = tuple[float, float]
Ring = list[Point]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="compare a rebuild with the committed files")
    parser.add_argument("--package", type=Path, metavar="FILE", help="the package as a file")
    options = parser.parse_args(arguments)
    held = {row["path"]: row for row in rows("geo/MANIFEST.csv")}
    pin = held["geo/outlines.json"]
    with tempfile.TemporaryDirectory(prefix="zizhu-outlines-") as folder:
        package = options.package or fetched(pin["origin"].partition(":")[0], Path(folder))
        if hashlib.sha256(package.read_bytes()).hexdigest() != pin["package_sha256"]:
            print(f"{package.name} is not the pinned package", file=sys.stderr)
            return 2
        made = built(member(package, SMALL), member(package, LARGE))
    if options.check:
        differ = [name for name, content in made.items() if (GEO / name).read_bytes() != content]
        print(f"differ: {', '.join(differ)}" if differ else "every rebuilt file equals the committed one")
        return 1 if differ else 0
    for name, content in made.items():
        write_atomic(GEO / name, content)
        print(f"{name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    return 0


def fetched(package: str, folder: Path) -> Path:
    """The package `name@version` out of the package index."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return folder / said.strip().splitlines()[-1]


def member(package: Path, name: str) -> dict[str, Any]:
    """A JSON file of the package."""
    with tarfile.open(package) as archive:
        file = archive.extractfile(name)
        assert file is not None, name
        found: dict[str, Any] = json.load(file)
        return found


def built(small: dict[str, Any], large: dict[str, Any]) -> dict[str, bytes]:
    """The content of outlines.json and places.csv out of the topologies at the two scales."""
    iso3 = {row["m49"]: row["iso3"] for row in rows("vocab/countries.csv") if row["m49"]}
    outlines = outlined(small, iso3)
    drawn = {g["id"] for g in outlines["objects"]["countries"]["geometries"] if "id" in g}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "longitude", "latitude", "outlined"))
    for code, (longitude, latitude) in sorted(points(large, iso3).items()):
        writer.writerow((code, f"{longitude:.1f}", f"{latitude:.1f}", str(code in drawn).lower()))
    text = json.dumps(outlines, separators=(",", ":"))
    return {"outlines.json": f"{text}\n".encode(), "places.csv": out.getvalue().encode()}


def outlined(topology: dict[str, Any], iso3: Mapping[str, str]) -> dict[str, Any]:
    """The countries alone, under ISO codes where they have one, with the arcs that they use."""
    kept: dict[int, int] = {}

    def renumbered(arcs: Any) -> Any:
        if isinstance(arcs, list):
            return [renumbered(a) for a in arcs]
        index = ~arcs if arcs < 0 else arcs
        new = kept.setdefault(index, len(kept))
        return ~new if arcs < 0 else new

    geometries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = iso3.get(geometry.get("id", ""))
        if code != ANTARCTICA:
            named = {"id": code} if code else {}
            geometries.append({"type": geometry["type"], **named, "arcs": renumbered(geometry["arcs"])})
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [topology["arcs"][index] for index in kept],
    }


def points(topology: dict[str, Any], iso3: Mapping[str, str]) -> dict[str, Point]:
    """A point in every country that has an ISO code: the centroid of its largest polygon."""
    arcs = list(_arcs(topology))
    parts: dict[str, list[Ring]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = iso3.get(geometry.get("id", ""))
        if code and code != ANTARCTICA:
            whole = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            parts[code] += [_ring(polygon[0], arcs) for polygon in whole]
    return {code: centroid(max(rings, key=lambda r: abs(_area(r)))) for code, rings in parts.items()}


def centroid(ring: Ring) -> Point:
    """The centroid of a ring of longitudes and latitudes on a cylinder of equal area."""
    area, x, y = _area(ring), 0.0, 0.0
    for (a, b), (c, d) in _sides(ring):
        cross = a * d - c * b
        x, y = x + (a + c) * cross, y + (b + d) * cross
    longitude = (x / (6 * area) + 180) % 360 - 180
    return longitude, math.degrees(math.asin(y / (6 * area)))


def _area(ring: Ring) -> float:
    return sum(a * d - c * b for (a, b), (c, d) in _sides(ring)) / 2


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """The sides, latitudes as their sines."""
    flat = [(longitude, math.sin(math.radians(latitude))) for longitude, latitude in ring]
    return zip(flat, [*flat[1:], flat[0]], strict=True)


def _arcs(topology: dict[str, Any]) -> Iterator[Ring]:
    """The arcs as longitudes and latitudes."""
    (a, b), (c, d) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        decoded = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            decoded.append((x * a + c, y * b + d))
        yield decoded


def _ring(indices: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """The points of a ring, longitudes going on beyond 180 degrees where it crosses that meridian."""
    joined: Ring = []
    for index in indices:
        for longitude, latitude in (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]:
            turns = round((joined[-1][0] - longitude) / 360) if joined else 0
            joined.append((longitude + 360 * turns, latitude))
    return joined


if __name__ == "__main__":
    sys.exit(main())
