"""`orm introspect`: where it reads, where it writes, what it tells, how it leaves."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from isomorph_generator.cli import main
from isomorph_generator.schema import load
from tests.support.databases import RawConnection, fetch_all

Orm = Callable[..., tuple[int, str, str]]


@pytest.fixture
def orm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Orm:
    """Runs the command in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["orm", "introspect", *arguments])
        code = main()
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def tables(raw_connection: RawConnection) -> None:
    fetch_all(raw_connection, "CREATE TABLE authors (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL)")
    fetch_all(
        raw_connection,
        "CREATE TABLE books (id BIGINT NOT NULL PRIMARY KEY, author_id BIGINT NOT NULL,"
        " CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id))",
    )
    fetch_all(raw_connection, "CREATE TABLE log_lines (line VARCHAR(50))")


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_it_prints_a_schema_and_tells_on_stderr_what_it_does_not_say(orm: Orm, database_url: str) -> None:
    code, out, err = orm("--url", database_url)
    assert code == 0
    assert 'author = { belongs_to = "Author"' in out
    assert 'books = { has_many = "Book" }' in out
    assert "not said: table log_lines: it has no primary key, by which a model finds its rows\n" in err
    Path("schema.toml").write_text(out)
    assert {model.name for model in load(Path("schema.toml")).catalog.models} == {"Author", "Book"}


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_no_secret_gets_into_the_file(orm: Orm, database_url: str) -> None:
    code, out, err = orm("--url", database_url)
    assert code == 0
    assert 'url = { env = "DATABASE_URL"' in out
    secret = re.search(r"://[^:/]*:([^@]+)@", database_url)
    assert secret is None or secret[1] not in out + err


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_it_writes_a_file_and_never_over_one(orm: Orm, database_url: str) -> None:
    code, out, _ = orm("--url", database_url, "--output", "made/schema.toml")
    assert (code, out.splitlines()[0]) == (0, "wrote made/schema.toml (2 models of 3 tables)")
    there = "--schema made/schema.toml"
    assert out.splitlines()[-1] == (
        f"next: orm generate {there} && orm migrate make as_found {there} && orm migrate stamp {there}"
    )
    text = Path("made/schema.toml").read_text()
    Path("made/schema.toml").write_text("# mine\n")
    code, out, err = orm("--url", database_url, "--output", "made/schema.toml")
    assert (code, out) == (2, "")
    assert err == "not overwritten: made/schema.toml (add --force, or give another --output)\n"
    assert Path("made/schema.toml").read_text() == "# mine\n"
    assert orm("--url", database_url, "--output", "made/schema.toml", "--force")[0] == 0
    assert Path("made/schema.toml").read_text() == text


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_only_some_tables_and_what_leads_to_others_is_told(orm: Orm, database_url: str) -> None:
    code, out, err = orm("--url", database_url, "--tables", "books")
    assert code == 0
    assert "Author" not in out
    assert "to authors (id): authors is not among the tables that were read" in err
    code, _, err = orm("--url", database_url, "--tables", "books,autors")
    assert (code, err) == (2, 'no table "autors" in the database (did you mean "authors"?)\n')


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_json_for_scripts(orm: Orm, database_url: str) -> None:
    code, out, _ = orm("--url", database_url, "--json")
    told = json.loads(out)
    assert (code, told["tables"], told["models"], told["output"]) == (0, 3, 2, None)
    assert told["unsaid"][-1]["table"] == "log_lines"
    assert "[models.Author" in told["schema"]


@pytest.mark.feature("introspection.command")
@pytest.mark.usefixtures("tables")
def test_the_database_is_that_of_the_environment_or_of_a_schema(
    orm: Orm, database_url: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = orm()
    assert (code, err) == (2, "no database to read (give it with --url, or set DATABASE_URL)\n")
    monkeypatch.setenv("DATABASE_URL", database_url)
    code, printed, _ = orm()
    assert code == 0
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ARCHIVE", database_url)
    Path("schema.toml").write_text('[connections.archive]\nurl = { env = "ARCHIVE" }\n')
    code, out, _ = orm("--connection", "archive")
    assert (code, out.replace('env = "ARCHIVE"', 'env = "DATABASE_URL"')) == (0, printed)
    code, _, err = orm("--connection", "archiv")
    assert code == 2
    assert 'did you mean "archive"' in err


def test_a_file_that_is_not_there_is_not_made(orm: Orm) -> None:
    code, _, err = orm("--url", "sqlite:///missing.db")
    assert code == 2
    assert "missing.db: no such file" in err
    assert not Path("missing.db").exists()


def test_a_server_that_is_down_leaves_with_three(orm: Orm) -> None:
    code, out, err = orm("--url", "postgresql://nobody:secret@127.0.0.1:1/none")
    assert (code, out) == (3, "")
    assert "secret" not in err


@pytest.mark.feature("introspection.hostile")
def test_names_that_are_nobodys_friends(
    orm: Orm, dialect: str, database_url: str, raw_connection: RawConnection
) -> None:
    def quoted(name: str) -> str:
        return f"`{name.replace('`', '``')}`" if dialect == "mysql" else '"' + name.replace('"', '""') + '"'

    columns = (
        "from",
        "class",
        "save",
        "query",
        "load",
        "two words",
        "it's",
        'say "hi"',
        "größe",
        "名前",
        "%s",
        "a__b",
        "x;--",
    )
    tables = ("order", "class", "None", "two words", 'say "hi"', "naïve", "名前", "it's", "a.b")
    for number, name in enumerate(tables):
        listed = ", ".join(f"{quoted(column)} INT" for column in columns)
        key = f"FOREIGN KEY ({quoted('parent id')}) REFERENCES {quoted(tables[number - 1])} (id)" if number else ""
        fetch_all(
            raw_connection,
            f"CREATE TABLE {quoted(name)} (id BIGINT NOT NULL PRIMARY KEY, {quoted('parent id')} BIGINT, {listed}"
            f"{', ' + key if key else ''})",
        )
    # A circle of tables, and rows in a column that looks polymorphic.
    if dialect != "sqlite":
        fetch_all(
            raw_connection,
            f"ALTER TABLE {quoted(tables[0])} ADD FOREIGN KEY ({quoted('parent id')}) REFERENCES {quoted(tables[-1])} (id)",
        )
    code, _, err = orm("--url", database_url, "--output", "schema.toml")
    assert (code, err) == (0, "")
    project = load(Path("schema.toml"))
    assert {model.table.name for model in project.catalog.models} == set(tables)
    for model in project.catalog.models:
        assert {column.name for column in model.table.columns} == {"id", "parent id", *columns}
        assert len(model.table.foreign_keys) == (0 if dialect == "sqlite" and model.table.name == "order" else 1)
