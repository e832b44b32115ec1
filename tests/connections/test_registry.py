"""Connections by name: made when asked for, redirected by `using`, replaced by `override`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from isomorph import errors
from isomorph.connections import Connection, Connections, ConnectionSettings, Env, PoolSettings
from tests.connections.conftest import TABLES, Threads


def where(connection: Connection) -> str:
    """Which of the databases made below it is."""
    row = connection.fetch_one("SELECT label FROM shelves")
    assert row is not None
    return str(row[0])


def marked(connection: Connection, label: str) -> None:
    connection.execute(TABLES[0])
    connection.execute(f"INSERT INTO shelves VALUES (1, '{label}')")


@pytest.mark.feature("connections.named")
def test_several_connections_by_name(dialect: str, database_url: str, other_database_url: str) -> None:
    settings = {
        "default": ConnectionSettings(url=database_url),
        "analytics": ConnectionSettings(url=other_database_url),
        "memory": ConnectionSettings(url="sqlite://"),
    }
    with Connections(settings) as db:
        for name in settings:
            marked(db.get(name), name)
        assert [where(db.get(name)) for name in settings] == list(settings)
        assert db.get() is db.get("default") is db.current("default")
        with db.get().transaction(), db.get("analytics").transaction():
            assert where(db.get()) == "default"
        assert db.names == ("default", "analytics", "memory")


@pytest.mark.feature("connections.named")
def test_using_redirects_the_default_and_nothing_else(dialect: str, database_url: str, other_database_url: str) -> None:
    settings = {
        "default": ConnectionSettings(url=database_url),
        "reporting": ConnectionSettings(url=other_database_url),
        "memory": ConnectionSettings(url="sqlite://"),
    }
    with Connections(settings) as db:
        for name in settings:
            marked(db.get(name), name)
        with db.using("reporting"):
            assert where(db.current("default")) == where(db.get()) == "reporting"
            assert where(db.current("memory")) == "memory"
            assert where(db.get("default")) == "default"
            with db.using("memory"):
                assert where(db.get()) == "memory"
            assert where(db.get()) == "reporting"
        assert where(db.current("default")) == where(db.get()) == "default"


def test_using_is_of_one_thread_and_of_one_task(threads: Threads) -> None:
    settings = {"default": ConnectionSettings(url="sqlite://"), "other": ConnectionSettings(url="sqlite://")}
    with Connections(settings) as db:
        seen: list[str] = []
        with db.using("other"):
            threads.start(lambda: seen.append(db.get().name))
            threads.join()
        assert seen == ["default"]

        async def task(name: str) -> tuple[str, str]:
            with db.using(name):
                first = db.get().name
                await asyncio.sleep(0)
                return first, db.get().name

        async def both() -> list[tuple[str, str]]:
            return list(await asyncio.gather(task("other"), task("default")))

        assert asyncio.run(both()) == [("other", "other"), ("default", "default")]


def test_using_ends_with_an_error_too() -> None:
    settings = {"default": ConnectionSettings(url="sqlite://"), "other": ConnectionSettings(url="sqlite://")}
    with Connections(settings) as db:
        with pytest.raises(ZeroDivisionError), db.using("other"):
            raise ZeroDivisionError
        assert db.get().name == "default"


@pytest.mark.feature("connections.override")
def test_override_replaces_a_database_in_all_threads_and_gives_it_back(
    dialect: str, database_url: str, other_database_url: str, threads: Threads
) -> None:
    with Connections({"default": ConnectionSettings(url=database_url)}) as db:
        marked(db.get(), "original")
        before = db.get()
        with db.override(other_database_url) as other:
            marked(db.current("default"), "replacement")
            assert db.get() is other
            assert other.name == "default"
            seen: list[str] = []
            threads.start(lambda: seen.append(where(db.get())))
            threads.join()
            assert seen == ["replacement"]
            with db.override("sqlite://"):
                marked(db.get(), "inner")
                assert where(db.get()) == "inner"
            assert where(db.get()) == "replacement"
        assert db.get() is before
        assert where(db.get()) == "original"


@pytest.mark.feature("connections.override", dialect="sqlite")
def test_override_spares_a_url_that_cannot_be_had() -> None:
    db = Connections({"default": ConnectionSettings(url=Env("NOT_SET"))}, environ={})
    with db.override("sqlite://"):
        assert db.get().fetch("SELECT 1") == [(1,)]
    with pytest.raises(errors.InvalidUrl, match="NOT_SET"):
        db.get()
    with pytest.raises(errors.UnknownConnection), db.override("sqlite://", "other"):
        raise AssertionError
    with pytest.raises(errors.InvalidUrl), db.override("sqlite"):
        raise AssertionError


def test_override_ends_with_an_error_too() -> None:
    with Connections({"default": ConnectionSettings(url="sqlite://")}) as db:
        before = db.get()
        with pytest.raises(ZeroDivisionError), db.override("sqlite://"):
            raise ZeroDivisionError
        assert db.get() is before


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    settings = {"default": ConnectionSettings(url="sqlite://"), "analytics": ConnectionSettings(url="sqlite://")}
    with Connections(settings) as db:
        for ask in (db.get, db.current):
            with pytest.raises(errors.UnknownConnection, match=r'no connection "analytic" \(did you mean "analytics"'):
                ask("analytic")
        with pytest.raises(errors.UnknownConnection), db.using("analytic"):
            raise AssertionError


def test_a_connection_is_made_only_when_it_is_asked_for() -> None:
    settings = {"default": ConnectionSettings(url="sqlite://"), "broken": ConnectionSettings(url=Env("NOT_SET"))}
    with Connections(settings, environ={}) as db:
        assert db.get().fetch("SELECT 1") == [(1,)]
        with pytest.raises(errors.InvalidUrl, match="NOT_SET"):
            db.get("broken")


def test_many_threads_are_given_the_same_connection(threads: Threads) -> None:
    with Connections({"default": ConnectionSettings(url="sqlite://")}) as db:
        seen: list[Connection] = []
        for _ in range(8):
            threads.start(lambda: seen.append(db.get()))
        threads.join()
        assert len({id(connection) for connection in seen}) == 1


@pytest.mark.feature("connections.close")
def test_connect_opens_and_checks_all_and_close_closes_all(dialect: str, database_url: str, tmp_path: Path) -> None:
    settings = {"default": ConnectionSettings(url=database_url), "memory": ConnectionSettings(url="sqlite://")}
    with Connections(settings) as db:
        db.connect()
        assert db.get().ping() < 10
    assert db.get("memory").statistics().idle == 0
    broken = {**settings, "broken": ConnectionSettings(url=f"sqlite:///{tmp_path}/missing/a.db")}
    with Connections(broken) as db, pytest.raises(errors.ConnectionFailed):
        db.connect()


@pytest.mark.feature("connections.env")
def test_urls_come_from_the_environment_and_a_dotenv_beside_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "ISO_FIRST_URL=sqlite:///first.db\nISO_SECOND_URL=sqlite:///from-file.db\n", encoding="utf-8"
    )
    monkeypatch.setenv("ISO_SECOND_URL", "sqlite:///second.db")
    settings = {
        "default": ConnectionSettings(url=Env("ISO_FIRST_URL")),
        "second": ConnectionSettings(url=Env("ISO_SECOND_URL", "sqlite:///default.db")),
    }
    with Connections(settings, tmp_path) as db:
        db.connect()
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["first.db", "second.db"]


def test_settings_of_the_pool_reach_it() -> None:
    with Connections({"default": ConnectionSettings(url="sqlite://", pool=PoolSettings(timeout_s=0.5))}) as db:
        assert db.get().statistics().max == 1
        assert db.get()._settings.timeout_s == 0.5


def test_a_connection_shows_no_secret() -> None:
    with Connections({"default": ConnectionSettings(url="mysql://ada:hush@localhost/a")}) as db:
        assert repr(db.get()) == "<Connection 'default' to mysql>"
        assert db.get().dialect.name == "mysql"  # without connecting
