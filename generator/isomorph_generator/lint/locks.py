"""Rules about who waits: for a table that is written anew, for an index that is built, for a constraint that is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from isomorph.dialects.mysql.online import Algorithm
from isomorph.migrate import (
    AddCheck,
    AddForeignKey,
    AddUnique,
    ChangeColumn,
    ChangePrimaryKey,
    CreateIndex,
    CreateTable,
    DropIndex,
    Operation,
    RunSql,
)
from isomorph.migrate.operations import TableChange
from isomorph.migrate.planning import Step, steps
from isomorph.migrate.safely import Phase
from isomorph_generator.lint.findings import Example, Rule, Said, Severity, each
from isomorph_generator.lint.losses import texts
from isomorph_generator.lint.rewrites import online, rewritten
from isomorph_generator.lint.sight import Place, Sight

__all__ = ["RULES"]

_LARGE_ROWS = 100_000

_INDEX = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)", re.IGNORECASE)
_CONSTRAINT = re.compile(r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(CHECK|FOREIGN\s+KEY)\b", re.IGNORECASE)
_NOT_VALID = re.compile(r"\bNOT\s+VALID\b", re.IGNORECASE)

_PLAIN = "leave out `safely=False`"


def _rewritten(place: Place) -> Iterator[Said]:
    for table in rewritten(place):
        if place.is_empty(table):
            continue
        what = f"{table}{place.size(table)}{',' if place.size(table) else ''} is written anew, and nobody reads or writes it meanwhile"
        mend = "add a column beside, fill it in batches and switch; or allow it with the reason that the table is small"
        yield Said(place, what, mend)


def _index(place: Place) -> Iterator[Said]:
    match place.operation:
        case CreateIndex(table) | AddUnique(table) | DropIndex(table) if place.is_in_use(table) and not place.is_safe:
            what = f"nobody writes to {table}{place.size(table)} while its index changes"
            yield Said(place, what, f"{_PLAIN}, which makes it CONCURRENTLY")
        case ChangePrimaryKey(table) if place.is_in_use(table):
            what = f"nobody reads or writes {table}{place.size(table)} while the index of its new key is built"
            yield Said(place, what, "allow it with the reason that the table is small")
        case RunSql():
            if any(_INDEX.search(text) for text in texts(place.operation, place.dialect.name)):
                what = "its SQL makes an index while nobody writes to the table"
                yield Said(place, what, "use CreateIndex, or CREATE INDEX CONCURRENTLY and atomic=False")
        case _:
            pass


def _constraint(place: Place) -> Iterator[Said]:
    match place.operation:
        case AddForeignKey(table) | AddCheck(table) if place.is_in_use(table) and not place.is_safe:
            what = f"nobody writes to {table}{place.size(table)} while all its rows are checked"
            yield Said(place, what, f"{_PLAIN}, which adds it NOT VALID and validates it then")
        case ChangeColumn(table, before, after) if (
            before.nullable and not after.nullable and place.is_in_use(table) and not place.is_safe
        ):
            what = f"nobody reads or writes {table}{place.size(table)} while NULL is looked for in all its rows"
            yield Said(place, what, f"{_PLAIN}, which validates a check first")
        case RunSql():
            found = texts(place.operation, place.dialect.name)
            if any(_CONSTRAINT.search(text) and not _NOT_VALID.search(text) for text in found):
                what = "its SQL adds a constraint and checks all rows while nobody writes"
                yield Said(
                    place, what, "use AddForeignKey or AddCheck, or NOT VALID, and VALIDATE in a step of its own"
                )
        case _:
            pass


# --- locks of several tables -------------------------------------------------------------------------------------------


def _steps(sight: Sight) -> tuple[Step, ...]:
    return steps(sight.revision.upgrade, sight.dialect, sight.before, safely=sight.revision.safely)


def _about(operation: Operation) -> str | None:
    """The table that an operation changes, or a part of one."""
    whole = operation.operation if isinstance(operation, Phase) else operation
    return whole.table if isinstance(whole, TableChange) else None


def _in_use(sight: Sight, some: Sequence[Step]) -> list[str]:
    made = {place.operation.table.name for place in sight.places if isinstance(place.operation, CreateTable)}
    names = [_about(operation) or "" for step in some for operation in step.operations]
    return list(dict.fromkeys(name for name in names if name in sight.before.tables and name not in made))


def _together(sight: Sight) -> Iterator[Said]:
    for is_outside, group in groupby(_steps(sight), lambda step: step.is_outside):
        tables = [] if is_outside else _in_use(sight, list(group))
        if len(tables) > 1:
            what = f"one transaction locks {' and '.join(tables)}, in this order, and keeps the locks until its end"
            mend = "one revision for each table: a transaction that takes them in another order waits for this one, and this for it"
            yield Said(None, what, mend)


# --- MySQL and SQLite ----------------------------------------------------------------------------------------------------


def _copied(place: Place) -> Iterator[Said]:
    found = online(place)
    if found is None:
        return
    table, how = found
    if place.is_empty(table) or (how.algorithm is not Algorithm.COPY and how.lock == "NONE"):
        return
    copied = "is copied" if how.algorithm is Algorithm.COPY else "is changed in place"
    what = f"{table}{place.size(table)}{',' if place.size(table) else ''} {copied} ({how.clause}): nobody writes to it meanwhile"
    yield Said(place, what, "run it when few write, or allow it with the reason that the table is small")


def _rebuilt(sight: Sight) -> Iterator[Said]:
    told: set[str] = set()
    for step in _steps(sight):
        if not step.rebuilds:
            continue
        place = next((place for place in sight.places if place.operation in step.operations), None)
        for table in _in_use(sight, (step,)):
            size = None if sight.live is None else sight.live.size(table)
            if table in told or (size is not None and not size.rows):
                continue
            told.add(table)
            having = "" if size is None else f", which has {size},"
            what = f"{table}{having} is built anew: its rows are copied, and nobody writes to the database meanwhile"
            mend = "stop what writes to it if there are many rows, or allow it with the reason that there are few"
            is_large = size is not None and size.rows > _LARGE_ROWS
            yield Said(place, what, mend, Severity.WARNING if is_large else None)


_ADD_INDEX = 'CreateIndex("users", Index("users_nickname_index", (IndexColumn("nickname"),)))'
_ADD_KEY = 'AddForeignKey("posts", ForeignKey("posts_editor_id_foreign", ("editor_id",), "users", ("id",)))'
_TO_TEXT = 'ChangeColumn("users", Column("age", t.int(), nullable=True), Column("age", {}, nullable=True))'

RULES = (
    Rule(
        "MIG009",
        "table-rewrite",
        Severity.WARNING,
        "A table is written anew",
        "Changing a type, a default that is computed for each row, a stored computed column and a new number for each row "
        "make PostgreSQL write all rows anew under a lock that reads and writes wait for "
        "(https://www.postgresql.org/docs/current/sql-altertable.html, Notes). With a database at hand, it says how large "
        "the table is. On MySQL and MariaDB see MIG016, on SQLite MIG017.",
        bad=Example(_TO_TEXT.format("t.bigint()")),
        good=Example(
            'ChangeColumn("users", Column("nickname", t.string(50), nullable=True), '
            'Column("nickname", t.string(80), nullable=True))'
        ),
        look=each(_rewritten),
        dialects=("postgresql",),
    ),
    Rule(
        "MIG010",
        "index-blocks-writes",
        Severity.WARNING,
        "An index is built while nobody can write",
        "CREATE INDEX locks the table against writes until it is done; CREATE INDEX CONCURRENTLY does not "
        "(https://www.postgresql.org/docs/current/sql-createindex.html). `CreateIndex` and `AddUnique` do it so by themselves, "
        "unless the revision says `safely=False`.",
        bad=Example(_ADD_INDEX, head="safely=False"),
        good=Example(_ADD_INDEX),
        look=each(_index),
        dialects=("postgresql",),
    ),
    Rule(
        "MIG011",
        "constraint-checked-at-once",
        Severity.WARNING,
        "A constraint is checked on all rows while nobody can write",
        "ADD CONSTRAINT reads the whole table under its lock; NOT VALID and then VALIDATE CONSTRAINT do not hold up others "
        "(https://www.postgresql.org/docs/current/sql-altertable.html, Notes). The operations do it so by themselves, unless "
        "the revision says `safely=False`.",
        bad=Example(_ADD_KEY, head="safely=False"),
        good=Example(_ADD_KEY),
        look=each(_constraint),
        dialects=("postgresql",),
    ),
    Rule(
        "MIG015",
        "locks-together",
        Severity.NOTE,
        "One transaction locks several tables",
        "Each lock is kept until the transaction ends, so the first table waits for what the last one takes, and a "
        "transaction that takes them in another order is in a deadlock with this one "
        "(https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS).",
        bad=Example(
            'AddColumn("users", Column("city", t.string(50), nullable=True)), '
            'AddColumn("posts", Column("summary", t.text(), nullable=True))'
        ),
        good=Example('AddColumn("users", Column("city", t.string(50), nullable=True))'),
        look=_together,
        dialects=("postgresql",),
    ),
    Rule(
        "MIG016",
        "table-copied",
        Severity.WARNING,
        "MySQL or MariaDB copies the table",
        "What is done INSTANT or in place lets others write; what needs ALGORITHM=COPY lets them read only (MySQL 8.0 "
        "manual, Online DDL Operations; MariaDB manual, InnoDB Online DDL Operations). Where both servers can do it without a "
        "copy, the operations ask for that. With a database at hand, it says how large the table is.",
        bad=Example(_TO_TEXT.format("t.bigint()")),
        good=Example('AddColumn("users", Column("city", t.string(50), nullable=True))'),
        look=each(_copied),
        dialects=("mysql",),
    ),
    Rule(
        "MIG017",
        "table-rebuilt",
        Severity.NOTE,
        "SQLite builds the table anew",
        "ALTER TABLE of SQLite knows new and dropped columns and new names; all else is a new table, into which the rows are "
        "copied while nobody writes (https://sqlite.org/lang_altertable.html#otheralter). With a database at hand, it says "
        "how many rows there are; from 100,000 on it is a warning.",
        bad=Example(_TO_TEXT.format("t.bigint()")),
        good=Example('AddColumn("users", Column("city", t.string(50), nullable=True))'),
        look=_rebuilt,
        dialects=("sqlite",),
    ),
)
