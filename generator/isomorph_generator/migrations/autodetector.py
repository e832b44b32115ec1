"""From the state that the revisions lead to, to the one that the schema asks for: operations in a working order. Pure.

The order, and why:

1. what gets another name, so that everything after it speaks of the names of today;
2. enums that are new, since columns need them;
3. guards that go, and foreign keys that go, so that nothing holds what they reference;
4. tables that go, each before those that it references (a circle is broken by dropping a foreign key first);
5. enums whose values change, behind what is made of their columns;
6. in tables that stay: checks, uniques and indexes that go, columns that go, change and come, the key, then uniques,
   checks and indexes that come;
7. tables that come, each behind those that it references (a circle is broken by adding a foreign key later);
8. foreign keys that come, guards that come, and enums that go.

What has to give way to a change, such as a check of a column whose type changes, goes with what goes and comes with what
comes: each step compares what is left with what is wanted. What is declared as SQL goes before all of this and comes
behind: see `declared`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from isomorph.catalog import Column, Default, Enum, Expression, ForeignKey, MorphGuard, SqlText, Table
from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    AddMorphGuard,
    ChangeColumn,
    ChangeEnum,
    ChangePrimaryKey,
    ChangeTable,
    CreateEnum,
    CreateTable,
    DropCheck,
    DropColumn,
    DropEnum,
    DropForeignKey,
    DropIndex,
    DropMorphGuard,
    DropTable,
    DropUnique,
    Operation,
    Operations,
    RenameColumn,
    RenameEnum,
    State,
    TableOptions,
)
from isomorph_generator.migrations.aliases import aliases_coming, aliases_leaving
from isomorph_generator.migrations.comparing import (
    Pair,
    computed_by,
    computes_with,
    differs,
    holds,
    leads_to,
    names_columns,
)
from isomorph_generator.migrations.declared import around
from isomorph_generator.migrations.errors import UnsupportedChange, UnsupportedChanges
from isomorph_generator.migrations.layouts import other_layouts
from isomorph_generator.migrations.ordering import OrderedTables, ordered_columns
from isomorph_generator.migrations.parts import CHECKS, FOREIGN_KEYS, INDEXES, UNIQUES
from isomorph_generator.migrations.renaming import Renaming, renaming
from isomorph_generator.schema.renames import Renames

__all__ = ["detect"]


def detect(before: State, after: State, renames: Renames | None = None, *, asks: bool = True) -> Operations:
    """The operations that lead from one state to another; none when they are the same.

    The order of a table's columns is no difference: a new column always comes last.

    Args:
        before: the state that the revisions lead to.
        after: the state that is wanted.
        renames: what its parts were called.
        asks: whether what is likely a rename is asked for; otherwise it is dropped and added.

    Raises:
        UnclearRenames: something is gone and something like it is new, and `renames` do not speak of it.
        UnsupportedChanges: no operation can make some of the changes.
    """
    if refused := list(other_layouts(before, after)):
        raise UnsupportedChanges(refused)
    known = Renames() if renames is None else renames
    found = renaming(before, after, known, asks=asks)
    return around(_Detector(before, after, known, found).operations(), before, after)


class _Detector:
    """Builds the operations one by one, and knows the state that they have led to."""

    def __init__(self, before: State, after: State, renames: Renames, found: Renaming) -> None:
        self._state = before
        self._after = after
        self._renames = renames
        self._found = found
        self._operations: list[Operation] = []

    def operations(self) -> Operations:
        self._rename()
        if refused := [*self._found.refused, *_refused(self._state, self._after)]:
            raise UnsupportedChanges(refused)
        state, after = self._state, self._after
        gone = [table for name, table in state.tables.items() if name not in after.tables]
        new = [table for name, table in after.tables.items() if name not in state.tables]
        dropped, created = OrderedTables(gone), OrderedTables(new)
        self._do(CreateEnum(enum) for name, enum in after.enums.items() if name not in state.enums)
        self._drop_guards(gone)
        self._drop_foreign_keys()
        self._do(DropForeignKey(table, key) for table, key in dropped.cut)
        self._do(DropTable(replace(table, guards=())) for table in reversed(dropped.tables))
        self._change_enums()
        for pair in self._pairs():
            self._change_table(pair)
        self._do(CreateTable(table) for table in created.tables)
        for pair in self._pairs():
            cut = {key for table, key in created.cut if table == pair.name}
            wanted = tuple(key for key in pair.after.foreign_keys if key not in cut)
            self._do(FOREIGN_KEYS.coming(pair.before, replace(pair.after, foreign_keys=wanted)))
        self._do(AddForeignKey(table, key) for table, key in created.cut)
        for pair in self._pairs():
            self._do(AddMorphGuard(pair.name, guard) for guard in pair.after.guards if guard not in pair.before.guards)
        self._do(DropEnum(enum) for name, enum in state.enums.items() if name not in after.enums)
        return tuple(self._operations)

    def _do(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            self._operations.append(operation)
            self._state = operation.apply(self._state)

    def _pairs(self) -> list[Pair]:
        """The tables that stay, as they are now and as they are wanted, in the order that is wanted."""
        tables = self._state.tables
        return [Pair(tables[name], table) for name, table in self._after.tables.items() if name in tables]

    def _now(self, name: str) -> Pair:
        return Pair(self._state.tables[name], self._after.tables[name])

    def _called(self, table: str) -> Callable[[str], Iterable[str]]:
        return lambda name: self._renames.of("part", table, name).names

    # --- names ---------------------------------------------------------------------------------------------------------

    def _rename(self) -> None:
        for operation in self._found.operations:
            if isinstance(operation, RenameColumn):
                # What was written by hand would keep the old name.
                self._give_way(operation.table, {operation.before}, by_hand=True)
            self._do([operation])
        for name, enum in self._after.enums.items():
            known = self._state.enums.get(name)
            if known is not None and known.type_name != enum.type_name:
                self._do([RenameEnum(name, name, known.type_name, enum.type_name)])

    # --- guards and foreign keys -----------------------------------------------------------------------------------------

    def _drop_guards(self, gone: Iterable[Table]) -> None:
        touched = {pair.name: pair.touched() | self._of_changed_enums(pair.before) for pair in self._pairs()}

        def gives_way(table: str, guard: MorphGuard) -> bool:
            return not touched[table].isdisjoint((guard.type_column, guard.id_column)) or any(
                member.key in touched.get(member.table, ()) for member in guard.members
            )

        for pair in self._pairs():
            for guard in pair.before.guards:
                if guard not in pair.after.guards or gives_way(pair.name, guard):
                    self._do([DropMorphGuard(pair.name, guard)])
        self._do(DropMorphGuard(table.name, guard) for table in gone for guard in table.guards)

    def _drop_foreign_keys(self) -> None:
        pairs = self._pairs()
        touched = {pair.name: pair.touched() | self._of_changed_enums(pair.before) for pair in pairs}
        rekeyed = {pair.name: pair for pair in pairs}

        def gives_way(table: str, key: ForeignKey) -> bool:
            return (
                not touched[table].isdisjoint(key.columns)
                or leads_to(key, key.table, touched.get(key.table, frozenset()))
                or (key.table in rekeyed and _loses_key(rekeyed[key.table], key))
            )

        for pair in pairs:
            name = pair.name
            leaving = FOREIGN_KEYS.leaving(pair.before, pair.after, partial(gives_way, name), self._called(name))
            self._do(list(leaving))

    # --- enums -------------------------------------------------------------------------------------------------------------

    def _changed_enums(self) -> Iterator[tuple[Enum, Enum]]:
        for name, enum in self._after.enums.items():
            known = self._state.enums.get(name)
            if known is not None and known.values != enum.values:
                yield known, enum

    def _of_changed_enums(self, table: Table) -> frozenset[str]:
        """The columns of a table whose values change."""
        enums = {enum.name for enum, _ in self._changed_enums()}
        return frozenset(column.name for column in table.columns if column.type.named_enum in enums)

    def _change_enums(self) -> None:
        changed = list(self._changed_enums())
        if not changed:
            return
        for pair in self._pairs():
            columns = self._of_changed_enums(pair.before)
            gone = {name for name in columns if name not in pair.new and name not in pair.before.primary_key}
            self._give_way(pair.name, columns, gone=gone)
        for before, after in changed:
            renamed = self._found.values.get(after.name, ())
            self._clear_defaults(after, dict(renamed))
            self._do([ChangeEnum(before, after, renamed)])

    def _clear_defaults(self, enum: Enum, renamed: dict[str, str]) -> None:
        """Take away defaults that are a value which goes."""
        for table in self._state.tables.values():
            for column in table.columns:
                if column.type.named_enum != enum.name or column.default is None:
                    continue
                if any(renamed.get(value, value) not in enum.values for value in _texts(column.default)):
                    self._do([ChangeColumn(table.name, column, replace(column, default=None))])

    # --- tables that stay ------------------------------------------------------------------------------------------------

    def _give_way(
        self, name: str, columns: Collection[str], *, gone: Collection[str] = (), by_hand: bool = False
    ) -> None:
        """Drop what is made of columns, and columns that go.

        Args:
            name: the table.
            columns: those that change.
            gone: those that go now.
            by_hand: only what is SQL written by hand has to give way.
        """
        pair = self._now(name)
        table = pair.before

        def hit(expression: Expression | SqlText) -> bool:
            return names_columns(expression, columns) and (not by_hand or isinstance(expression, SqlText))

        made = {column.name for column in table.columns if column.generated and hit(column.generated.expression)}
        away = made.union(gone)
        self._do(
            DropCheck(name, check)
            for check in table.checks
            if hit(check.expression) or names_columns(check.expression, away)
        )
        self._do(DropUnique(name, unique) for unique in table.uniques if not away.isdisjoint(unique.columns))
        self._do(
            DropIndex(name, index)
            for index in table.indexes
            if holds(index, away) or any(hit(part) for part in computed_by(index))
        )
        for other in list(self._state.tables.values()):
            self._do(
                DropForeignKey(other.name, key)
                for key in other.foreign_keys
                if (other.name == name and not away.isdisjoint(key.columns)) or leads_to(key, name, away)
            )
        self._drop_columns(pair, away)
        if by_hand:
            self._do(
                ChangeColumn(name, column, replace(column, default_sql=None))
                for column in table.columns
                if isinstance(column.default_sql, SqlText) and hit(column.default_sql)
            )

    def _drop_columns(self, pair: Pair, names: Collection[str]) -> None:
        leaving = [column for column in pair.before.columns if column.name in names]
        self._do(DropColumn(pair.name, column) for column in reversed(ordered_columns(reversed(leaving))))

    def _change_table(self, pair: Pair) -> None:
        """All but foreign keys and guards."""
        before, after, called = pair.before, pair.after, self._called(pair.name)
        remade, touched = pair.remade(), pair.touched()
        self._do(list(CHECKS.leaving(before, after, lambda check: names_columns(check.expression, touched), called)))
        self._do(list(UNIQUES.leaving(before, after, lambda unique: not remade.isdisjoint(unique.columns), called)))
        self._do(
            list(
                INDEXES.leaving(
                    before, after, lambda index: holds(index, remade) or computes_with(index, touched), called
                )
            )
        )
        if (options := TableOptions.of(before)) != (wanted := TableOptions.of(after)):
            self._do([ChangeTable(pair.name, options, wanted)])
        self._do(aliases_leaving(before, after))
        self._change_columns(pair, remade)
        now = self._now(pair.name)
        self._do(aliases_coming(now.before, after))
        for operations in (
            UNIQUES.coming(now.before, after),
            CHECKS.coming(now.before, after),
            INDEXES.coming(now.before, after),
        ):
            self._do(operations)

    def _change_columns(self, pair: Pair, remade: Collection[str]) -> None:
        """Columns that go, change and come, and the key: a column of the old one goes behind it."""
        old, new, key = pair.old, pair.new, pair.after.primary_key
        rekeyed = pair.before.primary_key != key
        away = {name for name in old if name not in new or name in remade}
        late = away.intersection(pair.before.primary_key) if rekeyed else set[str]()
        self._drop_columns(pair, away - late)
        changes: list[tuple[Column, Column]] = []
        for column in pair.after.columns:
            if column.name in old and column.name not in remade:
                before = old[column.name]
                changes.append((before, _between(before, column, pair) if rekeyed else column))
        changes += [(old[name], replace(old[name], auto_increment=False)) for name in late]
        # A column that is computed no more lets go of those that it was computed from.
        changes.sort(key=lambda change: change[0].generated is None)
        self._do(ChangeColumn(pair.name, *change) for change in changes if differs(*change))
        coming = [column for name, column in new.items() if name not in old or name in remade]
        self._do(AddColumn(pair.name, column) for column in ordered_columns(coming))
        if not rekeyed:
            return
        self._do([ChangePrimaryKey(pair.name, pair.before.primary_key, key)])
        now = self._now(pair.name)
        self._do(
            ChangeColumn(pair.name, now.old[name], column)
            for name, column in new.items()
            if differs(now.old[name], column)
        )
        self._drop_columns(now, late)


def _between(before: Column, after: Column, pair: Pair) -> Column:
    """A column while its table still has the old key: what only the new one allows is not there yet."""
    keyed = before.name in (*pair.before.primary_key, *pair.after.primary_key)
    numbered = before.auto_increment and after.auto_increment
    return replace(after, auto_increment=numbered, nullable=after.nullable and not keyed)


def _loses_key(pair: Pair, key: ForeignKey) -> bool:
    """Whether what makes the columns that a foreign key references unique is not there any more, or another thing."""

    def unique_by(table: Table) -> set[str]:
        wanted = set(key.references)
        kinds = {"key"} if set(table.primary_key) == wanted else set[str]()
        kinds |= {"unique" for unique in table.uniques if set(unique.columns) == wanted}
        return kinds | {
            "index"
            for index in table.indexes
            if index.unique and index.where is None and set(index.column_names or ()) == wanted
        }

    return not unique_by(pair.before) <= unique_by(pair.after)


def _texts(default: Default) -> Iterator[str]:
    value = default.value
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, str))


# --- what no operation can do ------------------------------------------------------------------------------------------


def _refused(before: State, after: State) -> Iterator[UnsupportedChange]:
    for name, table in after.tables.items():
        if name not in before.tables:
            continue
        if bool(before.tables[name].primary_key) != bool(table.primary_key):
            # The pivot of an arc has none: each of its keys may be NULL.
            what = f"{name} has a primary key on one side of the change only, which no operation can give or take"
            mend = "leave its integrity as it is; or give it another `table`, and move the rows by a data step"
            yield UnsupportedChange(what, mend)
        known = {column.name for column in before.tables[name].columns}
        for column in table.columns:
            given = column.nullable or column.default is not None or column.default_sql is not None or column.generated
            if column.name not in known and not given:
                what = (
                    f"the new column {name}.{column.name} is NOT NULL and has no default, so the rows that exist could "
                    "not have it"
                )
                mend = (
                    "give the field a default, or make it nullable; to compute the values, make it nullable in this "
                    "revision, fill it by a data step in the next one, and make it NOT NULL in a third"
                )
                yield UnsupportedChange(what, mend)
