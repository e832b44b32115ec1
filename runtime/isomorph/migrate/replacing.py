"""Revisions that stand for others: what `orm migrate squash` wrote. Pure.

A database that has all of those that one replaces has that one. The history says so from the next run on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from isomorph.dataclassing import dataclass
from isomorph.errors import MigrationError
from isomorph.migrate.history import Applied
from isomorph.migrate.revision import LoadedRevision, Revisions

__all__ = ["Understood", "check_replaced", "understood"]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a history means.

    Attributes:
        applied: what is applied, by revision, with what stands for others in their place.
        replaced: the rows of the history that are to be replaced by one, for each such one.
    """

    applied: Mapping[str, Applied]
    replaced: Mapping[str, tuple[str, ...]]


def understood(history: Mapping[str, Applied], revisions: Revisions) -> Understood:
    """The history, told in the revisions that there are."""
    applied = dict(history)
    replaced: dict[str, tuple[str, ...]] = {}
    for revision in revisions:
        if revision.id in applied or not revision.replaces:
            continue
        rows = [applied[id_] for id_ in revision.replaces if id_ in applied]
        if len(rows) < len(revision.replaces):
            continue
        newest = max(rows, key=lambda row: (row.batch, row.applied_at))
        duration_ms = sum(row.duration_ms for row in rows)
        row = replace(newest, revision=revision.id, checksum=revision.checksum, duration_ms=duration_ms)
        # In the place of the first, so that the order of the history stays.
        applied = {
            (revision.id if id_ == revision.replaces[0] else id_): (row if id_ == revision.replaces[0] else other)
            for id_, other in applied.items()
            if id_ == revision.replaces[0] or id_ not in revision.replaces
        }
        replaced[revision.id] = revision.replaces
    return Understood(applied, replaced)


def check_replaced(history: Mapping[str, Applied], revisions: Revisions) -> None:
    """No database is in between those that a revision replaces.

    Raises:
        MigrationError: it has some of them, not all.
    """
    for revision in revisions:
        has = [id_ for id_ in revision.replaces if id_ in history]
        if has and len(has) < len(revision.replaces) and revision.id not in history:
            raise _between(revision, has)


def _between(revision: LoadedRevision, has: list[str]) -> MigrationError:
    lacks = [id_ for id_ in revision.replaces if id_ not in has]
    what = (
        f"it stands for {len(revision.replaces)} revisions, of which this database has {len(has)} and lacks "
        f"{', '.join(lacks)}"
    )
    mend = "run the version of the project from before the squash here (`orm migrate run`), then this one"
    return MigrationError(revision.id, what, mend)
