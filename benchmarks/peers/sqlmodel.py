"""SQLModel: tables as pydantic models; what is done with them is in `_sqlalchemy_session`, read by `Session.exec`.

Annotations are not postponed here: SQLModel makes relations of what they are, not of their text.
"""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from sqlalchemy import orm
from sqlmodel import Field, Relationship, SQLModel

from benchmarks.peers._sqlalchemy_session import Sessions
from benchmarks.peers._sqlalchemy_tables import Key, Level, Moment, Origin, Payload

__all__ = ["CONTESTANT"]


def _key() -> Any:
    return Field(default=None, primary_key=True, sa_type=Key)


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = _key()
    name: str = Field(max_length=100)
    email: str = Field(max_length=200, unique=True)
    age: int = Field(index=True)
    score: float = Field(sa_type=sa.Double)
    active: bool


class Event(SQLModel, table=True):
    __tablename__ = "events"

    id: int | None = _key()
    code: UUID
    session: UUID
    price: Decimal = Field(max_digits=12, decimal_places=2)
    tax: Decimal = Field(max_digits=12, decimal_places=2)
    total: Decimal = Field(max_digits=14, decimal_places=4)
    occurred_at: dt.datetime = Field(sa_type=Moment)
    received_at: dt.datetime = Field(sa_type=Moment)
    closed_at: dt.datetime | None = Field(default=None, sa_type=Moment)
    payload: dict[str, Any] = Field(sa_type=Payload)
    context: dict[str, Any] = Field(sa_type=Payload)
    level: Level
    origin: Origin
    billed: bool
    refunded: bool
    flagged: bool | None = None
    title: str = Field(max_length=100)
    note: str | None = Field(default=None, sa_type=sa.Text)
    quantity: int
    weight: float = Field(sa_type=sa.Double)


class Reading(SQLModel, table=True):
    __tablename__ = "readings"

    id: int | None = _key()
    sensor: int
    value: float = Field(sa_type=sa.Double)
    label: str = Field(max_length=30)
    valid: bool


class Author(SQLModel, table=True):
    __tablename__ = "authors"

    id: int | None = _key()
    name: str = Field(max_length=100)
    country: str = Field(max_length=2)
    posts: list["Post"] = Relationship(back_populates="author")


class Post(SQLModel, table=True):
    __tablename__ = "posts"

    id: int | None = _key()
    title: str = Field(max_length=200)
    body: str = Field(sa_type=sa.Text)
    views: int
    author_id: int = Field(foreign_key="authors.id", index=True, sa_type=Key)
    author: Author = Relationship(back_populates="posts")
    comments: list["Comment"] = Relationship(back_populates="post")
    tags: list["PostTag"] = Relationship()
    remarks: list["Remark"] = Relationship(
        sa_relationship_kwargs={
            "primaryjoin": lambda: sa.and_(
                Post.id == orm.foreign(orm.remote(Remark.subject_id)), Remark.subject_type == "post"
            ),
            "viewonly": True,
        }
    )


class Tag(SQLModel, table=True):
    __tablename__ = "tags"

    id: int | None = _key()
    name: str = Field(max_length=50)


# https://sqlmodel.tiangolo.com/tutorial/many-to-many/link-with-extra-fields/
class PostTag(SQLModel, table=True):
    __tablename__ = "post_tags"

    post_id: int = Field(foreign_key="posts.id", primary_key=True, sa_type=Key)
    tag_id: int = Field(foreign_key="tags.id", primary_key=True, sa_type=Key)
    position: int
    tag: Tag = Relationship()


class Comment(SQLModel, table=True):
    __tablename__ = "comments"

    id: int | None = _key()
    body: str = Field(max_length=200)
    likes: int
    post_id: int = Field(foreign_key="posts.id", index=True, sa_type=Key)
    post: Post = Relationship(back_populates="comments")


# SQLModel has no polymorphic relations of its own; these are SQLAlchemy's, by `sa_relationship_kwargs`:
# https://docs.sqlalchemy.org/en/21/orm/examples.html#generic-associations (generic_fk)
class Remark(SQLModel, table=True):
    __tablename__ = "remarks"
    __table_args__: ClassVar = (sa.Index("remarks_subject_index", "subject_type", "subject_id"),)

    id: int | None = _key()
    body: str = Field(max_length=200)
    subject_type: str = Field(max_length=20)
    subject_id: int = Field(sa_type=Key)
    subject_author: Author | None = Relationship(
        sa_relationship_kwargs={
            "primaryjoin": lambda: orm.remote(Author.id) == orm.foreign(Remark.subject_id),
            "viewonly": True,
        }
    )
    subject_post: Post | None = Relationship(
        sa_relationship_kwargs={
            "primaryjoin": lambda: orm.remote(Post.id) == orm.foreign(Remark.subject_id),
            "viewonly": True,
        }
    )

    @property
    def subject(self) -> Any:
        """What the remark is on."""
        return getattr(self, f"subject_{self.subject_type}")


class SqlModel(Sessions):
    """SQLModel's own Session and select; where its manual ends it is SQLAlchemy's that counts."""

    title = "SQLModel"
    manual = "https://sqlmodel.tiangolo.com/tutorial/select/"
    tables = SQLModel.metadata
    session = sqlmodel.Session
    models = SimpleNamespace(
        User=User,
        Event=Event,
        Reading=Reading,
        Author=Author,
        Post=Post,
        Comment=Comment,
        PostTag=PostTag,
        Remark=Remark,
    )

    def select(self, *entities: Any) -> Any:
        return sqlmodel.select(*entities)

    def objects(self, session: Any, query: Any, values: Any = None) -> Any:
        return session.exec(query, params=values)

    def rows(self, session: Any, query: Any) -> Any:
        return session.exec(query)


CONTESTANT = SqlModel
