"""Rules about what goes on around a revision: code that still runs, the way back, steps that take long."""

from __future__ import annotations

import re
from collections.abc import Iterator

from isomorph.migrate import (
    ChangeEnum,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameMorphAlias,
    RenameTable,
    RunPython,
    RunSql,
)
from isomorph_generator.lint.findings import Example, Rule, Said, Severity, each
from isomorph_generator.lint.losses import texts
from isomorph_generator.lint.sight import Place, Sight

__all__ = ["RULES"]

_CHANGING = re.compile(r"\b(UPDATE|DELETE\s+FROM|INSERT\s+INTO\b.*\bSELECT)\b", re.IGNORECASE | re.DOTALL)


def _renamed(place: Place) -> Iterator[Said]:
    match place.operation:
        case RenameTable(before) if place.is_in_use(before):
            old = before
        case RenameColumn(table, before) if place.is_in_use(table):
            old = f"{table}.{before}"
        case RenameMorphAlias(table, column, before) if place.is_in_use(table):
            old = f"{before} in {table}.{column}"
        case ChangeEnum(before, _, renamed) if renamed:
            old = f"{', '.join(name for name, _ in renamed)} of the enum {before.name}"
        case _:
            return
    what = f"code that runs meanwhile still says {old}, and fails"
    mend = "stop it while this is run, or make it in phases (`orm migrate make --expand-contract`); allow it where no such code runs"
    yield Said(place, what, mend)


def _dropped(place: Place) -> Iterator[Said]:
    match place.operation:
        case DropTable(table) if place.is_in_use(table.name):
            old = table.name
        case DropColumn(table, column) if place.is_in_use(table):
            old = f"{table}.{column.name}"
        case _:
            return
    mend = "deploy code that does not use it before this is run, and then allow it"
    yield Said(place, f"code that runs meanwhile may still use {old}", mend)


def _missing_down(sight: Sight) -> Iterator[Said]:
    upgrade, downgrade = sight.revision.upgrade, sight.revision.downgrade
    if upgrade and not downgrade:
        what = "its downgrade is empty: taking it back would change nothing, and say that it did"
        mend = 'downgrade = reverse(upgrade), or (Irreversible("why"),)'
        yield Said(None, what, mend)
        return
    back = [part for operation in downgrade for part in operation.parts()]
    for place in sight.places:
        is_bare = isinstance(place.operation, RunSql | RunPython) and place.operation.down is None
        # Who writes the `Irreversible` by hand gives a reason of their own.
        if is_bare and place.operation.reverse() in back:
            what = "it has no `down`, so that the whole revision cannot be taken back"
            yield Said(place, what, "give it one; `()` where there is nothing to take back")


def _unbatched(place: Place) -> Iterator[Said]:
    match place.operation:
        case RunPython(atomic=True):
            what = "all its rows are one transaction, and stay locked until it ends"
            yield Said(place, what, "say atomic=False and read by data.batches(...), or allow it where rows are few")
        case RunSql(atomic=True, batched=None):
            if any(_CHANGING.search(text) for text in texts(place.operation, place.dialect.name)):
                what = "all rows that its SQL changes stay locked until the revision ends"
                mend = 'say batched=Batches("...") and WHERE id BETWEEN :first AND :last, or atomic=False where rows are few'
                yield Said(place, what, mend)
        case _:
            pass


_FILL = 'RunSql("UPDATE users SET nickname = email WHERE nickname IS NULL", {})'

RULES = (
    Rule(
        "MIG012",
        "rename-in-use",
        Severity.WARNING,
        "Code that runs still says the old name",
        "Between the revision and the last process that is replaced, both the old and the new code run. Of a name there is "
        "only one.",
        bad=Example('RenameColumn("users", "nickname", "alias")'),
        good=Example(
            'RenameColumn("users", "nickname", "alias")',
            head='allow={"MIG012": "nothing reads nicknames before the next release"}',
        ),
        look=each(_renamed),
    ),
    Rule(
        "MIG013",
        "drop-in-use",
        Severity.NOTE,
        "Code that runs may still use what is dropped",
        "Code that was generated before selects and writes all columns of its tables. Deploy code without them first.",
        bad=Example('lossy("unused", DropColumn("users", Column("nickname", t.string(50), nullable=True)))'),
        good=Example(
            'lossy("unused", DropColumn("users", Column("nickname", t.string(50), nullable=True)))',
            head='allow={"MIG013": "release 2.4 does not read it any more"}',
        ),
        look=each(_dropped),
    ),
    Rule(
        "MIG019",
        "missing-down",
        Severity.WARNING,
        "A revision has no way back",
        "`orm migrate rollback` would stop at it, or pass over it as if it had been taken back. What cannot be taken back "
        'says so and why: `Irreversible("...")`.',
        bad=Example(_FILL.format("atomic=False")),
        good=Example(_FILL.format("down=(), atomic=False")),
        look=_missing_down,
    ),
    Rule(
        "MIG020",
        "data-step-without-batches",
        Severity.WARNING,
        "A data step holds all its rows until it ends",
        "A transaction over many rows keeps their locks, fills the log, and begins anew when it is interrupted. "
        "`RunSql(..., batched=Batches(...))`, and `RunPython(..., atomic=False)` with `data.batches`, commit each batch and "
        "go on behind the last one.",
        bad=Example(_FILL.format("down=()")),
        good=Example(
            'RunSql("UPDATE users SET nickname = email WHERE nickname IS NULL AND id BETWEEN :first AND :last", '
            'down=(), batched=Batches("users"))'
        ),
        look=each(_unbatched),
    ),
)
