"""SQL by hand in batches: ranges of keys, going on behind an error, and what is refused before anything is done."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isomorph import dialects
from isomorph.catalog import Column, Table
from isomorph.connections import Connection, parse
from isomorph.errors import MigrationError, RevisionFailed
from isomorph.migrate import (
    BatchDone,
    Batches,
    CreateTable,
    Event,
    Irreversible,
    Limits,
    Operations,
    Resumed,
    Retrying,
    RunSql,
    load,
    reverse,
    rollback,
    run,
    sql,
    status,
)
from isomorph.migrate import types as t
from isomorph_generator.lint import lint
from isomorph_generator.migrations.source import Imports, source
from tests.support.migrations import Session, accepted, chain, open_session

ITEMS: Operations = (
    CreateTable(
        Table(
            "items",
            (Column("id", t.bigint(), auto_increment=True), Column("n", t.int()), Column("m", t.int(), nullable=True)),
            ("id",),
        )
    ),
    # With a gap, which no batch is about.
    RunSql("INSERT INTO items (id, n) VALUES (1, 1), (2, 2), (3, 3), (90, 4), (91, 5), (92, 6), (93, 7)", ()),
)
ADD = RunSql(
    "UPDATE items SET n = n + 100 WHERE id BETWEEN :first AND :last",
    "UPDATE items SET n = n - 100 WHERE id BETWEEN :first AND :last",
    batched=Batches("items", size=3),
)


def numbers(session: Session) -> list[int]:
    return [int(n) for (n,) in session.fetch("SELECT n FROM items ORDER BY id")]


def batches(told: list[Event]) -> list[int]:
    return [event.rows for event in told if isinstance(event, BatchDone)]


@pytest.mark.feature("migrations.sql_batches")
def test_each_row_is_in_one_batch_there_and_back(session: Session) -> None:
    told: list[Event] = []
    revisions = chain(ITEMS, (ADD,))
    run(session, revisions, report=told.append)
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]
    assert batches(told) == [3, 6, 7]
    assert {event.operation for event in told if isinstance(event, BatchDone)} == {"run SQL in batches of items"}
    told.clear()
    rollback(session, revisions, step=1, report=told.append)
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]
    assert batches(told) == [3, 6, 7]


@pytest.mark.feature("migrations.sql_batches")
def test_a_failure_in_the_middle_is_gone_on_with_behind_the_last_batch(session: Session) -> None:
    # The third row of the second batch divides by zero, or has no number where one must be.
    fails = "UPDATE items SET n = CASE WHEN n = 6 AND m IS NULL THEN NULL ELSE n + 100 END WHERE id BETWEEN :first AND :last"
    step = RunSql(fails, (), batched=Batches("items", size=3))
    revisions = chain(ITEMS, (step,))
    with pytest.raises(RevisionFailed) as failed:
        run(session, revisions)
    assert failed.value.kept == ("3 rows of: run SQL in batches of items",)
    assert failed.value.statement == fails
    assert "1 operation of it stay done" in str(failed.value)
    assert "or take them back by hand" in str(failed.value)
    assert numbers(session) == [101, 102, 103, 4, 5, 6, 7]
    assert [row.state.value for row in status(session, revisions)] == ["applied", "partial"]

    edited = chain(ITEMS, (replace(step, up=fails.replace("100", "200")),))
    with pytest.raises(MigrationError, match="edited after a part of it was done"):
        run(session, edited)

    session.execute("UPDATE items SET m = 0 WHERE n = 6")
    told: list[Event] = []
    smaller = chain(ITEMS, (replace(step, batched=Batches("items", size=2)),))
    run(session, smaller, report=told.append)
    assert any(isinstance(event, Resumed) for event in told)
    assert batches(told) == [5, 7]
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]


@pytest.mark.feature("migrations.sql_batches")
def test_a_lock_in_the_way_of_a_batch_is_waited_for_and_only_that_batch_done_again(
    session: Session, database_url: str
) -> None:
    if session.dialect.name == "sqlite":
        pytest.skip("a writer locks the whole database, and the history with it")
    run(session, chain(ITEMS))
    told: list[Event] = []
    with open_session(database_url) as other:
        blocking = other.transaction()

        def hear(event: Event) -> None:
            told.append(event)
            if isinstance(event, BatchDone) and event.rows == 3:
                blocking.__enter__()
                other.execute("UPDATE items SET m = 1 WHERE id = 91")
            if isinstance(event, Retrying):
                blocking.__exit__(None, None, None)

        limits = Limits(lock_timeout_s=1, sleep=lambda _: None)
        run(session, chain(ITEMS, (ADD,)), report=hear, limits=limits)
    assert sum(isinstance(event, Retrying) for event in told) == 1
    assert batches(told) == [3, 6, 7]
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]


class Leaving(Connection):
    """A connection whose program is told to end in the second of its batches, behind the statement."""

    updates = 0

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        result = super().execute(sql, parameters)
        self.updates += sql.startswith("UPDATE items")
        if self.updates == 2:
            raise KeyboardInterrupt
        return result


@pytest.mark.feature("migrations.sql_batches")
def test_rows_that_the_statement_adds_do_not_make_it_endless(session: Session, database_url: str) -> None:
    copies = RunSql(
        "INSERT INTO items (n) SELECT n FROM items WHERE id BETWEEN :first AND :last",
        ("DELETE FROM items WHERE id > 93 AND id BETWEEN :first AND :last",),
        batched=Batches("items", size=3),
    )
    revisions = chain(ITEMS, accepted((copies,)))
    run(session, chain(ITEMS))
    if session.dialect.name == "postgresql":
        session.fetch("SELECT setval(pg_get_serial_sequence('items', 'id'), 93)")
    run(session, revisions)
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7] * 2
    rollback(session, revisions, step=1)
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]

    # Nor when it is interrupted: the end is the one of the first attempt.
    leaving = Leaving("default", parse(database_url))
    copies = replace(copies, up=("UPDATE items SET m = 1 WHERE id BETWEEN :first AND :last", str(copies.up)))
    with pytest.raises(KeyboardInterrupt):
        run(leaving, chain(ITEMS, (copies,)))
    leaving.close()
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7, 1, 2, 3]
    run(session, chain(ITEMS, (copies,)))
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7] * 2
    assert session.fetch("SELECT COUNT(*) FROM items WHERE m = 1") == [(7,)]


@pytest.mark.feature("migrations.sql_batches")
def test_keys_may_be_texts_uuids_and_parts_of_a_key_that_stand_more_than_once(session: Session) -> None:
    dialect = session.dialect
    ids = sorted(str(uuid.UUID(int=number << 100)) for number in range(7))
    made = (
        CreateTable(Table("words", (Column("word", t.string(20)), Column("n", t.int())), ("word",))),
        CreateTable(Table("things", (Column("id", t.uuid()), Column("n", t.int())), ("id",))),
        CreateTable(
            Table("pairs", (Column("a", t.int()), Column("b", t.int()), Column("n", t.int())), ("a", "b")),
        ),
        RunSql("INSERT INTO words VALUES ('a', 1), ('it''s', 1), ('%s', 1), ('ß', 1), ('z', 1)", ()),
        RunSql("INSERT INTO things VALUES {}".format(", ".join(f"('{id_}', 1)" for id_ in ids)), ()),
        RunSql("INSERT INTO pairs VALUES (1, 1, 1), (1, 2, 1), (1, 3, 1), (2, 1, 1), (3, 1, 1), (3, 2, 1)", ()),
    )
    steps = tuple(
        RunSql(f"UPDATE {table} SET n = n + 1 WHERE {key} BETWEEN :first AND :last", (), batched=batched)
        for table, key, batched in (
            ("words", "word", Batches("words", 2)),
            ("things", "id", Batches("things", 2)),
            ("pairs", "a", Batches("pairs", 2, key="a")),
        )
    )
    run(session, chain(made, steps))
    for table, rows in (("words", 5), ("things", 7), ("pairs", 6)):
        found = session.fetch(f"SELECT n, COUNT(*) FROM {dialect.quoted(table)} GROUP BY n")
        assert [(int(n), int(many)) for n, many in found] == [(2, rows)], table


@pytest.mark.feature("migrations.sql_batches")
def test_it_is_given_by_dialect_and_an_empty_table_has_no_batch(session: Session) -> None:
    texts: dict[str, str | tuple[str, ...]] = dict.fromkeys(dialects.NAMES, ())
    texts[session.dialect.name] = "UPDATE items SET n = n + 1 WHERE id BETWEEN :first AND :last AND '%' = '%'"
    step = replace(ADD, up=texts, down=())
    told: list[Event] = []
    run(session, chain(ITEMS[:1], (step, ADD)), report=told.append)
    assert batches(told) == []
    run(session, chain(ITEMS[:1], (step, ADD), (ITEMS[1], step)), report=told.append)
    assert numbers(session) == [2, 3, 4, 5, 6, 7, 8]
    nothing = replace(ADD, up=dict.fromkeys(dialects.NAMES, ()), down=())
    run(session, chain(ITEMS[:1], (step, ADD), (ITEMS[1], step), (nothing,)))
    assert numbers(session) == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.feature("migrations.sql_batches")
@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            replace(ADD, up="UPDATE items SET n = 1"),
            r'does not name ":(first|last)" \(say which rows a batch has, .*id BETW',
        ),
        (replace(ADD, up="UPDATE items SET n = 1 WHERE id > :first"), r'does not name ":last"'),
        (replace(ADD, up="UPDATE items SET n = ':first:last'"), r'does not name ":'),
        (replace(ADD, batched=Batches("boxes")), "no table boxes at this point"),
        (replace(ADD, batched=Batches("items", key="nope")), "items has no column nope at this point"),
        (replace(ADD, batched=Batches("items", key="m")), r"batches cannot go by items\.m, which may be NULL"),
        (replace(ADD, batched=Batches("items", size=0)), "batches of 0 rows never come to an end"),
    ],
    ids=["no place", "one place", "in quotes", "table", "column", "null", "size"],
)
def test_what_has_no_end_or_leaves_out_rows_is_refused_before_anything_is_done(
    session: Session, step: RunSql, words: str
) -> None:
    first = RunSql("UPDATE items SET n = 0", (), atomic=False)
    run(session, chain(ITEMS))
    with pytest.raises(MigrationError, match=words):
        run(session, chain(ITEMS, (first, step)))
    assert numbers(session) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.feature("migrations.sql_batches")
def test_a_script_does_it_for_all_rows_at_once(session: Session) -> None:
    _, second = sql(chain(ITEMS, (ADD,)), session.dialect)
    remark, statement = second.statements
    assert remark == "-- run SQL in batches of items; here, all rows at once"
    run(session, chain(ITEMS))
    session.execute(session.dialect.ddl.text(statement))
    assert numbers(session) == [101, 102, 103, 104, 105, 106, 107]


@pytest.mark.feature("migrations.sql_batches", dialect="sqlite")
def test_a_file_says_it_as_it_was_read(tmp_path: Path) -> None:
    imports = Imports(set(), set())
    text = source([ADD], imports)
    assert imports.names == {"RunSql", "Batches"}
    assert 'batched=Batches("items", size=3)' in text
    (tmp_path / "r1.py").write_text(
        f"from isomorph.migrate import Batches, Revision, RunSql, reverse\nrevision = Revision('r1')\nupgrade = {text}\n"
        "downgrade = reverse(upgrade)\n"
    )
    (read,) = load(tmp_path)
    assert read.upgrade == (ADD,)
    assert read.downgrade == reverse((ADD,))
    assert isinstance(replace(ADD, down=None).reverse(), Irreversible)


@pytest.mark.feature("migrations.sql_batches", dialect="sqlite")
def test_the_linter_names_batches_and_finds_nothing_in_them() -> None:
    plain = replace(ADD, up="UPDATE items SET n = 1", down=(), batched=None)
    found = lint(chain(ITEMS, (plain,)), dialects.NAMES, only=frozenset({"r2"}))
    assert [finding.code for finding in found] == ["MIG020"]
    assert 'batched=Batches("...")' in found[0].mend
    assert lint(chain(ITEMS, (ADD,)), dialects.NAMES, only=frozenset({"r2"})) == ()
