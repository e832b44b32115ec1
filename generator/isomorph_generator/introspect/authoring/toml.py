"""Values as TOML writes them, on one line and in the one format of `orm schema fmt`. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from isomorph_generator.schema.durations import duration_text

__all__ = ["NotToml", "key", "value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_INTEGERS = range(-(2**63), 2**64)
"""What any column holds; TOML asks for signed ones only, and the reader takes both."""


class NotToml(ValueError):
    """A value that TOML has no form for, in words."""


def key(name: str) -> str:
    """A key, quoted where it has to be."""
    return name if _BARE.fullmatch(name) else text(name)


def text(string: str) -> str:
    """A basic string; control characters are escaped, and so are those that have no form in UTF-8."""
    # JSON's escapes are TOML's, but for DEL, which JSON leaves alone. Lone surrogates have no form at all.
    if any("\ud800" <= char <= "\udfff" for char in string):
        raise NotToml("a text that is no Unicode")
    return json.dumps(string, ensure_ascii=False).replace("\x7f", "\\u007f")


def value(given: object) -> str:
    """Any value that a schema holds.

    Raises:
        NotToml: there is no form for it.
    """
    match given:
        case bool():
            return "true" if given else "false"
        case int():
            if given not in _INTEGERS:
                raise NotToml("a whole number beyond 64 bits")
            return str(given)
        case str():
            return text(given)
        case float() | Decimal():
            return _number(given)
        case dt.datetime():
            return given.isoformat()
        case dt.date() | dt.time():
            return given.isoformat()
        case dt.timedelta():
            return text(duration_text(given))
        case Mapping():
            return _table(cast("Mapping[str, object]", given))
        case Sequence():
            return f"[{', '.join(value(item) for item in cast('Sequence[object]', given))}]"
        case None:
            raise NotToml("null")
        case _:
            raise NotToml(f"a {type(given).__name__}")


def _number(given: float | Decimal) -> str:
    number = given if isinstance(given, Decimal) else Decimal(repr(given))
    if not number.is_finite():
        raise NotToml("no finite number")
    plain = format(number, "f")
    return plain if "." in plain else plain if isinstance(given, Decimal) else f"{plain}.0"


def _table(given: Mapping[str, object]) -> str:
    parts = [f"{key(name)} = {value(item)}" for name, item in given.items()]
    return f"{{ {', '.join(parts)} }}" if parts else "{}"
