"""The commands that run revisions and mend histories, on a scratch project: what they do, print and exit with."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from isomorph_generator.cli import db, migrate
from tests.support.migrations import Session, table_names

SCHEMA = """
[project]
package = "generated"

[connections.default]
url = "sqlite:///app.db"

[models.Item.fields]
n = "int"
"""
FILE = '''"""Table {name}."""
from isomorph.migrate import *
from isomorph.migrate import types as t

revision = Revision(id={id!r}, depends_on={after!r})
upgrade: Operations = [CreateTable(Table({name!r}, (Column("id", t.bigint(), auto_increment=True),), ("id",)))]
downgrade: Operations = reverse(upgrade)
'''
NAMES = ("a", "b", "c")


class Project:
    """A project with three revisions, each of a table, on one database."""

    def __init__(self, root: Path, url: str) -> None:
        self.there = ("--database-url", url)
        (root / "schema.toml").write_text(SCHEMA)
        (root / "migrations").mkdir()
        for number, name in enumerate(NAMES):
            after = (f"r{number - 1}_{NAMES[number - 1]}",) if number else ()
            text = FILE.format(name=name, id=f"r{number}_{name}", after=after)
            (root / "migrations" / f"r{number}_{name}.py").write_text(text)

    def orm(self, *arguments: str, code: int = 0, answer: str | None = None) -> Result:
        result = CliRunner().invoke(migrate.app, [*arguments, *self.there], input=answer)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self.orm(*arguments, "--json").stdout)

    def ids(self, *arguments: str) -> list[str]:
        return [row["revision"] for row in self.json("run", *arguments)["applied"]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, database_url)


@pytest.mark.feature("migrations.choice")
def test_which_revisions_are_run(project: Project, session: Session) -> None:
    assert project.ids("--step", "1") == ["r0_a"]
    assert "depends on r1_b, which is not applied" in project.orm("run", "--only", "r2_c", code=2).stderr
    assert project.ids("--only", "_b") == ["r1_b"]
    assert project.ids("--to", "r1_b") == []
    assert "several revisions are called so" in project.orm("run", "--to", "_", code=2).stderr
    assert "there is no such revision" in project.orm("run", "--to", "zzz", code=2).stderr
    assert "--only goes with neither" in project.orm("run", "--only", "r2", "--step", "1", code=2).stderr
    assert "CREATE TABLE" in project.orm("run", "--sql").stdout
    assert table_names(session) == {"a", "b"}
    assert "--fake runs no SQL" in project.orm("run", "--sql", "--fake", code=2).stderr
    assert project.orm("run", "--fake").stdout == "recorded r2_c (nothing was run)\n"
    assert table_names(session) == {"a", "b"}
    assert [row["batch"] for row in project.json("history")] == [1, 2, 3]


@pytest.mark.feature("migrations.sql_batches")
def test_the_printed_sql_of_steps_by_hand_is_a_script(project: Project, tmp_path: Path, dialect: str) -> None:
    (tmp_path / "migrations" / "r3_d.py").write_text(
        "from isomorph.migrate import *\nrevision = Revision(id='r3_d', depends_on=('r2_c',))\n"
        "upgrade = [RunSql('-- by hand\\nDELETE FROM a', ()),"
        " RunSql('UPDATE a SET id = id WHERE id BETWEEN :first AND :last', (), batched=Batches('a'))]\n"
        "downgrade = reverse(upgrade)\n"
    )
    project.orm("run", "--step", "3")
    script = project.orm("run", "--sql").stdout
    assert script.startswith(f"-- r3_d ({dialect})\n\n-- by hand\nDELETE FROM a;\n\n")
    assert (
        "\n\n-- run SQL in batches of a; here, all rows at once\n\nUPDATE a SET id = id WHERE id BETWEEN (SELECT "
        in script
    )
    assert script.endswith(";\n\n")


@pytest.mark.feature("migrations.choice")
def test_which_revisions_are_taken_back(project: Project, session: Session) -> None:
    for _ in NAMES:
        project.ids("--step", "1")
    assert "r2_c, which stays applied, depends on it" in project.orm("rollback", "--batch", "2", code=2).stderr
    assert "there are 1, 2, 3" in project.orm("rollback", "--batch", "7", code=2).stderr
    assert "three ways to say how far" in project.orm("rollback", "--batch", "2", "--step", "1", code=2).stderr
    assert project.json("rollback", "--batch", "3") == {"rolled_back": ["r2_c"]}
    assert project.json("rollback", "--to", "r0") == {"rolled_back": ["r1_b"]}
    assert "it is not applied here" in project.orm("rollback", "--to", "r2_c", code=2).stderr
    assert table_names(session) == {"a"}


@pytest.mark.feature("migrations.choice")
def test_reset_and_fresh_ask_before(project: Project, session: Session) -> None:
    project.ids()
    session.execute("CREATE TABLE mine (id INT)")
    for command in ("reset", "fresh"):
        assert "nothing was done" in project.orm(command, code=2, answer="n\n").stderr
        assert "nothing was done" in project.orm(command, code=2).stderr
    assert table_names(session) == {"a", "b", "c", "mine"}
    assert project.json("reset", "--yes") == {"rolled_back": ["r2_c", "r1_b", "r0_a"]}
    assert table_names(session) == {"mine"}
    made = project.json("fresh", "--yes")
    assert [row["revision"] for row in made["applied"]] == ["r0_a", "r1_b", "r2_c"]
    assert table_names(session) == {"a", "b", "c"}
    assert project.orm("fresh", answer="y\n").stdout.splitlines()[-1].startswith("applied r2_c")


@pytest.mark.feature("migrations.stamp")
def test_a_database_that_has_the_tables_is_adopted(project: Project, session: Session) -> None:
    for name in ("a", "b"):
        session.execute(f"CREATE TABLE {name} (id INT)")
    assert project.orm("stamp", "--to", "r1_b").stdout.splitlines() == [
        "recorded r0_a (nothing was run)",
        "recorded r1_b (nothing was run)",
    ]
    assert project.ids() == ["r2_c"]
    assert project.json("stamp", "--to", "r0_a") == {"added": [], "changed": [], "removed": ["r1_b", "r2_c"]}
    assert project.json("stamp", "--only", "r2_c") == {"added": ["r2_c"], "changed": [], "removed": []}
    assert project.json("stamp") == {"added": ["r1_b"], "changed": [], "removed": []}
    assert project.orm("stamp").stdout == "nothing to record: the history says so already\n"
    path = Path("migrations/r0_a.py")
    path.write_text(path.read_text() + "# a remark\n")
    assert "`orm migrate stamp --only r0_a` records the file as it is now" in project.orm("run", code=2).stderr
    assert project.json("stamp", "--only", "r0_a") == {"added": [], "changed": ["r0_a"], "removed": []}
    assert project.ids() == []


@pytest.mark.feature("migrations.status")
def test_what_there_is_and_what_was_applied(project: Project) -> None:
    listed = CliRunner().invoke(migrate.app, ["list"]).stdout.splitlines()
    assert listed == ["r0_a  Table a.", "r1_b  Table b.", "r2_c  Table c.  (head)"]
    rows = json.loads(CliRunner().invoke(migrate.app, ["list", "--json"]).stdout)
    assert rows[1]["depends_on"] == ["r0_a"]
    assert rows[1]["operations"] == ["create table b"]
    assert [row["head"] for row in rows] == [False, False, True]
    assert project.orm("history").stdout == "no revision was applied here\n"
    project.ids("--step", "2")
    lines = project.orm("history").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["revision", "r0_a", "r1_b"]


@pytest.mark.feature("migrations.lock")
def test_unlock_says_that_there_was_no_lock(project: Project) -> None:
    assert project.orm("unlock").stdout == "there was no lock\n"
    assert project.json("unlock") == {"broken": None}
    assert "it was not interrupted here" in project.orm("resolve", "r0_a", "--done", code=2).stderr
    assert "say one of --done, --again and --forget" in project.orm("resolve", "r0_a", code=2).stderr


@pytest.mark.feature("migrations.wipe")
def test_a_database_is_emptied_after_a_question(project: Project, session: Session) -> None:
    project.ids()
    session.execute("CREATE TABLE child (id INT PRIMARY KEY)")
    session.execute("CREATE TABLE pointing (id INT, FOREIGN KEY (id) REFERENCES child (id))")
    session.execute("CREATE VIEW seen AS SELECT id FROM child")
    runner = CliRunner()
    refused = runner.invoke(db.app, ["wipe", *project.there], input="n\n")
    assert (refused.exit_code, "nothing was done" in refused.stderr) == (2, True)
    assert {"a", "b", "c", "child"} <= table_names(session)
    done = runner.invoke(db.app, ["wipe", "--yes", "--json", *project.there])
    assert {"a", "b", "c", "child", "pointing", "seen", "isomorph_migrations"} <= {*json.loads(done.stdout)["dropped"]}
    assert table_names(session) == set()
    again = runner.invoke(db.app, ["wipe", "--yes", *project.there])
    assert again.stdout == "nothing to drop: the database is empty\n"
    assert project.ids() == ["r0_a", "r1_b", "r2_c"]


@pytest.mark.feature("migrations.wipe", dialect="sqlite")
def test_ping_tells_of_each_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.toml").write_text(SCHEMA)
    runner = CliRunner()
    told = runner.invoke(db.app, ["ping"])
    assert told.exit_code == 0
    assert told.stdout.startswith("default: ok (")
    more = '\n[connections.far]\nurl = "postgresql://x:secret@127.0.0.1:1/x"\n'
    (tmp_path / "schema.toml").write_text(SCHEMA + more)
    told = runner.invoke(db.app, ["ping", "--json"])
    assert told.exit_code == 3
    answers = json.loads(told.stdout)
    assert answers["default"]["ok"]
    assert "cannot connect to the database" in answers["far"]["error"]
    assert "secret" not in told.output
