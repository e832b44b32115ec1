"""A process that is killed in the middle of a run: what it left, and how the next run goes on."""

import re

import pytest

from isomorph.errors import MigrationsLocked
from isomorph.migrate import Event, Resumed, history, lock_owner, rollback, run, status, unlock
from tests.support.deployer import FIRST, REVISIONS, ROWS, deploy
from tests.support.migrations import Session, structure

pytestmark = pytest.mark.feature("migrations.crash")


def rows(session: Session) -> list[tuple[int, int]]:
    return [(int(id_), int(n)) for id_, n in session.fetch("SELECT id, n FROM items ORDER BY id")]


def after_all(session: Session) -> list[tuple[str, ...]]:
    """The structure that a run without any crash makes; the database is as it was behind the first revision again."""
    run(session, REVISIONS)
    made = structure(session)
    rollback(session, REVISIONS, step=1)
    return made


def go_on(session: Session) -> list[Resumed]:
    """Run again behind a crash; on SQLite the lock of the dead process is broken first, as the error says."""
    told: list[Resumed] = []

    def tell(event: Event) -> None:
        told.extend([event] if isinstance(event, Resumed) else [])

    if session.dialect.name == "sqlite" and lock_owner(session) is not None:
        if len(history(session)) == len(REVISIONS):  # all was done, but for giving back the lock
            unlock(session)
            return told
        with pytest.raises(MigrationsLocked, match=r"which runs no more \(clear it with `orm migrate unlock`\)"):
            run(session, REVISIONS)
        unlock(session)
    run(session, REVISIONS, report=tell)
    return told


def check_crash(session: Session, url: str, point: int, expected: list[tuple[str, ...]]) -> bool:
    """Kill a process at a point and run again; whether it came to that point."""
    killed = deploy(url, "--die-at", str(point))
    assert killed.returncode in (-9, 0), (point, killed.stderr)
    go_on(session)
    assert rows(session) == ROWS, point
    assert session.fetch("SELECT id, size FROM boxes") == [(1, "small")], point
    assert structure(session) == expected, point
    assert [row.state.value for row in status(session, REVISIONS)] == ["applied", "applied"], point
    assert lock_owner(session) is None
    return killed.returncode == -9


@pytest.fixture
def points(database_url: str, session: Session) -> int:
    """How many points there are to die at, in the second revision."""
    run(session, FIRST)
    done = deploy(database_url)
    match = re.search(r"points (\d+)", done.stdout)
    assert match, done.stderr
    rollback(session, REVISIONS, step=1)
    return int(match[1])


@pytest.mark.parametrize("part", [0.3, 0.55, 0.8])
def test_a_run_that_was_killed_is_gone_on_with(session: Session, database_url: str, points: int, part: float) -> None:
    expected = after_all(session)
    assert check_crash(session, database_url, round(points * part), expected)


@pytest.mark.long
def test_a_run_that_was_killed_at_any_point_is_gone_on_with(session: Session, database_url: str, points: int) -> None:
    expected = after_all(session)
    # The first process made the tables of its own, too, which takes a few points more.
    reached = [point for point in range(1, points + 1) if check_and_take_back(session, database_url, point, expected)]
    assert len(reached) >= points - 5


def check_and_take_back(session: Session, url: str, point: int, expected: list[tuple[str, ...]]) -> bool:
    is_reached = check_crash(session, url, point, expected)
    rollback(session, REVISIONS, step=1)
    assert rows(session) == [(number, number) for number in range(1, 6)]
    return is_reached
