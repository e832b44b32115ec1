"""What type checkers accept of relations, and the exact type of each call. Checked, never run."""

import datetime as dt
from collections.abc import Iterable
from typing import assert_never, assert_type

from generated import (
    Address,
    Comment,
    Commentable,
    CommentableAlias,
    CommentQuery,
    HasComments,
    Image,
    Imageable,
    Item,
    Order,
    OrderLine,
    Post,
    PostQuery,
    Profile,
    Role,
    RoleQuery,
    Tag,
    User,
    UserQuery,
    Video,
)
from isomorph import Collection, NotIncluded
from isomorph.orm.related import Synced


def every_kind() -> None:
    assert_type(Post.query().include(Post.author).get()[0].author, User)
    assert_type(Comment.query().include(Comment.author).get()[0].author, User | None)
    assert_type(User.query().include(User.manager).get()[0].manager, User | None)
    assert_type(User.query().include(User.reports).get()[0].reports, Collection[User])
    assert_type(User.query().include(User.profile).get()[0].profile, Profile | None)
    assert_type(User.query().include(User.address).get()[0].address, Address | None)
    assert_type(User.query().include(User.received_comments).get()[0].received_comments, Collection[Comment])
    assert_type(User.query().include(User.image).get()[0].image, Image | None)
    assert_type(User.query().include(User.following).get()[0].following, Collection[User])
    assert_type(Post.query().include(Post.comments).get()[0].comments, Collection[Comment])
    assert_type(Post.query().include(Post.tags).get()[0].tags, Collection[Tag])
    assert_type(Tag.query().include(Tag.videos).get()[0].videos, Collection[Video])
    assert_type(Order.query().include(Order.items).get()[0].items, Collection[Item])
    assert_type(OrderLine.query().include(OrderLine.order).get()[0].order, Order)


def queries_keep_what_was_included() -> None:
    posts = Post.query().include(Post.author)
    assert_type(posts, PostQuery[User])
    assert_type(posts.published().include(Post.comments).limit(3).get()[0].author, User)
    comments = posts.include(Post.comments, Comment.query().include(Comment.author)).get()[0].comments
    assert_type(comments, Collection[Comment[NotIncluded, User | None]])


def morphs() -> None:
    assert_type(Comment.query().include(Comment.commentable).get()[0].commentable, Post | Video | None)
    assert_type(Image.query().include(Image.imageable).get()[0].imageable, User | Post | Item | None)
    some = Comment.query().include(Comment.commentable, Post.query().include(Post.author)).get()
    assert_type(some[0].commentable, Post[User] | None)
    both = Comment.query().include(Comment.commentable, Post.query().include(Post.author), Video.query()).get()
    assert_type(both, Collection[Comment[Post[User] | Video | None]])
    three = Image.query().include(Image.imageable, User.query(), Post.query(), Item.query()).get()
    assert_type(three[0].imageable, User | Post | Item | None)


def exhaustive(subject: Commentable, image: Imageable) -> str:
    match subject:
        case Post(title=title):
            assert_type(title, str)
        case Video(url=url):
            assert_type(url, str)
        case _:
            assert_never(subject)
    match image:
        case User(name=name) | Item(name=name):
            return name
        case Post(title=title):
            return title


def aliases(alias: CommentableAlias) -> Commentable | None:
    match alias:
        case "post":
            return Post.find(1)
        case "clip":
            return Video.find(1)


def pivots() -> None:
    user = User.query().include(User.roles, Role.query().include(Role.users)).first_or_fail()
    role = user.roles[0]
    assert_type(role.name, str)
    assert_type(role.pivot.assigned_at, dt.datetime | None)
    assert_type(role.pivot.role_id, int)
    assert_type(role.users[0].name, str)
    assert_type(role.users[0].pivot.assigned_at, dt.datetime | None)
    takes_role(role)
    takes_roles(user.roles)
    ordered = Role.query().order_by(User.roles.pivot.assigned_at.desc())
    User.query().include(User.roles, ordered.where(User.roles.pivot.assigned_at.is_not_null()))


def loaded_later(user: User, users: Collection[User], comment: Comment) -> None:
    assert_type(user.load(User.posts).posts, Collection[Post])
    assert_type(user.load(User.posts).load(User.manager).manager, User | None)
    assert_type(user.load_missing(User.posts, Post.query().include(Post.author)).posts[0].author, User)
    assert_type(users.load(User.posts)[0].posts, Collection[Post])
    assert_type(users.load(User.posts).load_missing(User.profile)[0].profile, Profile | None)
    assert_type(users.load(User.roles)[0].roles[0].pivot.assigned_at, dt.datetime | None)
    assert_type(comment.load(Comment.commentable).commentable, Post | Video | None)
    assert_type(comment.load(Comment.commentable, Video.query()).commentable, Video | None)
    assert_type(user.load_count(User.posts, User.roles), User)
    assert_type(users.load_count(User.posts), Collection[User])


def whatever_is_included(user: User, post: Post) -> None:
    takes_user(User.query().include(User.posts).first_or_fail())
    takes_user(user.load(User.posts).load(User.roles))
    takes_users(User.query().include(User.posts, Post.query().include(Post.author)).get())
    takes_query(User.query().include(User.posts).include(User.manager))
    takes_with_posts(user.load(User.posts).load(User.manager))
    assert_type(latest(post), str | None)
    takes_subjects([Video.find_or_fail(1), post.load(Post.author)])


def latest(subject: HasComments) -> str | None:
    """A function for all models of a mixin."""
    comment = subject.related.comments.first()
    return f"{subject.title}: {comment.body}" if comment else None


def takes_role(role: Role) -> None: ...
def takes_roles(roles: Collection[Role]) -> None: ...
def takes_user(user: User) -> None: ...
def takes_users(users: Collection[User]) -> None: ...
def takes_query(query: UserQuery) -> None: ...
def takes_subjects(subjects: Iterable[HasComments]) -> None: ...
def takes_with_posts(
    user: User[NotIncluded, NotIncluded, NotIncluded, NotIncluded, Collection[Post]],
) -> None: ...


def operations(user: User, post: Post, comment: Comment, role: Role) -> None:
    assert_type(user.related.posts.query(), PostQuery)
    assert_type(user.related.posts.where(Post.views > 3).published().get(), Collection[Post])
    assert_type(user.related.posts.get(), Collection[Post])
    assert_type(user.related.posts.first(), Post | None)
    assert_type(user.related.posts.find(3), Post | None)
    assert_type(user.related.posts.count(), int)
    assert_type(user.related.posts.exists(), bool)
    assert_type(user.related.posts.create(title="t", body="b", views=3), Post)
    assert_type(user.related.posts.create_many([{"title": "t", "body": "b"}]), Collection[Post])
    assert_type(user.related.posts.save(post), Post)
    assert_type(user.related.posts.save_many([post]), Collection[Post])
    assert_type(user.related.posts.first_or_create({"title": "t"}, {"body": "b"}), Post)
    assert_type(user.related.posts.update_or_create({"title": "t"}, {"body": "b"}), Post)
    assert_type(user.related.posts.delete(), int)
    assert_type(user.related.profile.get(), Profile | None)
    assert_type(user.related.profile.create(bio="x"), Profile)
    assert_type(user.related.image.create(url="u"), Image)
    assert_type(user.related.address.get(), Address | None)
    assert_type(user.related.received_comments.where(Comment.body == "x"), CommentQuery)
    assert_type(user.related.comments.create(body="b", commentable=post), Comment)
    assert_type(post.related.comments.create(body="b", author=user), Comment)
    assert_type(post.related.comments.first_or_create({"body": "b"}, {"author": user}), Comment)
    assert_type(post.related.author.get(), User | None)
    post.related.author.associate(user)
    comment.related.author.dissociate()
    comment.related.commentable.associate(post)
    comment.related.commentable.associate(Video.find_or_fail(1))
    assert_type(comment.related.commentable.get(), Post | Video | None)


def attaching(user: User, role: Role, tag: Tag, post: Post) -> None:
    roles = user.related.roles
    assert_type(roles.query(), RoleQuery)
    assert_type(roles.get()[0].pivot.assigned_at, dt.datetime | None)
    roles.attach(role)
    roles.attach(1, {"assigned_at": None})
    roles.attach([role, 2])
    roles.attach({1: {"assigned_at": dt.datetime.fromisoformat("2024-01-01")}, 2: {}})
    assert_type(roles.detach(role), int)
    assert_type(roles.detach(), int)
    assert_type(roles.sync([1, role]), Synced[int])
    assert_type(roles.sync({1: {"assigned_at": None}}).attached, tuple[int, ...])
    assert_type(roles.sync_without_detaching([1]), Synced[int])
    assert_type(roles.sync_with_pivot_values([1, 2], {"assigned_at": None}), Synced[int])
    assert_type(roles.toggle([1, role]), Synced[int])
    assert_type(roles.update_existing_pivot(role, {"assigned_at": None}), int)
    assert_type(roles.create(name="x").pivot.assigned_at, dt.datetime | None)
    assert_type(roles.create({"assigned_at": None}, name="x", level=3).name, str)
    assert_type(roles.save(role, {"assigned_at": None}).level, int)
    assert_type(post.related.tags.attach([tag]), None)
    assert_type(post.related.tags.create(name="x"), Tag)
    assert_type(tag.related.videos.get(), Collection[Video])


def paths() -> None:
    User.query().has(User.posts.comments)
    User.query().where_has(User.posts.comments, Comment.body == "x")
    User.query().has(User.posts.comments.author.roles)
