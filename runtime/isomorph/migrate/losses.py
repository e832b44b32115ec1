"""What a changed column may lose: which types hold all that another one holds. Pure.

The one place that says so. A value that does not fit is refused by the database or cut by its conversion; either way it is
not there afterwards.
"""

from __future__ import annotations

from isomorph.catalog import FLOATS, INTEGERS, SHAPES, TEXTS, Column, ColumnType, Kind

__all__ = ["holds_all", "lost_by_column", "lost_by_options"]

_EXACT_INTEGERS = {Kind.REAL: 2**24, Kind.DOUBLE: 2**53}
"""Up to which number a floating-point type holds each whole one."""

_TEXT_LENGTHS = {
    Kind.BOOL: 5,
    Kind.DATE: 10,
    Kind.TIME: 15,
    Kind.DATETIME: 26,
    Kind.TIMESTAMPTZ: 32,
    Kind.UUID: 36,
    Kind.MACADDR: 17,
    **{kind: max(len(str(bounds.start)), len(str(bounds.stop - 1))) for kind, bounds in INTEGERS.items()},
}
"""How many characters the longest value of a type has as text."""

_ORDER_OF_TEXTS = (Kind.MEDIUMTEXT, Kind.TEXT)


def lost_by_column(table: str, before: Column, after: Column) -> tuple[str, ...]:
    """What of a column's values is lost when it becomes another one, in words."""
    name = f"{table}.{after.name}"
    if before.generated is not None:
        return ()
    if after.generated is not None:
        return (f"the values of {name}, which is computed from now on",)
    lost: list[str] = []
    if not holds_all(before.type, after.type):
        lost.append(f"what of the values of {name} a column of {after.type} does not hold")
    lost += lost_by_options(name, before.charset, after.charset)
    return tuple(lost)


def lost_by_options(name: str, before: str | None, after: str | None) -> tuple[str, ...]:
    """What is lost to another character set, in words; None is one of all characters."""
    if after in {None, before, "utf8mb4"}:
        return ()
    return (f"characters of the texts of {name} that {after} does not have",)


def holds_all(before: ColumnType, after: ColumnType) -> bool:
    """Whether a column of the second type holds each value of the first, as it was."""
    if before == after:
        return True
    if before.kind in INTEGERS or before.kind is Kind.BOOL:
        return _holds_integers(before.kind, after)
    if after.kind in TEXTS:
        return _holds_texts(before, after)
    match before.kind, after.kind:
        case (Kind.DECIMAL, Kind.DECIMAL):
            scale, other = before.scale or 0, after.scale or 0
            return scale <= other and (before.precision or 0) - scale <= (after.precision or 0) - other
        case (Kind.REAL, Kind.DOUBLE) | (Kind.DATE, Kind.DATETIME | Kind.TIMESTAMPTZ):
            return True
        case (Kind.DATETIME, Kind.TIMESTAMPTZ) | (Kind.TIMESTAMPTZ, Kind.DATETIME):
            return True  # the clock of UTC is meant
        case (Kind.BYTES, Kind.BYTES):
            return after.length is None or (before.length is not None and before.length <= after.length)
        case (Kind.INTERVAL, Kind.BIGINT):
            return True
        case (Kind.SET, Kind.ARRAY) if after.item is not None:
            return after.item.enum == before.enum
        case (Kind.ARRAY, Kind.ARRAY) if before.item is not None and after.item is not None:
            return holds_all(before.item, after.item) and (after.items_nullable or not before.items_nullable)
        case (kind, Kind.GEOMETRY):
            return kind in SHAPES
        case _:
            return False


def _holds_integers(kind: Kind, after: ColumnType) -> bool:
    bounds = INTEGERS.get(kind, range(2))
    most = max(-bounds.start, bounds.stop - 1)
    if after.kind in INTEGERS:
        return bounds.start in INTEGERS[after.kind] and bounds.stop - 1 in INTEGERS[after.kind]
    if after.kind is Kind.DECIMAL:
        return after.precision is not None and most < 10 ** (after.precision - (after.scale or 0))
    if after.kind in FLOATS:
        return most <= _EXACT_INTEGERS[after.kind]
    return after.kind in TEXTS and _holds_texts(ColumnType(kind), after)


def _holds_texts(before: ColumnType, after: ColumnType) -> bool:
    if after.kind in _ORDER_OF_TEXTS:
        places = {kind: place for place, kind in enumerate(_ORDER_OF_TEXTS)}
        return before.kind not in places or places[before.kind] <= places[after.kind]
    longest = before.length if before.kind in TEXTS else _TEXT_LENGTHS.get(before.kind)
    # A char loses the blanks at its end.
    fits = after.kind is not Kind.CHAR or before.kind is not Kind.STRING
    return longest is not None and after.length is not None and longest <= after.length and fits
