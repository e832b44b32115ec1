"""Uniques, indexes and checks: within a field where convention gives their names, else in the lists of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isomorph.catalog import (
    TEXTS,
    Between,
    Call,
    Check,
    ColumnRef,
    Comparison,
    Expression,
    Index,
    IndexColumn,
    IndexExpression,
    Literal,
    Matches,
    SqlText,
    Table,
    Unique,
    columns_of,
)
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft, ModelDraft
from isomorph_generator.introspect.authoring.fields import condition
from isomorph_generator.schema.naming import constraint_name

__all__ = ["Constraints", "constraints_of"]


@dataclass(slots=True)
class Constraints:
    """What a model says of the constraints of its table.

    Attributes:
        fields: what fields say, by column.
        uniques, indexes, checks: entries of the model's lists, each with its part.
    """

    fields: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    uniques: list[tuple[object, Part]] = field(default_factory=list[tuple[object, Part]])
    indexes: list[tuple[object, Part]] = field(default_factory=list[tuple[object, Part]])
    checks: list[tuple[object, Part]] = field(default_factory=list[tuple[object, Part]])

    def say(self, column: str, word: str, value: object) -> None:
        self.fields.setdefault(column, {})[word] = value


def constraints_of(draft: Draft, model: ModelDraft, declared: frozenset[str]) -> Constraints:
    """Sort the constraints of a model's table into those that fields say, relations say, and the model says.

    Args:
        draft: takes note of what is not said.
        model: with its relations that hold keys; they get what they have to say of indexes.
        declared: the columns that have a field of their own in the schema.
    """
    return _Sorter(draft, model, declared).sorted()


class _Sorter:
    def __init__(self, draft: Draft, model: ModelDraft, declared: frozenset[str]) -> None:
        self._draft = draft
        self._model = model
        self._table: Table = model.table
        self._declared = declared
        self._made = Constraints()

    def sorted(self) -> Constraints:
        for unique in self._table.uniques:
            self._unique(unique)
        automatic = self._automatic_indexes()
        for index in self._table.indexes:
            if index.name not in automatic:
                self._index(index)
        self._checks()
        return self._made

    def _part(self, kind: PartKind, name: str) -> Part:
        return Part(kind, self._table.name, name)

    def _why_not(self, part: Part, columns: Sequence[str]) -> str | None:
        """Why something over these columns cannot be said; None when it can."""
        reason = self._draft.choices.why_not(part)
        unsaid = next((column for column in columns if column not in self._model.fields), None)
        return f"column {unsaid} is not said" if reason is None and unsaid is not None else reason

    def _is_refused(self, part: Part, columns: Sequence[str], reason: str | None) -> bool:
        """Whether there is a reason not to say something, which is then noted."""
        if reason is None:
            return False
        over = f" ({', '.join(columns)})" if columns else ""
        self._model.notes.append(Note(self._table.name, f"{part}{over}", reason))
        return True

    def _is_conventional(self, name: str, columns: Sequence[str], kind: str) -> bool:
        return name == constraint_name(self._table.name, columns, kind, self._draft.dialects)

    def _can_say(self, column: str, word: str) -> bool:
        part = Part(PartKind.MODIFIER, self._table.name, column, word)
        return column in self._declared and self._draft.choices.why_not(part) is None

    def _names(self, columns: Sequence[str]) -> list[str]:
        return [self._model.fields[column] for column in columns]

    # --- uniques ---------------------------------------------------------------------------------------------------------

    def _unique(self, unique: Unique) -> None:
        part = self._part(PartKind.UNIQUE, unique.name)
        if self._is_refused(part, unique.columns, self._why_not(part, unique.columns)):
            return
        if set(unique.columns) == set(self._table.primary_key):
            self._model.notes.append(Note(self._table.name, str(part), "the primary key says the same already"))
            return
        conventional = self._is_conventional(unique.name, unique.columns, "unique")
        if conventional and len(unique.columns) == 1 and self._can_say(unique.columns[0], "unique"):
            self._made.say(unique.columns[0], "unique", True)
            return
        relation = next(
            (belongs for belongs in self._model.belongs.values() if belongs.key.columns == unique.columns), None
        )
        if conventional and relation is not None:
            self._model.relations[relation.name].words["unique"] = True
            return
        names = self._names(unique.columns)
        entry: object = names if conventional else {"fields": names, "name": unique.name}
        self._made.uniques.append((entry, part))

    # --- indexes ---------------------------------------------------------------------------------------------------------

    def _automatic_indexes(self) -> frozenset[str]:
        """The indexes that relations bring by themselves. A relation that brings one which is not there has to say so."""
        table, model = self._table, self._model
        keys = [(belongs.name, belongs.key.columns) for belongs in model.belongs.values()]
        keys += [(morph.name, (f"{morph.name}_type", f"{morph.name}_id")) for morph in model.morphs.values()]
        order = list(model.relations)
        keys.sort(key=lambda item: order.index(item[0]))
        wanted = {
            columns: Index(
                constraint_name(table.name, columns, "index", self._draft.dialects), tuple(map(IndexColumn, columns))
            )
            for _, columns in keys
        }
        prefixes = [table.primary_key, *(unique.columns for unique in table.uniques)]
        prefixes += [
            index.column_names
            for index in table.indexes
            if index.where is None and index.column_names is not None and index not in wanted.values()
            if self._why_not_index(index) is None
        ]
        found: set[str] = set()
        for name, columns in keys:
            if any(prefix[: len(columns)] == columns for prefix in prefixes):
                continue
            if wanted[columns] in table.indexes:
                found.add(wanted[columns].name)
            else:
                model.relations[name].words["index"] = False
                continue
            prefixes.append(columns)
        return frozenset(found)

    def _why_not_index(self, index: Index) -> str | None:
        expressions = [part for part in index.columns if isinstance(part, IndexExpression)]
        if expressions and (len(index.columns) > 1 or expressions[0].descending):
            return "the schema has words for an index over fields, or over one expression that ascends"
        if len({part.nulls for part in index.columns}) > 1:
            return "the schema has one word for the place of NULL in all of an index"
        return self._why_not(self._part(PartKind.INDEX, index.name), _columns(index))

    def _index(self, index: Index) -> None:
        columns = _columns(index)
        if self._is_refused(self._part(PartKind.INDEX, index.name), columns, self._why_not_index(index)):
            return
        part = self._part(PartKind.INDEX, index.name)
        ordered = index.column_names
        kind = "unique" if index.unique else "index"
        conventional = ordered is not None and self._is_conventional(index.name, ordered, kind)
        if conventional and _is_simple(index) and self._can_say(columns[0], "index"):
            self._made.say(columns[0], "index", True)
            return
        words = self._index_words(index)
        if not conventional:
            words["name"] = index.name
        self._made.indexes.append((words["fields"] if words.keys() == {"fields"} else words, part))

    def _index_words(self, index: Index) -> dict[str, object]:
        words: dict[str, object] = {}
        first = index.columns[0]
        if isinstance(first, IndexExpression):
            words["expression"] = condition(self._model, first.expression)
        else:
            columns = [part for part in index.columns if isinstance(part, IndexColumn)]
            words["fields"] = ["-" * part.descending + self._model.fields[part.name] for part in columns]
        if index.where is not None:
            words["where"] = condition(self._model, index.where)
        if index.unique:
            words["unique"] = True
        if index.include:
            words["include"] = self._names(index.include)
        if index.method is not None:
            words["method"] = index.method
        if first.nulls is not None:
            words["nulls"] = first.nulls.value
        return words

    # --- checks ----------------------------------------------------------------------------------------------------------

    def _checks(self) -> None:
        number = 0
        for check in self._table.checks:
            part = self._part(PartKind.CHECK, check.name)
            columns = columns_of(check.expression)
            if self._is_refused(part, columns, self._why_not(part, columns)) or self._is_guards(check):
                continue
            if self._within_field(check):
                continue
            said = condition(self._model, check.expression)
            if self._is_conventional(check.name, [str(number + 1)], "check"):
                number += 1
                self._made.checks.append((said if isinstance(said, str) else {"check": said}, part))
            else:
                self._made.checks.append(({"name": check.name, "check": said}, part))

    def _is_guards(self, check: Check) -> bool:
        """Whether a check comes with a polymorphic relation that the database guards."""
        for morph in self._model.morphs.values():
            pair = (f"{morph.name}_type", f"{morph.name}_id")
            guarded = any(guard.type_column == pair[0] for guard in self._table.guards)
            if guarded and any(self._is_conventional(check.name, columns, "check") for columns in (pair[:1], pair)):
                return True
        return False

    def _within_field(self, check: Check) -> bool:
        """Say a check within the field that it is named for; whether that could be done."""
        for column in self._table.columns:
            name = column.name
            if self._is_conventional(check.name, [name], "check") and self._can_say(name, "check"):
                self._made.say(name, "check", condition(self._model, check.expression))
                return True
            if self._is_conventional(check.name, [name], "bounds") and self._can_say(name, "min"):
                of_text = column.type.kind in TEXTS
                bounds = _bounds(check.expression, name, of_text=of_text)
                for word, bound in bounds.items():
                    self._made.say(name, word, bound)
                return bool(bounds)
            if self._is_conventional(check.name, [name], "pattern") and self._can_say(name, "pattern"):
                match check.expression:
                    case Matches(ColumnRef(matched), pattern, False) if matched == name:
                        self._made.say(name, "pattern", pattern)
                        return True
                    case _:
                        return False
        return False


def _columns(index: Index) -> tuple[str, ...]:
    """All columns that an index names."""
    found: list[str] = []
    for part in index.columns:
        found += columns_of(part.expression) if isinstance(part, IndexExpression) else [part.name]
    return tuple(dict.fromkeys([*found, *index.include]))


def _is_simple(index: Index) -> bool:
    """Whether it is what `index = true` makes of a field."""
    return index == Index(index.name, tuple(IndexColumn(name) for name in index.column_names or ())[:1])


def _bounds(expression: Expression | SqlText, column: str, *, of_text: bool) -> Mapping[str, object]:
    """The `min` and `max` that a check says; empty when it says something else."""
    item: Expression = Call("length", (ColumnRef(column),)) if of_text else ColumnRef(column)
    match expression:
        case Between(found, Literal(low), Literal(high), False) if found == item:
            return {"min": low, "max": high}
        case Comparison(">=", found, Literal(low)) if found == item:
            return {"min": low}
        case Comparison("<=", found, Literal(high)) if found == item:
            return {"max": high}
        case _:
            return {}
