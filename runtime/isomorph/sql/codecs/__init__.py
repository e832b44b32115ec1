"""Codecs: per column type, which Python values it accepts and how they travel on each dialect.

Owns the run-time checks that every bound value passes, whatever the database: the same wrong value gets the same error
everywhere, before any SQL is sent. Knows no driver.
"""

from __future__ import annotations

from isomorph.sql.codecs.casts import Cast
from isomorph.sql.codecs.checks import SCALARS
from isomorph.sql.codecs.codec import Bindable, Codec, Members, codec_for, codec_of_value
from isomorph.sql.codecs.composites import COMPOSITES
from isomorph.sql.codecs.documents import JsonInput, JsonValue
from isomorph.sql.codecs.registry import CHECKS, Refused

__all__ = ["Bindable", "Cast", "Codec", "JsonInput", "JsonValue", "Members", "Refused", "codec_for", "codec_of_value"]

CHECKS.update(SCALARS)
CHECKS.update(COMPOSITES)
