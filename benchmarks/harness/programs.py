"""Programs of contestants, from their start to their end: their texts are in `benchmarks.programs`, a module for each."""

from __future__ import annotations

import ast
import compileall
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.places import Place

__all__ = ["Ended", "Program", "environ", "has_program", "made", "start"]

_ROOT = Path(__file__).resolve().parents[2]
_CACHE = _ROOT / "build/bench/programs"
_PACKAGE = "benchmarks.programs"
_DIGEST = "made"
# Of the environment, what would change how a program starts.
_UNWANTED = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONUNBUFFERED"})


@dataclass(frozen=True, slots=True)
class Program:
    """A program in a folder, and the environment that it is started with."""

    folder: Path
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program has printed: the row that it got, and how many bytes it held when it had it."""

    row: tuple[Any, ...]
    resident: int


def _name(contestant: type[Contestant]) -> str:
    return contestant.__module__.rpartition(".")[2]


def has_program(contestant: type[Contestant]) -> bool:
    """Whether there is a program for a contestant."""
    return importlib.util.find_spec(f"{_PACKAGE}.{_name(contestant)}") is not None


def made(contestant: Contestant, models: int) -> Program:
    """The program of a contestant with so many models, on its database; made once, and anew when it would be another one."""
    name, dialect = _name(type(contestant)), contestant.place.dialect
    module = importlib.import_module(f"{_PACKAGE}.{name}")
    texts: Mapping[str, str] = module.files(models, dialect)
    build = getattr(module, "build", None)
    digest = hashlib.sha256(repr(sorted(texts.items())).encode())
    if build is not None:
        digest.update(_sources())
    folder = _CACHE / f"{name}-{dialect}-{models}"
    stamp = folder / _DIGEST
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        if build is not None:
            build(folder)
        # As an installed program is: no run is the first one, that compiles it.
        compileall.compile_dir(folder, quiet=1)
        stamp.write_text(digest.hexdigest())
    return Program(folder, _environ(contestant.place))


def _sources() -> bytes:
    """A checksum of whatever generated code depends on."""
    digest = hashlib.sha256()
    for folder in ("generator", "runtime"):
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".j2"}:
                digest.update(path.read_bytes())
    return digest.digest()


def environ() -> Mapping[str, str]:
    """The environment without what would change how a program of Python starts: it has its bytecode, as where it is installed."""
    return {name: value for name, value in os.environ.items() if name not in _UNWANTED}


def _environ(place: Place) -> Mapping[str, str]:
    return {
        **environ(),
        "BENCHMARK_URL": place.url(place.dialect),
        "BENCHMARK_DATABASE": place.database,
        "BENCHMARK_HOST": place.host,
        "BENCHMARK_PORT": str(place.port),
        "BENCHMARK_USER": place.user,
        "BENCHMARK_PASSWORD": place.password,
    }


def start(program: Program) -> Ended:
    """Start a program and wait for its end.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(
        [sys.executable, "main.py"],
        cwd=program.folder,
        env=program.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program.folder.name} ended with {done.returncode}: {done.stderr.strip()}")
    row, resident = done.stdout.splitlines()
    return Ended(ast.literal_eval(row), int(resident))
