"""Programs write without a pause while the phases of a change are run and taken back: no write is lost."""

from dataclasses import replace

import pytest

from isomorph.catalog import Column, Index, IndexColumn, Table
from isomorph.migrate import Limits, rollback, run
from isomorph.migrate import types as t
from tests.support.migrations import Session
from tests.support.phases import Program, Writing, change, created, renamed

pytestmark = pytest.mark.feature("migrations.expand_contract")

ID = Column("id", t.int())
NUMBERS = Table("items", (ID, Column("count", t.int())), ("id",), indexes=(Index("counted", (IndexColumn("count"),)),))
SMALL = replace(NUMBERS, columns=(ID, Column("count", t.bigint())))
NAMED = replace(NUMBERS, columns=(ID, Column("amount", t.int())), indexes=(Index("counted", (IndexColumn("amount"),)),))


def test_no_write_is_lost_while_a_type_changes(session: Session, database_url: str) -> None:
    found = change([NUMBERS], [SMALL])
    revisions = found.revisions(created(found.before))
    run(session, revisions, step=1)
    with Writing(database_url, "items", "count", 1) as writing:
        for _ in range(2):
            run(session, revisions, limits=Limits(retries=50))
            rollback(session, revisions, step=len(found.phases), limits=Limits(retries=50))
        run(session, revisions, limits=Limits(retries=50))
        writing.reach(10)
        writing.stop()
    assert Program(session, "items", "count").rows() == writing.written


def test_no_write_is_lost_while_a_name_changes(session: Session, database_url: str) -> None:
    found = change([NUMBERS], [NAMED], renamed("items", "amount", "count"))
    revisions = found.revisions(created(found.before))
    run(session, revisions, step=1)
    with Writing(database_url, "items", "count", 1) as old:
        run(session, revisions, step=2, limits=Limits(retries=50))
        with Writing(database_url, "items", "amount", 1_000_000) as new:
            run(session, revisions, step=1, limits=Limits(retries=50))
            old.reach(2)
            old.stop()
            run(session, revisions, step=1, limits=Limits(retries=50))
            rollback(session, revisions, step=1, limits=Limits(retries=50))
            new.reach(2)
            new.stop()
    expected = old.written | new.written
    for column in ("count", "amount"):
        assert Program(session, "items", column).rows() == expected
