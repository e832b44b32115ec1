"""The spec of `[project]` and `[connections]`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Tag, WithJsonSchema

from isomorph_generator.schema.spec.forms import Spec, by_form

__all__ = [
    "DIALECTS",
    "ConnectionSpec",
    "Dialect",
    "EnvSpec",
    "IntegrityWord",
    "Option",
    "PoolSpec",
    "Port",
    "ProjectSpec",
    "Setting",
]


IntegrityWord: TypeAlias = Literal["none", "triggers", "arc"]
Dialect: TypeAlias = Literal["sqlite", "postgresql", "mysql"]
DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgresql", "mysql")


class EnvSpec(Spec):
    """A value that the environment gives; a `.env` beside the schema is read too."""

    env: str
    """The environment variable."""
    default: (
        Annotated[
            Annotated[str, Tag("<text>")] | Annotated[int, Tag("<integer>")] | Annotated[bool, Tag("<flag>")], by_form
        ]
        | None
    ) = None
    """Used when it is not set; without a default it must be set."""


Setting: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[EnvSpec, Tag("<table>")], by_form]


class KeySpec(Spec):
    """A key that the environment gives; a `.env` beside the schema is read too."""

    env: str
    """The environment variable."""


class ProjectSpec(Spec):
    """What is generated, where to, and for which databases."""

    package: str = "generated"
    """Import name of the generated package, from the folder of the schema: `generated` or `app.generated`."""
    migrations: str = "migrations"
    """Folder of the revisions, from the folder of the schema."""
    history_table: str = "isomorph_migrations"
    """The table that says which revisions a database has."""
    dialects: Annotated[list[Dialect], Field(min_length=1)] = Field(default_factory=lambda: list(DIALECTS))
    """The databases that static SQL, loaders and checks are made for. `mysql` is MariaDB too."""
    interface: Literal["sync"] = "sync"
    """How queries are run."""
    lazy_loading: Literal["strict", "batch"] = "strict"
    """What reading a relation does that was not included: `strict`: an error; `batch`: loads it for all rows of the result."""
    integrity: IntegrityWord = "none"
    """What keeps polymorphic relations from pointing to nothing, where they say nothing else: `triggers`, an `arc` of foreign keys, or nothing."""
    cursor_key: Setting | None = None
    """The secret that signs cursors, 16 characters or more; better from the environment: `{ env = "CURSOR_KEY" }`."""
    encryption_keys: Annotated[list[KeySpec], Field(min_length=1)] | None = None
    """The keys of `encrypted` fields, each `{ env = "APP_KEY" }`: the first encrypts, all decrypt."""


Port: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[int, Tag("<integer>")] | Annotated[EnvSpec, Tag("<table>")], by_form
]
Option: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[int, Tag("<integer>")]
    | Annotated[bool, Tag("<flag>")]
    | Annotated[EnvSpec, Tag("<table>")],
    by_form,
]


class PoolSpec(Spec):
    """Bounds of the connection pool."""

    min: Annotated[int, Field(ge=0)] = 1
    """Connections kept open."""
    max: Annotated[int, Field(ge=1)] = 10
    """Most connections open at once."""
    timeout: Annotated[
        str, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(ms|s|m)$", "examples": ["30s", "500ms"]})
    ] = "30s"
    """How long to wait for a free connection: `30s`, `500ms`, `2m`."""


class ConnectionSpec(Spec):
    """A database: a `url`, or its parts."""

    url: Setting | None = None
    """`sqlite:///file.db`, `postgresql://user:password@host:port/database` or `mysql://...`."""
    driver: Setting | None = None
    """`sqlite`, `postgresql` or `mysql`, with the parts below instead of a `url`."""
    host: Setting | None = None
    """Name or address of the server."""
    port: Port | None = None
    """Port of the server."""
    user: Setting | None = None
    """User of the database."""
    password: Setting | None = None
    """Password; better from the environment: `{ env = "DB_PASSWORD" }`."""
    database: Setting | None = None
    """Name of the database, or the file for SQLite."""
    options: dict[str, Option] | None = None
    """Further options, as in the query of a URL."""
    pool: PoolSpec = PoolSpec()
    """Bounds of the pool."""
    history_table: str | None = None
    """The table that says which revisions this database has; by default the project's."""
    migrations: str | None = None
    """Folder of its revisions; by default one of its name within the project's, which `default` has itself."""
