"""Places that cannot be reached or written to: bad URLs, servers that are down, missing databases, full disks."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generated import db
from isomorph.connections.settings import PoolSettings
from isomorph.errors import (
    ConnectionFailed,
    ConnectionLost,
    DatabaseMissing,
    DiskFull,
    InvalidUrl,
    ReadOnlyDatabase,
    SchemaMismatch,
)
from tests.bad_input.untyped import Post, Role, User
from tests.bad_input.witness import Witness, check_told, new_secret
from tests.support.databases import RawConnection, fetch_all
from tests.support.showcase import make_user, tables_of

SECRET = new_secret()


def _changed(url: str, **parts: object) -> str:
    """A server's URL with another `port`, `password` or `database`."""
    split = urlsplit(url)
    password = parts.get("password", split.password)
    netloc = f"{split.username}:{password}@{split.hostname}:{parts.get('port', split.port)}"
    return split._replace(netloc=netloc, path=f"/{parts.get('database', split.path[1:])}").geturl()


def _closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


WORK: list[Callable[[], object]] = [
    User.all,
    lambda: User.query().where(User.name == SECRET).first(),
    lambda: User.create(name=SECRET, email=SECRET, password=SECRET),
    lambda: User.insert_many([{"name": SECRET, "email": SECRET, "password": SECRET}]),
    lambda: User.query().update(name=SECRET, all_rows=True),
    lambda: list(User.query().cursor()),
    lambda: db.run(lambda: Role.create(name=SECRET)),
    lambda: db.execute("SELECT ?", SECRET),
]


# --- URLs ------------------------------------------------------------------------------------------------------------------

URLS: list[Any] = [
    "",
    "SECRET",
    "SECRET://localhost/blog",
    "postgres//ada:SECRET@localhost/blog",
    "postgresql://ada:SECRET#1@localhost/blog",
    "postgresql://ada:SECRET/1@localhost/blog",
    "postgresql://ada:SECRET 1@localhost/blog",
    "postgresql://ada:[SECRET@localhost/blog",
    "mysql://ada:SECRET@localhost:port/blog",
    "mysql://ada:SECRET@localhost:99999/blog",
    "mysql://ada:SECRET%zz@local\nhost/blog",
    "mysql://ada:SECRET@localhost/blog?SECRET=1",
    "sqlite://SECRET/blog.db",
    "sqlite:///blog.db?mode=SECRET",
    "sqlite:///SECRET%00.db",
    48151,
    Path("/SECRET.db"),
    b"sqlite:///SECRET.db",
]


@pytest.mark.feature("bad_input.bad_url")
@pytest.mark.parametrize("url", URLS, ids=str)
def test_a_url_that_cannot_be_parsed_is_told_with_a_mend_and_not_repeated(
    url: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = url.replace("SECRET", SECRET) if isinstance(url, str) else url
    with pytest.raises(InvalidUrl) as caught, db.override(given):
        User.all()
    option = isinstance(url, str) and "?SECRET" in url  # the name of an option is no secret
    check_told(caught.value, [] if option else [SECRET])
    assert caught.value.mend
    assert str(caught.value).endswith(f"({caught.value.mend})")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("bad_input.bad_url")
def test_a_bad_url_in_the_environment_is_told_when_the_database_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.connections, "_current", {})  # whatever another test has opened
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:{SECRET}#@localhost/blog")
    for _ in range(2):
        with pytest.raises(InvalidUrl, match="percent-encode") as caught:
            User.all()
        check_told(caught.value, [SECRET])


# --- servers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.server_down", "bad_input.half_written")
def test_a_server_that_is_down_is_told_by_every_call_and_harms_no_other(
    dialect: str, showcase: str, witness: Witness, showcase_url: str, tmp_path: Path
) -> None:
    make_user()
    if dialect == "sqlite":
        url, mend = f"sqlite:///{tmp_path}/missing/{SECRET}.db", "the folder of the file does not exist"
    else:
        url = _changed(showcase_url, port=_closed_port(), password=SECRET)
        mend = "check host, port, user and password, and that the server runs"
    before = witness.rows()
    with db.override(url):
        for work in WORK:
            with pytest.raises(ConnectionFailed, match=mend) as caught:
                work()
            assert type(caught.value) is ConnectionFailed
            check_told(caught.value, [SECRET])
        with pytest.raises(ConnectionFailed), db.transaction():
            raise AssertionError
    witness.check_usable(before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("bad_input.server_down", "bad_input.half_written")
def test_a_server_that_hangs_up_in_a_transaction_keeps_nothing_of_it(
    dialect: str, showcase: str, witness: Witness
) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks a server")
    own, kill = {
        "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
        "mysql": ("SELECT CONNECTION_ID()", "KILL {}"),
    }[dialect]
    make_user()

    def work() -> None:
        Role.create(name="before")
        number = db.connection().fetch(own)[0][0]
        fetch_all(witness.raw, kill.format(number))
        Role.create(name=SECRET)

    with witness.refuses(ConnectionLost, SECRET, match="lost"):
        db.run(work)
    assert Role.query().count() == 0


@pytest.mark.feature("bad_input.no_database", "bad_input.half_written")
def test_a_database_that_does_not_exist_is_told_and_not_made(
    dialect: str, showcase: str, witness: Witness, showcase_url: str, tmp_path: Path
) -> None:
    before = witness.rows()
    if dialect == "sqlite":
        url, mend = f"sqlite:///{tmp_path}/missing.db?mode=rw", "correct the path, or let it be created"
    else:
        mend = "create it, or correct the name in the URL"
        url = _changed(showcase_url, database="isomorph_missing_48151")
    with db.override(url):
        for work in WORK:
            with pytest.raises(DatabaseMissing, match=mend) as caught:
                work()
            check_told(caught.value, [SECRET, urlsplit(showcase_url).password or SECRET])
    witness.check_usable(before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("bad_input.no_database")
def test_a_database_without_tables_asks_for_migrations(database_url: str, raw_connection: RawConnection) -> None:
    with db.override(database_url):
        for work in WORK[:-1]:
            with pytest.raises(SchemaMismatch, match=r"\(run `orm migrate run`\)$") as caught:
                work()
            check_told(caught.value, [SECRET])
        assert db.execute("SELECT 1") == [(1,)]


# --- read-only -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.read_only", "bad_input.half_written")
def test_a_read_only_database_is_read_and_refuses_every_write(
    dialect: str, showcase: str, witness: Witness, showcase_url: str
) -> None:
    ada = make_user()
    url = {
        "sqlite": f"{showcase_url}?mode=ro",
        "postgresql": f"{showcase_url}?options=-c%20default_transaction_read_only%3Don",
        "mysql": showcase_url,
    }[dialect]
    before = witness.rows()
    writes: list[Callable[[], object]] = [
        lambda: Role.create(name=SECRET),
        lambda: Role.insert_many({"name": f"{SECRET}{number}"} for number in range(2_000)),
        lambda: Role.upsert([{"name": SECRET}], unique=[Role.name]),
        lambda: Role.first_or_create({"name": SECRET}),
        lambda: ada.update(name=SECRET),
        lambda: ada.increment(User.age),
        lambda: User.query().update(name=SECRET, all_rows=True),
        lambda: User.query().where(User.name != SECRET).delete(),
        lambda: db.run(lambda: Role.create(name=SECRET)),
    ]
    with db.connections.override(url, pool=PoolSettings(max=1)):
        if dialect == "mysql":
            db.connection().execute("SET SESSION TRANSACTION READ ONLY")
        for write in writes:
            with pytest.raises(ReadOnlyDatabase) as caught:
                write()
            check_told(caught.value, [SECRET])
            assert "primary" in str(caught.value) or "?mode=" in str(caught.value)
            assert User.query().pluck(User.name) == ["Ada"]
        with db.transaction():
            assert Role.query().count() == 0
    witness.check_usable(before)


@pytest.mark.feature("bad_input.read_only", dialect="sqlite")
def test_a_file_that_may_only_be_read_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "blog.db"
    with tables_of(db, f"sqlite:///{path}?journal_mode=delete"):
        make_user()
    path.chmod(0o400)
    if os.access(path, os.W_OK):
        pytest.skip("this user may write everything")
    with db.override(f"sqlite:///{path}"):
        assert User.query().count() == 1
        with pytest.raises(ReadOnlyDatabase, match="permissions of the file") as caught:
            Role.create(name=SECRET)
        check_told(caught.value, [SECRET])
        assert User.query().count() == 1


# --- a full disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.full_disk")
@pytest.mark.feature("bad_input.half_written", dialect="sqlite")
def test_a_full_disk_keeps_whole_writes_and_no_part_of_others(tmp_path: Path) -> None:
    with tables_of(db, f"sqlite:///{tmp_path / 'blog.db'}"):
        ada = make_user()
        pages = db.connection().fetch("PRAGMA page_count")[0][0]
        db.connection().execute(f"PRAGMA max_page_count = {pages + 4}")
        much = f"{SECRET} " * 10_000

        def several() -> None:
            Role.create(name="first")
            Post.create(author=ada, title="a", body=much)

        writes: list[Callable[[], object]] = [
            lambda: Post.create(author=ada, title="a", body=much),
            lambda: Post.insert_many({"author": ada, "title": "a", "body": f"{SECRET} " * 50} for _ in range(1_200)),
            lambda: ada.update(settings={"much": much}),
            lambda: User.query().update(settings=[much], all_rows=True),
            lambda: db.run(several),
        ]
        for write in writes:
            with pytest.raises(
                DiskFull, match=r"no space left .*\(free some; nothing of this transaction was kept\)$"
            ) as caught:
                write()
            check_told(caught.value, [SECRET])
            assert (Post.query().count(), Role.query().count(), User.query().value(User.settings)) == (0, 0, {})
            ada.refresh()
        assert Role.create(name="small").exists
        db.connection().execute("PRAGMA max_page_count = 100000")
        assert Post.create(author=ada, title="a", body=much).exists
