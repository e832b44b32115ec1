"""Classes of the application between a column and its attribute: cast classes, and pydantic models for documents.

Owns what isomorph asks of them, and that what they refuse is told without the value.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol, cast

from typing_extensions import TypeVar

from isomorph.dialects.base import Load
from isomorph.errors import InvalidValue
from isomorph.sql.codecs.registry import Refused, kind_of

__all__ = ["Cast", "CastClass", "Converter", "Document"]

PythonT = TypeVar("PythonT")
DatabaseT = TypeVar("DatabaseT")


class Cast(Protocol[PythonT, DatabaseT]):
    """What a cast class does. It is made without arguments, once, and shared by all threads.

    `None` never reaches it: NULL is None on both sides. To refuse a value it raises ValueError or TypeError, which the
    application sees as an InvalidValue of the field; their text goes nowhere, since it may hold the value.
    """

    def to_database(self, value: PythonT, /) -> DatabaseT:
        """The column's value for one of the attribute; equal values give equal ones."""
        ...

    def from_database(self, value: DatabaseT, /) -> PythonT:
        """The attribute's value for one of the column."""
        ...


_REFUSALS = (ValueError, TypeError, AttributeError)
"""What a value of another class makes a cast raise, if it does not look."""


class Converter:
    """What codecs need of a cast, of either kind."""

    def stored(self, value: object) -> object:
        """The column's value.

        Raises:
            Refused: the cast does not take the value.
        """
        raise NotImplementedError

    def load(self, base: Load | None) -> Load:
        """What makes an attribute's value of what the driver gives.

        Args:
            base: the load of the column's own type; None when the driver gives its value.
        """
        raise NotImplementedError

    def made(self, value: object) -> object:
        """The attribute's value for one of the column: a default of the schema."""
        raise NotImplementedError


class CastClass(Converter):
    """A cast class of the application.

    Args:
        cast_: an object of it.
    """

    def __init__(self, cast_: Cast[Any, Any]) -> None:
        self._cast = cast_
        self._name = type(cast_).__name__

    def stored(self, value: object) -> object:
        try:
            return self._cast.to_database(value)
        except _REFUSALS:
            pass
        raise Refused(f"a value that {self._name} takes", kind_of(value))

    def load(self, base: Load | None) -> Load:
        read = self._cast.from_database

        def load(raw: object) -> object:
            value = raw if base is None else base(raw)
            try:
                return read(value)
            except _REFUSALS:
                pass
            raise InvalidValue(self._name, "a value in the database that it reads", kind_of(value))

        return load

    def made(self, value: object) -> object:
        return self.load(None)(value)


class _Readable(Protocol):
    """The part of a pydantic model that is used here."""

    __name__: str

    def model_validate_json(self, json_data: Any, /) -> Any: ...
    def model_validate(self, obj: Any, /) -> Any: ...


class Document(Converter):
    """A pydantic model that a JSON document is read as. pydantic itself is not imported here.

    Args:
        class_: the model.
    """

    def __init__(self, class_: type[Any]) -> None:
        self._class = class_
        self._name = class_.__name__

    def stored(self, value: object) -> object:
        if not isinstance(value, self._class):
            raise Refused(f"a {self._name}", kind_of(value))
        try:
            # So that what is read back is validated to the same: by alias, and without what only serializers say.
            text = cast(Any, value).model_dump_json(by_alias=True, round_trip=True)
        except ValueError:  # what an object holds that no JSON can say
            pass
        else:
            return json.loads(text)
        raise Refused(f"a {self._name} that JSON can say", "one that holds something else")

    def load(self, base: Load | None) -> Load:
        del base  # every database gives the text
        return self._validated_by(cast(_Readable, self._class).model_validate_json)

    def made(self, value: object) -> object:
        return self._validated_by(cast(_Readable, self._class).model_validate)(value)

    def _validated_by(self, validate: Callable[[Any], object]) -> Load:
        def load(raw: object) -> object:
            try:
                return validate(raw)
            except ValueError:  # pydantic's error repeats the document
                pass
            raise InvalidValue(self._name, "a document in the database that it accepts", "another one")

        return load
