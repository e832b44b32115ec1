"""The functions that SQLite connections get: what the SQL of the dialect calls, by name. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isomorph.drivers import decimals, documents, moments, numbers, texts, words

__all__ = ["FUNCTIONS"]

FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    *((name, 2, function) for name, function in decimals.ARITHMETIC.items()),
    ("isomorph_round", 2, decimals.rounded),
    ("isomorph_fit", 3, decimals.fitted),
    ("isomorph_abs", 1, decimals.absolute),
    ("isomorph_floor", 1, decimals.floored),
    ("isomorph_ceil", 1, decimals.ceiling),
    ("isomorph_whole", 1, numbers.whole),
    ("isomorph_finite", 1, numbers.finite),
    ("isomorph_nearest", 1, numbers.nearest),
    ("isomorph_floor_divide", 2, numbers.floor_divide),
    ("isomorph_modulo", 2, numbers.modulo),
    ("isomorph_truncated", 1, numbers.truncated),
    ("isomorph_to_int", 1, numbers.to_int),
    ("isomorph_to_float", 1, numbers.to_float),
    ("isomorph_to_decimal", 1, numbers.to_decimal),
    ("isomorph_sign", 1, numbers.sign),
    ("isomorph_power", 2, numbers.power),
    ("isomorph_sqrt", 1, numbers.square_root),
    ("isomorph_lower", 1, texts.lower),
    ("isomorph_upper", 1, texts.upper),
    ("isomorph_right", 2, texts.right),
    ("isomorph_lpad", 3, texts.lpad),
    ("isomorph_rpad", 3, texts.rpad),
    ("isomorph_repeat", 2, texts.repeated),
    ("isomorph_reverse", 1, texts.reversed_text),
    ("isomorph_add_days", 2, moments.add_days),
    ("isomorph_add_span", 2, moments.add_span),
    ("isomorph_difference", 2, moments.difference),
    ("isomorph_at_offset", 2, moments.at_offset),
    ("isomorph_at_zone", 2, moments.at_zone),
    ("isomorph_json_part", 2, documents.part),
    ("isomorph_json_put", 3, documents.put),
    ("isomorph_json_removed", 2, documents.removed),
    ("isomorph_json_equals", 2, documents.equals),
    ("isomorph_json_contains", 2, documents.contains),
    ("isomorph_array_contains", 2, documents.array_contains),
    ("isomorph_array_overlaps", 2, documents.array_overlaps),
    ("isomorph_unhex", 1, documents.unhex),
    ("isomorph_relevance", 3, words.relevance),
    ("regexp", 2, texts.matches),
)
"""Name in SQL, number of arguments, function. All are deterministic, and give NULL for NULL."""
