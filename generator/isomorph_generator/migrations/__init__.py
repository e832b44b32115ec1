"""From a changed schema to a revision file: the autodetector, the writer, and what brings them together.

draft = draft(project, clock=now)       # None when schema and revisions agree
write(draft.folder, draft.id, draft.text)
"""

from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.errors import UnclearRename, UnclearRenames, UnsupportedChange, UnsupportedChanges
from isomorph_generator.migrations.expanding import expanding_drafts
from isomorph_generator.migrations.freezing import DataDraft, data_draft, write_data
from isomorph_generator.migrations.making import Draft, draft, draft_of, empty_draft, revisions_folder
from isomorph_generator.migrations.merging import merge
from isomorph_generator.migrations.naming import slug
from isomorph_generator.migrations.squashing import Squashed, check_on, replace_files, squash
from isomorph_generator.migrations.writer import write

__all__ = [
    "DataDraft",
    "Draft",
    "Squashed",
    "UnclearRename",
    "UnclearRenames",
    "UnsupportedChange",
    "UnsupportedChanges",
    "check_on",
    "data_draft",
    "detect",
    "draft",
    "draft_of",
    "empty_draft",
    "expanding_drafts",
    "merge",
    "replace_files",
    "revisions_folder",
    "slug",
    "squash",
    "write",
    "write_data",
]
