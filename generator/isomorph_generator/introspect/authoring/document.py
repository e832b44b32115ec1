"""Lays a draft out as the text of a schema file, and tells which part each key of it stands for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from isomorph.catalog import Column, Table
from isomorph_generator.introspect.authoring import toml
from isomorph_generator.introspect.authoring.choices import Note, Part, PartKind
from isomorph_generator.introspect.authoring.constraints import constraints_of
from isomorph_generator.introspect.authoring.drafts import Draft, ModelDraft, RelationLine
from isomorph_generator.introspect.authoring.fields import collation_value, dialect_table, field_entry, type_text
from isomorph_generator.introspect.authoring.objects import Declared, declared_objects
from isomorph_generator.introspect.authoring.pivots import timestamps_of
from isomorph_generator.schema.naming import enum_type_name, plural, snake

__all__ = ["Document", "Header", "written"]

_WIDTH = 120
_TIMESTAMPS = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says beside the models.

    Attributes:
        source: what was read, in a few words without any secret.
        package, migrations: see `[project]`.
        connection: the lines of `[connections.default]`.
    """

    source: str
    connection: tuple[str, ...]
    package: str = "generated"
    migrations: str = "migrations"


@dataclass(slots=True)
class Document:
    """The text of a schema.

    Attributes:
        lines: its lines.
        places: what each key stands for, by its path.
        notes: what it does not say.
    """

    lines: list[str] = field(default_factory=list[str])
    places: dict[tuple[str, ...], Part] = field(default_factory=dict[tuple[str, ...], Part])
    notes: list[Note] = field(default_factory=list[Note])

    @property
    def text(self) -> str:
        return "\n".join([*self.lines, ""])

    def table(self, header: str, comments: Iterable[str] = ()) -> None:
        """Begin a table, with comments right above it."""
        if self.lines:
            self.lines.append("")
        self.lines += [*comments, f"[{header}]"]

    def part_at(self, path: tuple[str, ...]) -> Part | None:
        """What the key at a path, or the nearest around it, stands for."""
        return next((self.places[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.places), None)


def written(draft: Draft, header: Header) -> Document:
    """The text of a schema, in the form that `orm schema fmt` gives it."""
    document = Document()
    body = Document()
    _write_enums(body, draft)
    for model in draft.models.values():
        _write_model(body, draft, model)
    for table, reason in draft.left_out.items():
        _write_left_out(body, draft, draft.inspected.tables[table], reason)
    _write_morph_map(body, draft)
    _write_rest(body, draft)
    _write_header(document, draft, header, len(body.notes))
    document.lines += [*([""] if body.lines else []), *body.lines]
    document.places = body.places
    document.notes = body.notes
    return document


# --- the head ------------------------------------------------------------------------------------------------------------


def _write_header(document: Document, draft: Draft, header: Header, unsaid: int) -> None:
    inspected = draft.inspected
    counts = [
        _counted(len(inspected.tables), "table"),
        *([_counted(len(inspected.enums), "enum")] if inspected.enums else []),
        *([_counted(len(inspected.views), "view")] if inspected.views else []),
    ]
    document.lines += _comment(f"Read from {header.source}: {', '.join(counts)}.")
    if unsaid:
        things = (
            "1 thing is not said here, or not as it is"
            if unsaid == 1
            else f"{unsaid} things are not said here, or not as they are"
        )
        document.lines += _comment(f'{things}: look for "not said".')
    else:
        document.lines += _comment("Everything that was found is said here.")
    document.table("project")
    document.lines += [
        f"package = {toml.value(header.package)}",
        f"migrations = {toml.value(header.migrations)}",
        f"dialects = {toml.value([inspected.dialect])}",
    ]
    document.table("connections.default")
    document.lines += header.connection


def _counted(number: int, name: str) -> str:
    return f"{number} {name if number == 1 else plural(name)}"


def _comment(text: str, indent: str = "# ") -> list[str]:
    """A text as comments. What a database calls things may hold anything, but a comment is one line."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    further = "#" + " " * (len(indent) + 1)
    return textwrap.wrap(
        shown, _WIDTH, initial_indent=indent, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    ) or ["#"]


def _unsaid(notes: Iterable[Note]) -> list[str]:
    return [line for note in notes for line in _comment(f"not said: {note}")]


# --- enums ---------------------------------------------------------------------------------------------------------------


def _write_enums(document: Document, draft: Draft) -> None:
    said = {name: enum for name, enum in draft.inspected.enums.items() if not _enum_refused(draft, name)}
    if not said:
        return
    document.table("enums")
    for name, enum in said.items():
        class_ = draft.enums[name]
        values: object = list(enum.values)
        if draft.inspected.dialect == "postgresql" and enum.type_name != enum_type_name(class_):
            values = {"type": enum.type_name, "values": values}
        document.lines.append(f"{class_} = {toml.value(values)}")
        document.places["enums", class_] = Part(PartKind.ENUM, name)


def _enum_refused(draft: Draft, name: str) -> bool:
    return draft.choices.why_not(Part(PartKind.ENUM, name)) is not None


# --- models --------------------------------------------------------------------------------------------------------------


def _write_model(document: Document, draft: Draft, model: ModelDraft) -> None:
    table, name = model.table, model.name
    timestamps = _has_timestamps(draft, model)
    left = {*model.added, *(_TIMESTAMPS if timestamps else ())}
    declared = [column for column in table.columns if column.name in model.fields and column.name not in left]
    constraints = constraints_of(draft, model, frozenset(column.name for column in declared))
    entries: list[tuple[str, str, Column]] = []
    for column in declared:
        further = {**_key_words(model, column), **constraints.fields.get(column.name, {})}
        entry = field_entry(draft, model, column, further)
        if not _is_implicit_key(model, column, entry):
            entries.append((model.fields[column.name], toml.value(entry), column))
    words = _model_words(draft, model, timestamps=timestamps)
    notes = [note for note in model.notes if note.column is None]
    document.places["models", name] = Part(PartKind.TABLE, table.name)
    lines = [f"{key} = {toml.value(value)}" for key, value in words.items()]
    for key, items in (
        ("uniques", constraints.uniques),
        ("indexes", constraints.indexes),
        ("checks", constraints.checks),
    ):
        lines += _list(document, name, key, items)
    if lines or notes or not (entries or model.relations):
        document.table(f"models.{name}", _unsaid(notes))
        document.lines += lines
    for key in ("engine", "charset", "collation"):
        document.places["models", name, key] = Part(PartKind.OPTION, table.name, key)
    document.places["models", name, "timestamps"] = Part(PartKind.TIMESTAMPS, table.name)
    _write_fields(document, model, entries)
    if model.relations:
        document.table(f"models.{name}.relations")
        for relation, line in model.relations.items():
            document.lines.append(f"{relation} = {toml.value(_ordered(line))}")
            document.places["models", name, "relations", relation] = line.part
    document.notes += model.notes


_LAST = ("inverse", "doc")


def _ordered(line: RelationLine) -> Mapping[str, object]:
    return dict(sorted(line.words.items(), key=lambda item: item[0] in _LAST))


def _write_fields(document: Document, model: ModelDraft, entries: Sequence[tuple[str, str, Column]]) -> None:
    name, table = model.name, model.table
    by_column = {column.name: (field_, text) for field_, text, column in entries}
    notes = [note for note in model.notes if note.column is not None]
    if not entries and not notes:
        return
    document.table(f"models.{name}.fields")
    for column in table.columns:
        document.lines += _unsaid(note for note in notes if note.column == column.name)
        if column.name in by_column:
            field_, text = by_column[column.name]
            document.lines.append(f"{toml.key(field_)} = {text}")
    for column in table.columns:
        if column.name in model.fields:
            path = ("models", name, "fields", model.fields[column.name])
            document.places[path] = Part(PartKind.COLUMN, table.name, column.name)
            for word in _OPTIONAL:
                document.places[*path, word] = Part(PartKind.MODIFIER, table.name, column.name, word)


_OPTIONAL = (
    "auto_increment",
    "charset",
    "check",
    "collation",
    "comment",
    "default",
    "default_sql",
    "index",
    "max",
    "min",
    "pattern",
    "unique",
)
"""What a field may do without; the rest would make another column of it."""


def _list(document: Document, model: str, key: str, items: Sequence[tuple[object, Part]]) -> Iterator[str]:
    for number, (_, part) in enumerate(items):
        document.places["models", model, key, str(number)] = part
    shown = [toml.value(entry) for entry, _ in items]
    if not shown:
        return
    short = f"{key} = [{', '.join(shown)}]"
    if len(short) <= _WIDTH and not any(text.startswith("{") for text in shown[1:]):
        yield short
        return
    yield f"{key} = ["
    yield from (f"    {text}," for text in shown)
    yield "]"


def _model_words(draft: Draft, model: ModelDraft, *, timestamps: bool) -> Mapping[str, object]:
    table = model.table
    words: dict[str, object] = {}
    if table.name != plural(snake(model.name)):
        words["table"] = table.name
    if table.comment is not None:
        words["comment"] = table.comment
    for key, given in (("engine", table.engine), ("charset", table.charset)):
        if given is not None:
            words[key] = dialect_table(draft, given)
    if table.collation is not None:
        words["collation"] = collation_value(table.collation)
    for key in ("engine", "charset", "collation"):
        reason = draft.choices.why_not(Part(PartKind.OPTION, table.name, key))
        if reason is not None and key in words:
            del words[key]
            model.notes.append(Note(table.name, f"{key} of the table", reason))
    if len(table.primary_key) > 1 or model.added.intersection(table.primary_key):
        words["primary_key"] = [model.fields[column] for column in table.primary_key]
    if timestamps:
        words["timestamps"] = True
    return words


def _has_timestamps(draft: Draft, model: ModelDraft) -> bool:
    columns = [column for column in model.table.columns if model.fields.get(column.name) == column.name]
    noted = {note.column for note in model.notes}
    return (
        timestamps_of(columns)
        and draft.choices.why_not(Part(PartKind.TIMESTAMPS, model.table.name)) is None
        and not noted & set(_TIMESTAMPS)
        and not set(model.table.primary_key) & set(_TIMESTAMPS)
    )


def _key_words(model: ModelDraft, column: Column) -> dict[str, object]:
    """What a field says of being the key."""
    if model.table.primary_key != (column.name,):
        return {}
    words: dict[str, object] = {"primary_key": True}
    of_relation = any(column.name in belongs.key.columns for belongs in model.belongs.values())
    numbers = column.type.kind.value.removeprefix("unsigned ") in ("tinyint", "smallint", "int", "bigint")
    given = column.default is not None or column.default_sql is not None
    if column.auto_increment and of_relation:
        words["auto_increment"] = True
    elif not column.auto_increment and numbers and not given and not of_relation:
        words["auto_increment"] = False
    return words


def _is_implicit_key(model: ModelDraft, column: Column, entry: object) -> bool:
    """Whether a field is the key that a model has when it says nothing; models without any other field say it."""
    others = any(name != column.name for name in model.fields)
    return (
        model.fields[column.name] == "id"
        and column.auto_increment
        and entry == {"type": "bigint", "primary_key": True}
        and others
    )


# --- what is left --------------------------------------------------------------------------------------------------------


def _write_left_out(document: Document, draft: Draft, table: Table, reason: str) -> None:
    """A table that is no model, as comments: all that is known of it."""
    note = Note(table.name, f"table {table.name}", reason)
    document.notes.append(note)
    if document.lines:
        document.lines.append("")
    document.lines += _unsaid([note])
    for column in table.columns:
        null = "" if column.nullable else " not null"
        document.lines += _comment(f"column {column.name}: {_told(draft, column)}{null}", "#   ")
    if table.primary_key:
        document.lines += _comment(f"primary key ({', '.join(table.primary_key)})", "#   ")
    for unique in table.uniques:
        document.lines += _comment(f"unique {unique.name} ({', '.join(unique.columns)})", "#   ")
    for index in table.indexes:
        columns = ", ".join(index.column_names or ("an expression",))
        document.lines += _comment(f"{'unique ' * index.unique}index {index.name} ({columns})", "#   ")
    for key in table.foreign_keys:
        told = f"foreign key {key.name} ({', '.join(key.columns)}) to {key.table} ({', '.join(key.references)})"
        document.lines += _comment(told, "#   ")
    for check in table.checks:
        document.lines += _comment(f"check {check.name}", "#   ")
    for unsaid in draft.inspected.unsaid_of(table.name):
        document.lines += _comment(f"{unsaid.what}: {unsaid.reason}", "#   ")


def _told(draft: Draft, column: Column) -> str:
    spelled = dict(column.type.spelled).get(draft.inspected.dialect)
    return spelled if spelled is not None else type_text(draft, column.type)


def _write_morph_map(document: Document, draft: Draft) -> None:
    models = {model.name: model.words for model in draft.models.values()}
    said = {alias: model for alias, model in draft.morph_map.items() if models[model] != alias}
    if said:
        document.table("morph_map")
        document.places.update((("morph_map", alias), draft.alias_parts[alias]) for alias in said)
        document.lines += [f"{toml.key(alias)} = {toml.value(model)}" for alias, model in sorted(said.items())]


def _write_rest(document: Document, draft: Draft) -> None:
    """Views, triggers and functions, and what belongs to no table."""
    for item in declared_objects(draft):
        if isinstance(item, Declared):
            document.table(f"{item.section}.{toml.key(item.name)}")
            document.lines += item.lines
            document.places[item.section, item.name] = item.part
        else:
            document.notes.append(item)
            document.lines += ["", *_unsaid([item])]
    loose = [note for note in draft.notes if note.table is None]
    loose += [Note(None, unsaid.what, unsaid.reason) for unsaid in draft.inspected.unsaid_of(None)]
    if loose:
        document.notes += loose
        document.lines += ["", *_unsaid(loose)]
