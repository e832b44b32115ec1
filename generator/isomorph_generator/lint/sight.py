"""What a rule looks at: a revision on one dialect, each operation with the state before it. Pure, but for a live database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isomorph.dialects.base import Dialect
from isomorph.migrate import CreateTable, LoadedRevision, Lossy, Operation, RenameTable, State
from isomorph_generator.lint.live import Live

__all__ = ["Place", "Sight", "sight"]


@dataclass(frozen=True, slots=True)
class Place:
    """An operation where it stands.

    Attributes:
        operation: the operation; those within `lossy` have places of their own.
        position: number in `upgrade` of what it stands in.
        before: the state before it.
        after: the state after it.
        dialect: of the database.
        is_accepted: whether it stands within `lossy`.
        is_safe: whether it is done in its safe form where it has one.
        made: tables that this revision has made before.
        live: the database to look into; None where there is none.
    """

    operation: Operation
    position: int
    before: State
    after: State
    dialect: Dialect
    is_accepted: bool
    is_safe: bool
    made: frozenset[str]
    live: Live | None

    def is_in_use(self, table: str) -> bool:
        """Whether a table is there before the revision, and may have rows."""
        return table in self.before.tables and table not in self.made

    def size(self, table: str) -> str:
        """How large a table is, in words to put behind its name; empty where nobody knows."""
        found = None if self.live is None else self.live.size(table)
        return "" if found is None else f", which has {found}"

    def is_empty(self, table: str) -> bool:
        """Whether it is known to have no rows."""
        return self.live is not None and self.live.has_rows(table) is False


@dataclass(frozen=True, slots=True)
class Sight:
    """A revision on one dialect.

    Attributes:
        revision: the revision.
        dialect: of the database.
        before: the state before it.
        places: its operations.
        live: the database to look into; None where there is none.
    """

    revision: LoadedRevision
    dialect: Dialect
    before: State
    places: Sequence[Place]
    live: Live | None


def sight(revision: LoadedRevision, dialect: Dialect, before: State, live: Live | None) -> Sight:
    """A revision as rules look at it.

    Raises:
        InvalidOperation: an operation does not fit the state it meets.
    """
    return Sight(revision, dialect, before, tuple(_places(revision, dialect, before, live)), live)


def _places(revision: LoadedRevision, dialect: Dialect, state: State, live: Live | None) -> Iterator[Place]:
    made: set[str] = set()
    is_safe = revision.safely and dialect.safe_forms is not None
    for position, whole in enumerate(revision.upgrade):
        is_accepted = isinstance(whole, Lossy)
        for operation in whole.parts():
            after = operation.apply(state)
            yield Place(operation, position, state, after, dialect, is_accepted, is_safe, frozenset(made), live)
            match operation:
                case CreateTable(table):
                    made.add(table.name)
                case RenameTable(old, new) if old in made:
                    made.add(new)
                case _:
                    pass
            state = after
