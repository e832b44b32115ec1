"""`orm generate` as it is called: what it prints, its exit codes, and that wrong input never shows a traceback."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from isomorph_generator.codegen import MARK
from tests.codegen.projects import ROOT

SCHEMA = """
[project]
package = "data"
dialects = ["sqlite"]

[models.Note.fields]
title = "string(200)"
"""

Orm = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def orm(tmp_path: Path) -> Orm:
    """Runs the command in a folder that holds a schema."""
    (tmp_path / "schema.toml").write_text(SCHEMA)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "isomorph_generator", *arguments],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


FILES = [
    "data/__init__.py",
    "data/database.py",
    "data/inputs/__init__.py",
    "data/inputs/note.py",
    "data/models/__init__.py",
    "data/models/note.py",
    "data/py.typed",
]


@pytest.mark.feature("generator.generate")
def test_it_says_what_it_wrote_and_then_that_nothing_is_to_do(orm: Orm, tmp_path: Path) -> None:
    first = orm("generate")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [f"wrote {name}" for name in FILES]
    second = orm("generate")
    assert (second.returncode, second.stdout) == (0, "data: up to date (7 files)\n")
    assert (tmp_path / "data" / "py.typed").exists()


@pytest.mark.feature("generator.check")
def test_check_is_quiet_when_all_is_current(orm: Orm) -> None:
    orm("generate")
    done = orm("generate", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.feature("generator.check")
def test_check_shows_the_difference_writes_nothing_and_fails(orm: Orm, tmp_path: Path) -> None:
    orm("generate")
    (tmp_path / "schema.toml").write_text(SCHEMA.replace("200", "100"))
    before = (tmp_path / "data" / "models" / "note.py").read_text()
    done = orm("generate", "--check")
    assert done.returncode == 1
    assert (
        '-                _c.Column("title", _k.string(200)),\n+                _c.Column("title", _k.string(100)),'
        in done.stdout
    )
    assert done.stderr == "data: 1 file out of date (run `orm generate`)\n"
    assert (tmp_path / "data" / "models" / "note.py").read_text() == before


@pytest.mark.feature("generator.json")
def test_json_lists_what_was_written_removed_and_left(orm: Orm, tmp_path: Path) -> None:
    orm("generate")
    (tmp_path / "schema.toml").write_text(SCHEMA.replace("Note", "Memo"))
    check = orm("generate", "--check", "--json")
    written = ["data/__init__.py", "data/database.py", "data/inputs/memo.py", "data/models/memo.py"]
    removed = ["data/inputs/note.py", "data/models/note.py"]
    unchanged = ["data/inputs/__init__.py", "data/models/__init__.py", "data/py.typed"]
    assert check.returncode == 1
    assert json.loads(check.stdout) == {
        "ok": False,
        "to_write": written,
        "to_remove": removed,
        "unchanged": unchanged,
    }
    done = orm("generate", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"ok": True, "written": written, "removed": removed, "unchanged": unchanged}
    assert not (tmp_path / "data" / "models" / "note.py").exists()


@pytest.mark.feature("generator.generate")
@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("[models.Note.fields]\ntitle = 'strin(3)'\n", 'schema.toml:2:9 models.Note.fields.title: no type "strin"'),
        ("[models", "schema.toml:1:8"),
        (
            '[models.Note]\nbehaviour = "app:Note"\n',
            'schema.toml:2:13 models.Note.behaviour: no module "app" (add app.py)',
        ),
    ],
)
def test_a_wrong_schema_is_told_by_line_and_nothing_is_written(
    orm: Orm, tmp_path: Path, schema: str, message: str
) -> None:
    (tmp_path / "schema.toml").write_text(schema)
    done = orm("generate")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["schema.toml"]


@pytest.mark.feature("generator.generate")
def test_a_file_in_the_way_is_named(orm: Orm, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "database.py").write_text("mine = True\n")
    done = orm("generate")
    assert done.returncode == 2
    assert done.stderr.startswith("data/database.py: this file was not generated")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["database.py"]


@pytest.mark.feature("generator.generate")
def test_no_schema_is_one_sentence(orm: Orm, tmp_path: Path) -> None:
    (tmp_path / "schema.toml").unlink()
    done = orm("generate")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "orm init" in done.stderr


@pytest.mark.parametrize("arguments", [("generate", "--chek"), ("generat",), ("generate", "--check", "--watch")])
def test_a_wrong_argument_is_exit_code_2(orm: Orm, arguments: tuple[str, ...]) -> None:
    done = orm(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_the_version_is_printed(orm: Orm) -> None:
    done = orm("--version")
    assert (done.returncode, done.stdout) == (0, "isomorph 0.1.0\n")


def test_help_lists_every_command_with_an_example_each(orm: Orm) -> None:
    whole = orm("--help").stdout
    for name in ("init", "generate", "schema", "migrate"):
        assert f" {name} " in whole
    assert "Example: orm generate" in orm("generate", "--help").stdout


def test_a_command_imports_only_what_it_needs(orm: Orm) -> None:
    program = (
        "import sys\n"
        "from isomorph_generator.cli import command\n"
        "command(['generate'])\n"
        "print([name for name in ('isomorph_generator.cli.migrate', 'watchfiles', 'rich.progress') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- watching ----------------------------------------------------------------------------------------------------------


class _Watcher:
    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "isomorph_generator", "generate", "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.seen = ""

    def wait_for(self, text: str) -> None:
        """Read on until a text has been printed."""
        stream = self.process.stdout
        assert stream is not None
        end = time.monotonic() + 30
        while text not in self.seen:
            ready, _, _ = select.select([stream], [], [], max(0, end - time.monotonic()))
            chunk = os.read(stream.fileno(), 65536).decode() if ready else ""
            assert chunk, f"{text!r} did not come; seen: {self.seen}"
            self.seen += chunk
        self.seen = self.seen.partition(text)[2]


@pytest.mark.feature("generator.watch")
def test_watch_generates_after_each_change_and_lives_through_mistakes(tmp_path: Path) -> None:
    schema = tmp_path / "schema.toml"
    schema.write_text(SCHEMA)
    watcher = _Watcher(tmp_path)
    try:
        watcher.wait_for("wrote data/models/note.py")
        watcher.wait_for("watching")
        schema.write_text(SCHEMA.replace("string(200)", "strin"))
        watcher.wait_for("models.Note.fields.title: no type")
        schema.write_text(SCHEMA.replace("Note", "Memo"))
        watcher.wait_for("wrote data/models/memo.py")
        watcher.wait_for("removed data/models/note.py")
        watcher.process.send_signal(signal.SIGINT)
        assert watcher.process.wait(10) == 0
    finally:
        watcher.process.kill()
        watcher.process.wait()
        assert watcher.process.stdout is not None
        watcher.process.stdout.close()
    assert (tmp_path / "data" / "models" / "memo.py").read_text().startswith(MARK)


@pytest.mark.feature("generator.check")
def test_the_committed_package_of_the_showcase_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "isomorph_generator", "generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
