"""What the `orm` command takes for schemas of any size, each time as a process from its start to its end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.harness.curve import Point
from benchmarks.harness.programs import environ
from benchmarks.typing_cost import schema

__all__ = ["TITLES", "command", "measured"]

# By name, in the order in which they are run: each finds what the one before it left.
TITLES = {
    "generate": "orm generate, all files new",
    "generate_unchanged": "orm generate, nothing changed",
    "make": "orm migrate make, all tables new",
    "make_unchanged": "orm migrate make, nothing changed",
    "generate_changed": "orm generate, a field more",
    "make_changed": "orm migrate make, a field more",
}
_MAKE = ("migrate", "make")


def command(folder: Path, arguments: Sequence[str], size: int) -> Point:
    """Run `orm`; the memory is the most that the process held."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "isomorph_generator", *arguments],
        cwd=folder,
        env=environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"orm {' '.join(arguments)}, {size} models: {said.strip()}")
    return Point(size, took, usage.ru_maxrss * 1024)


def measured(models: int, folder: Path) -> Iterator[tuple[str, Point]]:
    """Run every command once, in a folder that is empty.

    Yields:
        The name of the command, one of `TITLES`, and what it cost.
    """
    path = folder / "schema.toml"
    path.write_text(schema(models))
    yield "generate", command(folder, ["generate"], models)
    yield "generate_unchanged", command(folder, ["generate"], models)
    yield "make", command(folder, _MAKE, models)
    yield "make_unchanged", command(folder, _MAKE, models)
    changed = re.sub(r"(?<=\[models\.M0\.fields\]\n)", 'nickname = "string(50)?"\n', path.read_text())
    path.write_text(changed)
    yield "generate_changed", command(folder, ["generate"], models)
    yield "make_changed", command(folder, _MAKE, models)
