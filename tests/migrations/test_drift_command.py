"""`orm migrate drift`: what it prints, writes and exits with; whom it lets compare."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from isomorph.errors import InvalidOperation
from isomorph.migrate import State, run
from isomorph_generator.cli import migrate
from isomorph_generator.introspect import drift, inspect
from isomorph_generator.migrations import detect
from tests.migrations.test_drift import STATE, said
from tests.support.databases import RawConnection, fetch_all
from tests.support.migrations import chain, open_session

SCHEMA = """
[project]
package = "generated"

[connections.default]
url = { env = "DATABASE_URL", default = "sqlite:///app.db" }

[models.User.fields]
name = { type = "string(100)", index = true }
age = "int?"
"""


class Project:
    """A scratch project, its database, and the command run in it."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.url = root, url
        (root / "schema.toml").write_text(SCHEMA, encoding="utf-8")

    def orm(self, command: str, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(migrate.app, [command, "--database-url", self.url, *arguments])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def make(self) -> None:
        assert CliRunner().invoke(migrate.app, ["make"]).exit_code == 0
        self.orm("run")

    def sql(self, *statements: str) -> None:
        with open_session(self.url) as session:
            for statement in statements:
                session.execute(session.dialect.ddl.text(statement))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, database_url)


DROP_INDEX = {
    "sqlite": "DROP INDEX users_name_index",
    "postgresql": "DROP INDEX users_name_index",
    "mysql": "DROP INDEX users_name_index ON users",
}


@pytest.mark.feature("drift.command")
def test_no_drift_is_said_and_leaves_with_0(project: Project) -> None:
    project.make()
    (path,) = (project.root / "migrations").glob("*.py")
    assert project.orm("drift").stdout == f"no drift: the database is as the revisions up to {path.stem}\n"
    assert project.orm("drift", "--strict").stdout.startswith("no drift")


@pytest.mark.feature("drift.command")
def test_differences_are_listed_and_leave_with_1(project: Project, dialect: str) -> None:
    project.make()
    project.sql("ALTER TABLE users ADD COLUMN height REAL", DROP_INDEX[dialect], "CREATE TABLE logs (id INTEGER)")
    found = project.orm("drift", "--ignore", "l?gs", code=1).stdout.splitlines()
    type_ = "real" if dialect == "postgresql" else "double"
    assert found[1:] == [
        f"  users.height is unknown ({type_})",
        "  users: index users_name_index is missing ((name))",
    ]
    answer: Any = json.loads(project.orm("drift", "--json", code=1).stdout)
    assert [item["text"] for item in answer["differences"]] == [
        "table logs is unknown",
        *(line[2:] for line in found[1:]),
    ]
    assert answer["differences"][1] == {
        "kind": "unknown",
        "table": "users",
        "column": "height",
        "part": "column height",
        "fact": None,
        "expected": None,
        "found": type_,
        "text": f"users.height is unknown ({type_})",
    }
    assert answer["fix"] is None


@pytest.mark.feature("drift.fix")
def test_fix_writes_a_revision_that_leads_back(project: Project, dialect: str) -> None:
    project.make()
    project.sql(DROP_INDEX[dialect], "CREATE TABLE logs (id INTEGER)")
    told = project.orm("drift", "--fix", code=1)
    assert "create index users_name_index on users" in told.stdout
    assert "left to you: table logs is unknown" in told.stderr
    _, path = sorted((project.root / "migrations").glob("*.py"))
    assert path.stem.endswith("mend_drift")
    assert "Drifted(" in path.read_text(encoding="utf-8")
    project.orm("run")
    project.orm("drift", "--ignore", "logs")
    made = CliRunner().invoke(migrate.app, ["make"])
    assert made.stdout == "no changes: the revisions agree with the schema\n"
    project.orm("rollback")
    assert "users_name_index is missing" in project.orm("drift", "--ignore", "logs", code=1).stdout


@pytest.mark.feature("drift.command")
def test_what_is_not_run_yet_is_no_drift(project: Project, dialect: str) -> None:
    project.make()
    schema = project.root / "schema.toml"
    schema.write_text(SCHEMA + 'nickname = "string(20)?"\n', encoding="utf-8")
    assert CliRunner().invoke(migrate.app, ["make"]).exit_code == 0
    told = project.orm("drift")
    assert told.stdout.startswith("no drift")
    assert told.stderr == "note: 1 pending revision is not looked at\n"
    project.sql(DROP_INDEX[dialect])
    assert "run it before" in project.orm("drift", "--fix", code=2).stderr


@pytest.mark.feature("drift.command")
def test_without_revisions_it_is_compared_with_the_schema(project: Project) -> None:
    answer: Any = json.loads(project.orm("drift", "--json", code=1).stdout)
    assert answer["compared_with"] == "the schema (no revision is applied here)"
    assert [item["text"] for item in answer["differences"]] == ["table users is missing"]
    assert "orm migrate stamp" in project.orm("drift", "--fix", code=2).stderr


def test_a_revision_without_a_file_stops_it(project: Project) -> None:
    project.make()
    (path,) = (project.root / "migrations").glob("*.py")
    path.unlink()
    assert "restore it from version control" in project.orm("drift", code=2).stderr


@pytest.mark.feature("drift.rights")
def test_a_database_without_a_schema_is_told(dialect: str, database_url: str) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks search paths")
    with open_session(database_url) as session, session.session():
        session.fetch("SELECT set_config('search_path', 'nowhere', false)")
        with pytest.raises(InvalidOperation, match="there is no schema to read"):
            inspect(session)


# --- who may -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(dialect: str, database_url: str, raw_connection: RawConnection) -> Iterator[str]:
    """The URL of the database for a user who may read it and make nothing."""
    if dialect == "sqlite":
        pytest.skip("sqlite lacks users")
    parts = urlsplit(database_url)
    name = f"drift_{parts.path[-20:].strip('/')}"
    if dialect == "postgresql":
        made = [f"CREATE ROLE {name} LOGIN PASSWORD 'reader'", f"GRANT USAGE ON SCHEMA public TO {name}"]
        gone = [f"REVOKE ALL ON SCHEMA public FROM {name}", f"DROP ROLE {name}"]
    else:
        made = [f"CREATE USER {name} IDENTIFIED BY 'reader'", f"GRANT SELECT, TRIGGER ON {parts.path[1:]}.* TO {name}"]
        gone = [f"DROP USER {name}"]
    for statement in made:
        fetch_all(raw_connection, statement)
    try:
        yield parts._replace(netloc=f"{name}:reader@{parts.hostname}:{parts.port}").geturl()
    finally:
        for statement in gone:
            fetch_all(raw_connection, statement)


@pytest.mark.feature("drift.rights")
def test_who_may_make_nothing_is_told_so_or_compares_elsewhere(
    reader: str, database_url: str, other_database_url: str
) -> None:
    with open_session(database_url) as session:
        run(session, chain(detect(State(), STATE)))
    with open_session(reader) as session:
        with pytest.raises(InvalidOperation, match=r"may not create \(GRANT .*--scratch\)"):
            drift(session, STATE)
        with open_session(other_database_url) as scratch:
            assert said(drift(session, STATE, strict=True, scratch=scratch)) == []
