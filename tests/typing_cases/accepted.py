"""What type checkers accept, and the exact type of each public call. Checked, never run."""

import datetime as dt
import uuid
from collections.abc import Generator, Iterator, Sequence
from decimal import Decimal
from typing import assert_type

from generated import (
    Address,
    Category,
    Comment,
    CommentQuery,
    Department,
    Image,
    Item,
    Order,
    OrderLine,
    Post,
    PostQuery,
    Profile,
    Tag,
    User,
    UserQuery,
    Video,
    db,
)
from isomorph import Collection, JsonValue, NotIncluded, Page, Predicate


def fields(user: User, post: Post, item: Item, profile: Profile) -> None:
    assert_type(user.id, int)
    assert_type(user.name, str)
    assert_type(user.age, int | None)
    assert_type(user.nickname, str | None)
    assert_type(user.active, bool)
    assert_type(user.settings, JsonValue)
    assert_type(user.joined, dt.datetime)
    assert_type(user.manager_id, int | None)
    assert_type(post.author_id, int)
    assert_type(post.publish_on, dt.datetime | None)
    assert_type(item.price, Decimal)
    assert_type(item.code, uuid.UUID)
    assert_type(item.category, Category)
    assert_type(profile.born, dt.date | None)
    assert_type(profile.wakes_at, dt.time | None)
    user.age = None
    user.settings = {"theme": ["dark", 1, None]}
    counts: dict[str, int] = {}
    user.settings = counts
    item.category = Category.BOOK


def predicates() -> None:
    assert_type(User.age >= 18, Predicate)
    assert_type(User.age == None, Predicate)  # noqa: E711 - builds SQL
    assert_type(User.name == "Ada", Predicate)
    assert_type(User.id == User.manager_id, Predicate)
    assert_type(User.manager_id == User.id, Predicate)
    assert_type(User.name.starts_with("A") & ~User.age.is_null() | User.active.is_true(), Predicate)
    assert_type(User.id.in_([1, 2]), Predicate)
    assert_type(User.age.in_([1, None]), Predicate)
    assert_type(User.age.between(1, 2), Predicate)
    assert_type(Item.price > 3, Predicate)
    assert_type(Item.price > Decimal("3.5"), Predicate)
    assert_type(Item.category == Category.BOOK, Predicate)
    assert_type(Item.stock * 2 > Item.stock + 1, Predicate)
    assert_type(User.joined < dt.datetime.now(dt.UTC), Predicate)


def rows() -> None:
    assert_type(User.query().get(), Collection[User])
    assert_type(User.all(), Collection[User])
    assert_type(User.query().first(), User | None)
    assert_type(User.query().first_or_fail(), User)
    assert_type(User.find(1), User | None)
    assert_type(User.find_or_fail(1), User)
    assert_type(User.find_many([1, 2]), Collection[User])
    assert_type(User.query().count(), int)
    assert_type(User.query().exists(), bool)
    assert_type(User.query().paginate(2, per_page=10), Page[User])
    assert_type(User.query().paginate().items[0], User)
    assert_type(User.query().chunk(100), Iterator[Collection[User]])
    assert_type(User.query().cursor(), Generator[User])
    assert_type(User.query().where(User.id > 1).order_by(User.name, User.age.desc()).limit(5).offset(2), UserQuery)
    assert_type(User.query().adults(21).get(), Collection[User])
    assert_type(Post.query().published().popular(threshold=5), PostQuery)
    assert_type(User.query().to_sql()[0], str)


def aggregates() -> None:
    assert_type(User.query().sum(User.age), int | None)
    assert_type(Item.query().sum(Item.price), Decimal | None)
    assert_type(User.query().avg(User.age), float | None)
    assert_type(Item.query().avg(Item.price), Decimal | None)
    assert_type(User.query().min(User.name), str | None)
    assert_type(User.query().max(User.joined), dt.datetime | None)


def columns() -> None:
    assert_type(User.query().pluck(User.name), list[str])
    assert_type(User.query().pluck(User.age), list[int | None])
    assert_type(User.query().value(User.name), str | None)
    assert_type(User.query().select(User.name).get(), list[tuple[str]])
    assert_type(User.query().select(User.name, User.age, User.joined).get(), list[tuple[str, int | None, dt.datetime]])
    pairs = Post.query().join(Post.author).select(Post.title, User.name)
    assert_type(pairs.get(), list[tuple[str, str]])
    assert_type(pairs.where(Post.views > 3).first(), tuple[str, str] | None)
    optional = Video.query().left_join(Video.owner).select(Video.title, User.name.optional())
    assert_type(optional.get(), list[tuple[str, str | None]])


def writing(ada: User, post: Post) -> None:
    assert_type(User(name="Ada", email="a@example.com", password="x"), User)
    assert_type(User.create(name="Ada", email="a@example.com", password="x", age=None, manager=ada), User)
    assert_type(Post.create(title="t", body="b", author=ada), Post)
    assert_type(Post.create(title="t", body="b", author_id=1), Post)
    assert_type(Comment.create(body="b", commentable=post), Comment)
    assert_type(ada.save(), User)
    assert_type(ada.update(name="Grace", age=None), User)
    assert_type(ada.delete(), bool)
    assert_type(ada.refresh(), User)
    assert_type(ada.replicate(), User)
    assert_type(ada.exists, bool)
    assert_type(post.increment(Post.views, 2), Post)
    assert_type(ada.is_dirty("name"), bool)
    assert_type(ada.to_dict(), dict[str, object])
    assert_type(User.insert_many([{"name": "A", "email": "a", "password": "p"}]), Collection[User])
    upserted = User.upsert([{"name": "A", "email": "a", "password": "p"}], unique=[User.email], update=[User.name])
    assert_type(upserted, Collection[User])
    assert_type(Tag.first_or_create({"name": "x"}), Tag)
    assert_type(User.update_or_create({"email": "a"}, {"name": "B"}), User)
    assert_type(User.query().where(User.id == 1).update(name="x", age=None), int)
    assert_type(User.query().update(all_rows=True, active=False), int)
    assert_type(Post.query().where(Post.id == 1).increment(Post.views, 1), int)
    assert_type(Post.query().where(Post.id == 1).delete(), int)


def database(ada: User) -> None:
    with db.transaction():
        ada.save()
    assert_type(db.run(lambda: User.query().count(), retries=3), int)
    assert_type(db.execute("SELECT 1 WHERE 1 = ?", 1), list[tuple[object, ...]])


def included() -> None:
    users = (
        User.query()
        .where(User.age >= 18)
        .include(User.posts, Post.query().published().include(Post.comments))
        .include(User.manager)
        .include(User.roles)
        .get()
    )
    for user in users:
        manager = user.manager
        assert_type(manager, User | None)
        assert_type(user.roles[0].pivot.assigned_at, dt.datetime | None)
        for post in user.posts:
            assert_type(post.title, str)
            assert_type(post.comments, Collection[Comment])
            assert_type(len(post.comments), int)

    with_author = Post.query().include(Post.author).first_or_fail()
    assert_type(with_author.author, User)
    deep = Post.query().include(
        Post.author, User.query().include(User.profile, Profile.query().include(Profile.address))
    )
    profile = deep.get()[0].author.profile
    assert_type(profile.address if profile else None, Address | None)
    tree = Department.query().include(Department.children, Department.query().include(Department.children)).get()
    assert_type(tree[0].children[0].children[0].name, str)
    video = Video.query().include(Video.owner).first_or_fail()
    assert_type(video.owner, User | None)
    tagged = Tag.query().include(Tag.posts).include(Tag.videos).first_or_fail()
    assert_type(tagged.posts[0].title, str)
    assert_type(tagged.videos[0].seconds, float)
    order = Order.query().include(Order.lines, OrderLine.query().include(OrderLine.item)).first_or_fail()
    assert_type(order.lines[0].item.price, Decimal)


def morphs() -> None:
    comment = Comment.query().include(Comment.commentable).first_or_fail()
    match comment.commentable:
        case Post(title=title):
            assert_type(title, str)
        case Video(url=url):
            assert_type(url, str)
        case None:
            pass
    image = Image.query().include(Image.imageable).first_or_fail()
    match image.imageable:
        case User():
            pass
        case Post():
            pass
        case Item():
            pass
        case None:
            pass


def covariance() -> None:
    loaded = User.query().include(User.posts).get()
    takes_user(loaded[0])
    takes_users(loaded)
    takes_collection(loaded)
    takes_query(User.query().include(User.posts))
    assert_type(Comment.query(), CommentQuery)


def takes_user(user: User) -> None: ...
def takes_users(users: Sequence[User]) -> None: ...
def takes_collection(users: Collection[User]) -> None: ...
def takes_query(query: UserQuery) -> None: ...
def takes_bare(user: User[NotIncluded, NotIncluded]) -> None: ...
