"""What `orm generate` knows without loading the schema: that nothing changed; and everything that changes that."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isomorph_generator.cli import command
from isomorph_generator.codegen import MARK, stamps

_MAIN = """
include = ["more/*.toml"]

[project]
package = "data"
dialects = ["sqlite"]

[models.Note]
behaviour = "notes:NoteBehaviour"

[models.Note.fields]
title = "string(200)"
"""
_MORE = '[models.{name}.fields]\ntitle = "string(20)"\n'
_BEHAVIOUR = "class NoteBehaviour:\n    __slots__ = ()\n    {body}\n"
_NOTHING = "data: up to date"


def _stamp_of(folder: Path, purpose: str = stamps.GENERATE) -> Path:
    return stamps._place(folder / "schema.toml", purpose)


class _Project:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.words = ["generate"]

    def write(self, name: str, text: str) -> None:
        """Write a file that is old enough for a stamp."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        os.utime(path, (time.time() - 9, time.time() - 9))

    def run(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(command(["generate", "migrate"]), [*self.words, *arguments])
        return done.exit_code, done.output

    def loads(self, *arguments: str) -> bool:
        """Whether the schema is loaded for it."""
        loaded: list[Path] = []
        with self._monkeypatch.context() as patched:

            def load(path: Path) -> None:
                loaded.append(path)
                raise KeyboardInterrupt

            for module in ("generate", "migrate.make"):
                patched.setattr(f"isomorph_generator.cli.{module}.load_project", load)
            self.run(*arguments)
        return bool(loaded)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Project:
    """A project whose package was generated, and is stamped."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stamps, "_FEWEST_FILES", 1)
    made = _Project(tmp_path, monkeypatch)
    made.write("schema.toml", _MAIN)
    made.write("more/tags.toml", _MORE.format(name="Tag"))
    made.write("notes.py", _BEHAVIOUR.format(body="pass"))
    assert made.run()[0] == 0
    return made


def test_what_is_current_is_told_without_loading_the_schema(project: _Project) -> None:
    assert not project.loads()
    code, said = project.run()
    assert (code, said.startswith(_NOTHING)) == (0, True)
    stamps_of = project.folder / ".isomorph_cache"
    assert (stamps_of / ".gitignore").read_text() == "*\n"
    told = project.run("--json")[1]
    _stamp_of(project.folder).unlink()
    assert project.run("--json")[1] == told


_CHANGES: dict[str, Callable[[_Project], object]] = {
    "the schema": lambda project: project.write("schema.toml", _MAIN.replace("200", "300")),
    "an included file": lambda project: project.write("more/tags.toml", _MORE.format(name="Label")),
    "an included file gone": lambda project: (project.folder / "more/tags.toml").unlink(),
    "one more included file": lambda project: project.write("more/labels.toml", _MORE.format(name="Label")),
    "a behaviour": lambda project: project.write("notes.py", _BEHAVIOUR.format(body="def title(self): ...")),
    "a behaviour gone": lambda project: (project.folder / "notes.py").unlink(),
    "a generated file": lambda project: project.write("data/models/note.py", f"{MARK}\n"),
    "a generated file gone": lambda project: (project.folder / "data/models/note.py").unlink(),
    "a generated file too many": lambda project: project.write("data/models/old.py", f"{MARK}\n"),
    "an unreadable stamp": lambda project: _stamp_of(project.folder).write_text("{"),
    "a stamp of something else": lambda project: _stamp_of(project.folder).write_text("[]"),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_every_change_is_seen(project: _Project, change: Callable[[_Project], object]) -> None:
    change(project)
    assert project.loads()


def test_a_change_is_generated_and_stamped_again(project: _Project) -> None:
    project.write("data/models/note.py", f"{MARK}\n")
    project.write("data/models/old.py", f"{MARK}\n")
    code, said = project.run()
    assert code == 0
    assert said.splitlines() == ["wrote data/models/note.py", "removed data/models/old.py"]
    assert not project.loads()


def test_the_check_never_asks_the_stamp(project: _Project) -> None:
    assert project.loads("--check")


def test_another_generator_trusts_no_stamp(project: _Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version", "another one")
    assert project.loads()


def test_a_schema_that_changed_while_it_was_read_is_not_stamped(project: _Project) -> None:
    (project.folder / "schema.toml").write_text(_MAIN.replace("200", "300"))
    os.utime(project.folder / "schema.toml", (time.time() + 9, time.time() + 9))
    assert project.run()[0] == 0
    assert project.loads()


def test_a_small_package_leaves_no_stamp(project: _Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "_FEWEST_FILES", 100)
    _stamp_of(project.folder).unlink()
    project.run()
    assert not _stamp_of(project.folder).exists()


# --- orm migrate make ------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(project: _Project) -> _Project:
    """The same, with a revision; what is run is `orm migrate make`."""
    project.words = ["migrate", "make"]
    assert "wrote migrations" in project.run()[1]
    return project


def _revision(project: _Project) -> Path:
    return next((project.folder / "migrations").glob("*.py"))


def test_revisions_that_agree_are_told_without_loading_the_schema(made: _Project) -> None:
    assert not made.loads()
    assert made.run() == (0, "no changes: the revisions agree with the schema\n")
    told = made.run("--json"), made.run("--sql", "--json")
    _stamp_of(made.folder, "make default").unlink()
    assert (made.run("--json"), made.run("--sql", "--json")) == told


_CHANGES_OF_REVISIONS: dict[str, Callable[[_Project], object]] = {
    "the schema": lambda project: project.write("schema.toml", _MAIN.replace("200", "300")),
    "an included file": lambda project: project.write("more/tags.toml", _MORE.format(name="Label")),
    "a revision": lambda project: _revision(project).write_text(_revision(project).read_text() + "\n"),
    "a revision gone": lambda project: _revision(project).unlink(),
    "a revision more": lambda project: project.write("migrations/9999_more.py", ""),
    "a module of a revision": lambda project: project.write("migrations/_more.py", ""),
}


@pytest.mark.parametrize("change", _CHANGES_OF_REVISIONS.values(), ids=_CHANGES_OF_REVISIONS)
def test_every_change_of_revisions_is_seen(made: _Project, change: Callable[[_Project], object]) -> None:
    change(made)
    assert made.loads()


def test_a_revision_that_leans_on_other_modules_is_read_each_time(made: _Project) -> None:
    revision = _revision(made)
    revision.write_text(revision.read_text() + "import notes\n")
    os.utime(revision, (time.time() - 9, time.time() - 9))
    _stamp_of(made.folder, "make default").unlink()
    made.run()
    assert made.loads()


def test_what_is_only_shown_leaves_no_stamp(project: _Project) -> None:
    project.words = ["migrate", "make"]
    project.run("--dry-run")
    assert project.loads()


@pytest.mark.parametrize("option", ["--empty", "--data", "--expand-contract"])
def test_what_is_asked_for_besides_is_not_left_out(made: _Project, option: str) -> None:
    assert made.loads(option)
