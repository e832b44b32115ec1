"""Guards the speed of hot loops by the instructions that they take, which do not depend on what else the machine does.

    python -m benchmarks.instructions [--write]

Counts them with valgrind's callgrind for isomorph and for hand-written code, on SQLite. What is compared with the numbers in
instructions.json is the ratio of the two, so that another build of Python or SQLite changes little; a loop that takes 10 %
more than it did fails. `--write` takes the numbers of today for those to keep to.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness.places import place
from benchmarks.harness.rounds import worker

__all__ = ["main"]

LOOPS = (
    *("get_by_key", "filter_limit", "narrow", "wide", "nested", "compile"),
    *("insert_each", "insert_many", "save_each", "upsert", "delete_each"),
)
MORE = 1.10
_HAND, _OURS = "hand_sqlite3", "isomorph"
# What a loop is measured by that hand-written code does not have.
_YARDSTICK = "get_by_key"
_SCALE = "0.05"
_TABLES = ("users", "events", "authors", "posts", "comments")
_KEPT = Path(__file__).with_name("instructions.json")
_COUNT = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)

Counts = Mapping[str, Mapping[str, float]]
"""Instructions of one operation: by loop, then by contestant."""


def counted(folder: Path) -> Counts:
    """Count all loops.

    Args:
        folder: an empty one, for databases and counts.

    Raises:
        RuntimeError: a loop or valgrind failed.
    """
    places = {name: place("sqlite", name, folder) for name in (_HAND, _OURS)}
    for name, where in places.items():
        worker({"contestant": name, "place": where.facts(), "prepare": _TABLES})
    task = {"workloads": LOOPS, "places": {name: where.facts() for name, where in places.items()}}
    output = folder / "counts"
    done = subprocess.run(
        [
            *("setarch", "-R", "valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={output}"),
            *(sys.executable, "-m", "benchmarks.harness.counted"),
        ],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, dict[str, float]] = {}
    for number, line in enumerate(done.stdout.splitlines(), 1):
        told = json.loads(line)
        count = _COUNT.search(Path(f"{output}.{number}").read_text())
        assert count is not None  # callgrind writes it into each file
        found.setdefault(told["workload"], {})[told["contestant"]] = int(count[1]) / told["operations"]
    return found


def ratios(counts: Counts) -> dict[str, float]:
    """What isomorph takes of each loop, beside hand-written code."""
    return {
        name: loop[_OURS] / loop.get(_HAND, counts[_YARDSTICK][_HAND]) for name, loop in counts.items() if _OURS in loop
    }


def slower(now: Mapping[str, float], kept: Mapping[str, float]) -> list[str]:
    """What is wrong with the ratios of now, a line for each loop."""
    lines = [
        f"{name} takes {ratio:.2f} times the instructions of hand-written code, {ratio / kept[name] - 1:.0%} more than the"
        f" {kept[name]:.2f} that it is held to"
        for name, ratio in now.items()
        if name in kept and ratio > kept[name] * MORE
    ]
    lines += [f"{name} is not counted any more, or not yet: --write" for name in sorted(now.keys() ^ kept.keys())]
    return lines


def main() -> None:
    """Count, then compare or write."""
    parser = argparse.ArgumentParser(description="Guards the speed of hot loops by the instructions that they take.")
    parser.add_argument("--write", action="store_true", help="hold later runs to the numbers of today")
    given = parser.parse_args()
    version = f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}"
    kept: dict[str, Any] = json.loads(_KEPT.read_text()) if _KEPT.exists() else {"python": version, "ratios": {}}
    if not given.write and kept["python"] != version:
        print(f"instructions: the numbers are those of {kept['python']}, this is {version}: not compared")
        return
    if shutil.which("valgrind") is None:
        print("instructions: NOT COUNTED: valgrind is missing; on Debian: sudo apt-get install valgrind")
        raise SystemExit(bool(os.environ.get("CI")))
    os.environ["ISOMORPH_BENCH_SCALE"] = _SCALE
    with tempfile.TemporaryDirectory() as folder:
        counts = counted(Path(folder))
    now = ratios(counts)
    if given.write:
        rounded = {name: round(ratio, 3) for name, ratio in now.items()}
        each = {name: {who: round(count) for who, count in loop.items()} for name, loop in counts.items()}
        _KEPT.write_text(json.dumps({"python": version, "ratios": rounded, "instructions": each}, indent=2) + "\n")
        return
    wrong = slower(now, kept["ratios"])
    for line in wrong:
        print(f"instructions: {line}")
    if wrong:
        print("instructions: see what makes it so, or say why it is worth it and hold it to the new numbers: --write")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
