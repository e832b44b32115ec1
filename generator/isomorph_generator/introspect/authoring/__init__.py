"""From an inspected database to a schema: `written_schema(inspected, header, aliases)` gives the text and what it does not say."""

from isomorph_generator.introspect.authoring.authoring import Written, written_schema
from isomorph_generator.introspect.authoring.choices import Note
from isomorph_generator.introspect.authoring.document import Header
from isomorph_generator.introspect.authoring.morphs import Aliases
from isomorph_generator.introspect.authoring.rows import aliases_of

__all__ = ["Aliases", "Header", "Note", "Written", "aliases_of", "written_schema"]
