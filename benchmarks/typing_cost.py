"""What it costs to type-check a large generated package: 200 models with 8 relations each, and a file that uses it.

    python benchmarks/typing_cost.py [--models 200] [--keep FOLDER]

Times `mypy --strict` and `pyright` in strict mode, both cold: no cache of an earlier run. Once they check the whole package,
once only the file that uses it, with what that needs. The runtime is an installed package to both, as it is to those who
use it: read, and not checked. Prints one line per number; where other programs run, seconds of the processor say more than
those by the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isomorph_generator.codegen import compared, package_folder, rendered, write
from isomorph_generator.schema import load

_FIELDS = """
name = "string(100)"
email = { type = "string(255)", unique = true }
age = "int?"
active = { type = "bool", default = true }
price = { type = "decimal(10, 2)", default = 0 }
settings = { type = "json", default = {} }
born = "date?"
"""

_PIVOT = 'pivot = { note = "string(50)?", weight = "int?" }'

_USER = '''"""An application's module: what it asks, and what it may rely on."""

from typing import assert_type

from big import M0, M1, M2, M0Query, db
from isomorph import Collection


def page(name: str) -> M0Query:
    return M0.query().where(M0.name == name, M0.active.is_true()).order_by(M0.age.desc()).limit(10)


def loaded() -> None:
    with db.transaction():
        for item in M0.query().include(M0.children, M1.query().include(M1.owner)).include(M0.subject).get():
            for child in item.children:
                print(child.name, child.owner.name if child.owner else "-", item.subject)
    first = M1.query().include(M1.parent).first_or_fail()
    assert_type(first.parent, M0)
    assert_type(M2.query().get(), Collection[M2])
    assert_type(page("x").count(), int)


def written(parent: M0) -> M1:
    return M1.create(name="a", email="b", parent=parent, subject=parent)
'''


def schema(models: int) -> str:
    """A schema whose models hang together in circles, each with eight relations of eight kinds."""
    parts = ['[project]\npackage = "big"\n']
    for number in range(models):

        def other(step: int, number: int = number) -> str:
            return f"M{(number + step) % models}"

        name = f"M{number}"
        parts.append(f"[models.{name}]\ntimestamps = true\n\n[models.{name}.fields]{_FIELDS}")
        parts.append(
            f"""[models.{name}.relations]
parent = {{ belongs_to = "{other(-1)}", inverse = "children" }}
children = {{ has_many = "{other(1)}", inverse = "parent" }}
owner = {{ belongs_to = "{other(-7)}?" }}
links = {{ belongs_to_many = "{other(13)}", table = "links{number}", foreign_key = "a_id", related_key = "b_id", {_PIVOT} }}
far = {{ has_many_through = "{other(2)}", through = "children.children" }}
subject = {{ morph_to = true }}
remarks = {{ morph_many = "{other(1)}", name = "subject" }}
remark = {{ morph_one = "{other(-3)}", name = "subject" }}
"""
        )
    return "\n".join(parts)


def _timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Seconds that a checker takes, by the clock and of the processor; it must have nothing to say."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout[:5000]}{done.stderr[:5000]}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@dataclass(frozen=True, slots=True)
class Package:
    """A generated package, with a file that uses it and the settings of the checkers beside it."""

    folder: Path
    models: int
    relations: int
    lines: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a checker takes, in seconds by the clock and of the processor."""

    name: str
    clock: float
    processor: float


def generated(models: int, folder: Path) -> Package:
    """Generate the package into a folder."""
    (folder / "schema.toml").write_text(schema(models))
    (folder / "app.py").write_text(_USER)
    project = load(folder / "schema.toml")
    texts = rendered(project)
    write(compared(package_folder(project), texts))
    settings = {
        "include": ["app.py", "big"],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    (folder / "mypy.ini").write_text("[mypy]\npython_version = 3.11\nstrict = true\n")
    lines = sum(text.count("\n") for text in texts.values())
    relations = sum(len(model.relations) for model in project.catalog.models)
    (folder / "app.json").write_text(json.dumps({**settings, "include": ["app.py"]}))
    return Package(folder, models, relations, lines)


def checked(package: Package, without: Collection[str] = ()) -> Iterator[Cost]:
    """Check it, with each checker: the whole package, then only the file that uses it; without those that are named."""
    commands = {
        "mypy": ["mypy", "--cache-dir=/dev/null", "--no-incremental", "app.py", "big"],
        "mypy, the application": ["mypy", "--cache-dir=/dev/null", "--no-incremental", "app.py"],
        "pyright": ["pyright", "--pythonpath", sys.executable],
        "pyright, the application": ["pyright", "--pythonpath", sys.executable, "-p", "app.json"],
    }
    for name, command in commands.items():
        if name in without:
            continue
        clock, processor = _timed(command, package.folder)
        yield Cost(name, clock, processor)


def _told(models: int, folder: Path) -> None:
    package = generated(models, folder)
    print(f"models     {package.models}")
    print(f"relations  {package.relations}")
    print(f"lines      {package.lines}")
    for cost in checked(package):
        print(f"{cost.name:24} {cost.clock:6.2f} s, {cost.processor:6.2f} s of the processor", flush=True)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description="What it costs to type-check a large generated package.")
    parser.add_argument("--models", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="a folder for the package, which is kept")
    given = parser.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True, exist_ok=True)
        _told(given.models, given.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        _told(given.models, Path(folder))


if __name__ == "__main__":
    main()
