"""The tables as models of Peewee's; they are bound to a database when there is one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateTimeField,
    DecimalField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
    UUIDField,
)

__all__ = ["FIELD_TYPES", "MODELS", "Author", "Comment", "Event", "Post", "PostTag", "Reading", "Tag", "User"]

# By dialect what `Moment` is.
FIELD_TYPES = {"sqlite": "DATETIME", "postgresql": "TIMESTAMPTZ", "mysql": "DATETIME(6)"}


class Moment(DateTimeField):
    """A moment in UTC, as the manual has fields of one's own (models.html#custom-fields): Peewee's own lose the zone."""

    field_type = "MOMENT"

    def python_value(self, value: Any) -> dt.datetime | None:
        if isinstance(value, str):
            return dt.datetime.fromisoformat(value)
        return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)


class User(Model):
    name = CharField(max_length=100)
    email = CharField(max_length=200, unique=True)
    age = IntegerField(index=True)
    score = DoubleField()
    active = BooleanField()

    class Meta:
        table_name = "users"


class Event(Model):
    code = UUIDField()
    session = UUIDField()
    price = DecimalField(max_digits=12, decimal_places=2)
    tax = DecimalField(max_digits=12, decimal_places=2)
    total = DecimalField(max_digits=14, decimal_places=4)
    occurred_at = Moment()
    received_at = Moment()
    closed_at = Moment(null=True)
    payload = JSONField()
    context = JSONField()
    level = CharField(max_length=10, choices=[(name, name) for name in ("debug", "info", "warning", "error")])
    origin = CharField(max_length=10, choices=[(name, name) for name in ("web", "mobile", "batch")])
    billed = BooleanField()
    refunded = BooleanField()
    flagged = BooleanField(null=True)
    title = CharField(max_length=100)
    note = TextField(null=True)
    quantity = IntegerField()
    weight = DoubleField()

    class Meta:
        table_name = "events"


class Author(Model):
    name = CharField(max_length=100)
    country = CharField(max_length=2)

    class Meta:
        table_name = "authors"


class Post(Model):
    title = CharField(max_length=200)
    body = TextField()
    views = IntegerField()
    author = ForeignKeyField(Author, backref="posts")

    class Meta:
        table_name = "posts"


class Comment(Model):
    body = CharField(max_length=200)
    likes = IntegerField()
    post = ForeignKeyField(Post, backref="comments")

    class Meta:
        table_name = "comments"


class Tag(Model):
    name = CharField(max_length=50)

    class Meta:
        table_name = "tags"


class PostTag(Model):
    post = ForeignKeyField(Post, backref="post_tags")
    tag = ForeignKeyField(Tag, backref="post_tags")
    position = IntegerField()

    class Meta:
        table_name = "post_tags"
        primary_key = CompositeKey("post", "tag")


class Reading(Model):
    sensor = IntegerField()
    value = DoubleField()
    label = CharField(max_length=30)
    valid = BooleanField()

    class Meta:
        table_name = "readings"


# By table, in an order in which each has what it refers to.
MODELS: dict[str, type[Model]] = {
    model._meta.table_name: model for model in (User, Event, Author, Post, Comment, Tag, PostTag, Reading)
}
