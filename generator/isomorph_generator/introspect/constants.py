"""The constants of SQL as values: what a default says, whatever a database made of its spelling. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import TypeAlias, cast

from isomorph.catalog import FLOATS, INTEGERS, RANGES, TEXTS, ColumnType, Default, Kind
from isomorph.dialects.postgresql.composites import load_names
from isomorph.values.networks import address_from, network_from
from isomorph_generator.introspect.tokens import Token, tokens, without_parentheses

__all__ = ["constant", "default_value"]

Constant: TypeAlias = bool | int | Decimal | str | bytes

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}


def constant(text: str, *, escapes: bool = False) -> tuple[Constant | None] | None:
    """The constant that a text is, in a tuple of one; None for a text that is more, or less.

    Args:
        text: SQL, with the casts and parentheses that a database puts around constants.
        escapes: whether a backslash in a string is an escape (MySQL).
    """
    found = tokens(without_parentheses(text, escapes=escapes), escapes=escapes)
    cast_place = next((place for place, token in enumerate(found) if token.text == "::"), len(found))
    found = found[:cast_place]
    if len(found) >= 3 and found[0].text == "(" and found[-1].text == ")":
        found = found[1:-1]
    if len(found) == 2 and found[0].kind == "word" and found[0].text.startswith("_") and found[1].kind == "string":
        found = found[1:]  # a character set of MySQL
    if len(found) == 2 and found[0].text in {"-", "+"} and found[1].kind == "number":
        number = _number(found[1].text)
        return (-number if found[0].text == "-" else number,)
    return _single(found[0], escapes=escapes) if len(found) == 1 else None


def _single(token: Token, *, escapes: bool) -> tuple[Constant | None] | None:
    match token.kind, token.word:
        case "number", _:
            return (_number(token.text),)
        case "word", "TRUE" | "FALSE":
            return (token.word == "TRUE",)
        case "word", "NULL":
            return (None,)
        case "string", _:
            prefix, _, body = token.text.partition("'")
            body = body[:-1].replace("''", "'")
            if prefix in {"x", "X"}:
                return (bytes.fromhex(body),)
            if prefix in {"b", "B"}:
                return (int(body or "0", 2),)
            return (_unescaped(body) if escapes or prefix in {"e", "E"} else body,)
        case _:
            return None


def _number(text: str) -> int | Decimal:
    return int(text) if text.isdigit() else Decimal(text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


# --- by kind -----------------------------------------------------------------------------------------------------------

_INTERVAL = re.compile(
    r"(?:(?P<days>-?\d+) days? ?)?(?:(?P<sign>[-+]?)(?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d+(?:\.\d+)?))?"
)


def _interval(value: Constant) -> dt.timedelta:
    if isinstance(value, int):
        return dt.timedelta(microseconds=value)
    match = _INTERVAL.fullmatch(str(value))
    if match is None:
        raise ValueError(value)
    seconds = int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60 + Decimal(match["seconds"] or 0)
    microseconds = int(seconds * 1_000_000) * (-1 if match["sign"] == "-" else 1)
    return dt.timedelta(days=int(match["days"] or 0), microseconds=microseconds)


def _bool(value: Constant) -> bool:
    words = {"1": True, "t": True, "true": True, "0": False, "f": False, "false": False}
    return words[str(int(value) if isinstance(value, bool) else value).lower()]


def _bytes(value: Constant) -> str:
    if isinstance(value, bytes):
        return value.decode()
    text = str(value)
    return bytes.fromhex(text[2:]).decode() if text.startswith("\\x") else text


def _text(value: Constant) -> str:
    if isinstance(value, bytes):
        return value.decode()
    return str(value)


def _datetime(value: Constant) -> dt.datetime:
    return dt.datetime.fromisoformat(str(value)).replace(tzinfo=None)


def _timestamptz(value: Constant) -> dt.datetime:
    moment = dt.datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _network(text: str, read: Callable[[str], object]) -> str:
    """An address in the form in which a schema gives it, from that or from the one of fixed width."""
    return str(read(text)) if text[:2] in {"4:", "6:"} and (text.count(".") == 3 or text.count(":") > 7) else text


def _range(text: str) -> object:
    """A range, where it is stored as JSON."""
    table = cast("dict[str, object]", json.loads(text))
    return {name: value for name, value in table.items() if value is not None}


_LISTS = frozenset({Kind.ARRAY, Kind.SET})
_ITEMS_AS_TEXT = frozenset({*TEXTS, Kind.ENUM, Kind.UUID})


def _items(type_: ColumnType, value: Constant) -> object:
    """A list: as JSON, as PostgreSQL's text of an array, or as MySQL's of a set."""
    text = str(value)
    if text[:1] == "[":
        return cast("object", json.loads(text))
    if text[:1] == "{" and (text == "{}" or type_.item is None or type_.item.kind in _ITEMS_AS_TEXT):
        return load_names(text[1:-1])
    if type_.kind is Kind.SET:
        return text.split(",") if text else []
    raise ValueError(text)


_VALUES: Mapping[Kind, Callable[[Constant], object]] = {
    Kind.BOOL: _bool,
    **dict.fromkeys(INTEGERS, lambda value: int(str(value))),
    **dict.fromkeys(FLOATS, lambda value: float(str(value))),
    Kind.DECIMAL: lambda value: Decimal(str(value)),
    **dict.fromkeys((*TEXTS, Kind.ENUM, Kind.UUID, Kind.MACADDR), _text),
    Kind.INET: lambda value: _network(str(value), address_from),
    Kind.CIDR: lambda value: _network(str(value), network_from),
    **dict.fromkeys(RANGES, lambda value: _range(str(value))),
    Kind.BYTES: _bytes,
    Kind.DATE: lambda value: dt.date.fromisoformat(str(value)),
    Kind.TIME: lambda value: dt.time.fromisoformat(str(value)),
    Kind.DATETIME: _datetime,
    Kind.TIMESTAMPTZ: _timestamptz,
    Kind.INTERVAL: _interval,
    Kind.JSON: lambda value: json.loads(str(value)),
}


def default_value(type_: ColumnType, value: Constant) -> Default | None:
    """The default that a constant is for a column of a type; None where it is no value of that type, or has no form."""
    make = _VALUES.get(type_.kind)
    if type_.kind in _LISTS:
        make = partial(_items, type_)
    if make is None or (isinstance(value, Decimal) and not value.is_finite()):
        return None
    try:
        return Default(cast("str", make(value)))
    except (ValueError, ArithmeticError, KeyError):
        return None
