"""How the row that an object was loaded from keeps values that have another form there.

An object is dirty where its value differs from the row's. A list that both shared would never differ from itself, so
the row keeps another form of it, which nobody can edit. A truth value is kept as the driver gave it, so that the driver's
row is the one that is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, cast

from isomorph.dialects.base import Load
from isomorph.sql.codecs.registry import Check, Refused

__all__ = ["ConvertedKeeper", "DocumentKeeper", "Keeper", "ListKeeper", "SetKeeper", "TruthKeeper"]


class Keeper(Protocol):
    """The form of one type's values in rows. Never called with None."""

    def kept(self, value: object, /) -> object:
        """The form of a value that was checked."""
        ...

    def value(self, kept: object, /) -> object:
        """A value of that form, shared with nobody."""
        ...

    def is_same(self, kept: object, value: object, /) -> bool:
        """Whether a value still says the same; False for one that the column cannot hold."""
        ...


class DocumentKeeper:
    """A JSON document as its text, however the database spells it."""

    def __init__(self, check: Check) -> None:
        self.kept = check

    def value(self, kept: object, /) -> object:
        return json.loads(cast("str | bytes", kept))

    def is_same(self, kept: object, value: object, /) -> bool:
        try:
            return _canonical(self.value(kept)) == _canonical(value)
        except (TypeError, ValueError):
            return False  # no JSON any more: the check at save says what is wrong with it


def _canonical(document: object) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


class ListKeeper:
    """A list as a tuple."""

    def kept(self, value: object, /) -> object:
        return tuple(cast("Sequence[object]", value))

    def value(self, kept: object, /) -> object:
        return list(cast("Sequence[object]", kept))

    def is_same(self, kept: object, value: object, /) -> bool:
        if not isinstance(value, list | tuple):
            return False
        before, now = cast("Sequence[object]", kept), cast("Sequence[object]", value)
        return len(before) == len(now) and all(map(_is_same_item, before, now))


def _is_same_item(before: object, now: object) -> bool:
    """Whether two items are equal and of one class: True is not 1 here."""
    try:
        return before is now or (type(before) is type(now) and bool(before == now))
    except (ArithmeticError, TypeError, ValueError):
        return False


class SetKeeper:
    """A set as a frozen one."""

    def kept(self, value: object, /) -> object:
        return frozenset(cast("AbstractSet[object]", value))

    def value(self, kept: object, /) -> object:
        return set(cast("AbstractSet[object]", kept))

    def is_same(self, kept: object, value: object, /) -> bool:
        return isinstance(value, AbstractSet) and kept == cast("AbstractSet[object]", value)


class TruthKeeper:
    """A truth value as it is, or as the number that drivers without truth values give for it."""

    def kept(self, value: object, /) -> object:
        return value

    def value(self, kept: object, /) -> object:
        return kept == 1

    def is_same(self, kept: object, value: object, /) -> bool:
        return isinstance(value, bool) and value is (kept == 1)


class ConvertedKeeper:
    """The value of a cast as the column's.

    Args:
        check: makes the column's value of the attribute's.
        load: the reverse, of what `base` makes of a kept value.
        base: how rows keep the column's own values; None for as they are.
    """

    def __init__(self, check: Check, load: Callable[[Load | None], Load], base: Keeper | None) -> None:
        self._base = base
        self._check = check
        self._load = load(None if base is None else base.value)

    def kept(self, value: object, /) -> object:
        return self._check(value)

    def value(self, kept: object, /) -> object:
        return self._load(kept)

    def is_same(self, kept: object, value: object, /) -> bool:
        try:
            now = self._check(value)
        except Refused:
            return False
        if self._base is not None and self._base.is_same(kept, self._base.value(now)):
            return True
        # What is written of a value may say more than what it was read from, or be of another class.
        return _is_same_item(kept, now) or self._is_read_as(kept, value)

    def _is_read_as(self, kept: object, value: object) -> bool:
        try:
            return bool(self._load(kept) == value)
        except (ArithmeticError, TypeError, ValueError):
            return False
