"""A small world of related rows in the showcase, for queries over relations."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from generated import (
    Comment,
    Department,
    Image,
    Item,
    Order,
    OrderLine,
    Post,
    Profile,
    Refund,
    Role,
    Tag,
    User,
    Video,
    db,
)
from tests.support.showcase import make_post, make_user

__all__ = ["Related", "make_related"]


@dataclass
class Related:
    """Ada manages Bob and Cyd, Cyd manages Dan. Ada and Bob write; all of it is in `make_related`."""

    ada: User
    bob: User
    cyd: User
    dan: User
    notes: Post
    draft: Post
    essay: Post
    clip: Video


def make_related() -> Related:
    """The rows, on the showcase without any."""
    ada = make_user("Ada", age=50)
    bob, cyd = make_user("Bob", age=20, manager=ada), make_user("Cyd", age=60, manager=ada)
    dan = make_user("Dan", manager=cyd)
    notes = make_post(ada, "Notes", views=10, published=True)
    draft = make_post(ada, "Draft", views=1)
    essay = make_post(bob, "Essay", views=5, published=True)
    clip = Video.create(title="Clip", url="u", seconds=1.5, owner=bob)
    Comment.create(body="first", commentable=notes, author=bob)
    Comment.create(body="second", commentable=notes, author=cyd)
    Comment.create(body="first", commentable=clip, author=ada)
    Profile.create(user=ada, bio="...", born=dt.date(1970, 1, 2))
    Image.create(url="ada.png", imageable=ada)
    Image.create(url="notes.png", imageable=notes)
    Image.create(url="lost.png")
    admin, editor, _ = [
        Role.create(name=name, level=level) for name, level in (("admin", 9), ("editor", 5), ("idle", 1))
    ]
    for role, user, at in ((admin, ada, "2026-01-02 00:00:00"), (editor, ada, None), (editor, bob, None)):
        db.execute("INSERT INTO role_user (role_id, user_id, assigned_at) VALUES (?, ?, ?)", role.id, user.id, at)
    for one, other in ((ada, bob), (bob, ada), (cyd, ada), (bob, cyd)):
        db.execute("INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)", one.id, other.id)
    new, _ = Tag.create(name="new"), Tag.create(name="unused")
    for alias, id_ in (("post", notes.id), ("clip", clip.id)):
        db.execute("INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (?, ?, ?)", new.id, alias, id_)
    shop = Department.create(name="Shop")
    item = Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal("2.50"), department=shop)
    order = Order.create(number="A1", customer=ada)
    line = OrderLine.create(order=order, item=item, unit_price=Decimal("2.50"), quantity=2)
    for amount in (
        Decimal("1.25"),
        Decimal("0.50"),
        Decimal(0),
    ):  # what is nothing is a draft, which a global scope hides
        Refund.create(line=line, amount=amount)
    Order.create(number="B1", customer=bob)
    return Related(ada, bob, cyd, dan, notes, draft, essay, clip)
