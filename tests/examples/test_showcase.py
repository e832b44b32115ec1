"""The examples: what `make demo` does, on every database, with fewer rows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isomorph.catalog import Integrity, RelationKind
from tests.support.databases import RawConnection, fetch_all

ROOT = Path(__file__).parent.parent.parent
_BIN = Path(sys.executable).parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the demo needs of the repository, where it may be written to."""
    for name in ("examples", "generated", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "schema.toml", tmp_path)
    return tmp_path


def _run(line: str, folder: Path, database_url: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "100", "NO_COLOR": "1"}
    if database_url is not None:
        environment["DATABASE_URL"] = database_url
    command, *rest = shlex.split(line)
    return subprocess.run(
        [str(_BIN / command), *rest], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def _done(line: str, folder: Path, database_url: str | None) -> str:
    done = _run(line, folder, database_url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def _steps_of_the_demo() -> list[str]:
    recipe = re.search(r"^demo: demo-venv.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    return [line.strip().replace("$(BIN)/", "") for line in recipe[1].splitlines()]


@pytest.mark.feature("project.demo", "relations.tables")
def test_the_steps_of_make_demo_lead_from_schema_to_rows(
    clone: Path, database_url: str, raw_connection: RawConnection
) -> None:
    from generated import db

    steps = _steps_of_the_demo()
    assert [step.split()[0] for step in steps] == ["orm", "orm", "python", "python", "python"]
    printed: dict[str, str] = {}
    for step in steps[:-1]:
        few = " --people 40" if "seed" in step else ""
        text = printed[step.split("/")[-1]] = _done(step + few, clone, database_url)
        assert max(map(len, text.splitlines())) <= 100
    stops = re.findall(r"^(\d+)\. ", printed["tour.py"], re.MULTILINE)
    assert [int(stop) for stop in stops] == list(range(1, len(stops) + 1))
    assert len(stops) >= 12
    assert fetch_all(raw_connection, "SELECT COUNT(*) FROM users") == [(40,)]
    for table in db.catalog.tables():
        assert fetch_all(raw_connection, f"SELECT COUNT(*) FROM {table.name}") > [(0,)], table.name
    assert fetch_all(raw_connection, "SELECT COUNT(*) FROM roles") == [(5,)], "the tour leaves everything as it was"
    assert _done("python -m examples.tour", clone, database_url) == printed["tour.py"]


def test_the_demo_works_without_a_database_url(clone: Path) -> None:
    printed = ""
    for step in _steps_of_the_demo():
        printed = _done(step + (" --people 20" if "seed" in step else ""), clone, None)
    assert (clone / "blog.db").exists()
    # The last one deploys a change, in a database of its own.
    stops = re.findall(r"^(\d+)\. ", printed, re.MULTILINE)
    assert [int(stop) for stop in stops] == list(range(1, len(stops) + 1))
    assert len(stops) >= 8
    assert "rename column users.nickname to handle" in printed
    assert "took back" in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_the_seed_stops_at_rows_that_are_there_and_starts_again_when_asked(
    clone: Path, database_url: str, raw_connection: RawConnection
) -> None:
    _done("orm migrate run", clone, database_url)
    first = _done("python -m examples.seed --people 30", clone, database_url)
    before = fetch_all(raw_connection, "SELECT name, email FROM users ORDER BY email")
    assert "nothing was written" in _done("python -m examples.seed --people 60", clone, database_url)
    assert fetch_all(raw_connection, "SELECT name, email FROM users ORDER BY email") == before
    again = _done("python -m examples.seed --people 30 --fresh", clone, database_url)
    assert fetch_all(raw_connection, "SELECT name, email FROM users ORDER BY email") == before
    assert first.splitlines()[-1] == again.splitlines()[-1]


@pytest.mark.parametrize("program", ["examples.seed", "examples.tour"])
def test_without_tables_the_examples_say_what_to_run(program: str, clone: Path, database_url: str) -> None:
    done = _run(f"python -m {program}", clone, database_url)
    assert done.returncode == 2
    assert "orm migrate run" in done.stdout


def test_without_rows_the_tour_says_what_to_run(clone: Path, database_url: str) -> None:
    _done("orm migrate run", clone, database_url)
    done = _run("python -m examples.tour", clone, database_url)
    assert done.returncode == 2
    assert "examples.seed" in done.stdout


def test_an_interrupted_seed_leaves_nothing_behind(
    database_url: str, raw_connection: RawConnection, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    from examples.seed import Seeder, seed
    from generated import db

    def interrupted(seeder: Seeder) -> None:
        seeder._departments()
        raise KeyboardInterrupt

    _done("orm migrate run", clone, database_url)
    monkeypatch.setattr(Seeder, "run", interrupted)
    with db.override(database_url), pytest.raises(KeyboardInterrupt):
        seed(20, Console(quiet=True))
    assert fetch_all(raw_connection, "SELECT COUNT(*) FROM departments") == [(0,)]


@pytest.mark.feature("relations.declared")
def test_the_tour_takes_every_kind_of_relation() -> None:
    from generated import db

    source = (ROOT / "examples/tour.py").read_text()
    shown = {
        relation.kind
        for model in db.catalog.models
        for relation in model.relations
        if re.search(rf"\b{model.name}\.{relation.name}\b", source)
    }
    assert shown == set(RelationKind)


@pytest.mark.feature("relations.declared")
def test_the_showcase_says_all_that_relations_can() -> None:
    from generated import db

    relations = [relation for model in db.catalog.models for relation in model.relations]
    pivots = [relation.pivot for relation in relations if relation.pivot is not None]
    assert {relation.morph.integrity for relation in relations if relation.morph is not None} == set(Integrity)
    assert any(relation.default is not None for relation in relations)
    assert any(relation.touches for relation in relations)
    assert any(relation.one_of is not None for relation in relations)
    assert any(pivot.model is not None for pivot in pivots)
    assert any(pivot.model is None and pivot.created_at is not None for pivot in pivots)


def test_the_code_that_the_tour_shows_fits_its_page() -> None:
    from examples.showing import WIDTH, code_of
    from examples.tour import STOPS

    for stop in STOPS:
        code = code_of(stop)
        assert code, stop.__name__
        assert max(map(len, code.splitlines())) <= WIDTH - 2, stop.__name__
        assert len(stop.__doc__ or "") <= WIDTH, stop.__name__
