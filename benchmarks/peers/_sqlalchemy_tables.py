"""The tables in SQLAlchemy's words, and its types that SQLModel needs too."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

__all__ = [
    "Key",
    "Level",
    "Moment",
    "Origin",
    "Payload",
    "authors",
    "comments",
    "events",
    "metadata",
    "post_tags",
    "posts",
    "readings",
    "remarks",
    "tags",
    "users",
]


class Level(Enum):
    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


class Origin(Enum):
    web = "web"
    mobile = "mobile"
    batch = "batch"


# https://docs.sqlalchemy.org/en/21/core/custom_types.html#store-timezone-aware-timestamps-as-timezone-naive-utc
class _Utc(sa.TypeDecorator[dt.datetime]):
    """An aware moment, kept as one without a zone where the database has no type with a zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002 - its signature
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002 - its signature
        return None if value is None else value.replace(tzinfo=dt.UTC)


class _UtcOfMysql(_Utc):
    impl = mysql.DATETIME
    cache_ok = True


# SQLite's own key is an INTEGER; MariaDB keeps a second's fractions only where asked.
Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Moment = sa.DateTime(timezone=True).with_variant(_Utc, "sqlite").with_variant(_UtcOfMysql(fsp=6), "mysql")
Payload = sa.JSON().with_variant(postgresql.JSONB, "postgresql")

metadata = sa.MetaData()

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("email", sa.String(200), nullable=False, unique=True),
    sa.Column("age", sa.Integer, nullable=False, index=True),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("code", sa.Uuid, nullable=False),
    sa.Column("session", sa.Uuid, nullable=False),
    sa.Column("price", sa.Numeric(12, 2), nullable=False),
    sa.Column("tax", sa.Numeric(12, 2), nullable=False),
    sa.Column("total", sa.Numeric(14, 4), nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("payload", Payload, nullable=False),
    sa.Column("context", Payload, nullable=False),
    sa.Column("level", sa.Enum(Level), nullable=False),
    sa.Column("origin", sa.Enum(Origin), nullable=False),
    sa.Column("billed", sa.Boolean, nullable=False),
    sa.Column("refunded", sa.Boolean, nullable=False),
    sa.Column("flagged", sa.Boolean),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("weight", sa.Double, nullable=False),
)

authors = sa.Table(
    "authors",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("views", sa.Integer, nullable=False),
    sa.Column("author_id", sa.ForeignKey("authors.id"), nullable=False, index=True),
)

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("body", sa.String(200), nullable=False),
    sa.Column("likes", sa.Integer, nullable=False),
    sa.Column("post_id", sa.ForeignKey("posts.id"), nullable=False, index=True),
)

tags = sa.Table(
    "tags",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False),
)

post_tags = sa.Table(
    "post_tags",
    metadata,
    sa.Column("post_id", sa.ForeignKey("posts.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)

remarks = sa.Table(
    "remarks",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("body", sa.String(200), nullable=False),
    sa.Column("subject_type", sa.String(20), nullable=False),
    sa.Column("subject_id", Key, nullable=False),
    sa.Index("remarks_subject_index", "subject_type", "subject_id"),
)

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("sensor", sa.Integer, nullable=False),
    sa.Column("value", sa.Double, nullable=False),
    sa.Column("label", sa.String(30), nullable=False),
    sa.Column("valid", sa.Boolean, nullable=False),
)
