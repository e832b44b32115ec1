"""Loads a project: reads the files, checks their shape, resolves them, and tells all mistakes at once."""

from __future__ import annotations

from pathlib import Path

from isomorph_generator.schema.documents import read_document
from isomorph_generator.schema.errors import SchemaErrors
from isomorph_generator.schema.project import Mixin, Project
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.resolve.catalog import resolved_catalog
from isomorph_generator.schema.resolve.connections import (
    check_project,
    resolved_connections,
    resolved_cursor_key,
    resolved_encryption_keys,
    revision_folders,
)
from isomorph_generator.schema.resolve.tables import history_table
from isomorph_generator.schema.shape import checked_shape
from isomorph_generator.schema.spec import SchemaSpec

__all__ = ["load"]


def load(path: Path) -> Project:
    """Load a schema.

    Args:
        path: the main schema file. Errors show it as given here.

    Raises:
        SchemaErrors: every mistake of every file, sorted by file and line.
    """
    document = read_document(path)
    report = Report(document.sources)
    for error in document.errors:
        report.add(error)
    spec, removed = checked_shape(document.table, report)
    if not document.complete:
        raise SchemaErrors(report.errors)  # what is missing may be in the file that could not be read
    # Without the dialects, the one that allows most is assumed, so that no mistake is told that may be none.
    dialects = ("sqlite",) if ("project", "dialects") in removed else tuple(spec.project.dialects)
    check_project(spec, report)
    connections = resolved_connections(spec, dialects, removed, report)
    folders = revision_folders(spec, connections, report)
    cursor_key = resolved_cursor_key(spec, report)
    encryption_keys = resolved_encryption_keys(spec, report)
    catalog, renames = resolved_catalog(spec, dialects, removed, report)
    if report.errors:
        raise SchemaErrors(report.errors)
    return Project(
        root=path.parent,
        files=document.files,
        package=spec.project.package,
        migrations=spec.project.migrations,
        dialects=dialects,
        lazy_loading=spec.project.lazy_loading,
        connections=connections,
        catalog=catalog,
        mixins=_mixins(spec),
        sources=document.sources,
        interface=spec.project.interface,
        cursor_key=cursor_key,
        encryption_keys=encryption_keys,
        history_tables={name: history_table(spec, name) for name in connections},
        folders=folders,
        renames=renames,
        includes=tuple(spec.include),
    )


def _mixins(spec: SchemaSpec) -> tuple[Mixin, ...]:
    return tuple(
        Mixin(name, tuple(mixin.fields), tuple(mixin.relations), mixin.doc) for name, mixin in spec.mixins.items()
    )
