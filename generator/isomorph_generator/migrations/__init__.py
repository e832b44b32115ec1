"""From a changed schema to a revision file: the autodetector, the writer, and what brings them together.

draft = draft(project, clock=now)       # None when schema and revisions agree
write(draft.folder, draft.id, draft.text)
"""

from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.errors import UnsupportedChange, UnsupportedChanges
from isomorph_generator.migrations.making import Draft, draft, revisions_folder
from isomorph_generator.migrations.writer import slug, write

__all__ = [
    "Draft",
    "UnsupportedChange",
    "UnsupportedChanges",
    "detect",
    "draft",
    "revisions_folder",
    "slug",
    "write",
]
