"""JSON documents: what may be written, what is read, and the check that makes a document the text that is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from isomorph import limits
from isomorph.sql.codecs.registry import Refused, kind_of
from isomorph.sql.codecs.texts import check_text

__all__ = ["JsonInput", "JsonValue", "check_json"]

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
"""A JSON document as it is read."""

JsonInput: TypeAlias = "Mapping[str, JsonInput] | Sequence[JsonInput] | str | int | float | bool | None"
"""A JSON document as it may be written: wider than JsonValue, so that a `dict[str, int]` is accepted."""

_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class _TooDeep(Exception):
    """A document has more levels than `limits.json_depth`."""


def _has_text_keys(value: object, levels: int) -> bool:
    """`json.dumps` turns the key 1 into "1" without a word; a document must come back as it went in.

    Args:
        value: a document that could be encoded.
        levels: how many levels of dicts and lists it may have.
    """
    if isinstance(value, dict | list | tuple) and not levels:
        raise _TooDeep
    if isinstance(value, dict):
        return all(
            isinstance(key, str) and _has_text_keys(item, levels - 1)
            for key, item in cast("dict[object, object]", value).items()
        )
    if isinstance(value, list | tuple):
        return all(_has_text_keys(item, levels - 1) for item in cast("Sequence[object]", value))
    return True


def check_json(value: object) -> object:
    """The document as its shortest text, which is what every dialect stores."""
    most = limits.current()
    try:
        text = _encoded(value)
        is_document = _has_text_keys(value, most.json_depth)
    except (RecursionError, _TooDeep):
        text, is_document = "", True
    except (TypeError, ValueError):
        text, is_document = "", False
    if not text and is_document:
        raise Refused(f"a JSON document of at most {most.json_depth} levels", "a deeper one", "json_depth")
    if not is_document:
        raise Refused("a JSON value (dict with str keys, list, str, finite number, bool, None)", kind_of(value))
    if "\\u0000" in text and _ESCAPED_NUL.search(text):
        raise Refused("JSON text without NUL characters", "one with a NUL")
    check_text(text)
    if len(text) * 4 > most.json_bytes and len(text.encode()) > most.json_bytes:  # no character takes more than 4
        raise Refused(f"a JSON document of at most {most.json_bytes} bytes", "a larger one", "json_bytes")
    return text
