"""`[project]` and `[connections]`."""

import pytest

from isomorph.connections.settings import ConnectionSettings, Env, PoolSettings
from tests.schema.conftest import Loader, Mistakes

pytestmark = pytest.mark.feature("schema.parse")


def test_connections_by_url_and_by_parts(load_text: Loader) -> None:
    connections = load_text(
        """
[connections.default]
url = { env = "DATABASE_URL", default = "sqlite:///blog.db" }
pool = { min = 0, max = 3, timeout = "1.5s" }
[connections.other]
driver = "postgresql"
host = { env = "DB_HOST", default = "localhost" }
port = 5433
user = "me"
password = { env = "DB_PASSWORD" }
database = "shop"
options = { sslmode = "require", connect_timeout = 3, tcp = true, key = { env = "KEY", default = 5 } }
[connections.third]
url = "mysql://localhost/x"
pool = { timeout = "500ms" }
"""
    ).connections
    assert connections == {
        "default": ConnectionSettings(
            url=Env("DATABASE_URL", "sqlite:///blog.db"), pool=PoolSettings(min=0, max=3, timeout_s=1.5)
        ),
        "other": ConnectionSettings(
            driver="postgresql",
            host=Env("DB_HOST", "localhost"),
            port="5433",
            user="me",
            password=Env("DB_PASSWORD"),
            database="shop",
            options=(("sslmode", "require"), ("connect_timeout", "3"), ("tcp", "true"), ("key", Env("KEY", "5"))),
        ),
        "third": ConnectionSettings(url="mysql://localhost/x", pool=PoolSettings(timeout_s=0.5)),
    }
    assert list(connections) == ["default", "other", "third"]


def test_models_are_on_the_default_connection_unless_they_say(load_text: Loader) -> None:
    catalog = load_text(
        """
[connections.default]
url = "sqlite:///a.db"
[connections.other]
url = "sqlite:///b.db"
[models.User]
[models.Event]
connection = "other"
[models.Event.relations]
tags = { belongs_to_many = "Label" }
[models.Label]
connection = "other"
"""
    ).catalog
    assert [model.connection for model in catalog.models] == ["default", "other", "other"]
    assert [connection for connection, _ in catalog.pivots] == ["other"]
    assert [table.name for table in catalog.tables("other")] == ["events", "labels", "event_label"]


def test_the_project(load_text: Loader) -> None:
    project = load_text(
        """
[project]
package = "app.generated"
migrations = "db/migrations"
dialects = ["postgresql"]
interface = "sync"
lazy_loading = "strict"
"""
    )
    assert (project.package, project.migrations, project.dialects) == (
        "app.generated",
        "db/migrations",
        ("postgresql",),
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", None),
        ('cursor_key = "0123456789abcdef"', "0123456789abcdef"),
        ('cursor_key = { env = "CURSOR_KEY" }', Env("CURSOR_KEY")),
        ('cursor_key = { env = "CURSOR_KEY", default = "0123456789abcdef" }', Env("CURSOR_KEY", "0123456789abcdef")),
    ],
)
def test_the_key_of_cursors(load_text: Loader, written: str, key: str | Env | None) -> None:
    assert load_text(f"[project]\n{written}\n").cursor_key == key


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[project]\ncursor_key = "secret"\n',
            (
                "schema.toml:2:14 project.cursor_key: a key of fewer than 16 characters could be guessed "
                "(take a random one: openssl rand -hex 32)"
            ),
        ),
        (
            '[project]\ncursor_key = { env = "CURSOR_KEY", default = "secret" }\n',
            (
                "schema.toml:2:46 project.cursor_key: a key of fewer than 16 characters could be guessed "
                "(take a random one: openssl rand -hex 32)"
            ),
        ),
        (
            '[project]\ncursor_key = { env = "CURSOR KEY" }\n',
            (
                'schema.toml:2:22 project.cursor_key.env: "CURSOR KEY" is no name of an environment variable '
                "(letters, digits and underscores)"
            ),
        ),
        (
            '[connections.default]\nurl = "sqlite:///a.db"\nhost = "x"\n',
            (
                'schema.toml:3:1 connections.default.host: "url" and "host" exclude each other '
                "(write the connection as a URL or in parts)"
            ),
        ),
        (
            '[connections.default]\nhost = "x"\n',
            (
                'schema.toml:1:14 connections.default: "url" is missing '
                '(add url = { env = "DATABASE_URL" }, or driver, host and the rest)'
            ),
        ),
        (
            '[project]\ndialects = ["sqlite"]\n[connections.default]\ndriver = "mysql"\n',
            (
                "schema.toml:4:10 connections.default.driver: nothing is generated for mysql "
                '(add "mysql" to the dialects of the project)'
            ),
        ),
        (
            '[connections.default]\nurl = "mysql+asyncmy://ada:secret@localhost/blog"\n',
            (
                "schema.toml:2:7 connections.default.url: the URL cannot be read: its scheme names a client library "
                "that isomorph has no driver for (write mysql:// or mysql+mysqlclient://)"
            ),
        ),
        (
            '[connections.default]\ndriver = "sqlite+pysqlite"\n',
            (
                'schema.toml:2:10 connections.default.driver: no driver "sqlite+pysqlite" '
                "(one of sqlite, sqlite+apsw, postgresql, mysql, mysql+mysqlclient)"
            ),
        ),
        (
            '[project]\npackage = "isomorph.generated"\n',
            (
                'schema.toml:2:11 project.package: "isomorph.generated" is no name for a package: '
                "it would hide isomorph itself (rename it)"
            ),
        ),
    ],
)
def test_mistakes_of_settings(mistakes: Mistakes, text: str, line: str) -> None:
    assert mistakes(text) == [line]


def test_a_password_is_never_repeated(mistakes: Mistakes) -> None:
    lines = mistakes('[connections.default]\nurl = "oracle://me:hunter2@host/db"\n')
    assert len(lines) == 1
    assert "hunter2" not in lines[0]
