"""What generated inputs stand on: pydantic types that take what columns hold.

Used by the `inputs` folder of a generated package only, so that pydantic is imported by those who validate.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, JsonValue, NaiveDatetime

from isomorph.catalog import INTEGERS, INTERVAL_MICROSECONDS, MEDIUMTEXT_BYTES, Kind
from isomorph.orm.model import UNSET

__all__ = [
    "CHAR",
    "MEDIUM_TEXT",
    "TEXT",
    "AwareDatetime",
    "BaseModel",
    "BigInt",
    "Double",
    "Field",
    "Int",
    "Interval",
    "JsonValue",
    "NaiveDatetime",
    "Real",
    "SmallInt",
    "Text",
    "Time",
    "TinyInt",
    "UnsignedBigInt",
    "UnsignedInt",
    "UnsignedSmallInt",
    "UnsignedTinyInt",
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


def _without_blanks(text: str | None) -> str | None:
    if text is not None and text.endswith(" "):
        raise ValueError("text must not end with blanks")
    return text


def _medium(text: str | None) -> str | None:
    if text is not None and len(text) > MEDIUMTEXT_BYTES // 4 and len(text.encode()) > MEDIUMTEXT_BYTES:
        raise ValueError(f"text must have at most {MEDIUMTEXT_BYTES} bytes")
    return _without_nul(text)


def _in_range(span: dt.timedelta) -> dt.timedelta:
    if span // _MICROSECOND not in INTERVAL_MICROSECONDS:
        raise ValueError("a span of time must not exceed 64 bits of microseconds")
    return span


def _integer(kind: Kind) -> Any:
    return Field(ge=INTEGERS[kind].start, le=INTEGERS[kind].stop - 1)


_MICROSECOND = dt.timedelta(microseconds=1)
_LARGEST_REAL = 3.4028234663852886e38


TEXT = AfterValidator(_without_nul)
"""PostgreSQL stores no NUL; refused for all, as models do."""

CHAR = AfterValidator(lambda text: _without_blanks(_without_nul(text)))
"""MySQL cuts blanks off the end, and PostgreSQL adds some; refused for all, as models do."""

MEDIUM_TEXT = AfterValidator(_medium)

TinyInt = Annotated[int, _integer(Kind.TINYINT)]
SmallInt = Annotated[int, _integer(Kind.SMALLINT)]
Int = Annotated[int, _integer(Kind.INT)]
BigInt = Annotated[int, _integer(Kind.BIGINT)]
UnsignedTinyInt = Annotated[int, _integer(Kind.UNSIGNED_TINYINT)]
UnsignedSmallInt = Annotated[int, _integer(Kind.UNSIGNED_SMALLINT)]
UnsignedInt = Annotated[int, _integer(Kind.UNSIGNED_INT)]
UnsignedBigInt = Annotated[int, _integer(Kind.UNSIGNED_BIGINT)]
Real = Annotated[float, Field(allow_inf_nan=False, ge=-_LARGEST_REAL, le=_LARGEST_REAL)]
Double = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, TEXT]
Time = Annotated[dt.time, AfterValidator(_without_zone)]
Interval = Annotated[dt.timedelta, AfterValidator(_in_range)]


def optional(alias: str | None = None) -> Any:
    """The default of a field that need not be sent; `model_dump(exclude_unset=True)` leaves it out."""
    return Field(default_factory=_unset, alias=alias)


def document(value: Any, alias: str | None = None) -> Any:
    """A JSON document as a default, each input getting one of its own."""
    return Field(default_factory=lambda: deepcopy(value), alias=alias)


def _unset() -> Any:
    return UNSET
