"""Names of a schema made of those of a database: classes, fields, relations. Pure.

A table gives a model by the same rules by which a model gives its table, so that most models need no `table`. Whatever a
database calls a thing, the name that is made can be used in Python, is not one that the API needs, and is free.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, count
from typing import Final

from isomorph.names import MODEL_NAMES, RELATION_NAMES
from isomorph_generator.schema.naming import enum_type_name, module_name, plural, singular, snake
from isomorph_generator.schema.resolve.names import GENERATED_CLASSES

__all__ = [
    "ClassNames",
    "enum_name",
    "field_name",
    "is_attribute",
    "plain",
    "relation_name",
    "role",
    "several",
    "table_words",
]

_SHORTEST_PLURAL: Final = 4
"""Letters of the shortest word whose last s is taken for a plural: `gas` and `sms` are none."""
_KEY_SUFFIXES: Final = ("_id", "_fk", "_uuid", "_key")
_KEY_PREFIXES: Final = ("id_", "fk_")
_NOT_FOR_FIELDS: Final = frozenset({"all_rows"})
"""Arguments that generated methods have beside the fields."""


_LOADERS: Final = "load"
"""What relations do not begin with: behind an underscore it begins the names of a model's loaders."""


def plain(name: str) -> str:
    """A name as snake case words, of letters, digits and single underscores: `InvoiceID` and `invoice id` as `invoice_id`.

    Empty when nothing is left. May begin with a digit.
    """
    words = re.sub(r"\W+", "_", snake(unicodedata.normalize("NFKC", name)))
    return re.sub(r"_{2,}", "_", words).strip("_")


def _ascii(name: str) -> str:
    """What is left of a name in the letters and digits that a class may have: letters lose their accents."""
    decomposed = unicodedata.normalize("NFKD", name)
    return re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9]+", "_", decomposed.encode("ascii", "ignore").decode())).strip(
        "_"
    )


def table_words(table: str) -> str:
    """What one row of a table is, in snake case: `order_lines` gives `order_line`, `OrderLine` too."""
    words = plain(table)
    last = words.rpartition("_")[2]
    return words if len(last) < _SHORTEST_PLURAL else singular(words)


def _pascal(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))


def _numbered(base: str, separator: str = "_") -> Iterator[str]:
    """A name, and then the same with a number behind it: `post`, `post_2`, `post_3`, without end."""
    yield base
    yield from (f"{base}{separator}{number}" for number in count(2))


# --- classes -------------------------------------------------------------------------------------------------------------


class ClassNames:
    """Gives names to models and enums, which are classes of one package together with what is generated for them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._modules: set[str] = set()

    def model(self, table: str) -> str:
        """A name for the model of a table, no longer free afterwards."""
        words = _ascii(table_words(table))
        base = _pascal(f"table_{words}" if not words[:1].isalpha() else words).removesuffix("_")
        if keyword.iskeyword(base):
            base += "Model"
        name = next(
            name for name in _numbered(base, "") if self._is_free(name) and module_name(name) not in self._modules
        )
        self._modules.add(module_name(name))
        return self._take(name)

    def enum(self, wanted: str) -> str:
        """A name for an enum, the wanted one if it is free."""
        base = wanted if not keyword.iskeyword(wanted) else f"{wanted}Enum"
        candidates = chain((base, f"{base}Value"), _numbered(base, ""))
        return self._take(next(name for name in candidates if self._is_free(name)))

    def _is_free(self, name: str) -> bool:
        made = {f"{name}{suffix}" for suffix in GENERATED_CLASSES}
        owners = {name.removesuffix(suffix) for suffix in GENERATED_CLASSES if name.endswith(suffix)}
        return name not in self._taken and not made & self._taken and not owners & self._taken

    def _take(self, name: str) -> str:
        self._taken.add(name)
        return name


def enum_name(type_name: str) -> str:
    """The enum whose type the database calls so, where there is one; else the name as a class: `order_status`, `OrderStatus`."""
    words = _ascii(plain(type_name))
    base = _pascal(words if words[:1].isalpha() else f"enum_{words}").removesuffix("_")
    short = base.removesuffix("Enum")
    return short if short and enum_type_name(short) == type_name else base


# --- attributes ----------------------------------------------------------------------------------------------------------


def is_attribute(name: str, *, relation: bool = False) -> bool:
    """Whether a model may have an attribute of that name."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("_")
        and "__" not in name
        and name not in MODEL_NAMES
        and not (name in RELATION_NAMES or name.startswith(_LOADERS) if relation else name in _NOT_FOR_FIELDS)
    )


def _usable(words: str, *, relation: bool = False) -> Iterator[str]:
    """Names that an attribute may have, the likeliest first."""
    base = words
    if not base.isidentifier() and not keyword.iskeyword(base):
        base = _ascii(words)
        base = base if base[:1].isalpha() else f"column_{base}".rstrip("_")
    if relation and base.startswith(_LOADERS):
        base = f"its_{base}"
    candidates = (base, f"{base}_", *(f"{base}_{number}" for number in range(2, 10)))
    yield from (name for name in candidates if is_attribute(name, relation=relation))
    yield from (f"{base}_{number}" for number in count(10))


def field_name(column: str, taken: Collection[str]) -> str:
    """The field of a column: its own name where that can be, else the likeliest that is free."""
    if is_attribute(column) and column not in taken and column == plain(column):
        return column
    return next(name for name in _usable(plain(column) or "column") if name not in taken)


def relation_name(wanted: Iterable[str], taken: Collection[str]) -> str:
    """The first of the names that a relation may have and that is free; else one of them with something behind it."""
    candidates = [words for words in map(plain, wanted) if words]
    for name in candidates:
        if is_attribute(name, relation=True) and name not in taken:
            return name
    return next(name for name in _usable(candidates[-1], relation=True) if name not in taken)


def role(column: str, reference: str | None = None) -> str:
    """What the row that a key leads to is to the one that holds it: `support_rep_id` gives `support_rep`.

    Args:
        column: the column that holds the key.
        reference: the column that it refers to.

    Returns:
        Snake case words; empty when the name says nothing but that it is a key: `id`.
    """
    words = plain(column)
    suffixes = _KEY_SUFFIXES if reference is None else (f"_{plain(reference)}", *_KEY_SUFFIXES)
    for suffix in suffixes:
        if words.endswith(suffix) and len(words) > len(suffix):
            return words.removesuffix(suffix)
    for prefix in _KEY_PREFIXES:
        if words.startswith(prefix) and len(words) > len(prefix):
            return words.removeprefix(prefix)
    return "" if words in ("id", "uuid", "key") or (reference is not None and words == plain(reference)) else words


def several(words: str) -> str:
    """The plural of a role; one that is no noun stays: `track` gives `tracks`, `followed` stays `followed`."""
    return words if words.endswith("ed") else plural(words)
