"""`merge` and `squash`: revisions brought together, in files and in the history of databases."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from isomorph.errors import MigrationError
from isomorph.migrate import history, load, rollback, run, status
from isomorph_generator.cli.migrate import app, join
from isomorph_generator.migrations import check_on, merge, replace_files, squash, write
from isomorph_generator.schema import Project
from isomorph_generator.schema import load as load_schema
from tests.support.migrations import Session, open_session, structure, table_names

SCHEMA = '[project]\npackage = "generated"\n[connections.default]\nurl = "sqlite:///app.db"\n[models.Item.fields]\nn = "int"\n'
MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)

FILE = """
from isomorph.migrate import *
from isomorph.migrate import types as t

revision = Revision(id={id!r}, depends_on={after!r})
upgrade: Operations = [{upgrade}]
downgrade: Operations = reverse(upgrade)
"""
ITEMS = 'CreateTable(Table("items", (Column("id", t.bigint(), auto_increment=True), Column("n", t.int())), ("id",)))'


def orm(*arguments: str) -> Any:
    """What a command prints with --json."""
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def clock() -> dt.datetime:
    return MOMENT


class Folder:
    """A project with revisions."""

    def __init__(self, root: Path) -> None:
        (root / "schema.toml").write_text(SCHEMA)
        self.project: Project = load_schema(root / "schema.toml")
        self.path = root / "migrations"
        self.path.mkdir()

    def add(self, id_: str, upgrade: str, *after: str) -> None:
        (self.path / f"{id_}.py").write_text(FILE.format(id=id_, after=after, upgrade=upgrade))

    def column(self, id_: str, name: str, *after: str, type_: str = "int") -> None:
        self.add(id_, f'AddColumn("items", Column({name!r}, t.{type_}(), nullable=True))', *after)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.add("r1", ITEMS)
    return made


# --- merge -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.merge")
def test_two_heads_that_do_not_clash_become_one(folder: Folder) -> None:
    assert merge(folder.project, clock=clock) is None
    folder.column("a", "x", "r1")
    folder.column("b", "y", "r1")
    draft = merge(folder.project, clock=clock)
    assert draft is not None
    write(draft.folder, draft.id, draft.text)
    revisions = load(folder.path)
    assert revisions.heads == ("20260102_030405_merge",)
    assert revisions.items[-1].depends_on == ("a", "b")
    with open_session("sqlite:///:memory:") as session:
        assert [row.revision for row in run(session, revisions)] == ["r1", "a", "b", "20260102_030405_merge"]


@pytest.mark.feature("migrations.merge")
def test_heads_that_clash_are_not_merged_and_what_clashes_is_said(folder: Folder) -> None:
    folder.column("a", "x", "r1")
    folder.column("b", "x", "r1")
    with pytest.raises(
        MigrationError, match=r"revision b: it and a clash: .* b meets this: items has a column x already"
    ):
        merge(folder.project, clock=clock)
    (folder.path / "b.py").unlink()
    folder.add("b", 'DropTable(Table("items", (), ()))', "r1")
    with pytest.raises(MigrationError, match=r"revision b: it and a clash: .*no table items.*depends_on=\('a',\)"):
        merge(folder.project, clock=clock)


# --- squash ------------------------------------------------------------------------------------------------------------


def chain(folder: Folder) -> None:
    folder.column("r2", "x", "r1")
    folder.add("r3", 'CreateIndex("items", Index("items_x_index", (IndexColumn("x"),)))', "r2")
    folder.add("r4", 'RunSql("INSERT INTO items (n) VALUES (1)", ())', "r3")


@pytest.mark.feature("migrations.squash")
def test_a_range_becomes_one_revision_that_a_database_which_has_it_has(folder: Folder, session: Session) -> None:
    chain(folder)
    old = load(folder.path)
    run(session, old)
    before = structure(session)
    squashed = squash(folder.project, "r1", "r3", clock=clock)
    assert [str(operation) for operation in squashed.revision.upgrade] == ["create table items"]
    path = replace_files(squashed)
    assert sorted(item.name for item in folder.path.glob("*.py")) == [path.name, "r4.py"]
    revisions = load(folder.path)
    assert [revision.id for revision in revisions] == [path.stem, "r4"]
    assert revisions.items[1].depends_on == (path.stem,)
    assert [(row.id, row.state.value) for row in status(session, revisions)] == [
        (path.stem, "applied"),
        ("r4", "applied"),
    ]
    assert run(session, revisions) == ()
    assert [row.revision for row in history(session)] == [path.stem, "r4"]
    assert structure(session) == before
    assert session.fetch("SELECT n FROM items") == [(1,)]
    rollback(session, revisions)
    assert table_names(session) == set()
    run(session, revisions)
    assert structure(session) == before


@pytest.mark.feature("migrations.squash")
def test_a_database_in_the_middle_of_a_squashed_range_is_refused(folder: Folder, session: Session) -> None:
    chain(folder)
    run(session, load(folder.path), to="r2")
    session.execute("INSERT INTO items (n) VALUES (5)")
    before = structure(session)
    replace_files(squash(folder.project, "r1", "r3", clock=clock))
    with pytest.raises(
        MigrationError, match=r"stands for 3 revisions, of which this database has 2 and lacks r3 .*before the squash"
    ):
        run(session, load(folder.path))
    assert structure(session) == before
    assert session.fetch("SELECT n FROM items") == [(5,)]


@pytest.mark.feature("migrations.squash")
def test_both_ways_are_tried_on_a_scratch_database_before(folder: Folder, session: Session) -> None:
    chain(folder)
    whole = squash(folder.project, "r1", "r4", clock=clock)
    assert len(whole.revision.upgrade) == 4
    check_on(session, whole)
    check_on(session, squash(folder.project, "r2", "r3", clock=clock))
    assert table_names(session) == set()
    folder.add("r5", 'RunSql("CREATE VIEW seen AS SELECT id FROM items", "DROP VIEW seen")', "r4")
    lying = squash(folder.project, "r1", "r5", clock=clock)
    lying = type(lying)(lying.folder, lying.text, whole.revision, lying.earlier, lying.replaced)
    with pytest.raises(MigrationError, match=r"makes something else than those that it stands for: .*seen"):
        check_on(session, lying)
    session.execute("CREATE TABLE mine (id INT)")
    with pytest.raises(MigrationError, match="the scratch database is not empty"):
        check_on(session, whole)
    assert table_names(session) == {"mine"}


@pytest.mark.feature("migrations.squash", dialect="sqlite")
def test_what_cannot_be_squashed_is_said(folder: Folder) -> None:
    chain(folder)
    folder.add("p", "RunPython(print)", "r4")
    folder.add("q", "RunSql('SELECT 1', ())", "r2")
    with pytest.raises(MigrationError, match="revision p: it runs Python"):
        squash(folder.project, "r4", "p", clock=clock)
    with pytest.raises(MigrationError, match="revision q: it depends on r2, in the middle of the range"):
        squash(folder.project, "r1", "r3", clock=clock)
    with pytest.raises(MigrationError, match="revision r1: it does not come behind r3"):
        squash(folder.project, "r3", "r1", clock=clock)
    (folder.path / "q.py").unlink()
    path = folder.path / "r2.py"
    path.write_text(path.read_text().replace("reverse(upgrade)", "()"))
    with pytest.raises(MigrationError, match="revision r2: its downgrade was written by hand"):
        squash(folder.project, "r1", "r3", clock=clock)


@pytest.mark.feature("migrations.merge")
def test_the_commands_of_both(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.path.parent)
    monkeypatch.setattr(join, "now", clock)
    chain(folder)
    folder.column("side", "y", "r3")
    result = orm("merge", "--json")
    assert result == {
        "revision": "20260102_030405_merge",
        "path": "migrations/20260102_030405_merge.py",
    }
    assert orm("merge", "--json") == {"revision": None, "path": None}
    made = orm("squash", "r1", "r3", "--name", "Up to three", "--yes", "--json")
    assert made == {
        "revision": "20260102_030405_up_to_three",
        "path": "migrations/20260102_030405_up_to_three.py",
        "replaced": ["r1", "r2", "r3"],
    }
    assert not (folder.path / "r1.py").exists()
