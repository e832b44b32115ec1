"""A process that runs revisions and may be killed in the middle, for tests: `python -m tests.support.deployer ...`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from isomorph.catalog import Column, Default, Enum, ForeignKey, Index, IndexColumn, Table
from isomorph.connections import Connection, parse
from isomorph.errors import IsomorphError
from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    Batches,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Data,
    Event,
    Limits,
    OperationStarted,
    Revisions,
    RunPython,
    RunSql,
    Waiting,
    rollback,
    run,
)
from isomorph.migrate import types as t
from isomorph.migrate.revision import checksum
from tests.support.migrations import chain

ID = Column("id", t.bigint(), auto_increment=True)


def add_ten(data: Data) -> None:
    """Add 10 to the numbers of all items, in batches."""
    quoted, place = data.dialect.quoted, data.dialect.placeholder

    def read(after: int, size: int) -> Sequence[tuple[Any, ...]]:
        return data.connection.fetch(
            f"SELECT id FROM {quoted('items')} WHERE id > {place} ORDER BY id LIMIT {size}", (after,)
        )

    for rows in data.batches(read, lambda row: int(row[0]), start=0, size=2):
        for (id_,) in rows:
            data.connection.execute(f"UPDATE {quoted('items')} SET n = n + 10 WHERE id = {place}", (id_,))


def take_ten(data: Data) -> None:
    """Take it away again."""
    data.connection.execute(f"UPDATE {data.dialect.quoted('items')} SET n = n - 10")


_CHAIN = chain(
    (
        CreateTable(Table("items", (ID, Column("n", t.int())), ("id",))),
        RunSql("INSERT INTO items (n) VALUES (1), (2), (3), (4), (5)", ()),
    ),
    (
        CreateEnum(Enum("Size", ("small", "large"), "size")),
        CreateTable(Table("boxes", (ID, Column("size", t.enum("Size"))), ("id",))),
        RunSql("INSERT INTO boxes (id, size) VALUES (1, 'small')", "DELETE FROM boxes"),
        AddColumn("items", Column("box_id", t.bigint(), default=Default(1))),
        RunSql("UPDATE items SET n = n + 100", "UPDATE items SET n = n - 100"),
        AddForeignKey("items", ForeignKey("items_box_id_foreign", ("box_id",), "boxes", ("id",))),
        RunPython(add_ten, take_ten, atomic=False),
        RunSql(
            "UPDATE items SET n = n + 1000 WHERE id BETWEEN :first AND :last",
            "UPDATE items SET n = n - 1000 WHERE id BETWEEN :first AND :last",
            batched=Batches("items", size=2),
        ),
        CreateIndex("items", Index("items_n_index", (IndexColumn("n"),))),
    ),
)
# As the files of all processes: the address of a function is part of the operation's text.
REVISIONS = Revisions(tuple(replace(item, checksum=checksum(item.id.encode())) for item in _CHAIN))
FIRST = Revisions(REVISIONS.items[:1])
ROWS = [(number, number + 1110) for number in range(1, 6)]
"""What is in `items` after all: each number changed once."""


class Dying(Connection):
    """A connection that kills its process at the n-th point: before and behind each statement and each commit."""

    points = 0
    last = 0

    def point(self) -> None:
        self.points += 1
        if self.points == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        self.point()
        result = super().execute(sql, parameters)
        self.point()
        return result

    @contextmanager
    def transaction(self) -> Generator[None]:
        with super().transaction():
            yield
            self.point()
        self.point()


def command(url: str, *arguments: str) -> list[str]:
    """What starts such a process."""
    return [sys.executable, "-m", "tests.support.deployer", url, *arguments]


def deploy(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    root = Path(__file__).parents[2]
    return subprocess.run(command(url, *arguments), cwd=root, capture_output=True, text=True, check=False)


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    """Start it."""
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        command(url, *arguments),
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--die-at", type=int, default=0)
    parser.add_argument("--back", action="store_true")
    parser.add_argument("--hold", action="store_true", help="stay in the first operation until stdin has a line")
    parser.add_argument("--wait", type=float, default=60.0)
    options = parser.parse_args()

    def report(event: Event) -> None:
        if isinstance(event, Waiting):
            print(f"waiting for process {None if event.owner is None else event.owner.pid}", flush=True)
        elif isinstance(event, OperationStarted):
            print(f"began {event.operation}", flush=True)
            if options.hold:
                sys.stdin.readline()
                options.hold = False

    connection = Dying("default", parse(options.url))
    connection.last = options.die_at
    limits = Limits(wait_s=options.wait)
    try:
        if options.back:
            for revision in rollback(connection, REVISIONS, step=1, report=report, limits=limits):
                print(f"took back {revision.id}")
        else:
            for row in run(connection, REVISIONS, report=report, limits=limits):
                print(f"applied {row.revision}")
    except IsomorphError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 3
    finally:
        connection.close()
    print(f"points {connection.points}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
