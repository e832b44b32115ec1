"""Names that follow from other names: snake case, plurals, constraint names, module and enum names; and how long they may be.

Owns the conventions. Everything here is a pure function of its arguments, so that a name never depends on what else a
schema declares.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

__all__ = [
    "constraint_name",
    "enum_member_name",
    "enum_type_name",
    "module_name",
    "plural",
    "singular",
    "snake",
    "too_long_for",
]

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IRREGULAR = {
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "man": "men",
    "matrix": "matrices",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "quiz": "quizzes",
    "tooth": "teeth",
    "vertex": "vertices",
    "woman": "women",
    **{word: word[: -2 if word.endswith("fe") else -1] + "ves" for word in (
        "calf", "half", "knife", "leaf", "life", "loaf", "shelf", "thief", "wife", "wolf",
    )},
    **{word: word + "es" for word in ("echo", "hero", "potato", "tomato", "torpedo", "veto")},
}  # fmt: skip
_SINGULAR = {many: one for one, many in _IRREGULAR.items()} | {
    word: word[:-1] for word in ("caches", "headaches", "axes", "movies", "cookies", "ties", "pies", "lies", "zombies")
}
_SAME = frozenset(
    {
        "aircraft",
        "data",
        "deer",
        "equipment",
        "feedback",
        "fish",
        "information",
        "media",
        "metadata",
        "money",
        "news",
        "series",
        "sheep",
        "software",
        "species",
        "staff",
    }
)
_HISSES = ("s", "x", "z", "ch", "sh")
_SINGULAR_ENDINGS = (
    ("ies", "y"),
    ("yses", "ysis"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("sses", "ss"),
    ("ouses", "ouse"),
    ("auses", "ause"),
    ("uses", "us"),
    ("s", ""),
)


def snake(name: str) -> str:
    """`OrderLine` as `order_line`, `HTTPServer` as `http_server`."""
    return _WORD_STARTS.sub("_", name).lower()


def _last_word(name: str) -> tuple[str, str]:
    head, underscore, word = name.rpartition("_")
    return head + underscore, word


def plural(name: str) -> str:
    """The plural of a snake case name, of its last word: `order_line` gives `order_lines`, `category` gives `categories`."""
    head, word = _last_word(name)
    if word in _IRREGULAR:
        return head + _IRREGULAR[word]
    if word in _SAME or not word:
        return name
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{head}{word[:-1]}ies"
    if word.endswith("sis"):
        return f"{head}{word[:-2]}es"
    return head + word + ("es" if word.endswith(_HISSES) else "s")


def singular(name: str) -> str:
    """The singular of a snake case name, of its last word: `followers` gives `follower`."""
    head, word = _last_word(name)
    if word in _SINGULAR:
        return head + _SINGULAR[word]
    if word in _SAME or word.endswith(("ss", "us", "is")):
        return name
    for ending, one in _SINGULAR_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return head + word.removesuffix(ending) + one
    return head + word


def module_name(model: str) -> str:
    """The generated module of a model: its snake case name, with an underscore behind a Python keyword."""
    name = snake(model)
    return f"{name}_" if keyword.iskeyword(name) else name


# --- enums -----------------------------------------------------------------------------------------------------------

_POSTGRESQL_TYPES = frozenset(
    [
        "abstime",
        "aclitem",
        "bit",
        "bool",
        "box",
        "bpchar",
        "bytea",
        "char",
        "cid",
        "cidr",
        "circle",
        "date",
        "daterange",
        "float4",
        "float8",
        "inet",
        "int2",
        "int4",
        "int8",
        "int4range",
        "int8range",
        "interval",
        "json",
        "jsonb",
        "jsonpath",
        "line",
        "lseg",
        "macaddr",
        "money",
        "name",
        "numeric",
        "numrange",
        "oid",
        "path",
        "point",
        "polygon",
        "record",
        "text",
        "tid",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "trigger",
        "tsquery",
        "tsrange",
        "tsvector",
        "unknown",
        "uuid",
        "varbit",
        "varchar",
        "void",
        "xid",
        "xml",
    ]
)
"""Types that PostgreSQL finds before one of the same name in the application's schema."""


def enum_type_name(name: str) -> str:
    """The database's type for an enum: its snake case name; `date_enum` where PostgreSQL's own type would be found instead."""
    type_name = snake(name)
    return f"{type_name}_enum" if type_name in _POSTGRESQL_TYPES else type_name


def enum_member_name(value: str) -> str:
    """The Python member for a stored value: `in progress` gives `IN_PROGRESS`, `2xl` gives `_2XL`; empty if nothing is left."""
    name = re.sub(r"\W+", "_", value).strip("_").upper()
    return f"_{name}" if name[:1].isdigit() else name


# --- lengths -----------------------------------------------------------------------------------------------------------


def too_long_for(name: str, dialects: Iterable[str]) -> tuple[str, int] | None:
    """The first dialect that does not take an identifier of this length, and its limit; None when all do.

    PostgreSQL cuts identifiers at 63 bytes (NAMEDATALEN - 1), MySQL and MariaDB refuse more than 64 characters, SQLite has
    no limit.
    """
    for dialect in dialects:
        if dialect == "postgresql" and len(name.encode()) > 63:
            return dialect, 63
        if dialect == "mysql" and len(name) > 64:
            return dialect, 64
    return None


def constraint_name(
    table: str, columns: Sequence[str], kind: str, dialects: Iterable[str], meaning: str | None = None
) -> str:
    """Name of an index or constraint: `posts_author_id_index`.

    A name too long for one of the dialects is cut and ends in a hash of the whole, so it stays unique and is the same in
    every run. So does a name that another one has already, when `meaning` tells what sets this one apart.
    """
    stem = "_".join((table, *columns))
    name = f"{stem}_{kind}"
    dialects = tuple(dialects)
    if meaning is None and too_long_for(name, dialects) is None:
        return name
    tail = f"_{sha256((meaning or name).encode()).hexdigest()[:8]}_{kind}"
    while too_long_for(stem + tail, dialects) is not None:
        stem = stem[:-1]
    return stem.rstrip("_") + tail
