"""A few related rows, and what every refusal about them must be: typed, without a value, before a statement is sent.

Fixtures for the tests of relations here:

    from tests.bad_input.related import unharmed, world
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from generated import Comment as CommentModel
from generated import Video as VideoModel
from generated import db
from isomorph.errors import IsomorphError
from tests.bad_input.untyped import Comment, Post, User
from tests.bad_input.witness import Told, Witness, check_told, new_secret
from tests.support.showcase import make_post, make_user, recording

__all__ = ["SECRET", "World", "refused", "unharmed", "world"]

SECRET = new_secret()
"""Stands in passwords and texts, which no error may tell."""


@dataclass
class World:
    """Ada manages Bob and wrote a post, which has a comment, as a video has; Eve is new, Dan deleted."""

    ada: Any
    bob: Any
    notes: Any
    comment: Any
    eve: Any
    dan: Any


@pytest.fixture
def world(showcase: str) -> World:
    """The rows, each read as it is in the database, without what it was made with."""
    ada = make_user("Ada", password=SECRET, age=50)
    bob = make_user("Bob", manager=ada)
    notes = make_post(ada, body=SECRET)
    clip = VideoModel.create(title="Clip", url="u", seconds=1.5, owner=bob)
    comment = CommentModel.create(body="first", commentable=notes, author=ada)
    CommentModel.create(body="second", commentable=clip)
    dan = make_user("Dan")
    dan.delete()
    return World(
        ada=User.find_or_fail(ada.id),
        bob=User.find_or_fail(bob.id),
        notes=Post.find_or_fail(notes.id),
        comment=Comment.find_or_fail(comment.id),
        eve=User(name="Eve", email="e", password=SECRET),
        dan=dan,
    )


@pytest.fixture
def unharmed(world: World, witness: Witness) -> Iterator[None]:
    """Looks after the test whether the rows are as before, and the connection as good."""
    before = witness.rows()
    yield
    witness.check_usable(before)


@contextmanager
def refused(expected: type[IsomorphError], words: str, statements: int = 0) -> Generator[Told]:
    """A block that raises an error of just this class, which tells no value, and sends this many statements."""
    told = Told()
    with recording(db.connection()) as sent, pytest.raises(expected, match=words) as caught:
        yield told
    assert type(caught.value) is expected
    told.error = caught.value
    check_told(caught.value, [SECRET, "48151"])
    assert len(sent) == statements, sent.texts
