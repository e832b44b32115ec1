"""SQLAlchemy's ORM: classes mapped to the tables; what is done with them is in `_sqlalchemy_session`."""

from __future__ import annotations

from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy import orm

from benchmarks.peers import _sqlalchemy_tables as tables
from benchmarks.peers._sqlalchemy_session import Sessions

__all__ = ["CONTESTANT"]


class _Base(orm.DeclarativeBase):
    metadata = tables.metadata


class User(_Base):
    __table__ = tables.users


class Event(_Base):
    __table__ = tables.events


class Reading(_Base):
    __table__ = tables.readings


class Tag(_Base):
    __table__ = tables.tags


# https://docs.sqlalchemy.org/en/21/orm/basic_relationships.html#association-object
class PostTag(_Base):
    __table__ = tables.post_tags

    tag: orm.Mapped[Tag] = orm.relationship()


class Comment(_Base):
    __table__ = tables.comments

    post: orm.Mapped[Post] = orm.relationship(back_populates="comments")


# The polymorphic relations: https://docs.sqlalchemy.org/en/21/orm/examples.html#generic-associations (generic_fk)
class Remark(_Base):
    __table__ = tables.remarks

    subject_author: orm.Mapped[Author | None] = orm.relationship(
        primaryjoin=lambda: orm.remote(Author.id) == orm.foreign(Remark.subject_id), viewonly=True
    )
    subject_post: orm.Mapped[Post | None] = orm.relationship(
        primaryjoin=lambda: orm.remote(Post.id) == orm.foreign(Remark.subject_id), viewonly=True
    )

    @property
    def subject(self) -> Author | Post:
        """What the remark is on."""
        return getattr(self, f"subject_{self.subject_type}")


class Post(_Base):
    __table__ = tables.posts

    author: orm.Mapped[Author] = orm.relationship(back_populates="posts")
    comments: orm.Mapped[list[Comment]] = orm.relationship(back_populates="post")
    tags: orm.Mapped[list[PostTag]] = orm.relationship()
    remarks: orm.Mapped[list[Remark]] = orm.relationship(
        primaryjoin=lambda: sa.and_(
            Post.id == orm.foreign(orm.remote(Remark.subject_id)), Remark.subject_type == "post"
        ),
        viewonly=True,
    )


class Author(_Base):
    __table__ = tables.authors

    posts: orm.Mapped[list[Post]] = orm.relationship(back_populates="author")


class SqlAlchemyOrm(Sessions):
    """The ORM, without the legacy Query."""

    title = "SQLAlchemy ORM"
    manual = "https://docs.sqlalchemy.org/en/21/faq/performance.html"
    tables = tables.metadata
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


CONTESTANT = SqlAlchemyOrm
