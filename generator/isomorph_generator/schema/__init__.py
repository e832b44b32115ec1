"""From schema.toml to the catalog. Owns the schema language: reading, checking, resolving, formatting, its JSON Schema.

project = load(Path("schema.toml"))     # SchemaErrors: every mistake of every file
project.catalog.model("User").table     # final names, columns, keys, indexes
project.at("models", "User")            # Position: schema.toml:12:2, for errors found by later stages
"""

from isomorph_generator.schema.documents import matches
from isomorph_generator.schema.errors import Position, SchemaError, SchemaErrors
from isomorph_generator.schema.loading import load
from isomorph_generator.schema.project import Mixin, Project
from isomorph_generator.schema.renames import Former, RenameKind, Renames

__all__ = [
    "Former",
    "Mixin",
    "Position",
    "Project",
    "RenameKind",
    "Renames",
    "SchemaError",
    "SchemaErrors",
    "load",
    "matches",
]
