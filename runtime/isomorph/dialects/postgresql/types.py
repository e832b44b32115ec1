"""How values travel to and from PostgreSQL. psycopg converts nearly all; JSON is kept as text to see edits in place."""

from __future__ import annotations

from isomorph.catalog import Kind
from isomorph.dialects.standard.types import TableOfTypes, bind_enum, load_json

__all__ = ["TYPES"]

TYPES = TableOfTypes(
    binds={Kind.ENUM: bind_enum},
    loads={Kind.JSON: load_json},
)
