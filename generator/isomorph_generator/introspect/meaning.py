"""What a database's description of itself means in the words of the catalog. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from isomorph import dialects
from isomorph.catalog import (
    TEXTS,
    Check,
    Column,
    Deferrable,
    Enum,
    Expression,
    ForeignKey,
    Generated,
    Index,
    IndexColumn,
    IndexExpression,
    Nulls,
    ReferentialAction,
    SqlText,
    Table,
    Unique,
)
from isomorph_generator.introspect.conditions import read_expression
from isomorph_generator.introspect.guards import FoundGuards, find_guards
from isomorph_generator.introspect.inspected import Inspected, Unsaid
from isomorph_generator.introspect.mysql_words import MySQLWords
from isomorph_generator.introspect.postgresql_words import PostgreSQLWords
from isomorph_generator.introspect.raw import (
    RawCheck,
    RawColumn,
    RawDatabase,
    RawForeignKey,
    RawIndex,
    RawPart,
    RawTable,
)
from isomorph_generator.introspect.sqlite_words import SQLiteWords
from isomorph_generator.introspect.words import Words

__all__ = ["said", "spoken"]

_WORDS: Final[Mapping[str, Words]] = {
    words.dialect: words for words in (SQLiteWords(), PostgreSQLWords(), MySQLWords())
}

_ACTIONS = frozenset(action.value for action in ReferentialAction)

_REASONS = {
    "STRICT": "",  # isomorph's own tables are
    "virtual table": "isomorph has no word for virtual tables",
    "partition": "partitions belong to the table that they are of",
}


def said(raw: RawDatabase, dialect: str) -> Inspected:
    """A description in the words of the catalog, with what has none."""
    return _Speaker(raw, dialect).inspected()


def spoken(name: str) -> str:
    """A name of the database as that of a Python class: `user_role` is `UserRole`."""
    words = [word for word in re.split(r"[^0-9A-Za-z]+", name) if word]
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if joined and not joined[0].isdigit() else f"Enum{joined}"


class _Enums:
    """Names enums, and gathers them."""

    def __init__(self, raw: RawDatabase) -> None:
        self.found: dict[str, Enum] = {}
        self._by_type: dict[str, str] = {}
        for type_name, values in raw.enums.items():
            name = spoken(type_name)
            while name in self.found:
                name += "_"
            self.found[name] = Enum(name, values, type_name)
            self._by_type[type_name] = name

    def of_type(self, type_name: str) -> str:
        plain = type_name[1:-1].replace('""', '"') if type_name.startswith('"') else type_name
        return self._by_type.get(plain, spoken(plain))

    def of_values(self, table: str, column: str, values: tuple[str, ...]) -> str:
        for name in (spoken(column), spoken(f"{table}_{column}")):
            enum = self.found.setdefault(name, Enum(name, values, re.sub(r"\W+", "_", name.lower())))
            if enum.values == values:
                return name
        number = 2
        while self.found.setdefault(f"{name}{number}", Enum(f"{name}{number}", values, name.lower())).values != values:
            number += 1
        return f"{name}{number}"


class _Speaker:
    def __init__(self, raw: RawDatabase, dialect: str) -> None:
        self._raw, self._dialect = raw, dialect
        self._words, self._ddl = _WORDS[dialect], dialects.get(dialect).ddl
        self._enums = _Enums(raw)
        self._unsaid: list[Unsaid] = []

    def inspected(self) -> Inspected:
        raw = self._raw
        guards = find_guards(raw, dialects.get(self._dialect))
        tables = {name: self._table(table, guards) for name, table in raw.tables.items()}
        self._unsaid += guards.unsaid
        for kind, name in raw.others:
            reason = _REASONS.get(kind, f"isomorph has no word for a {kind}")
            self._unsaid.append(Unsaid(None, f"{kind} {name}", reason))
        return Inspected(
            self._dialect,
            MappingProxyType(tables),
            MappingProxyType(self._enums.found),
            raw.views,
            tuple(trigger for trigger in raw.triggers if trigger.name not in guards.triggers),
            tuple(item for item in raw.functions if item.name.partition("(")[0] not in guards.functions),
            tuple(self._unsaid),
        )

    def _note(self, table: RawTable, what: str, reason: str, column: str | None = None) -> None:
        if reason:
            self._unsaid.append(Unsaid(table.name, what, reason, column))

    # --- tables ----------------------------------------------------------------------------------------------------------

    def _table(self, raw: RawTable, guards: FoundGuards) -> Table:
        taken: list[RawCheck] = []
        columns = tuple(self._column(raw, column, taken) for column in raw.columns)
        if raw.primary_key is None:
            self._note(raw, "no primary key", "isomorph needs a key to tell rows apart; name the columns that do")
        elif raw.primary_key.options:
            self._note(raw, f"primary key {raw.primary_key.options}", "isomorph has no word for it")
        for option in raw.options:
            self._note(raw, option, _REASONS.get(option, "isomorph has no word for it"))
        engine = raw.engine if raw.engine is not None and raw.engine.lower() != "innodb" else None
        charset = raw.charset if raw.charset not in {None, "utf8mb4"} else None
        table = Table(
            raw.name,
            columns,
            raw.primary_key.columns if raw.primary_key is not None else (),
            comment=raw.comment,
            engine=engine,
            charset=charset,
            collation=self._words.table_collation(raw),
            guards=guards.by_table.get(raw.name, ()),
            uniques=self._uniques(raw),
            foreign_keys=tuple(self._foreign_key(raw, key) for key in raw.foreign_keys),
        )
        table = replace(table, columns=tuple(self._with_expression(table, column) for column in columns))
        table = replace(table, checks=self._checks(table, raw, taken))
        kept = [index for index in raw.indexes if not self._words.is_implied(raw, index)]
        found = [index for index in (self._index(raw, table, index) for index in kept) if index is not None]
        return replace(table, indexes=tuple(found))

    def _column(self, table: RawTable, raw: RawColumn, taken: list[RawCheck]) -> Column:
        said_type = self._words.type_of(table, raw, self._enums)
        if said_type.check is not None:
            taken.append(said_type.check)
        self._note(table, f"column {raw.name}: type {raw.type}", said_type.note, raw.name)
        type_ = said_type.type
        numbered, note = self._words.is_numbered(raw)
        numbered = numbered and table.primary_key is not None and table.primary_key.columns == (raw.name,)
        if raw.numbering and not numbered:
            note = f"{raw.numbering}: isomorph numbers only a primary key of one column"
        self._note(table, f"column {raw.name}: {raw.numbering}", note, raw.name)
        default, default_sql, note = self._words.default_of(raw, type_)
        self._note(table, f"column {raw.name}: default {raw.default}", note, raw.name)
        if raw.extra and raw.extra not in {"domain", "default_generated"}:
            self._note(table, f"column {raw.name}: {raw.extra}", "isomorph has no word for it", raw.name)
        generated = None
        if raw.generated is not None:
            generated = Generated(SqlText({self._dialect: raw.generated}), stored=raw.stored)
        return Column(
            raw.name,
            type_,
            nullable=raw.nullable,
            default=default,
            default_sql=default_sql,
            auto_increment=numbered,
            comment=raw.comment,
            generated=generated,
            collation=self._words.collation_of(table, raw, type_),
            charset=raw.charset if raw.charset != table.charset and type_.kind in TEXTS else None,
        )

    # --- constraints -----------------------------------------------------------------------------------------------------

    def _uniques(self, table: RawTable) -> tuple[Unique, ...]:
        for unique in table.uniques:
            if unique.options:
                self._note(table, f"unique {unique.name}: {unique.options}", "isomorph has no word for it")
        return tuple(
            Unique(unique.name or f"{table.name}_{'_'.join(unique.columns)}_unique", unique.columns)
            for unique in table.uniques
        )

    def _foreign_key(self, table: RawTable, raw: RawForeignKey) -> ForeignKey:
        name = raw.name or f"{table.name}_{'_'.join(raw.columns)}_foreign"
        actions: list[ReferentialAction] = []
        for event, word in (("delete", raw.on_delete), ("update", raw.on_update)):
            if word not in _ACTIONS:
                self._note(table, f"foreign key {name}: on {event} {word}", "isomorph has no word for it")
                word = "no action"
            actions.append(ReferentialAction(word))
        if raw.options:
            self._note(table, f"foreign key {name}: {raw.options}", "isomorph has no word for it")
        return ForeignKey(
            name,
            raw.columns,
            raw.table,
            raw.references,
            on_delete=actions[0],
            on_update=actions[1],
            deferrable=None if raw.deferrable is None else Deferrable(raw.deferrable),
        )

    def _checks(self, table: Table, raw: RawTable, taken: list[RawCheck]) -> tuple[Check, ...]:
        found: list[Check] = []
        for check in raw.checks:
            if check in taken:
                continue
            if check.options == "exclusion":
                self._note(raw, f"constraint {check.name}", f"isomorph has no exclusion constraints: {check.text}")
                continue
            if check.options not in {"", "column"}:
                self._note(raw, f"check {check.name}: {check.options}", "isomorph has no word for it")
            name = f"{table.name}_{check.name}_check" if check.options == "column" else check.name
            found.append(Check(name or f"{table.name}_check_{len(found) + 1}", self._condition(table, check.text)))
        return tuple(found)

    def _condition(self, table: Table, text: str) -> Expression | SqlText:
        """A condition as an expression where that is certain, otherwise as the database's text."""
        found = read_expression(
            text,
            table,
            escapes=self._words.escapes,
            write=lambda expression: self._ddl.printed(self._ddl.expression(expression, table)),
        )
        return found or SqlText({self._dialect: text})

    def _with_expression(self, table: Table, column: Column) -> Column:
        """A generated column, with an expression instead of the database's text where that is certain."""
        made = column.generated
        if made is None or not isinstance(made.expression, SqlText):
            return column

        def written(expression: Expression) -> str:
            changed = replace(column, generated=Generated(expression))
            text = self._ddl.printed(self._ddl.generated(changed, table) or "")
            return text[text.index("(") + 1 : text.rindex(")")]

        text = made.expression.by_dialect[self._dialect]
        found = read_expression(text, table, escapes=self._words.escapes, write=written)
        return column if found is None else replace(column, generated=replace(made, expression=found))

    # --- indexes ---------------------------------------------------------------------------------------------------------

    def _index(self, raw_table: RawTable, table: Table, raw: RawIndex) -> Index | None:
        for fact, reason in (
            (raw.options, "isomorph has no word for it"),
            ("" if raw.valid else "invalid", "its build failed or is under way; drop it, or build it anew"),
        ):
            if fact:
                self._note(raw_table, f"index {raw.name}: {fact}", reason)
        parts: list[IndexColumn | IndexExpression] = []
        for part in raw.parts:
            if part.options:
                self._note(raw_table, f"index {raw.name}: {part.options}", "isomorph has no word for it", part.column)
            if part.column is None:
                expression = self._condition(table, part.expression or "")
                parts.append(IndexExpression(expression, part.descending, self._nulls(table, part)))
                continue
            note = self._words.prefix_of(table.column(part.column).type, part, raw)
            self._note(raw_table, f"index {raw.name}", note, part.column)
            parts.append(IndexColumn(part.column, part.descending, self._nulls(table, part)))
        return Index(
            raw.name,
            tuple(parts),
            unique=raw.unique,
            where=None if raw.where is None else self._condition(table, raw.where),
            include=raw.include,
            method=raw.method or None,
        )

    @staticmethod
    def _nulls(table: Table, part: RawPart) -> Nulls | None:
        """Where NULL stands, when it is not the least value as in every query of isomorph."""
        if part.nulls_first is None:
            return None
        if part.column is not None and not table.column(part.column).nullable:
            return None
        if part.nulls_first == (not part.descending):
            return None
        return Nulls.FIRST if part.nulls_first else Nulls.LAST
