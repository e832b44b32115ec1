"""isomorph: a schema-first, code-generating, fully typed ORM. Applications import the package that `orm generate` writes.

What is here serves their own signatures: `Collection`, `Page`, `NotIncluded`, values such as `Range` and `Point`, and
the root of all errors. Names are imported at first use, so that `import isomorph` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isomorph.errors import IsomorphError as IsomorphError
    from isomorph.orm.collection import Collection as Collection
    from isomorph.orm.explaining import Explanation as Explanation
    from isomorph.orm.lazy_collection import LazyCollection as LazyCollection
    from isomorph.orm.pages import CursorPage as CursorPage
    from isomorph.orm.pages import Page as Page
    from isomorph.orm.pages import SimplePage as SimplePage
    from isomorph.orm.relations import NotIncluded as NotIncluded
    from isomorph.sql.assignments import Assignment as Assignment
    from isomorph.sql.codecs import Cast as Cast
    from isomorph.sql.codecs import JsonValue as JsonValue
    from isomorph.sql.expressions import Predicate as Predicate
    from isomorph.values import Geometry as Geometry
    from isomorph.values import LineString as LineString
    from isomorph.values import Point as Point
    from isomorph.values import Polygon as Polygon
    from isomorph.values import Range as Range

__all__ = [
    "Assignment",
    "Cast",
    "Collection",
    "CursorPage",
    "Explanation",
    "Geometry",
    "IsomorphError",
    "JsonValue",
    "LazyCollection",
    "LineString",
    "NotIncluded",
    "Page",
    "Point",
    "Polygon",
    "Predicate",
    "Range",
    "SimplePage",
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    "Assignment": "sql.assignments",
    "Cast": "sql.codecs",
    "Collection": "orm.collection",
    "CursorPage": "orm.pages",
    "Explanation": "orm.explaining",
    "Geometry": "values",
    "IsomorphError": "errors",
    "JsonValue": "sql.codecs",
    "LazyCollection": "orm.lazy_collection",
    "LineString": "values",
    "NotIncluded": "orm.relations",
    "Page": "orm.pages",
    "Point": "values",
    "Polygon": "values",
    "Predicate": "sql.expressions",
    "Range": "values",
    "SimplePage": "orm.pages",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
