"""Running the operations of a relation: as a whole or not at all, in the database and in the objects alike."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from isomorph.errors import ConstraintViolation, ForeignKeyViolation
from isomorph.orm.plans import Atomic, Plan, run
from isomorph.orm.related.forgetting import forget
from isomorph.orm.restoring import restoring

if TYPE_CHECKING:
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor
    from isomorph.orm.relations import Relation

__all__ = ["run_whole", "whole", "writing_by"]

T = TypeVar("T")


def run_whole(
    plan: Plan[T],
    executor: Executor,
    relation: Relation[Any],
    owner: Model,
    items: Iterable[Model] = (),
    *,
    tables: Collection[str],
    deletes: bool = False,
) -> T:
    """Run a plan in one transaction.

    Args:
        plan: what writes.
        executor: the connection.
        relation: the relation, for errors.
        owner: the object that has it; it forgets what it has loaded over the tables.
        items: objects that the plan writes, which are as before when it fails.
        tables: those that it writes.
        deletes: whether it deletes rows: then a key that is violated is another one's.
    """
    with nullcontext() if deletes else writing_by(relation), restoring(items):
        result: T = run(executor, whole(plan))
    forget(owner, tables)
    return result


def whole(plan: Plan[T]) -> Plan[T]:
    """A plan in a transaction, or in a savepoint of the open one."""
    result: T = yield Atomic(plan)
    return result


@contextmanager
def writing_by(relation: Relation[Any]) -> Generator[None]:
    """A block in which violations name the relation, where the database does not say whose key it was."""
    try:
        yield
    except ConstraintViolation as error:
        pivot = relation._relation.pivot
        is_unnamed = error.relation is None and (error.constraint is None or not isinstance(error, ForeignKeyViolation))
        if is_unnamed or (pivot is not None and error.table == pivot.table):
            error.relation = relation._name
        raise
