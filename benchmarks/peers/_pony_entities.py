"""The tables as entities of Pony's; they are bound to a database when there is one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pony.orm import Database, Json, LongStr, Optional, PrimaryKey, Required, Set

__all__ = ["ENTITIES", "Author", "Comment", "Event", "Post", "PostTag", "Reading", "Tag", "User", "db"]

db = Database()


class User(db.Entity):
    _table_ = "users"
    name = Required(str, 100)
    email = Required(str, 200, unique=True)
    age = Required(int, index=True)
    score = Required(float)
    active = Required(bool)


class Event(db.Entity):
    _table_ = "events"
    code = Required(UUID)
    session = Required(UUID)
    price = Required(Decimal, 12, 2)
    tax = Required(Decimal, 12, 2)
    total = Required(Decimal, 14, 4)
    occurred_at = Required(dt.datetime, 6)
    received_at = Required(dt.datetime, 6)
    closed_at = Optional(dt.datetime, 6)
    payload = Required(Json)
    context = Required(Json)
    level = Required(str, 10)
    origin = Required(str, 10)
    billed = Required(bool)
    refunded = Required(bool)
    flagged = Optional(bool)
    title = Required(str, 100)
    note = Optional(LongStr, nullable=True, lazy=False)
    quantity = Required(int)
    weight = Required(float)


class Author(db.Entity):
    _table_ = "authors"
    name = Required(str, 100)
    country = Required(str, 2)
    posts = Set("Post")


class Post(db.Entity):
    _table_ = "posts"
    title = Required(str, 200)
    body = Required(LongStr, lazy=False)
    views = Required(int)
    author = Required(Author, column="author_id")
    comments = Set("Comment")
    post_tags = Set("PostTag")


class Comment(db.Entity):
    _table_ = "comments"
    body = Required(str, 200)
    likes = Required(int)
    post = Required(Post, column="post_id")


class Tag(db.Entity):
    _table_ = "tags"
    name = Required(str, 50)
    post_tags = Set("PostTag")


class PostTag(db.Entity):
    _table_ = "post_tags"
    post = Required(Post, column="post_id")
    tag = Required(Tag, column="tag_id")
    position = Required(int)
    PrimaryKey(post, tag)


class Reading(db.Entity):
    _table_ = "readings"
    sensor = Required(int)
    value = Required(float)
    label = Required(str, 30)
    valid = Required(bool)


# By table, in an order in which each has what it refers to.
ENTITIES = {entity._table_: entity for entity in (User, Event, Author, Post, Comment, Tag, PostTag, Reading)}
