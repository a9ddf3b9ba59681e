"""Build the built-in tables from the pinned wheels that carry their raw files.

    python tools/build_packs.py                 rebuild the tables of src/zizhu/packs
    python tools/build_packs.py --check         rebuild elsewhere and compare with what is committed
    python tools/build_packs.py --wheels DIR    take the wheels from DIR instead of the package index

Wheels are installed by hash either way. An interrupted run leaves whole tables only.
Exit status: 0 done or equal, 1 a table differs, 2 a wheel or a raw file is not the pinned one.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from zizhu.ledger.models import Record, Source
from zizhu.sources.carriers.recipe import load_recipes
from zizhu.sources.reading import SourceTable
from zizhu.store import Workspace, files
from zizhu.store.meta import Meta
from zizhu.vocab.problems import Problem, ZizhuError

PACKS = Path(__file__).resolve().parents[1] / "src" / "zizhu" / "packs"


class Pin(Record):
    """One raw file: the wheel that carries it, the member of the wheel, and the module that reads it."""

    reader: str
    source: str
    package: str
    version: str
    python: str
    wheel_sha256: str
    member: str
    code_licence: str
    data_licence: str

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version} --hash=sha256:{self.wheel_sha256}"


class Row(Record):
    """One line of MANIFEST.csv."""

    path: str
    table: str
    source: str
    origin: str
    wheel_sha256: str
    licence: str
    rows: int
    columns: str
    units: str
    sha256: str
    digest: str
    caveats: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check; returns the exit status."""
    options = _options(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="zizhu-packs-") as folder:
            return _run(options, Path(folder))
    except ZizhuError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; every table is whole", file=sys.stderr)
        return 130


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="compare a rebuild with the committed tables")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="folder with the wheels")
    parser.add_argument("--packs", type=Path, default=PACKS, metavar="DIR", help="folder of the tables")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, folder: Path) -> int:
    packs: Path = options.packs
    pins = [Pin.model_validate(row) for row in read_rows(packs / "wheels.csv")]
    download(pins, folder, options.wheels)
    tables = read_tables(pins, packs, folder)
    if options.check:
        return report(differences(commit_all(tables, folder / "rebuilt"), packs))
    metas = commit_all(tables, packs)
    remove_superseded(packs, metas)
    write_manifest(packs, pins, metas)
    return 0


def download(pins: Sequence[Pin], folder: Path, wheels: Path | None) -> None:
    """Install the pinned wheels, without what they depend on, into `folder`/<package>.

    Raises ZizhuError when a wheel is not there or its hash is not the pinned one.
    """
    local = [] if wheels is None else ["--no-index", "--find-links", str(wheels)]
    for pin in {pin.package: pin for pin in pins}.values():
        listed = folder / f"{pin.package}.txt"
        listed.write_text(f"{pin.requirement}\n", encoding="utf-8")
        command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--no-deps"]
        command += ["--require-hashes", "--python-version", pin.python, *local]
        with progress(f"{pin.package} {pin.version}"):
            done = subprocess.run(
                [*command, "--target", str(folder / pin.package), "-r", str(listed)],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise ZizhuError(
                Problem(
                    f"the wheel was not installed: {done.stderr.strip()}",
                    f"{pin.package}=={pin.version}",
                    f"a wheel with SHA-256 {pin.wheel_sha256}",
                    "Check the package index, or give the folder of the wheels with --wheels.",
                )
            )


def read_tables(pins: Iterable[Pin], packs: Path, folder: Path) -> dict[str, SourceTable]:
    """Every table of every pinned raw file, each checked against the hash of its source."""
    recipes = load_recipes(packs / "tables.yaml")
    sources = {s.id: s for s in (Source.model_validate(row) for row in read_rows(packs / "sources.csv"))}
    tables: dict[str, SourceTable] = {}
    for pin in pins:
        raw = folder / pin.package / pin.member
        found = files.sha256_of(raw) if raw.is_file() else "no file"
        if found != sources[pin.source].sha256:
            expected = f"SHA-256 {sources[pin.source].sha256}"
            raise ZizhuError(Problem(found, f"{pin.package}, {pin.member}", expected, "Correct sources.csv."))
        with progress(f"read {pin.member}"):
            tables |= importlib.import_module(f"zizhu.sources.carriers.{pin.reader}").read(
                raw, recipes[pin.reader]
            )
    return tables


def commit_all(tables: Mapping[str, SourceTable], root: Path) -> dict[str, Meta]:
    """Commit to the workspace `root`, parts before the tables that name them."""
    space = Workspace(root=root, builtin=root / "no-built-in-tables")
    metas: dict[str, Meta] = {}
    for name, table in sorted(tables.items(), key=lambda item: (len(item[1].describe.parts), item[0])):
        described = table.describe
        parts = {role: metas[part].ref for role, part in described.parts.items()}
        with progress(f"commit {name}"):
            space.commit(name, table.frame, described.key, {**described.model_dump(), "parts": parts})
        metas[name] = space.read(name).meta
    return metas


def differences(rebuilt: Mapping[str, Meta], packs: Path) -> Iterator[str]:
    """One line for each table whose digest or description is not the committed one."""
    committed = Workspace(root=packs, builtin=packs / "no-built-in-tables")
    how_stored = {"bytes", "sha256"}
    for name in sorted(set(rebuilt) | set(committed.names())):
        new = rebuilt.get(name)
        old = committed.read(name) if name in committed.names() else None
        if new is None or old is None:
            yield f"{name}: {'only committed' if new is None else 'only rebuilt'}"
            continue
        old.check_bytes()
        if new.digest != old.meta.digest:
            yield f"{name}: rebuilt digest {new.digest}, committed {old.meta.digest}"
        elif new.model_dump(exclude=how_stored) != old.meta.model_dump(exclude=how_stored):
            yield f"{name}: the committed description is not that of tables.yaml"


def report(lines: Iterable[str]) -> int:
    """Print the differences; 1 when there are any."""
    found = list(lines)
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(found)} differences" if found else "every rebuilt table equals the committed one")
    return 1 if found else 0


def remove_superseded(packs: Path, metas: Mapping[str, Meta]) -> None:
    """Remove the older digests of the tables that were built."""
    for name, meta in metas.items():
        for old in (packs / "tables" / name).glob("[0-9a-f]*"):
            if old.name != meta.digest:
                print(f"remove {name} {old.name}")
                shutil.rmtree(old)


def write_manifest(packs: Path, pins: Iterable[Pin], metas: Mapping[str, Meta]) -> None:
    """MANIFEST.csv: one line a table, with its origin, licence, units, hashes and caveats."""
    pin_of = {pin.source: pin for pin in pins}
    rows = [_row(meta, pin_of[meta.sources[0]]) for _, meta in sorted(metas.items())]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Row.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.model_dump() for row in rows)
    files.write_atomic(packs / "MANIFEST.csv", out.getvalue().encode())


def _row(meta: Meta, pin: Pin) -> Row:
    return Row(
        path=f"tables/{meta.name}/{meta.digest}/data.parquet",
        table=meta.name,
        source=pin.source,
        origin=f"{pin.package}=={pin.version}:{pin.member}",
        wheel_sha256=pin.wheel_sha256,
        licence=pin.data_licence,
        rows=meta.rows,
        columns=";".join(meta.columns),
        units="; ".join(f"{column}: {unit}" for column, unit in meta.units.items()),
        sha256=meta.sha256,
        digest=meta.digest,
        caveats=" ".join(meta.notes),
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Print what is done and how long it took."""
    print(f"{what} ...", end="", flush=True)
    start = time.monotonic()
    yield
    print(f" {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
