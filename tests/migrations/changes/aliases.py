"""Changes of what the type columns of polymorphic relations hold."""

from isomorph.migrate import (
    AddMorphGuard,
    ChangeMorphAliases,
    DropMorphGuard,
    GuardMember,
    MorphAliases,
    MorphGuard,
    RenameMorphAlias,
)
from tests.migrations.changes.shop import ENUMS, GUARD, ROWS, TABLES
from tests.support.changing import Case

GUARD_AFTER = MorphGuard(
    GUARD.name,
    "about_type",
    "about_id",
    (GuardMember("App\\User's", "users", "id"), GuardMember("post", "posts", "id")),
)
NOTES = [
    {**row, "about_type": "App\\User's" if row["about_type"] == "user" else row["about_type"]} for row in ROWS["notes"]
]

CASES = (
    Case(
        "an alias has another name",
        TABLES,
        (
            DropMorphGuard("notes", GUARD),
            RenameMorphAlias("notes", "about_type", "user", "App\\User's"),
            AddMorphGuard("notes", GUARD_AFTER),
        ),
        ROWS,
        {"notes": NOTES},
        enums=ENUMS,
    ),
    Case(
        "aliases come and go",
        TABLES,
        (
            ChangeMorphAliases(
                "notes",
                MorphAliases("about_type", (("user", "users"), ("post", "posts"))),
                MorphAliases("about_type", (("post", "posts"),)),
            ),
        ),
        ROWS,
        enums=ENUMS,
    ),
)
