"""Changes of names."""

from typing import Any

from isomorph.migrate import RenameColumn, RenameConstraint, RenameEnum, RenameIndex, RenameTable
from tests.migrations.changes.shop import ENUMS, ROWS, TABLES
from tests.support.changing import Case


def _renamed(table: str, before: str, after: str) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{after if name == table and key == before else key: value for key, value in row.items()} for row in rows]
        for name, rows in ROWS.items()
    }


def _case(name: str, *operations: Any, after: dict[str, list[dict[str, Any]]] | None = None) -> Case:
    return Case(name, TABLES, operations, ROWS, after=after, enums=ENUMS)


CASES = (
    _case(
        "a table that others and itself reference",
        RenameTable("users", "people"),
        after={"people": ROWS["users"], "posts": ROWS["posts"], "notes": ROWS["notes"]},
    ),
    _case(
        "a table with a guard",
        RenameTable("notes", "remarks"),
        after={"remarks": ROWS["notes"], "users": ROWS["users"]},
    ),
    _case("a plain column", RenameColumn("users", "name", "full name"), after=_renamed("users", "name", "full name")),
    _case(
        "a column with a check, an index and a computed column",
        RenameColumn("users", "age", "100% years"),
        after=_renamed("users", "age", "100% years"),
    ),
    _case("a column of an enum", RenameColumn("users", "role", "kind"), after=_renamed("users", "role", "kind")),
    _case("a key that is referenced", RenameColumn("users", "id", "uid"), after=_renamed("users", "id", "uid")),
    _case(
        "a column that references",
        RenameColumn("posts", "author_id", "writer_id"),
        after=_renamed("posts", "author_id", "writer_id"),
    ),
    _case("a column that is computed", RenameColumn("users", "next_age", "soon")),
    _case(
        "a column of a guard", RenameColumn("notes", "about_id", "of_id"), after=_renamed("notes", "about_id", "of_id")
    ),
    _case(
        "a type column of a guard",
        RenameColumn("notes", "about_type", "of_type"),
        after=_renamed("notes", "about_type", "of_type"),
    ),
    _case("an index", RenameIndex("users", "users_age_index", "by age")),
    _case("a partial index", RenameIndex("users", "users_partial", "grown_up")),
    _case("a unique constraint", RenameConstraint("users", "users_name_unique", "one_name")),
    _case("a check", RenameConstraint("users", "users_age_check", "old enough")),
    _case("a foreign key", RenameConstraint("posts", "posts_author_foreign", "written_by")),
    _case("a foreign key to itself", RenameConstraint("users", "users_manager_foreign", "managed_by")),
    _case("an enum", RenameEnum("Role", "Kind", "role", "kind")),
    _case(
        "a table and its columns, one after the other",
        RenameTable("users", "people"),
        RenameColumn("people", "name", "title"),
        RenameColumn("people", "tag", "name"),
        RenameConstraint("people", "users_name_unique", "people_title_unique"),
        RenameIndex("people", "users_age_index", "people_age_index"),
        after={"people": [{"id": 1, "title": "Ada", "name": "a%'"}, {"id": 2, "title": "it's ü", "name": "ü"}]},
    ),
    _case(
        "columns that swap their names",
        RenameColumn("users", "name", "swap"),
        RenameColumn("users", "tag", "name"),
        RenameColumn("users", "swap", "tag"),
        after={"users": [{"id": 1, "tag": "Ada", "name": "a%'"}, {"id": 2, "tag": "it's ü", "name": "ü"}]},
    ),
)
