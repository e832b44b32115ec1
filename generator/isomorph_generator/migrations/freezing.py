"""Data steps: a revision that calls a function, and beside it the models as they are now, which no later schema changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from isomorph.catalog import Catalog, Model
from isomorph.errors import MigrationError
from isomorph.migrate import State
from isomorph_generator.codegen import compared, package_folder, rendered
from isomorph_generator.codegen import write as write_package
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.making import DEFAULT, Draft, free_id, revisions_of
from isomorph_generator.migrations.naming import revision_id
from isomorph_generator.migrations.writer import render_data, write
from isomorph_generator.schema import Project

__all__ = ["DataDraft", "data_draft", "write_data"]


@dataclass(frozen=True, slots=True)
class DataDraft:
    """A revision of a data step that is not written yet.

    Attributes:
        draft: the revision.
        package: the folder of its models.
        texts: their files, by path inside of it.
    """

    draft: Draft
    package: Path
    texts: Mapping[str, str]


def data_draft(
    project: Project, *, connection: str = DEFAULT, name: str, clock: Callable[[], dt.datetime]
) -> DataDraft:
    """A revision whose function changes rows through the models of today's schema. Writes nothing.

    Raises:
        MigrationError: the revisions cannot be read or fork, or the schema has changes that no revision makes.
    """
    folder, revisions = revisions_of(project, connection)
    before = revisions.state()
    id_ = free_id(revisions, revision_id(clock(), name))
    if detect(before, State.of_catalog(project.catalog, connection), project.renames.get(connection)):
        what = "the schema has changes that no revision makes, so its models would not fit the tables"
        raise MigrationError(id_, what, "`orm migrate make` first, then make the data step")
    package = f"models_{id_}"
    parts = PurePath(folder.relative_to(project.root)).parts
    frozen = _frozen(project, ".".join((*parts, package)))
    draft = Draft(id_, folder, (), render_data(id_, revisions.heads, package, name), before)
    return DataDraft(draft, package_folder(frozen), rendered(frozen))


def _frozen(project: Project, package: str) -> Project:
    """The project with nothing that lives in the application, which goes on changing."""
    models = tuple(_plain(model) for model in project.catalog.models)
    catalog: Catalog = replace(project.catalog, models=models)
    return replace(project, package=package, catalog=catalog)


def _plain(model: Model) -> Model:
    fields = tuple(replace(field, mutator=None) for field in model.fields)
    return replace(model, fields=fields, behaviour=None, query_behaviour=None, scope_methods=())


def write_data(made: DataDraft) -> Path:
    """Write the models, then the revision; returns the path of the revision.

    Raises:
        OSError: a file cannot be written.
        UnwritableFile: likewise, of the models.
    """
    write_package(compared(made.package, made.texts))
    return write(made.draft.folder, made.draft.id, made.draft.text)
