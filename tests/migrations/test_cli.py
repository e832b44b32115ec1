"""`orm migrate` on a scratch project: what it prints, writes and exits with."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from isomorph_generator.cli import migrate
from isomorph_generator.cli.migrate import make as make_module
from tests.support.migrations import open_session, table_names

SCHEMA = """
[project]
package = "generated"

[connections.default]
url = { env = "DATABASE_URL", default = "sqlite:///app.db" }

[connections.analytics]
url = "sqlite:///analytics.db"

[enums]
Role = ["member", "admin"]

[models.User.fields]
name = "string(100)"
role = { type = "Role", default = "member" }

[models.User.relations]
posts = { has_many = "Post", inverse = "author" }

[models.Post.fields]
title = { type = "string(200)", unique = true }

[models.Post.relations]
author = { belongs_to = "User", on_delete = "cascade" }

[models.Visit]
connection = "analytics"

[models.Visit.fields]
path = "string(100)"
"""


class Project:
    """A scratch project and the command run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.schema(SCHEMA)

    def schema(self, text: str) -> None:
        (self.root / "schema.toml").write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        text = (self.root / "schema.toml").read_text(encoding="utf-8")
        assert old in text
        self.schema(text.replace(old, new))

    def orm(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(migrate.app, list(arguments))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self.orm(*arguments, "--json").stdout)

    def revisions(self, connection: str = "") -> list[Path]:
        return sorted((self.root / "migrations" / connection).glob("*.py"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Time that stands still until it is told to pass, minute by minute."""
    now = [dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)]

    def tick() -> None:
        now[0] += dt.timedelta(minutes=1)

    monkeypatch.setattr(make_module, "now", lambda: now[0])
    return tick


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Callable[[], None]) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.mark.feature("migrations.make")
def test_make_writes_a_revision_and_then_says_that_there_is_nothing_to_do(
    project: Project, clock: Callable[[], None]
) -> None:
    assert project.orm("make").stdout.splitlines() == [
        "wrote migrations/20261121_120000_initial.py",
        "  create enum Role",
        "  create table users",
        "  create table posts",
    ]
    assert project.orm("make").stdout == "no changes: the revisions agree with the schema\n"
    assert project.json("make") == {"revision": None, "path": None, "operations": [], "notes": [], "losses": []}
    clock()
    project.edit('name = "string(100)"', 'name = "string(100)"\nage = "int?"')
    assert project.json("make") == {
        "revision": "20261121_120100_add_age_to_users",
        "path": "migrations/20261121_120100_add_age_to_users.py",
        "operations": ["add column users.age"],
        "notes": [],
        "losses": [],
    }
    assert 'depends_on=("20261121_120000_initial",)' in project.revisions()[1].read_text()
    project.edit('age = "int?"', 'motto = "text?"')
    result = project.orm("make", "Say it, instead!")
    assert result.stdout.splitlines()[0] == "wrote migrations/20261121_120100_say_it_instead.py"
    assert result.stderr == (
        "warning: lost when the revision runs: the values of users.age\n"
        'run refuses it until you write lossy("what is lost and why that is fine", ...) around what loses it\n'
    )


@pytest.mark.feature("migrations.make")
def test_two_revisions_of_one_name_in_one_second_do_not_collide(project: Project) -> None:
    project.orm("make", "step")
    project.edit('name = "string(100)"', 'name = "string(100)"\nage = "int?"')
    assert project.json("make", "step")["revision"] == "20261121_120000_step_2"


@pytest.mark.feature("migrations.run", "migrations.status", "migrations.rollback")
def test_run_status_rollback(project: Project, database_url: str, clock: Callable[[], None]) -> None:
    there = ("--database-url", database_url)
    assert project.orm("run", *there).stdout == "there are no revisions yet (write the first with `orm migrate make`)\n"
    project.orm("make")
    assert [row["state"] for row in project.json("status", *there)] == ["pending"]
    lines = [re.sub(r"\d+ ms", "7 ms", line) for line in project.orm("run", *there).stdout.splitlines()]
    assert lines == [
        "  create enum Role (7 ms)",
        "  create table users (7 ms)",
        "  create table posts (7 ms)",
        "applied 20261121_120000_initial (7 ms)",
    ]
    assert project.orm("run", *there).stdout == "nothing to run: the database has all revisions\n"
    clock()
    project.edit('name = "string(100)"', 'name = "string(100)"\nage = { type = "int", default = 0 }')
    project.orm("make")
    ran = project.json("run", *there)
    assert (ran["batch"], [row["revision"] for row in ran["applied"]]) == (2, ["20261121_120100_add_age_to_users"])
    lines = project.orm("status", *there).stdout.splitlines()
    assert lines[0].split() == ["revision", "state", "batch", "applied", "at", "(UTC)", "ms"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["20261121_120000_initial", "applied", "1"],
        ["20261121_120100_add_age_to_users", "applied", "2"],
    ]
    assert project.json("rollback", *there) == {"rolled_back": ["20261121_120100_add_age_to_users"]}
    assert "took back 20261121_120000_initial" in project.orm("rollback", "--step", "5", *there).stdout
    assert project.orm("rollback", *there).stdout == "nothing to take back: no revision is applied\n"
    with open_session(database_url) as session:
        assert table_names(session) == set()


@pytest.mark.feature("migrations.sql")
def test_sql_prints_what_run_would_do(project: Project) -> None:
    project.orm("make")
    for name in ("sqlite", "postgresql", "mysql"):
        made = project.json("sql", "--dialect", name)
        assert [(item["revision"], item["dialect"]) for item in made] == [("20261121_120000_initial", name)]
        assert any("CREATE TABLE" in statement for statement in made[0]["statements"])
    assert not (project.root / "app.db").exists()
    text = project.orm("sql", "--dialect", "postgresql").stdout
    assert text.startswith(
        "-- 20261121_120000_initial (postgresql)\n\nCREATE TYPE \"role\" AS ENUM ('member', 'admin');\n"
    )
    assert "CREATE TABLE" in project.orm("sql").stdout
    project.orm("run")
    assert project.orm("sql").stdout == "-- nothing to run: the database has all revisions\n"
    assert 'no dialect "oracle"' in project.orm("sql", "--dialect", "oracle", code=2).stderr


def test_each_connection_has_its_own_folder_and_history(project: Project) -> None:
    project.orm("make")
    made = project.json("make", "--connection", "analytics")
    assert made["path"] == "migrations/analytics/20261121_120000_initial.py"
    assert made["operations"] == ["create table visits"]
    project.orm("run")
    project.orm("run", "-c", "analytics")
    with open_session("sqlite:///app.db") as app, open_session("sqlite:///analytics.db") as analytics:
        assert table_names(app) == {"users", "posts"}
        assert table_names(analytics) == {"visits"}
    for command in ("make", "run", "rollback", "status", "sql"):
        error = project.orm(command, "--connection", "analytic", code=2).stderr
        assert error == 'no connection "analytic" (did you mean "analytics"?)\n'


PIVOTS = """
[models.User.relations]
roles = { belongs_to_many = "Role", timestamps = true, pivot = { level = "int?" } }
tags = { morph_to_many = "Role", name = "taggable", timestamps = { created_at = "made" } }
[models.Role]
"""


@pytest.mark.feature("migrations.make", "relations.tables")
def test_pivots_have_their_timestamps(project: Project, database_url: str) -> None:
    project.schema(PIVOTS)
    assert {"  create table role_user", "  create table taggables"} <= {*project.orm("make").stdout.splitlines()}
    assert project.orm("make").stdout == "no changes: the revisions agree with the schema\n"
    project.orm("run", "--database-url", database_url)
    rows = {
        "users": ("id", "1"),
        "roles": ("id", "1"),
        "role_user": ("user_id, role_id", "1, 1"),
        "taggables": ("role_id, taggable_type, taggable_id", "1, 'user', 1"),
    }
    with open_session(database_url) as session:
        for table, (columns, values) in rows.items():
            session.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})")
        for table, stamps in (("role_user", "created_at, updated_at"), ("taggables", "made, updated_at")):
            ((created, updated),) = session.fetch(f"SELECT {stamps} FROM {table}")
            assert None not in (created, updated)


@pytest.mark.feature("migrations.history_table", dialect="sqlite")
def test_the_table_of_the_history_has_the_name_of_the_settings(project: Project) -> None:
    project.edit('package = "generated"', 'package = "generated"\nhistory_table = "done"')
    project.edit('url = "sqlite:///analytics.db"', 'url = "sqlite:///analytics.db"\nhistory_table = "seen"')
    for connection in ("default", "analytics"):
        project.orm("make", "--connection", connection)
        project.orm("run", "--connection", connection)
    with open_session("sqlite:///app.db") as app, open_session("sqlite:///analytics.db") as analytics:
        own = {f"{name}{part}" for name in ("done", "seen") for part in ("_lock", "_progress")}
        assert table_names(app) - own == {"users", "posts", "done"}
        assert table_names(analytics) - own == {"visits", "seen"}
    assert [row["state"] for row in project.json("status")] == ["applied"]
    project.orm("rollback")
    with open_session("sqlite:///app.db") as app:
        assert table_names(app) - own == {"done"}


def test_a_change_that_no_operation_can_do_writes_nothing(project: Project) -> None:
    project.orm("make")
    project.edit('name = "string(100)"', 'name = "text"\nage = "int"')
    assert project.orm("make", code=2).stderr.startswith("the new column users.age is NOT NULL and has no default, so ")
    assert len(project.revisions()) == 1


def test_wrong_input_is_told_in_a_line_with_exit_code_2(project: Project) -> None:
    assert 'the name "!!!" has no letter' in project.orm("make", "!!!", code=2).stderr
    assert "cannot read the connection URL" in project.orm("run", "--database-url", "nonsense", code=2).stderr
    project.orm("rollback", "--step", "0", code=2)
    project.orm("make")
    path = project.revisions()[0]
    good = path.read_text()
    path.write_text(good + "oops(\n")
    for command in ("make", "run", "rollback", "status", "sql"):
        assert "was never closed (mend the syntax)" in project.orm(command, code=2).stderr
    path.write_text(good)
    project.edit('name = "string(100)"', 'name = "strin(100)"')
    for command in ("make", "run", "rollback", "status", "sql"):
        assert "schema.toml:" in project.orm(command, code=2).stderr
    (project.root / "schema.toml").unlink()
    assert "no schema.toml" in project.orm("run", code=2).stderr


def test_a_folder_that_cannot_be_written_is_told(project: Project) -> None:
    (project.root / "migrations").write_text("a file, no folder")
    assert "cannot write" in project.orm("make", code=2).stderr


def test_what_the_database_refuses_is_told_with_exit_code_3(project: Project, database_url: str) -> None:
    project.orm("make")
    there = ("--database-url", database_url)
    with open_session(database_url) as session:
        session.execute("CREATE TABLE posts (a INT)")
    result = project.orm("run", *there, code=3)
    assert "revision 20261121_120000_initial: create table posts was refused" in result.stderr
    assert "while running: CREATE TABLE" in result.stderr
    assert "the database says: " not in result.stderr
    assert "(--verbose also prints what the database says, which may hold values)" in result.stderr
    with open_session(database_url) as session:
        kept = "transactional_ddl" not in session.capabilities
        assert table_names(session) == {"posts", *(["users"] if kept else [])}
        for statement in re.findall(r"^  (DROP .*);$", result.stderr, re.MULTILINE):
            session.execute(statement)
        assert table_names(session) == {"posts"}
    assert "the database says: " in project.orm("run", *there, "--verbose", code=3).stderr


def test_a_server_that_is_down_is_told_with_exit_code_3(project: Project) -> None:
    project.orm("make")
    for url in ("postgresql://x:secret@127.0.0.1:1/x", "mysql://x:secret@127.0.0.1:1/x"):
        error = project.orm("run", "--database-url", url, code=3).stderr
        assert "cannot connect to the database" in error
        assert "secret" not in error


@pytest.mark.feature("migrations.history")
def test_an_edited_or_missing_revision_stops_the_run(project: Project, database_url: str) -> None:
    there = ("--database-url", database_url)
    project.orm("make")
    project.orm("run", *there)
    path = project.revisions()[0]
    good = path.read_bytes()
    path.write_bytes(good + b"# edited\n")
    for command in ("run", "rollback"):
        assert "was edited after it was applied here" in project.orm(command, *there, code=2).stderr
    assert "edited" in project.orm("status", *there, code=1).stdout
    path.unlink()
    for command in ("run", "rollback"):
        assert "its file is missing" in project.orm(command, *there, code=2).stderr
    assert "missing" in project.orm("status", *there, code=1).stdout
    path.write_bytes(good.replace(b"\n", b"\r\n"))
    assert "applied" in project.orm("status", *there).stdout


def test_branches_that_were_not_brought_together_are_told(project: Project, clock: Callable[[], None]) -> None:
    project.orm("make")
    first = project.revisions()[0]
    for number in (1, 2):
        id_ = f"branch_{number}"
        text = first.read_text().replace("depends_on=()", f'depends_on=("{first.stem}",)').replace(first.stem, id_, 1)
        start, end = text.index("upgrade: Operations = ["), text.index("downgrade")
        (first.parent / f"{id_}.py").write_text(text[:start] + "upgrade: Operations = []\n" + text[end:])
    for command in ("make", "run"):
        assert "both come last" in project.orm(command, code=2).stderr


def test_every_command_has_an_example(project: Project) -> None:
    for command in ("make", "run", "rollback", "status", "sql"):
        assert f"Example: orm migrate {command}" in project.orm(command, "--help").stdout
