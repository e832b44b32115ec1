"""Row locks: taken by one connection, seen by another, on each database in its own way."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generated import Post, Role, User, db
from isomorph.connections.connection import Connection
from isomorph.connections.url import parse
from isomorph.errors import InvalidQuery, InvalidValue, LockTimeout, NotSupported, TransactionRequired
from tests.support.databases import through
from tests.support.limits import limit
from tests.support.showcase import Sent, Tables, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.locks")]


class Other:
    """A second connection, on a thread of its own, in a transaction that stays open until told otherwise."""

    def __init__(self) -> None:
        self._calls: list[Any] = []
        self._wake, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self._result: Any = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with db.transaction():
            while True:
                self._wake.acquire()
                call = self._calls.pop(0)
                if call is None:
                    return
                try:
                    self._result = call()
                except Exception as error:
                    self._result = error
                    self._done.release()
                    raise
                self._done.release()

    def __call__(self, call: Any) -> Any:
        self._calls.append(call)
        self._wake.release()
        assert self._done.acquire(timeout=20)
        return self._result

    def close(self) -> None:
        self._calls.append(None)
        self._wake.release()
        self._thread.join(20)


@pytest.fixture
def roles(showcase: str) -> str:
    Role.insert_many([{"name": "a", "level": 1}, {"name": "b", "level": 2}])
    return showcase


@pytest.fixture
def other(showcase: str) -> Iterator[Other]:
    made = Other()
    yield made
    made.close()


def names(query: Any) -> list[str]:
    return [role.name for role in query.get()]


# --- texts -----------------------------------------------------------------------------------------------------------------


def test_what_is_sent(roles: str, sent: Sent) -> None:
    with db.transaction():
        Role.query().where(Role.level > 0).order_by(Role.name).limit(1).lock_for_update().get()
        text = sent.last
        Role.query().lock_for_share().get()
        shared = sent.last

    assert text.endswith(f'ORDER BY "name" {limit(roles, 1)}' + ("" if roles == "sqlite" else " FOR UPDATE"))
    assert shared.endswith(
        {"sqlite": 'FROM "roles"', "postgresql": " FOR SHARE", "mysql": " LOCK IN SHARE MODE"}[roles]
    )


def test_all_that_reads_locks(roles: str, sent: Sent) -> None:
    query = Role.query().order_by(Role.name).lock_for_update()
    with db.transaction():
        assert query.first_or_fail().name == "a"
        assert query.select(Role.name).get() == [("a",), ("b",)]
        assert query.pluck(Role.name) == ["a", "b"]
        assert [role.name for role in query.cursor()] == ["a", "b"]
        texts = sent.texts
    if roles != "sqlite":
        assert all(text.endswith("FOR UPDATE") for text in texts)
    # Counting locks nothing, so that it needs no transaction.
    assert query.count() == 2
    assert query.exists()
    assert query.max(Role.level) == 2
    assert "FOR UPDATE" not in sent.last


def test_a_lock_of_some_tables_only(roles: str, sent: Sent) -> None:
    make_post(make_user())
    query = Post.query().join(Post.author).lock_for_update(of=[Post])
    with db.transaction():
        if roles == "mysql":
            with pytest.raises(NotSupported, match=r"mysql has no lock of some tables only \(lock the rows of all"):
                query.get()
        else:
            assert len(query.get()) == 1
            assert sent.last.endswith(' FOR UPDATE OF "posts"' if roles == "postgresql" else '"users"."id"')
    boss = User.alias("boss")
    aliased = User.query().join(boss, on=User.id == boss.id).lock_for_share(of=[boss], nowait=True)
    if roles == "postgresql":
        assert aliased.to_sql()[0].endswith(' FOR SHARE OF "boss" NOWAIT')


# --- two connections -------------------------------------------------------------------------------------------------------------


@pytest.mark.requires("row_locks")
def test_a_locked_row_fails_at_once_or_is_left_out(roles: str, other: Other) -> None:
    locked = Role.query().where(Role.name == "a").lock_for_update()
    assert other(lambda: names(locked)) == ["a"]

    every = Role.query().order_by(Role.name)
    with pytest.raises(LockTimeout), db.transaction():
        every.lock_for_update(nowait=True).get()
    with db.transaction():
        assert names(every.lock_for_update(skip_locked=True)) == ["b"]
        assert names(every.lock_for_share(skip_locked=True)) == ["b"]
    with pytest.raises(LockTimeout), db.transaction():
        every.lock_for_share(nowait=True).get()
    assert names(every) == ["a", "b"]
    other.close()
    with db.transaction():
        assert names(every.lock_for_update(nowait=True)) == ["a", "b"]


@pytest.mark.requires("row_locks")
def test_a_shared_row_is_shared_but_not_changed(roles: str, other: Other) -> None:
    every = Role.query().order_by(Role.name)
    assert other(lambda: names(every.lock_for_share())) == ["a", "b"]

    with db.transaction():
        assert names(every.lock_for_share(nowait=True)) == ["a", "b"]
    with db.transaction():
        assert names(every.lock_for_update(skip_locked=True)) == []
    with pytest.raises(LockTimeout), db.transaction():
        every.lock_for_update(nowait=True).get()


@pytest.mark.requires("row_locks")
def test_two_take_different_work_from_one_queue(roles: str, other: Other) -> None:
    queue = Role.query().order_by(Role.name).limit(1).lock_for_update(skip_locked=True)

    assert other(lambda: names(queue)) == ["a"]
    with db.transaction():
        assert names(queue) == ["b"]


def test_on_sqlite_a_transaction_locks_everything(showcase_tables: Tables, roles: str, driver: str | None) -> None:
    if roles != "sqlite":
        return
    path = db.execute("PRAGMA database_list")[0][2]
    assert isinstance(path, str)
    assert Path(path).exists()
    impatient = Connection("other", parse(through(f"sqlite:///{path}?timeout=10ms", driver)))
    with db.transaction():
        assert names(Role.query().lock_for_update()) == ["a", "b"]
        with pytest.raises(LockTimeout), impatient.transaction():
            impatient.execute("DELETE FROM roles")
    impatient.close()
    assert Role.query().count() == 2


# --- refusals -----------------------------------------------------------------------------------------------------------------------


def test_a_lock_outside_a_transaction_is_refused(roles: str, sent: Sent) -> None:
    query = Role.query().lock_for_update()
    message = r"lock_for_update\(\) outside a transaction \(with db.transaction\(\): ...\)"
    with pytest.raises(TransactionRequired, match=message):
        query.get()
    for call in (query.first, lambda: query.pluck(Role.name), lambda: query.select(Role.name).get()):
        with pytest.raises(TransactionRequired):
            call()
    with pytest.raises(TransactionRequired):
        next(query.cursor())
    with pytest.raises(TransactionRequired):
        next(query.select(Role.name).cursor())
    with pytest.raises(TransactionRequired, match="lock_for_share"):
        Role.query().lock_for_share().get()
    assert len(sent) == 0


def test_a_lock_without_meaning_is_refused(sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match=r"a lock with both nowait and skip_locked \(choose one\)"):
        Role.query().lock_for_update(nowait=True, skip_locked=True)
    with pytest.raises(InvalidQuery, match=r"users is no part of the query \(join it first\)"):
        Role.query().lock_for_update(of=[User])
    of: Any = ["roles"]
    with pytest.raises(InvalidValue, match="of=: expected models of the query, got str"):
        Role.query().lock_for_update(of=of)
    assert len(sent) == 0


def test_rows_that_a_left_join_may_leave_out_are_not_locked_on_postgresql(roles: str) -> None:
    make_post(make_user())
    query = User.query().left_join(User.posts)
    with db.transaction():
        if roles == "postgresql":
            with pytest.raises(NotSupported, match=r"no lock of rows that a left join may leave out \(name the models"):
                query.lock_for_update().get()
            with pytest.raises(NotSupported, match=r"no lock of rows that a left join may leave out"):
                query.lock_for_share(of=[User, Post]).get()
            assert len(query.lock_for_update(of=[User]).get()) == 1
        else:
            assert len(query.lock_for_update().get()) == 1


def test_models_to_lock_are_a_list(sent: Sent) -> None:
    query: Any = Role.query()
    with pytest.raises(InvalidValue, match=r"of=: expected a list of models of the query, got Role"):
        query.lock_for_update(of=Role)
    with pytest.raises(InvalidValue, match=r"of=: expected a list of models of the query, got int"):
        query.lock_for_share(of=5)
    assert len(sent) == 0
