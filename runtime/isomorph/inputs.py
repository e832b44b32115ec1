"""What generated inputs stand on: pydantic types that take what columns hold.

Used by the `inputs` folder of a generated package only, so that pydantic is imported by those who validate.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, JsonValue, NaiveDatetime

from isomorph.orm.model import UNSET

__all__ = [
    "TEXT",
    "AwareDatetime",
    "BaseModel",
    "BigInt",
    "Double",
    "Field",
    "Int",
    "JsonValue",
    "NaiveDatetime",
    "SmallInt",
    "Text",
    "Time",
    "document",
    "optional",
]


def _without_nul(text: str | None) -> str | None:
    if text is not None and "\0" in text:
        raise ValueError("text must not contain NUL characters")
    return text


def _without_zone(time: dt.time) -> dt.time:
    if time.tzinfo is not None:
        raise ValueError("time must not have a time zone")
    return time


def _integer(bits: int) -> Any:
    return Field(ge=-(1 << bits - 1), le=(1 << bits - 1) - 1)


TEXT = AfterValidator(_without_nul)
"""PostgreSQL stores no NUL; refused for all, as models do."""

SmallInt = Annotated[int, _integer(16)]
Int = Annotated[int, _integer(32)]
BigInt = Annotated[int, _integer(64)]
Double = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, TEXT]
Time = Annotated[dt.time, AfterValidator(_without_zone)]


def optional(alias: str | None = None) -> Any:
    """The default of a field that need not be sent; `model_dump(exclude_unset=True)` leaves it out."""
    return Field(default_factory=_unset, alias=alias)


def document(value: Any, alias: str | None = None) -> Any:
    """A JSON document as a default, each input getting one of its own."""
    return Field(default_factory=lambda: deepcopy(value), alias=alias)


def _unset() -> Any:
    return UNSET
