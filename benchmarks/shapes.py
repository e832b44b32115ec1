"""What columns and relations cost: packages of any number of columns for each model, or of relations of one model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import commands
from benchmarks.harness.curve import Point
from benchmarks.harness.shape import HUBS, LEAVES, MODELS, PACKAGE, ROWS

__all__ = ["SIZES", "TITLES", "measured"]

_CONNECTION = """[connections.default]
url = { env = "BENCHMARK_URL", default = "sqlite:///:memory:" }
"""
_ROOT = Path(__file__).resolve().parents[1]
SIZES: Mapping[str, tuple[int, ...]] = {"columns": (5, 20, 50, 100, 200), "relations": (1, 5, 10, 20, 40)}
# By unit and name, in the order in which they are done.
TITLES: Mapping[str, Mapping[str, str]] = {
    "columns": {
        "generate": f"orm generate, {MODELS} models of so many columns",
        "make": "orm migrate make, all tables new",
        "import": "import of all models, in a process where nothing else is",
        "insert_many": f"bulk insert of {ROWS} rows",
        "fetch": f"{ROWS} rows into objects",
    },
    "relations": {
        "generate": "orm generate, a model with so many relations to as many models",
        "make": "orm migrate make, all tables new",
        "import": "import of all models, in a process where nothing else is",
        "include": f"{HUBS} objects with all of their relations, of {LEAVES} objects each",
    },
}


def _schema(unit: str, size: int) -> str:
    parts = [f'[project]\npackage = "{PACKAGE}"\n', _CONNECTION]
    if unit == "columns":
        fields = "\n".join(f'c{n} = "{"string(100)" if n % 2 else "int"}"' for n in range(size))
        parts += [f"[models.M{number}.fields]\n{fields}\n" for number in range(MODELS)]
        return "\n".join(parts)
    relations = "\n".join(f'leaves{n} = {{ has_many = "Leaf{n}", inverse = "hub" }}' for n in range(size))
    parts.append(f'[models.Hub.fields]\nname = "string(100)"\n\n[models.Hub.relations]\n{relations}\n')
    parts += [
        f'[models.Leaf{n}.fields]\nname = "string(100)"\n\n'
        f'[models.Leaf{n}.relations]\nhub = {{ belongs_to = "Hub", inverse = "leaves{n}" }}\n'
        for n in range(size)
    ]
    return "\n".join(parts)


def measured(unit: str, size: int, folder: Path) -> Iterator[tuple[str, Point]]:
    """Do everything once, in a folder that is empty.

    Yields:
        The name of what was done, one of `TITLES[unit]`, and what it cost.
    """
    (folder / "schema.toml").write_text(_schema(unit, size))
    yield "generate", commands.command(folder, ["generate"], size)
    yield "make", commands.command(folder, ["migrate", "make"], size)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.harness.shape"],
        input=json.dumps({"unit": unit, "size": size}),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "BENCHMARK_URL": f"sqlite:///{folder / 'shaped.db'}"},
    )
    if done.returncode:
        raise RuntimeError(f"{size} {unit}: {done.stderr.strip()}")
    for name, (seconds, peak) in json.loads(done.stdout).items():
        yield name, Point(size, seconds, peak)
