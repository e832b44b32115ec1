"""Two deployers at once, as processes: one works, the other waits for it and goes on with what is left."""

import datetime as dt
import os
import socket
import time

import pytest

from isomorph.errors import MigrationsLocked
from isomorph.migrate import Event, Limits, LockOwner, lock_owner, run, unlock
from tests.support.deployer import REVISIONS, ROWS, start
from tests.support.migrations import Session

MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)

pytestmark = pytest.mark.feature("migrations.lock")


def wait_for_owner(session: Session) -> LockOwner:
    """Who runs revisions; waits until somebody does."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        owner = lock_owner(session)
        if owner is not None:
            return owner
        time.sleep(0.02)
    pytest.fail("nobody took the lock")


def test_the_second_deployer_waits_and_goes_on_with_what_is_left(session: Session, database_url: str) -> None:
    first = start(database_url, "--hold")
    owner = wait_for_owner(session)
    second = start(database_url)
    assert second.stdout is not None
    assert second.stdout.readline() == f"waiting for process {first.pid}\n"
    done, _ = first.communicate("go on\n", timeout=60)
    told, errors = second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), errors
    assert owner.pid == first.pid
    assert owner.host == socket.gethostname()
    assert [line for line in done.splitlines() if line.startswith("applied")] == ["applied r1", "applied r2"]
    assert "applied" not in told
    assert [(int(id_), int(n)) for id_, n in session.fetch("SELECT id, n FROM items ORDER BY id")] == ROWS
    assert lock_owner(session) is None


def test_deployers_that_start_together_apply_each_revision_once(session: Session, database_url: str) -> None:
    processes = [start(database_url) for _ in range(3)]
    outputs = [process.communicate(timeout=90) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    applied = [line for told, _ in outputs for line in told.splitlines() if line.startswith("applied")]
    assert sorted(applied) == ["applied r1", "applied r2"]
    assert [(int(id_), int(n)) for id_, n in session.fetch("SELECT id, n FROM items ORDER BY id")] == ROWS


def test_who_does_not_want_to_wait_is_told_for_whom_and_that_nothing_was_done(
    session: Session, database_url: str
) -> None:
    first = start(database_url, "--hold")
    owner = wait_for_owner(session)
    told: list[Event] = []
    with pytest.raises(MigrationsLocked) as refused:
        run(session, REVISIONS, limits=Limits(wait_s=0), report=told.append)
    assert not told
    assert refused.value.owner == str(owner)
    assert f"process {first.pid}" in str(refused.value)
    assert "nothing was done here" in str(refused.value)
    with pytest.raises(MigrationsLocked, match="and was waited for 1 s"):
        run(session, REVISIONS, limits=Limits(wait_s=1))
    first.communicate("go on\n", timeout=60)
    assert first.returncode == 0


def test_a_broken_lock_ends_the_session_that_held_it(session: Session, database_url: str) -> None:
    first = start(database_url, "--hold")
    owner = wait_for_owner(session)
    assert not owner.is_gone
    if session.dialect.name == "sqlite":  # its owner is in a transaction, and no other can write
        session.execute("PRAGMA busy_timeout = 100")
        with pytest.raises(MigrationsLocked, match=rf"process {first.pid}.*end that process, and then"):
            unlock(session)
        first.kill()
        first.communicate(timeout=60)
        assert unlock(session) == owner
    else:
        assert unlock(session) == owner
        _, errors = first.communicate("go on\n", timeout=60)
        assert first.returncode == 3
        assert "the connection to the database was lost" in errors
    assert [row.revision for row in run(session, REVISIONS)] == ["r1", "r2"]
    assert [(int(id_), int(n)) for id_, n in session.fetch("SELECT id, n FROM items ORDER BY id")] == ROWS
    assert unlock(session) is None


def test_a_run_with_nothing_to_do_takes_no_lock(session: Session, database_url: str) -> None:
    run(session, REVISIONS)
    holder = start(database_url, "--back", "--hold")
    wait_for_owner(session)
    told: list[Event] = []
    assert run(session, REVISIONS, only="r1", report=told.append) == ()
    assert told == []
    holder.communicate("go on\n", timeout=60)


def test_the_owner_of_a_lock_is_gone_when_its_process_is(database_url: str) -> None:
    moment = LockOwner("ada", socket.gethostname(), os.getpid(), MOMENT)
    assert not moment.is_gone
    gone = start(database_url)
    gone.communicate(timeout=60)
    assert LockOwner("ada", socket.gethostname(), gone.pid, MOMENT).is_gone
    assert not LockOwner("ada", "elsewhere", gone.pid, MOMENT).is_gone
    assert str(moment) == f"ada on {socket.gethostname()}, process {os.getpid()}, since 2026-01-02 03:04:05 UTC"
