"""How models and queries are used: values, fields, queries without meaning."""

from __future__ import annotations

from isomorph.errors.base import IsomorphError, near_hint, shown_name

__all__ = [
    "AmountNotLoaded",
    "FieldNotLoaded",
    "InvalidCursor",
    "InvalidQuery",
    "InvalidValue",
    "LimitExceeded",
    "MissingValue",
    "NotFillable",
    "NotFound",
    "NotSaved",
    "OrderNotAllowed",
    "PivotNotLoaded",
    "PoolTimeout",
    "ReadOnlyField",
    "RelationNotLoaded",
    "StaleObject",
    "UnknownField",
    "UnknownMorphType",
]


class InvalidValue(IsomorphError, ValueError):
    """A value that the column cannot hold or be compared with. The value is not repeated."""

    def __init__(self, where: str, expected: str, got: str) -> None:
        super().__init__(where, expected, got)
        self.where, self.expected, self.got = where, expected, got

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.got}"


class LimitExceeded(InvalidValue):
    """More than `isomorph.limits` lets in: a list that is too long, a document that is too large or too deep.

    Attributes:
        limit: name of the limit: `in_list`.
    """

    def __init__(self, where: str, expected: str, got: str, limit: str) -> None:
        super().__init__(where, expected, got)
        self.args = (where, expected, got, limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"{super().__str__()} (limits.{self.limit})"


class InvalidCursor(InvalidValue):
    """A cursor that no page of this query gave: changed, cut off, made up, or of another query. It is not repeated."""

    def __init__(self, got: str) -> None:
        super().__init__("cursor", "one that a page of this query gave", got)
        self.args = (got,)

    def __str__(self) -> str:
        return f"{super().__str__()} (begin again without one)"


class OrderNotAllowed(InvalidValue):
    """Untyped input asks for an order that is not on the list of those allowed.

    Attributes:
        name: what it asked for: at most 50 of its characters, those that are no plain ASCII replaced.
        allowed: the names on the list.
    """

    def __init__(self, where: str, name: str, allowed: tuple[str, ...]) -> None:
        self.name, self.allowed = shown_name(name), allowed
        expected = f"one of {', '.join(allowed)}, with a - before it for the other way around"
        super().__init__(where, expected, f'"{self.name}"')
        self.args = (where, self.name, allowed)


class MissingValue(IsomorphError, TypeError):
    """A new row lacks values that it needs."""

    def __init__(self, model: str, fields: tuple[str, ...]) -> None:
        super().__init__(model, fields)
        self.model, self.fields = model, fields

    def __str__(self) -> str:
        return (
            f"{self.model} needs {', '.join(self.fields)} (pass {'it' if len(self.fields) == 1 else 'them'} by keyword)"
        )


class UnknownField(IsomorphError, TypeError):
    """A field name, from untyped input, that the model does not have."""

    def __init__(self, model: str, field: str, known: tuple[str, ...]) -> None:
        super().__init__(model, field, known)
        self.model, self.field, self.known = model, field, known

    def __str__(self) -> str:
        hint = near_hint(self.field, self.known, "see its fields in the schema")
        return f'{self.model} has no field "{shown_name(self.field)}" ({hint})'


class NotFillable(IsomorphError, TypeError):
    """Untyped input names fields that are not open to it."""

    def __init__(self, model: str, fields: tuple[str, ...]) -> None:
        super().__init__(model, fields)
        self.model, self.fields = model, fields

    def __str__(self) -> str:
        return (
            f"{self.model}: {', '.join(self.fields)} may not be set from untyped input "
            "(add to `fillable` in the schema, or pass by typed keyword)"
        )


class ReadOnlyField(IsomorphError, AttributeError):
    """A field was set that the database computes, or that isomorph counts."""

    def __init__(self, model: str, field: str) -> None:
        super().__init__(model, field)
        self.model, self.field = model, field

    def __str__(self) -> str:
        return f"{self.model}.{self.field} is computed and cannot be set (leave it out)"


class StaleObject(IsomorphError):
    """A row was changed or deleted by another writer since the object was read; nothing was written."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model

    def __str__(self) -> str:
        return f"this {self.model} was changed by another writer since it was read (refresh() it, then change it again)"


class NotFound(IsomorphError, LookupError):
    """No row where one was required."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model

    def __str__(self) -> str:
        return f"no {self.model} matches (use the variant that returns None if that is expected)"


class NotSaved(IsomorphError):
    """An operation that needs a row of the database was called on an object without one."""

    def __init__(self, model: str, operation: str) -> None:
        super().__init__(model, operation)
        self.model, self.operation = model, operation

    def __str__(self) -> str:
        return f"{self.operation}: this {self.model} has no row in the database (save it first)"


class FieldNotLoaded(IsomorphError):
    """A field was read or set that `only()` left out. No AttributeError: `hasattr` and `match` must not swallow it."""

    def __init__(self, model: str, field: str) -> None:
        super().__init__(model, field)
        self.model, self.field = model, field

    def __str__(self) -> str:
        return f"{self.model}.{self.field} is not loaded (add it to .only(...), or drop that from the query)"


class RelationNotLoaded(IsomorphError):
    """A relation was read that the query did not include. No AttributeError: `hasattr` and `match` must not swallow it."""

    def __init__(self, model: str, relation: str) -> None:
        super().__init__(model, relation)
        self.model, self.relation = model, relation

    def __str__(self) -> str:
        return f"{self.model}.{self.relation} is not loaded (add .include({self.model}.{self.relation}) to the query)"


class AmountNotLoaded(IsomorphError):
    """An amount of related rows was read that the query did not ask for: `count_of` without `with_count`."""

    def __init__(self, model: str, function: str, relation: str, column: str | None, name: str | None) -> None:
        super().__init__(model, function, relation, column, name)
        self.model, self.function, self.relation, self.column, self.name = model, function, relation, column, name

    def __str__(self) -> str:
        arguments = [self.relation, *([] if self.column is None else [self.column])]
        if self.name is None:
            what = f"{self.model}: {self.function}_of({', '.join(arguments)}) is not loaded"
        else:
            name = shown_name(self.name)
            what = f'{self.model}: no {self.function} called "{name}" is loaded'
            arguments.append(f'name="{name}"')
        return f"{what} (add .with_{self.function}({', '.join(arguments)}) to the query)"


class PivotNotLoaded(IsomorphError):
    """The pivot of an object was read that no relation with a table between led to. No AttributeError, as above."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model

    def __str__(self) -> str:
        return f"this {self.model} has no pivot (read it by including the relation that has the table between)"


class UnknownMorphType(IsomorphError):
    """A `*_type` column holds an alias that the morph map does not know."""

    def __init__(self, table: str, column: str, alias: str, known: tuple[str, ...]) -> None:
        super().__init__(table, column, alias, known)
        self.table, self.column, self.alias, self.known = table, column, alias, known

    def __str__(self) -> str:
        return (
            f'{self.table}.{self.column} holds the unknown alias "{self.alias}" '
            f"(known: {', '.join(self.known)}; add it to [morph_map])"
        )


class InvalidQuery(IsomorphError):
    """A query that has no meaning, or would do more than it says."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"{self.what} ({self.mend})"


class NotSupported(InvalidQuery):
    """A query that this database has no way to answer."""

    def __init__(self, feature: str, dialect: str, mend: str) -> None:
        super().__init__(f"{dialect} has no {feature}", mend)
        self.args = (feature, dialect, mend)
        self.feature, self.dialect = feature, dialect


class TransactionRequired(InvalidQuery):
    """Row locks outside a transaction, which would end before anybody could use them."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} outside a transaction", "with db.transaction(): ...")
        self.args = (what,)


class PoolTimeout(IsomorphError):
    """No connection became free in time."""

    def __init__(self, connection: str, timeout_s: float) -> None:
        super().__init__(connection, timeout_s)
        self.connection, self.timeout_s = connection, timeout_s

    def __str__(self) -> str:
        return (
            f'no connection of "{self.connection}" became free within {self.timeout_s:g} s '
            "(raise pool.max, or shorten transactions)"
        )
