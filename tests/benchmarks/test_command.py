"""`python -m benchmarks`: what it keeps, what it finds out, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.harness.record import Record
from benchmarks.harness.verdict import Comparison
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("project.benchmarks")

_QUICK = ["--dialect", "sqlite", "--seconds", "0"]


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *_QUICK, "--output", str(folder), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_contestant_with_other_rows_is_found_out(tmp_path: Path) -> None:
    done = _run(tmp_path, "--rounds", "1", "--only", "narrow,tuples,dicts", "--peers", "tests.benchmarks.wrong")

    assert done.returncode == 1
    assert "sqlite narrow tests.benchmarks.wrong: its rows are not those of hand-written" in done.stdout
    assert "sqlite tuples tests.benchmarks.wrong: LookupError: nothing there" in done.stdout
    comparison = Comparison(Record.read(tmp_path / "results.json"))
    # After what failed it went on.
    assert {cell.outline.name for cell in comparison.wrongs()} == {"narrow", "tuples"}
    wrong = next(facts for facts in comparison.contestants("sqlite") if facts.title == "wrong")
    dicts = next(outline for outline in comparison.outlines("sqlite") if outline.name == "dicts")
    cell = comparison.cell("sqlite", dicts, wrong)
    assert cell is not None
    assert cell.value is not None
    assert cell.ratio is not None
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"], "databases are dropped"


def test_a_run_is_kept_and_added_to(tmp_path: Path) -> None:
    first = _run(tmp_path, "--rounds", "2", "--only", "compile,narrow", "--peers", "none")
    second = _run(tmp_path, "--rounds", "2", "--only", "dicts", "--peers", "none", "--add")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    record = Record.read(tmp_path / "results.json")
    found = {(result.contestant, result.workload) for result in record.results}
    assert {("isomorph", "compile"), ("isomorph", "narrow"), ("isomorph", "dicts")} <= found
    assert ("hand_sqlite3", "compile") not in found
    assert {len(result.rounds) for result in record.results} == {2}
    assert [run["scale"] for run in record.runs] == [0.01, 0.01]
    assert record.machine["python"].startswith("CPython 3.")
    assert record.versions["sqlite"].startswith("SQLite 3.")

    refused = CliRunner().invoke(app, ["--write", "--output", str(tmp_path)])
    assert refused.exit_code == 2
    assert "was measured with ISOMORPH_BENCH_SCALE" in refused.stderr


def test_what_is_missing_is_left_out_with_a_line(tmp_path: Path) -> None:
    done = _run(tmp_path, "--rounds", "1", "--only", "compile", "--peers", "no.such.module")

    assert done.returncode == 0
    assert "no.such.module is left out: No module named 'no'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "narow"], '--only: no workload "narow" (did you mean "narrow"?)'),
        (["--peers", "none,djangoorm"], '--peers: no peer "djangoorm" (did you mean "django_orm"?)'),
        (["--dialect", "oracle"], '--dialect: no dialect "oracle" (there are sqlite, postgresql, mysql)'),
        (["--profile", "isomorf"], '--profile: no contestant "isomorf" (did you mean "isomorph"?)'),
        (["--profile", "isomorph", "--peers", "none"], "--profile does not go with --peers"),
        (["--scale", "--only", "narrow"], "--scale does not go with --only"),
        (["--write", "--rounds", "3", "--add"], "--write does not go with --add, --rounds"),
        (["--write", "--output", "nowhere"], "--write: there is no nowhere/results.json: run the benchmarks first"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_is_refused_with_a_line(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, arguments)

    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == f"benchmarks: {said}"
    assert list(tmp_path.rglob("*.json")) == []


def test_a_database_that_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ISOMORPH_TEST_MYSQL", raising=False)
    done = CliRunner().invoke(app, ["--dialect", "mysql", "--output", str(tmp_path)])

    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "mysql is left out: ISOMORPH_TEST_MYSQL is not set",
        "benchmarks: no database to run on",
    ]


@pytest.mark.long
def test_a_profile_shows_the_code_of_a_workload(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--profile", "isomorph", "--only", "narrow", "--dialect", "sqlite"]
    done = subprocess.run([*command, "--output", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "benchmarks/contestants/isomorph.py" in done.stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".txt"}
