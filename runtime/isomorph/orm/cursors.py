"""Cursors: the place of a row as a text that clients carry around, signed so that nobody can make one up.

Owns their form: base64url (without padding) of a signature and a JSON array: the fingerprint of the order, where to go
from the place, the values of its keys. Signed, not encrypted: whoever has a cursor can read the values. Pure.
"""

from __future__ import annotations

import binascii
import datetime as dt
import enum
import hmac
import ipaddress as ip
import json
import math
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from types import UnionType
from typing import Any

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidCursor, InvalidQuery
from isomorph.orm.keyset import Key, Place, checked_place
from isomorph.sql.writer import Writer

__all__ = ["LONGEST", "Cursor", "Cursors"]

LONGEST = 4096
"""Characters of the longest cursor, so that one fits into a URL and reading one costs nothing worth mentioning."""

_SIGNATURE_BYTES = 16
"""HMAC-SHA256 cut to half its length, the least that RFC 2104 recommends: 128 bits to guess."""

_PURPOSE = b"isomorph cursor 1\0"
"""Signed along, so that no other use of the same key gives a valid cursor, and no other form of cursors either."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order, and where to go from there.

    Attributes:
        place: the values of the keys.
        backwards: whether the rows before it are meant.
        inclusive: whether the row at the place is meant, too.
    """

    place: Place
    backwards: bool
    inclusive: bool = False


_WAYS = {"n": (False, False), "p": (True, False), "N": (False, True), "P": (True, True)}
"""By the letter in a cursor: whether it goes backwards, and whether it is inclusive."""
_LETTERS = {way: letter for letter, way in _WAYS.items()}


class Cursors:
    """Writes and reads the cursors of one order."""

    __slots__ = ("_dialect", "_fingerprint", "_keys", "_secret")

    def __init__(self, secret: str, table: str, keys: Sequence[Key], dialect: Dialect) -> None:
        """Cursors of a query.

        Args:
            secret: what they are signed with.
            table: the table that is read; a cursor of another one is refused.
            keys: the total order of the rows, as the query asked for it.
            dialect: the database that is asked.
        """
        self._secret = secret.encode(errors="surrogateescape")  # bytes of the environment may be no UTF-8
        self._keys = keys
        self._dialect = dialect
        self._fingerprint = _fingerprint(table, keys, dialect)

    def written(self, cursor: Cursor) -> str:
        """A cursor as text.

        Raises:
            InvalidQuery: a value that does not fit into a cursor.
        """
        place = checked_place(self._keys, cursor.place, self._dialect, "cursor_paginate()")
        values = [_encoded(key, value) for key, value in zip(self._keys, place, strict=True)]
        letter = _LETTERS[cursor.backwards, cursor.inclusive]
        payload = json.dumps(
            [self._fingerprint, letter, *values], ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()
        text = urlsafe_b64encode(self._signature(payload) + payload).rstrip(b"=").decode()
        if len(text) > LONGEST:
            raise InvalidQuery(
                f"cursor_paginate(): the values that a page ends with make a cursor of more than {LONGEST} characters",
                "order by columns of shorter values",
            )
        return text

    def read(self, text: str) -> Cursor:
        """The cursor that a text stands for.

        Raises:
            InvalidCursor: this query did not write it.
        """
        payload = self._checked(text)
        found: Cursor | None = None
        try:
            fingerprint, letter, *encoded = json.loads(payload)
            if fingerprint == self._fingerprint:
                backwards, inclusive = _WAYS[letter]
                place = tuple(_decoded(key, value) for key, value in zip(self._keys, encoded, strict=True))
                found = Cursor(place, backwards, inclusive)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            pass  # what is wrong is of no use to whoever sent it; and the exception holds the values
        if found is None:
            raise InvalidCursor("one of another query or order")
        return found

    def _checked(self, text: object) -> bytes:
        """What is behind the signature, which fits."""
        if not isinstance(text, str):
            raise InvalidCursor(type(text).__name__)
        if len(text) > LONGEST:
            raise InvalidCursor(f"one of more than {LONGEST} characters")
        signed = _bytes_of(text)
        payload = signed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signed[:_SIGNATURE_BYTES], self._signature(payload)):
            raise InvalidCursor("one that was changed, cut off, or signed with another key")
        return payload

    def _signature(self, payload: bytes) -> bytes:
        return hmac.new(self._secret, _PURPOSE + payload, sha256).digest()[:_SIGNATURE_BYTES]


def _fingerprint(table: str, keys: Sequence[Key], dialect: Dialect) -> str:
    """What tells one order from another: the same in every process."""
    out = Writer(dialect, qualified=True)
    for key in keys:
        key.expression._write(out)
        nulls = key.nulls_first if key.is_nullable else None
        out.parts.append(f" {key.descending} {nulls}, ")
    text, values = out.result()
    digest = sha256(f"{table}\0{text}\0{values!r}".encode()).digest()
    return urlsafe_b64encode(digest[:6]).decode()


def _bytes_of(text: str) -> bytes:
    """The bytes of a base64url text; none where there is no reading it."""
    try:
        found = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""
    # Python skips characters that are none of base64, and the last character has bits to spare: only one text is right.
    return found if urlsafe_b64encode(found).rstrip(b"=").decode() == text else b""


# --- values --------------------------------------------------------------------------------------------------------------

_FORMS: dict[str, tuple[type | UnionType, Callable[[Any], object], Callable[[str], object]]] = {
    "e": (enum.Enum, lambda member: member.value, str),
    "s": (str, str, str),
    "d": (Decimal, str, Decimal),
    "t": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "D": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
    "T": (dt.time, dt.time.isoformat, dt.time.fromisoformat),
    "i": (
        dt.timedelta,
        lambda value: value // dt.timedelta(microseconds=1),
        lambda text: dt.timedelta(microseconds=int(text)),
    ),
    "u": (uuid.UUID, lambda value: value.hex, uuid.UUID),
    "b": (bytes, bytes.hex, bytes.fromhex),
    "a": (ip.IPv4Address | ip.IPv6Address, str, ip.ip_address),
    "n": (ip.IPv4Network | ip.IPv6Network, str, ip.ip_network),
}
"""What is written as text, by the letter before it: the class (an enum's member may be a text, a datetime is a date: they
come first), to text and back. Numbers, bools and None are those of JSON."""


def _encoded(key: Key, value: object) -> object:
    """A value of a key as JSON has it.

    Raises:
        InvalidQuery: there is no form for it.
    """
    if value is None or type(value) in (bool, int) or (type(value) is float and math.isfinite(value)):
        return value
    for tag, (kind, encode, _) in _FORMS.items():
        if isinstance(value, kind):
            return f"{tag}{encode(value)}"
    raise InvalidQuery(
        f"cursor_paginate() in the order of {key.expression._where()}, whose values do not fit into a cursor"
        f" ({type(value).__name__})",
        "order by another column",
    )


def _decoded(key: Key, encoded: object) -> object:
    """A value of a key, as its column's codec has it.

    Raises:
        InvalidValue, ValueError, TypeError, LookupError, ArithmeticError: it is none.
    """
    value = encoded
    if isinstance(encoded, str):
        value = _FORMS[encoded[0]][2](encoded[1:])
        if encoded[0] == "e" and key.codec.members is not None:
            value = key.codec.members[value]
    return key.codec.compared(value, key.expression._where())
