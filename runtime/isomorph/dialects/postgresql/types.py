"""How values travel to and from PostgreSQL. psycopg converts nearly all; JSON is kept as text to see edits in place."""

from __future__ import annotations

import re
from typing import cast

from isomorph.catalog import Kind
from isomorph.dialects.standard.types import TableOfTypes, bind_enum, load_json

__all__ = ["TYPES"]

_TEXT_OR_LARGE_FLOAT = re.compile(r'"(?:[^"\\]|\\.)*"|-?[\d.]+e\+\d+')


def _bind_json(value: object) -> object:
    """Write large floats out: jsonb gives `1e+23` back as an integer, which is another number than the float was."""
    text = cast(str, value)
    return _TEXT_OR_LARGE_FLOAT.sub(_written_out, text) if "e+" in text else text


def _written_out(match: re.Match[str]) -> str:
    token = match[0]
    return token if token.startswith('"') else format(float(token), ".1f")


TYPES = TableOfTypes(
    binds={Kind.JSON: _bind_json, Kind.ENUM: bind_enum},
    loads={Kind.JSON: load_json},
)
