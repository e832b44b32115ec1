"""Reading connection URLs, settings and the environment."""

from __future__ import annotations

import traceback
from pathlib import Path
from uuid import uuid4

import pytest

from isomorph.connections import ConnectionSettings, Env, environment, parse, resolve
from isomorph.drivers.base import Target
from isomorph.errors import InvalidUrl


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:///blog.db", "blog.db"),
        ("sqlite:///data/blog.db", "data/blog.db"),
        ("sqlite:////var/blog.db", "/var/blog.db"),
        ("sqlite:///C:/data/blog.db", "C:/data/blog.db"),
        ("sqlite:///my%20blog%3F.db", "my blog?.db"),
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite://", ":memory:"),
        ("SQLITE:///", ":memory:"),
    ],
)
def test_a_sqlite_url_names_a_file_or_memory(url: str, database: str) -> None:
    assert parse(url) == Target("sqlite", database)


@pytest.mark.parametrize(
    ("scheme", "driver"),
    [("postgresql", "postgresql"), ("postgres", "postgresql"), ("mysql", "mysql"), ("mariadb", "mysql")],
)
def test_a_server_url_gives_all_its_parts(scheme: str, driver: str) -> None:
    assert parse(f"{scheme}://ada:secret@db.example.com:1234/blog?sslmode=require&application_name=a%20b") == Target(
        driver,
        "blog",
        host="db.example.com",
        port=1234,
        user="ada",
        password="secret",
        options={"sslmode": "require", "application_name": "a b"},
    )


def test_parts_are_percent_decoded() -> None:
    target = parse("mysql://a%40b:p%3A%2F%3F%23%25%C3%A9@localhost/my%2Fdb")
    assert (target.user, target.password, target.database) == ("a@b", "p:/?#%é", "my/db")


def test_a_server_url_may_leave_almost_everything_out() -> None:
    assert parse("postgresql:///") == Target("postgresql", "")
    assert parse("postgresql:///blog") == Target("postgresql", "blog")
    assert parse("mysql://[::1]:3307/blog") == Target("mysql", "blog", host="::1", port=3307)


UNREADABLE = {
    "": "it is empty",
    "blog.db": "it has no scheme",
    "/var/blog.db": "it has no scheme",
    "sqlite:blog.db": "its scheme is not followed by //",
    "sqlite://blog.db": "a SQLite URL has no host",
    "postgress://localhost/blog": 'did you mean "postgres"?',
    "oracle://localhost/blog": "its scheme is unknown",
    "postgresql+psycopg://localhost/blog": "write postgresql:// alone",
    "postgresql://ada:SECRET/1@localhost/blog": "percent-encode : / ? # @",
    "postgresql://ada:SECRET#1@localhost/blog": "percent-encode",
    "postgresql://ada:SECRET 1@localhost/blog": "a space or a control character",
    "postgresql://ada:SECRET%ff@localhost/blog": "is no UTF-8",
    "postgresql://ada:[SECRET@localhost/blog": "percent-encode",
    "mysql://ada:SECRET@localhost:port/blog": "percent-encode",
    "mysql://ada:SECRET@localhost:0/blog": "percent-encode",
    "mysql://ada:SECRET@localhost:70000/blog": "percent-encode",
    "mysql://ada:SECRET@localhost/blog/more": "its path has more than one part",
    "mysql://ada:SECRET@localhost/a%00b": "NUL",
    "mysql://localhost/blog?ssl_ca=a&ssl_ca=b": "an option is given twice",
}


@pytest.mark.feature("bad_input.bad_url")
@pytest.mark.parametrize(("url", "words"), UNREADABLE.items())
def test_a_url_that_cannot_be_read_is_told_with_a_mend_and_not_repeated(url: str, words: str) -> None:
    secret = uuid4().hex
    with pytest.raises(InvalidUrl) as caught:
        parse(url.replace("SECRET", secret))
    assert words in str(caught.value)
    assert caught.value.mend
    assert secret not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.feature("connections.env")
def test_settings_are_looked_up_in_the_environment() -> None:
    settings = ConnectionSettings(url=Env("DATABASE_URL", "sqlite:///blog.db"), options=(("mode", Env("MODE", "rw")),))
    assert resolve(settings, {}) == Target("sqlite", "blog.db", options={"mode": "rw"})
    assert resolve(settings, {"DATABASE_URL": ""}) == Target("sqlite", "blog.db", options={"mode": "rw"})
    assert resolve(settings, {"DATABASE_URL": "sqlite:///a.db?timeout=1s", "MODE": "ro"}) == Target(
        "sqlite", "a.db", options={"timeout": "1s", "mode": "ro"}
    )


@pytest.mark.feature("connections.env")
def test_a_required_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(InvalidUrl, match=r"variable DATABASE_URL is not set \(set it, .*\.env"):
        resolve(ConnectionSettings(url=Env("DATABASE_URL")), {})


def test_a_connection_may_be_given_by_its_parts() -> None:
    settings = ConnectionSettings(
        driver="mariadb", host="db", port=Env("PORT"), user="ada", password=Env("PASSWORD"), database="blog"
    )
    assert resolve(settings, {"PORT": "3307", "PASSWORD": "p@ss/word"}) == Target(
        "mysql", "blog", host="db", port=3307, user="ada", password="p@ss/word"
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ConnectionSettings(), "neither a url nor a driver"),
        (ConnectionSettings(driver="postgre"), 'did you mean "postgres'),
        (ConnectionSettings(driver="mysql", port="http"), "the port is no number"),
        (ConnectionSettings(driver="mysql", port="99999"), "the port is no number"),
    ],
)
def test_parts_that_make_no_sense_are_told(settings: ConnectionSettings, words: str) -> None:
    with pytest.raises(InvalidUrl, match=words):
        resolve(settings, {})


def test_a_relative_sqlite_path_starts_from_the_schemas_folder(tmp_path: Path) -> None:
    assert resolve(ConnectionSettings(url="sqlite:///a.db"), {}, tmp_path).database == str(tmp_path / "a.db")
    assert resolve(ConnectionSettings(url="sqlite:////var/a.db"), {}, tmp_path).database == "/var/a.db"
    assert resolve(ConnectionSettings(url="sqlite://"), {}, tmp_path).database == ":memory:"


@pytest.mark.feature("connections.env")
def test_a_dotenv_beside_the_schema_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ISO_A=from-file\nISO_B='quoted # text'\nISO_EMPTY\n", encoding="utf-8")
    monkeypatch.setenv("ISO_A", "from-environment")
    environ = environment(tmp_path)
    assert (environ["ISO_A"], environ["ISO_B"], "ISO_EMPTY" in environ) == ("from-environment", "quoted # text", False)


@pytest.mark.feature("connections.env")
def test_without_a_dotenv_the_environment_is_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISO_A", "1")
    assert environment(tmp_path)["ISO_A"] == environment(None)["ISO_A"] == "1"


def test_a_password_is_not_in_the_repr_of_a_target() -> None:
    assert "hush" not in repr(parse("mysql://ada:hush@localhost/blog"))
