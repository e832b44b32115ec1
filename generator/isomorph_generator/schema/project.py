"""What `load` gives: the resolved schema of a project and where each part of it stands in the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from isomorph.catalog import Catalog
from isomorph.connections.settings import ConnectionSettings, Env, Setting
from isomorph_generator.schema.errors import Position
from isomorph_generator.schema.renames import Renames
from isomorph_generator.schema.sources import Sources

__all__ = ["Mixin", "Project"]


@dataclass(frozen=True, slots=True)
class Mixin:
    """Fields and relations that several models share; the models name it in their `mixins`.

    Attributes:
        name: name of the generated protocol.
        fields: names of its fields, in the schema's order.
        relations: names of its relations, in the schema's order.
        doc: documentation, or None.
    """

    name: str
    fields: tuple[str, ...]
    relations: tuple[str, ...]
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A schema that was read, checked and resolved.

    Attributes:
        root: folder of the schema file; `package` and `migrations` are relative to it.
        files: the schema files that were read, the main one first.
        package: the generated package, by its import name: `generated` or `app.generated`.
        migrations: the folder of the revisions, that of the default connection if it has no other.
        dialects: what static SQL, loaders and checks are made for, in the schema's order.
        lazy_loading: `strict` or `batch`.
        connections: how to reach each connection; always at least one.
        catalog: enums, tables, models, relations.
        mixins: in the schema's order.
        sources: where each key stands.
        interface: `sync`.
        cursor_key: what cursors are signed with, or None.
        history_tables: by connection, the table that says which revisions its database has.
        folders: by connection, the folder of its revisions.
        encryption_keys: variables of the keys of encrypted fields; the first encrypts, all decrypt.
        renames: by connection, what its tables, columns and enums were called.
        includes: the patterns by which the main file includes others.
    """

    root: Path
    files: tuple[Path, ...]
    package: str
    migrations: str
    dialects: tuple[str, ...]
    lazy_loading: str
    connections: Mapping[str, ConnectionSettings]
    catalog: Catalog
    mixins: tuple[Mixin, ...]
    sources: Sources
    interface: str = "sync"
    cursor_key: Setting | None = None
    encryption_keys: tuple[Env, ...] = ()
    history_tables: Mapping[str, str] = field(default_factory=dict[str, str])
    folders: Mapping[str, str] = field(default_factory=dict[str, str])
    renames: Mapping[str, Renames] = field(default_factory=dict[str, Renames])
    includes: tuple[str, ...] = ()

    def at(self, *path: str | int) -> Position:
        """Where a key stands: `project.at("models", "User", "fields", "age")`; of its nearest parent if it has no line of its own."""
        return self.sources.key(path)

    def value_at(self, *path: str | int) -> Position:
        """Where the value of a key starts; of its nearest parent if it has no line of its own."""
        return self.sources.value(path)
