"""Data steps in Python: batches, going on behind an error, models as they were."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from isomorph.catalog import Column, Table
from isomorph.errors import MigrationError, RevisionFailed
from isomorph.migrate import (
    BatchDone,
    CreateTable,
    Data,
    Event,
    Operations,
    Resumed,
    RunPython,
    RunSql,
    load,
    rollback,
    run,
    sql,
    status,
)
from isomorph.migrate import types as t
from isomorph_generator.cli.migrate import app
from tests.support.migrations import Session, chain

ITEMS: Operations = (
    CreateTable(Table("items", (Column("id", t.bigint(), auto_increment=True), Column("n", t.int())), ("id",))),
    RunSql("INSERT INTO items (n) VALUES (1), (2), (3), (4), (5), (6), (7)", ()),
)


def numbers(session: Session) -> list[int]:
    return [n for (n,) in session.fetch("SELECT n FROM items ORDER BY id")]


def adding(data: Data, before_row: Callable[[int], None]) -> None:
    """Add 100 to each number, three rows at a time."""
    place = data.dialect.placeholder

    def read(after: int, size: int) -> Sequence[tuple[Any, ...]]:
        return data.connection.fetch(f"SELECT id FROM items WHERE id > {place} ORDER BY id LIMIT {size}", (after,))

    for rows in data.batches(read, lambda row: int(row[0]), start=0, size=3):
        for (id_,) in rows:
            before_row(id_)
            data.connection.execute(f"UPDATE items SET n = n + 100 WHERE id = {place}", (id_,))


def taking(data: Data) -> None:
    data.connection.execute("UPDATE items SET n = n - 100")


class Step:
    """A function that fails at the row 5, until it is mended."""

    is_mended = False

    def __call__(self, data: Data) -> None:
        adding(data, self._row)

    def _row(self, id_: int) -> None:
        if id_ == 5 and not self.is_mended:
            raise ValueError("the value of a row")


@pytest.mark.feature("migrations.data")
def test_an_interrupted_step_goes_on_behind_its_last_finished_batch(session: Session) -> None:
    step = Step()
    revisions = chain(ITEMS, (RunPython(step, taking, atomic=False),))
    with pytest.raises(RevisionFailed) as failed:
        run(session, revisions)
    assert "run Python: a function was refused: ValueError at " in str(failed.value)
    assert "test_data_steps.py:" in str(failed.value)
    assert "the value of a row" not in str(failed.value)
    assert numbers(session) == [101, 102, 103, 4, 5, 6, 7]
    assert [row.state.value for row in status(session, revisions)] == ["applied", "partial"]
    step.is_mended = True
    told: list[Event] = []
    assert [row.revision for row in run(session, revisions, report=told.append)] == ["r2"]
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]
    assert any(isinstance(event, Resumed) for event in told)
    assert [event.rows for event in told if isinstance(event, BatchDone)] == [6, 7]
    rollback(session, revisions)
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.feature("migrations.data")
def test_a_step_asks_what_is_there(session: Session) -> None:
    told: list[bool] = []

    def ask(data: Data) -> None:
        told.extend((data.has_table("items"), data.has_table("it's"), data.has_column("items", "n")))
        told.extend((data.has_column("items", "it's"), data.has_column("it's", "n")))

    run(session, chain(ITEMS, (RunPython(ask),)))
    assert told == [True, False, True, False, False]


@pytest.mark.feature("migrations.data")
def test_an_atomic_step_is_done_whole_or_not_at_all(session: Session) -> None:
    step = Step()
    revisions = chain(ITEMS, (RunPython(step),))
    with pytest.raises(RevisionFailed):
        run(session, revisions)
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]
    step.is_mended = True
    run(session, revisions)
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]
    with pytest.raises(MigrationError, match="revision r2: it cannot be taken back: its RunPython has no `down`"):
        rollback(session, revisions)


@pytest.mark.feature("migrations.data")
def test_a_step_that_reads_batches_twice_is_refused(session: Session) -> None:
    def twice(data: Data) -> None:
        adding(data, lambda _: None)
        adding(data, lambda _: None)

    with pytest.raises(MigrationError, match=r"reads batches twice .*\(make two RunPython of it\)"):
        run(session, chain(ITEMS, (RunPython(twice),)))
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]
    made = sql(chain(ITEMS, (RunPython(twice),)), session.dialect)
    assert made[1].statements == ("-- run Python: twice",)


SCHEMA = """
[project]
package = "generated"

[connections.default]
url = { env = "NOT_SET_AT_ALL" }

[models.Person.fields]
full_name = "string(100)"
given = "string(50)?"
family = "string(50)?"
"""

RENAMED = SCHEMA.replace('full_name = "string(100)"', 'label = { type = "string(100)", was = "full_name" }')

BODY = '''
from collections.abc import Sequence

from isomorph.migrate import Data, Operations, Revision, RunPython, reverse
from {package} import Person, db

revision = Revision(
    id="{id}",
    depends_on=("{after}",),
)


def up(data: Data) -> None:
    """Split the names."""

    def read(after: int, size: int) -> Sequence[Person]:
        return Person.query().where(Person.id > after).order_by(Person.id).limit(size).get()

    for people in data.batches(read, key=lambda person: person.id, start=0, size=2):
        for person in people:
            person.given, _, person.family = person.full_name.partition(" ")
            person.save()


def down(data: Data) -> None:
    """Nothing was lost."""
    Person.query().where(Person.id > 0).update(given=None, family=None)


upgrade: Operations = [
    RunPython(up, down, db=db, atomic=False),
]

downgrade: Operations = reverse(upgrade)
'''


def orm(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Revisions: a table, its rows, a data step with frozen models, and then the column that it reads is renamed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.toml").write_text(SCHEMA)
    orm("make", "first")
    folder = tmp_path / "migrations"
    (first,) = folder.glob("*.py")
    rows = "INSERT INTO people (full_name) VALUES ('Ada Lovelace'), ('Grace Hopper'), ('Cher')"
    text = first.read_text().replace("import (\n", "import (\n    RunSql,\n", 1)
    first.write_text(text.replace("]\n\ndowngrade", f'    RunSql("{rows}", ()),\n]\n\ndowngrade'))
    told = orm("make", "split_names", "--data").splitlines()
    step = next(path for path in folder.glob("*split_names.py"))
    package = folder / f"models_{step.stem}"
    assert told == [
        f"wrote migrations/{step.name}",
        f"wrote migrations/{package.name} (the models as they are now)",
    ]
    assert (package / "models" / "person.py").exists()
    assert load(folder).heads == (step.stem,)
    step.write_text('"""Split names."""\n' + BODY.format(package=package.name, id=step.stem, after=first.stem))
    (tmp_path / "schema.toml").write_text(RENAMED)
    orm("make", "rename_full_name")
    return folder


@pytest.mark.feature("migrations.data")
def test_a_step_works_with_its_models_after_the_schema_went_on(folder: Path, session: Session) -> None:
    revisions = load(folder)
    assert [row.revision.split("_", 2)[2] for row in run(session, revisions)] == [
        "first",
        "split_names",
        "rename_full_name",
    ]
    names = session.fetch("SELECT given, family FROM people ORDER BY id")
    assert names == [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Cher", "")]
    rollback(session, revisions, step=1)
    rollback(session, revisions, step=1)
    assert session.fetch("SELECT given, family FROM people ORDER BY id") == [(None, None)] * 3


@pytest.mark.feature("migrations.data", dialect="sqlite")
def test_a_data_step_is_not_made_while_the_schema_has_changes(folder: Path) -> None:
    (folder.parent / "schema.toml").write_text(f'{RENAMED}age = "int?"\n')
    result = CliRunner().invoke(app, ["make", "again", "--data"])
    assert result.exit_code == 2
    assert "the schema has changes that no revision makes" in result.stderr
    assert not list(folder.glob("*again*"))


@pytest.mark.long
@pytest.mark.feature("migrations.data", dialect="sqlite")
def test_a_step_is_typed_by_its_models(folder: Path) -> None:
    step = next(folder.glob("*split_names.py"))

    def checked() -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--no-incremental", step.name],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout

    assert checked().startswith("Success")
    step.write_text(step.read_text().replace('partition(" ")', "bit_length()"))
    assert 'has no attribute "bit_length"' in checked()
