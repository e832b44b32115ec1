"""What is declared as SQL, and aliases of polymorphic relations."""

from isomorph.migrate import (
    CreateObject,
    DropObject,
    ObjectKind,
    ReplaceObject,
    SqlObject,
)
from tests.migrations.changes.shop import ENUMS, ROWS, TABLES
from tests.support.changing import Case

DIALECTS = ("sqlite", "postgresql", "mysql")


def _view(where: str) -> SqlObject:
    return SqlObject(
        ObjectKind.VIEW,
        "titles",
        dict.fromkeys(DIALECTS, (f"CREATE VIEW titles AS SELECT title FROM posts WHERE title {where}",)),
        dict.fromkeys(DIALECTS, ("DROP VIEW titles",)),
    )


VIEW, OTHER = _view("LIKE 'a%'"), _view("LIKE '%b'")
CASES = (
    Case("an object comes", TABLES, (CreateObject(VIEW),), ROWS, enums=ENUMS),
    Case(
        "an object comes, changes and goes",
        TABLES,
        (CreateObject(VIEW), ReplaceObject(VIEW, OTHER), DropObject(OTHER)),
        ROWS,
        enums=ENUMS,
    ),
)
