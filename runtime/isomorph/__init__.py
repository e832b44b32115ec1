"""isomorph: a schema-first, code-generating, fully typed ORM. Applications import the package that `orm generate` writes.

What is here serves their own signatures: `Collection`, `Page`, `NotIncluded`, and the root of all errors. Names are
imported at first use, so that `import isomorph` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isomorph.errors import IsomorphError as IsomorphError
    from isomorph.orm.collection import Collection as Collection
    from isomorph.orm.lazy_collection import LazyCollection as LazyCollection
    from isomorph.orm.reading import Page as Page
    from isomorph.orm.relations import NotIncluded as NotIncluded
    from isomorph.sql.codecs import JsonValue as JsonValue
    from isomorph.sql.expressions import Predicate as Predicate

__all__ = [
    "Collection",
    "IsomorphError",
    "JsonValue",
    "LazyCollection",
    "NotIncluded",
    "Page",
    "Predicate",
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    "Collection": "orm.collection",
    "IsomorphError": "errors",
    "JsonValue": "sql.codecs",
    "LazyCollection": "orm.lazy_collection",
    "NotIncluded": "orm.relations",
    "Page": "orm.reading",
    "Predicate": "sql.expressions",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
