"""More of what type checkers accept: the calls that `accepted.py` leaves out, each with its exact type. Never run."""

import datetime as dt
import uuid
from collections.abc import Generator
from decimal import Decimal
from typing import assert_type

from generated import (
    Address,
    Category,
    Comment,
    Image,
    Item,
    ItemValues,
    Order,
    OrderLine,
    OrderLineQuery,
    OrderStatus,
    Post,
    Profile,
    Refund,
    Role,
    RoleChanges,
    RoleQuery,
    Tag,
    User,
    UserValues,
    Video,
    db,
)
from isomorph import Collection, IsomorphError, Page, Predicate
from isomorph.errors import UniqueViolation
from isomorph.sql.expressions import Order as OrderBy


def every_predicate() -> None:
    assert_type(User.name != "Ada", Predicate)
    assert_type(User.name < "B", Predicate)
    assert_type(User.name.like("A%"), Predicate)
    assert_type(User.name.ilike("a%"), Predicate)
    assert_type(User.name.contains("%"), Predicate)
    assert_type(User.nickname.ends_with("a"), Predicate)
    assert_type(User.nickname == None, Predicate)  # noqa: E711 - builds SQL
    assert_type(User.age.is_not_null(), Predicate)
    assert_type(User.age.not_in({1, 2}), Predicate)
    assert_type(User.id.in_(number for number in (1, 2)), Predicate)
    assert_type(User.active.is_false(), Predicate)
    assert_type(User.active != True, Predicate)  # noqa: E712 - builds SQL
    assert_type(~(User.age > 3), Predicate)
    assert_type(Item.price.between(1, Decimal("2.5")), Predicate)
    assert_type(Item.price.in_([1, Decimal(2)]), Predicate)
    assert_type(Item.price < Item.stock, Predicate)
    assert_type(Item.price * Item.stock > 3, Predicate)
    assert_type(Item.weight_kg > 3, Predicate)
    assert_type(Item.rating - 1 == 0, Predicate)
    assert_type(Item.code == uuid.uuid4(), Predicate)
    assert_type(Item.code < uuid.uuid4(), Predicate)
    assert_type(Item.category.in_([Category.BOOK]), Predicate)
    assert_type(Item.category != Category.BOOK, Predicate)
    assert_type(Item.available_from >= dt.date(2026, 1, 1), Predicate)
    assert_type(Profile.wakes_at < dt.time(8), Predicate)
    assert_type(Profile.born.between(dt.date(2000, 1, 1), dt.date(2001, 1, 1)), Predicate)
    assert_type(Image.preview == b"", Predicate)
    assert_type(Order.status == OrderStatus.OPEN, Predicate)
    assert_type(User.settings.is_null(), Predicate)
    assert_type(Comment.author_id == User.id, Predicate)


def every_clause() -> None:
    query = Role.query()
    assert_type(query.where(), RoleQuery)
    assert_type(query.where_raw("level > ? AND name = ?", 3, "a"), RoleQuery)
    assert_type(query.where_raw("at > ?", dt.datetime.now(dt.UTC)), RoleQuery)
    assert_type(query.order_by(Role.name, Role.level.desc(), Role.level + 1), RoleQuery)
    assert_type(query.reorder(), RoleQuery)
    assert_type(query.limit(None).offset(3).distinct(), RoleQuery)
    assert_type(query.on("default"), RoleQuery)
    assert_type(query.join(Role.users).left_join(User.profile), RoleQuery)
    assert_type(Role.name.desc(), OrderBy)
    assert_type(OrderLine.query().where(OrderLine.quantity > 1), OrderLineQuery)
    assert_type(query.to_sql()[0], str)


def a_result_may_go_anywhere(query: RoleQuery) -> None:
    """The type that is expected around a call must not be mistaken for the type of a column."""
    takes_anything(query.sum(Role.level), Item.query().sum(Item.price), query.avg(Role.level))
    takes_anything(query.min(Role.name), Item.query().max(Item.available_from), query.value(Role.name))
    takes_anything(query.pluck(Role.name), query.select(Role.name).get(), query.first())
    anything: object = query.sum(Role.level)
    either: int | str | None = query.sum(Role.level)
    takes_anything(anything, either)


def more_aggregates() -> None:
    assert_type(Role.query().sum(Role.level), int | None)
    assert_type(Item.query().sum(Item.weight_kg), float | None)
    assert_type(Item.query().sum(Item.price * 2), Decimal | None)
    assert_type(Item.query().avg(Item.price * 2), Decimal | None)
    assert_type(Item.query().avg(Item.weight_kg), float | None)
    assert_type(Item.query().min(Item.code), uuid.UUID | None)
    assert_type(Item.query().max(Item.rating), int | None)
    assert_type(Profile.query().max(Profile.wakes_at), dt.time | None)


def selections() -> None:
    selection = Item.query().select(Item.name, Item.price, Item.category)
    assert_type(selection.get(), list[tuple[str, Decimal, Category]])
    assert_type(selection.first_or_fail(), tuple[str, Decimal, Category])
    assert_type(selection.limit(3).order_by(Item.name).first(), tuple[str, Decimal, Category] | None)
    assert_type(selection.count(), int)
    assert_type(selection.cursor(10), Generator[tuple[str, Decimal, Category]])
    for name, price, category in selection:
        assert_type(name, str)
        assert_type(price, Decimal)
        assert_type(category, Category)
    assert_type(Item.query().select(Item.stock * 2, Item.rating + 1).get(), list[tuple[int, int | None]])
    eight = Item.query().select(
        Item.id, Item.code, Item.name, Item.description, Item.price, Item.stock, Item.rating, Item.available_from
    )
    assert_type(eight.get(), list[tuple[int, uuid.UUID, str, str | None, Decimal, int, int | None, dt.date]])
    assert_type(Item.query().pluck(Item.price * 2), list[Decimal])
    assert_type(Item.query().value(Item.rating), int | None)
    optional = User.query().left_join(User.profile).select(Profile.id.optional(), Profile.bio)
    assert_type(optional.get(), list[tuple[int | None, str | None]])


def collections_and_pages(users: Collection[User], page: Page[User]) -> None:
    assert_type(users[0], User)
    assert_type(users[1:], Collection[User])
    assert_type(len(users), int)
    assert_type(list(users), list[User])
    assert_type(page.items, Collection[User])
    assert_type((page.total, page.per_page, page.page, page.last_page), tuple[int, int, int, int])
    assert_type((page.first_item, page.last_item), tuple[int | None, int | None])
    assert_type(page.has_more, bool)


def more_writing(ada: User, item: Item, line: OrderLine) -> None:
    assert_type(ada.touch(), User)
    assert_type(ada.fill({"name": "Ada"}), User)
    assert_type(ada.discard_changes(), User)
    assert_type(ada.get_dirty(), dict[str, object])
    assert_type(ada.get_original("name"), object)
    assert_type(item.increment(Item.price, Decimal("0.5")), Item)
    assert_type(item.decrement(Item.stock), Item)
    assert_type(line.update(quantity=3), OrderLine)
    assert_type(OrderLine.find(1, 2), OrderLine | None)
    assert_type(OrderLine.find_or_fail(1, 2), OrderLine)
    assert_type(OrderLine.find_many([(1, 2)]), Collection[OrderLine])
    assert_type(Role.create_from({"name": "admin"}), Role)
    assert_type(Role.create_or_first({"name": "admin"}, {"level": 3}), Role)
    assert_type(Role.query().decrement(Role.level, 1, all_rows=True), int)
    assert_type(OrderLine.create(order_id=1, item=item, unit_price=Decimal(1)), OrderLine)
    assert_type(Refund.create(line=line, amount=Decimal(1)), Refund)
    assert_type(Image.create(url="u"), Image)
    assert_type(Image.create(url="u", imageable=None), Image)
    assert_type(Video.create(title="t", url="u", seconds=1, owner=None), Video)


def values_as_variables(ada: User) -> None:
    values: UserValues = {"name": "Ada", "email": "a", "password": "p", "manager": ada}
    User.create(**values)
    User.insert_many([values, {**values, "email": "b"}])
    changes: RoleChanges = {"level": 3}
    Role.query().update(all_rows=True, **changes)
    Role.first_or_create(changes)
    item: ItemValues = {"code": uuid.uuid4(), "name": "n", "price": Decimal(1), "category": Category.BOOK}
    Item.upsert([item], unique=[Item.code], update=[Item.price, Item.stock])


def more_of_the_database() -> None:
    with db.using("default"), db.override("sqlite:///:memory:"), db.transaction("default"):
        assert_type(db.connection().ping(), float)
    assert_type(db.run(Role.all), Collection[Role])
    assert_type(db.catalog.models[0].name, str)
    db.connect().close()
    try:
        Role.create(name="admin")
    except UniqueViolation as error:
        assert_type(error.model, str | None)
        assert_type(error.fields, tuple[str, ...])
    except IsomorphError:
        raise


def every_kind_of_relation() -> None:
    user = (
        User.query()
        .include(User.reports)
        .include(User.profile)
        .include(User.address)
        .include(User.received_comments)
        .include(User.image)
        .include(User.following, User.query().include(User.followers))
        .first_or_fail()
    )
    assert_type(user.reports, Collection[User])
    assert_type(user.profile, Profile | None)
    assert_type(user.address, Address | None)
    assert_type(user.received_comments, Collection[Comment])
    assert_type(user.image, Image | None)
    assert_type(user.following[0].followers, Collection[User])
    post = Post.query().include(Post.tags, Tag.query().where(Tag.name != "x")).first_or_fail()
    assert_type(post.tags, Collection[Tag])
    order = Order.query().include(Order.items).include(Order.customer).first_or_fail()
    assert_type(order.items, Collection[Item])
    assert_type(order.customer, User)
    refund = Refund.query().include(Refund.line, OrderLine.query().include(OrderLine.order)).first_or_fail()
    assert_type(refund.line.order, Order)
    for chunk in Post.query().include(Post.author).chunk(10):
        assert_type(chunk[0].author, User)
    assert_type(Post.query().include(Post.author).paginate().items[0].author, User)
    assert_type(Post.query().include(Post.author).where(Post.id > 1).limit(1).get()[0].author, User)


def takes_anything(*anything: object) -> None: ...
