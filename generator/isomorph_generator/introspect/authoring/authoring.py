"""Writes the schema of a database: writes it, loads it, compares it with the database, and writes it again where it has to.

What the loader refuses is written as a comment with the loader's reason; what it gives back as something else is written
in a longer way, or noted. So a schema that leaves here always loads, and says of itself where it differs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from isomorph_generator.codegen.checks import check
from isomorph_generator.codegen.errors import HiddenByGeneratedName
from isomorph_generator.introspect.authoring.choices import Choices, Note, Part, PartKind
from isomorph_generator.introspect.authoring.comparing import difference_parts
from isomorph_generator.introspect.authoring.document import Document, Header, written
from isomorph_generator.introspect.authoring.drafting import drafted
from isomorph_generator.introspect.authoring.morphs import Aliases
from isomorph_generator.introspect.authoring.settling import settled
from isomorph_generator.introspect.inspected import Inspected
from isomorph_generator.schema import Project, SchemaError, SchemaErrors, load
from isomorph_generator.schema.errors import InvalidName, KeywordName, NameClash, ReservedName

__all__ = ["Header", "Written", "written_schema"]

_OF_NAMES = (HiddenByGeneratedName, InvalidName, KeywordName, NameClash, ReservedName)
_MOST_NAMES = 50
"""So many names of a model's relations are tried before one of them is given up."""
_SEGMENT = re.compile(r'"(?:[^"\\]|\\.)*"|\[\d+\]|[^.\[\]"]+')


@dataclass(frozen=True, slots=True)
class Written:
    """The schema of a database.

    Attributes:
        text: the file.
        notes: what it does not say, or not as it is; in the order of the file.
        models: how many models it has.
    """

    text: str
    notes: tuple[Note, ...]
    models: int


def written_schema(inspected: Inspected, header: Header, aliases: Aliases | None = None) -> Written:
    """The schema of a database, as text.

    Args:
        inspected: what was found.
        header: what the file says beside.
        aliases: gives what rows hold in the type column of a polymorphic pair, each value once; asked only for columns
            that look like one. Without it no pair is recognised that the database does not guard.
    """
    inspected = settled(inspected)
    ask = _remembering(aliases)
    choices = Choices()
    while True:
        draft = drafted(inspected, choices, ask)
        if draft.choices != choices:
            choices = draft.choices
            continue
        document = written(draft, header)
        known = choices
        loaded = _loaded(document.text)
        if isinstance(loaded, SchemaErrors):
            choices = _after_mistakes(choices, document, loaded.errors)
        else:
            for part, reason in difference_parts(inspected, draft, loaded):
                choices = choices if choices.why_not(part) is not None else choices.without(part, reason)
        if choices == known:
            if isinstance(loaded, SchemaErrors):
                raise loaded
            return Written(document.text, tuple(document.notes), len(draft.models))


def _remembering(aliases: Aliases | None) -> Aliases:
    """Each column is asked for once, however often the schema is written."""
    known: dict[tuple[str, str], Sequence[str]] = {}

    def ask(table: str, column: str) -> Sequence[str]:
        if (table, column) not in known:
            known[table, column] = () if aliases is None else aliases(table, column)
        return known[table, column]

    return ask


def _loaded(text: str) -> Project | SchemaErrors:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.toml"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            project = load(path)
            check(project)
        except SchemaErrors as errors:
            return errors
        return project


# --- what to do otherwise ------------------------------------------------------------------------------------------------


def _after_mistakes(choices: Choices, document: Document, errors: Sequence[SchemaError]) -> Choices:
    """What is known after a schema was refused: each mistake takes away what it is about."""
    for error in errors:
        path = tuple(_plain(segment) for segment in _SEGMENT.findall(error.path))
        of_name = len(path) == 4 and path[2] == "relations" and isinstance(error, _OF_NAMES)
        if of_name and sum(model == path[1] for model, _ in choices.avoided) < _MOST_NAMES:
            choices = choices.avoiding(path[1], path[3])
            continue
        part = document.part_at(path)
        if part is not None and choices.why_not(part) is not None:
            part = Part(PartKind.TABLE, part.table)  # it was taken away already, and something is still wrong
        if part is not None:
            choices = choices.without(part, error.what)
    return choices


def _plain(segment: str) -> str:
    return segment.strip('[]"')
