"""The spec of what is declared as SQL beside the models: views, functions, triggers, extensions, schemas."""

from __future__ import annotations

from isomorph_generator.schema.spec.forms import DialectText, Spec

__all__ = ["FunctionSpec", "NamedObjectSpec", "TriggerSpec", "ViewSpec"]


class NamedObjectSpec(Spec):
    """Something that its name says all of."""

    connection: str | None = None
    """The connection that has it; by default `default`."""


class ViewSpec(NamedObjectSpec):
    """A view."""

    sql: DialectText
    """The query, by dialect or one for all: `SELECT ...`."""


class FunctionSpec(NamedObjectSpec):
    """A function of the database."""

    sql: DialectText
    """The whole statement, by dialect: `CREATE FUNCTION ...`. SQLite has none."""
    drop: DialectText | None = None
    """The statement that drops it; by default `DROP FUNCTION` of its name."""


class TriggerSpec(NamedObjectSpec):
    """A trigger of a model's table."""

    model: str
    """The model."""
    sql: DialectText
    """The whole statement, by dialect: `CREATE TRIGGER ...`; an empty text where there is none."""
    drop: DialectText | None = None
    """The statement that drops it; by default `DROP TRIGGER` of its name."""
