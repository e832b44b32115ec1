"""What a revision is called: by the time, and by what changed. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from isomorph.migrate import (
    AddColumn,
    AddMorphGuard,
    ChangeColumn,
    ChangeEnum,
    ChangeMorphAliases,
    ChangePrimaryKey,
    ChangeTable,
    CreateObject,
    CreateTable,
    DropColumn,
    DropMorphGuard,
    DropObject,
    DropTable,
    Operation,
    Operations,
    RenameColumn,
    RenameEnum,
    RenameMorphAlias,
    RenameTable,
    ReplaceObject,
)
from isomorph.migrate.operations import TableChange

__all__ = ["named", "revision_id", "slug"]

_LONGEST_NAME: Final = 60
_MENTIONED: Final = 2
_TELLING: Final = (
    AddColumn,
    ChangeColumn,
    ChangeEnum,
    ChangePrimaryKey,
    ChangeTable,
    CreateObject,
    DropColumn,
    DropObject,
    RenameColumn,
    RenameEnum,
    RenameMorphAlias,
    ReplaceObject,
)
"""What says by itself what changed; the others come and go with these, or say that a table changed."""


def slug(text: str) -> str:
    """Text as part of a file name: lower case letters, digits and underscores; empty when nothing is left."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return words[:_LONGEST_NAME].rstrip("_")


def revision_id(now: dt.datetime, name: str) -> str:
    """The id of a revision: the time of UTC, so that parallel branches do not collide, and a name."""
    return f"{now.astimezone(dt.UTC):%Y%m%d_%H%M%S}_{name}"


def named(operations: Operations, *, initial: bool) -> str:
    """A name that says what changed: `initial`, `create_users_and_posts`, `add_age_to_users`, `rename_users_to_people`."""
    if initial:
        return "initial"
    return slug(_told(operations)) or "change"


def _told(operations: Operations) -> str:
    created = [operation.table.name for operation in operations if isinstance(operation, CreateTable)]
    dropped = [operation.table.name for operation in operations if isinstance(operation, DropTable)]
    renamed = [operation for operation in operations if isinstance(operation, RenameTable)]
    telling = [operation for operation in operations if isinstance(operation, _TELLING)]
    if renamed and not created and not dropped:
        # What else has another name follows.
        more = "_and_more" if len(renamed) > 1 else ""
        return f"rename_{renamed[0].before}_to_{renamed[0].after}{more}"
    if len(telling) == 1 and not created and not dropped:
        return _told_alone(telling[0])
    changed = dict.fromkeys(name for operation in operations if (name := _table_of(operation)))
    # Tables that come or go say more than the changes that they bring about.
    said = {"create": created, "drop": dropped} if created or dropped else {"change": [*changed]}
    return "_".join(f"{kind}_{_some(tables)}" for kind, tables in said.items() if tables)


def _table_of(operation: Operation) -> str | None:
    """The table that an operation changes."""
    if isinstance(operation, TableChange | AddMorphGuard | DropMorphGuard | RenameMorphAlias | ChangeMorphAliases):
        return operation.table
    return operation.after.name if isinstance(operation, ChangeEnum) else None


def _told_alone(operation: Operation) -> str:
    match operation:
        case AddColumn(table, column):
            return f"add_{column.name}_to_{table}"
        case DropColumn(table, column):
            return f"drop_{column.name}_from_{table}"
        case ChangeColumn(table, _, column):
            return f"change_{column.name}_of_{table}"
        case RenameColumn(table, before, after):
            return f"rename_{before}_to_{after}_in_{table}"
        case RenameEnum(before, after):
            return f"rename_enum_{before}_to_{after}"
        case RenameMorphAlias(_, _, before, after):
            return f"rename_alias_{before}_to_{after}"
        case ChangeEnum(_, enum):
            return f"change_values_of_{enum.name}"
        case ReplaceObject(_, made):
            return f"replace_{made.name}"
        case CreateObject(made):
            return f"create_{made.name}"
        case DropObject(made):
            return f"drop_{made.name}"
        case _:
            return f"change_{_table_of(operation)}"


def _some(names: Sequence[str]) -> str:
    return "_and_".join(names) if len(names) <= _MENTIONED else f"{names[0]}_and_{len(names) - 1}_more"
