"""Fills the showcase with rows that look real, the same in every run: `python -m examples.seed`.

Everything happens in one transaction: after an error, or Ctrl-C, the database is as it was. Rows are written in batches by
`insert_many`, which brings their keys back; pivot tables, which have no model, by plain SQL with bound values.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import product
from typing import LiteralString, TypeVar

from faker import Faker
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from generated import (
    Address,
    AddressValues,
    Carrier,
    CarrierValues,
    Category,
    Comment,
    CommentValues,
    Department,
    DepartmentValues,
    Document,
    DocumentValues,
    Image,
    ImageValues,
    Item,
    ItemValues,
    Notice,
    NoticeValues,
    Order,
    OrderLine,
    OrderLineValues,
    OrderStatus,
    OrderValues,
    Post,
    PostValues,
    Profile,
    ProfileValues,
    Refund,
    RefundValues,
    Role,
    RoleValues,
    Shipment,
    ShipmentValues,
    Supplier,
    SupplierValues,
    Supply,
    SupplyValues,
    Tag,
    TagValues,
    User,
    UserValues,
    Video,
    VideoValues,
    db,
)
from isomorph.errors import ConfigurationError, DatabaseError, SchemaMismatch

T = TypeVar("T")
M = TypeVar("M")
V = TypeVar("V")

BATCH = 250
"""Rows per call of `insert_many`."""
UNTIL = dt.datetime(2025, 6, 30, 18, 0, tzinfo=dt.UTC)
"""When the last row was written. A clock would give other rows in every run."""
PNG = bytes.fromhex("89504e470d0a1a0a")
"""What a PNG starts with."""

ROLES = {"member": 1, "author": 3, "moderator": 5, "editor": 7, "admin": 9}
TAGS = (
    *("python", "sql", "types", "testing", "performance", "design", "databases", "science"),
    *("travel", "food", "photography", "music", "books", "gardens", "history", "cycling"),
)
OPENINGS = ("Notes on", "A year with", "In praise of", "What nobody tells you about", "Getting started with", "Against")
SUBJECTS = (
    "connection pools",
    "sourdough",
    "night trains",
    "partial indexes",
    "type hints",
    "small gardens",
    "old cameras",
    "code review",
    "time zones",
    "mountain huts",
    "query plans",
    "fountain pens",
    "monorepos",
    "winter cycling",
    "optimistic locking",
    "city maps",
)
REMARKS = (
    "Thank you, this helped.",
    "I see it differently, but well argued.",
    "Could you say more about the second part?",
    "We tried the same at work and it held up.",
    "This should be read by everybody who starts.",
    "The example at the end does not work for me.",
    "Bookmarked.",
    "Finally somebody says it.",
    "Is there a part two?",
    "I laughed, then I checked our code.",
)
DEPARTMENTS = {
    "Electronics": ("Cameras", "Audio", "Computers"),
    "Clothing": ("Coats", "Shoes"),
    "Books": ("Novels", "Non-fiction", "Cookery"),
    "Home": ("Kitchen", "Garden"),
}
GOODS = {
    "Cameras": ("rangefinder", "film camera", "tripod", "lens"),
    "Audio": ("headphones", "record player", "loudspeaker"),
    "Computers": ("keyboard", "notebook", "monitor", "mouse"),
    "Coats": ("rain jacket", "parka", "trench coat"),
    "Shoes": ("boots", "running shoes", "sandals"),
    "Novels": ("detective story", "family saga", "collection of short stories"),
    "Non-fiction": ("history of maps", "field guide", "biography"),
    "Cookery": ("book of soups", "book of breads"),
    "Kitchen": ("teapot", "bread knife", "cast-iron pan"),
    "Garden": ("watering can", "pruning saw", "bird table"),
}
SUPPLIERS = ("Brook & Daughters", "Far Side Imports", "Old Mill", "Polar Goods")
CARRIERS = ("Blue Cart", "Night Train")
NOTICES = ("closed in August", "asks for the order's number", "no deliveries before noon")
KINDS = ("light", "classic", "compact", "second-hand", "handmade", "illustrated", "large", "travel")
CATEGORIES = {"Electronics": Category.ELECTRONICS, "Clothing": Category.CLOTHING, "Books": Category.BOOK}


class Seeder:
    """Makes rows and writes them, telling a progress bar.

    Args:
        people: how many people; the number of everything else follows from it.
        progress: where it is shown.
    """

    def __init__(self, people: int, progress: Progress) -> None:
        self._people = people
        self._progress = progress
        self._fake = Faker("en_GB")
        self._fake.seed_instance(20_250_630)
        self._random: random.Random = self._fake.random
        self.rows = 0

    def run(self) -> None:
        """Fill all tables, each after those that it points to."""
        users = self._users()
        posts, videos = self._posts(users), self._videos(users)
        items = self._items(self._departments())
        self._comments(users, posts, videos)
        self._images(users, posts, items)
        self._tags(posts, videos)
        self._deliveries(users, items, self._orders(users, items))

    # --- people ------------------------------------------------------------------------------------------------------

    def _users(self) -> Sequence[User]:
        leaders = self._insert("managers", User.insert_many, [self._user(n) for n in range(self._people // 20)])
        rest = [self._user(n, self._one_of(leaders)) for n in range(len(leaders), self._people)]
        users = [*leaders, *self._insert("people", User.insert_many, rest)]
        profiles = self._insert("profiles", Profile.insert_many, [self._profile(user) for user in users[::2]])
        self._insert("addresses", Address.insert_many, [self._address(profile) for profile in profiles[::2]])

        names: list[RoleValues] = [{"name": name, "level": level} for name, level in ROLES.items()]
        roles = self._insert("roles", Role.insert_many, names)
        held = [(user.id, role.id) for user in users for role in self._some(roles, 2)]
        self._pivot("roles of people", "INSERT INTO role_user (user_id, role_id) VALUES ", held)
        follows = [(user.id, other.id) for user in users for other in self._some(users, 6) if other is not user]
        self._pivot("followers", "INSERT INTO follows (follower_id, followed_id) VALUES ", follows)
        return users

    def _user(self, number: int, manager: User | None = None) -> UserValues:
        first, last = self._fake.first_name(), self._fake.last_name()
        joined = self._before(UNTIL, days=1_500)
        return {
            "name": f"{first} {last}",
            "email": f"{first}.{last}.{number}@example.com".lower().replace(" ", "").replace("'", ""),
            "password": self._fake.sha256(),
            "nickname": first if self._chance(0.2) else None,
            "age": self._random.randint(16, 80) if self._chance(0.9) else None,
            "active": self._chance(0.9),
            "settings": {"theme": self._one_of(("light", "dark")), "newsletter": self._chance(0.4)},
            "joined": joined,
            "manager": manager,
            "created_at": joined,
            "updated_at": joined,
        }

    def _profile(self, user: User) -> ProfileValues:
        return {
            "user": user,
            "bio": f"Likes {self._one_of(SUBJECTS)} and {self._one_of(SUBJECTS)}.",
            "website": f"https://{user.email.partition('@')[0]}.example.com" if self._chance(0.5) else None,
            "born": dt.date(2025 - (user.age or 40), self._random.randint(1, 12), self._random.randint(1, 28)),
            "wakes_at": dt.time(self._random.randint(5, 10), self._one_of((0, 15, 30, 45))),
        }

    def _address(self, profile: Profile) -> AddressValues:
        return {
            "profile": profile,
            "street": self._fake.street_address().replace("\n", ", "),
            "city": self._fake.city(),
            "country": "GB",
        }

    # --- the blog ----------------------------------------------------------------------------------------------------

    def _posts(self, users: Sequence[User]) -> Sequence[Post]:
        authors = users[: max(5, len(users) // 10)]
        return self._insert(
            "posts", Post.insert_many, [self._post(self._one_of(authors)) for _ in range(self._people * 3)]
        )

    def _post(self, author: User) -> PostValues:
        subject = self._one_of(SUBJECTS)
        written = self._before(UNTIL, days=700)
        published = self._chance(0.8)
        return {
            "title": f"{self._one_of(OPENINGS)} {subject}",
            "body": f"This is about {subject}. " + " ".join(self._fake.sentences(3)),
            "published": published,
            "views": int(self._random.paretovariate(1.3) * 25) if published else 0,
            "publish_on": None if published else (UNTIL + dt.timedelta(days=7)).replace(tzinfo=None),
            "author": author,
            "created_at": written,
            "updated_at": written,
        }

    def _videos(self, users: Sequence[User]) -> Sequence[Video]:
        rows: list[VideoValues] = [
            {
                "title": f"{self._one_of(OPENINGS)} {self._one_of(SUBJECTS)}, filmed",
                "url": f"https://video.example.com/{number:05}",
                "seconds": round(self._random.uniform(20, 3_600), 2),
                "owner": self._one_of(users) if self._chance(0.9) else None,
            }
            for number in range(self._people // 2)
        ]
        return self._insert("videos", Video.insert_many, rows)

    def _comments(self, users: Sequence[User], posts: Sequence[Post], videos: Sequence[Video]) -> None:
        def comment() -> CommentValues:
            written = self._before(UNTIL, days=300)
            return {
                "commentable": self._one_of(posts) if self._chance(0.8) else self._one_of(videos),
                "author": self._one_of(users) if self._chance(0.95) else None,
                "body": self._one_of(REMARKS),
                "created_at": written,
                "updated_at": written,
            }

        self._insert("comments", Comment.insert_many, [comment() for _ in range(self._people * 8)])

    def _images(self, users: Sequence[User], posts: Sequence[Post], items: Sequence[Item]) -> None:
        owners: list[User | Post | Item] = [*users[::3], *posts[::4], *items[::2]]
        rows: list[ImageValues] = [
            {
                "url": f"https://images.example.com/{number:06}.png",
                "preview": PNG + self._random.randbytes(32),
                "imageable": owner,
            }
            for number, owner in enumerate(owners)
        ]
        self._insert("images", Image.insert_many, rows)

    def _tags(self, posts: Sequence[Post], videos: Sequence[Video]) -> None:
        names: list[TagValues] = [{"name": name} for name in TAGS]
        tags = self._insert("tags", Tag.insert_many, names)
        # What the morph map stores for each model: `clip` for Video.
        tagged = [(tag.id, "post", post.id) for post in posts for tag in self._some(tags, 3)]
        tagged += [(tag.id, "clip", video.id) for video in videos for tag in self._some(tags, 2)]
        self._pivot("tagged", "INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES ", tagged)

    # --- the shop ----------------------------------------------------------------------------------------------------

    def _departments(self) -> Sequence[Department]:
        names: list[DepartmentValues] = [{"name": name} for name in DEPARTMENTS]
        parents = self._insert("departments", Department.insert_many, names)
        children: list[DepartmentValues] = [
            {"name": name, "parent": parent} for parent in parents for name in DEPARTMENTS[parent.name]
        ]
        return self._insert("their parts", Department.insert_many, children)

    def _items(self, departments: Sequence[Department]) -> Sequence[Item]:
        parents = {name: parent for parent, names in DEPARTMENTS.items() for name in names}
        rows = [
            self._item(f"{kind} {goods}".capitalize(), department, CATEGORIES.get(parents[department.name]))
            for department in departments
            for kind, goods in product(KINDS, GOODS[department.name])
        ]
        return self._insert("items", Item.insert_many, rows)

    def _item(self, name: str, department: Department, category: Category | None) -> ItemValues:
        return {
            "code": uuid.UUID(int=self._random.getrandbits(128), version=4),
            "name": name,
            "description": f"From our department {department.name}." if self._chance(0.7) else None,
            "category": category or Category.OTHER,
            "price": Decimal(self._random.randint(495, 49_995)) / 100,
            "weight_kg": round(self._random.uniform(0.1, 9.0), 3) if self._chance(0.8) else None,
            "stock": self._random.randint(0, 60),
            "rating": self._random.randint(1, 5) if self._chance(0.6) else None,
            "attributes": {"colour": self._one_of(("black", "grey", "red", "green")), "warranty_years": 2},
            "available_from": self._before(UNTIL, days=400).date(),
            "department": department,
        }

    def _orders(self, users: Sequence[User], items: Sequence[Item]) -> Sequence[Order]:
        orders = self._insert(
            "orders",
            Order.insert_many,
            [self._order(number, self._one_of(users)) for number in range(self._people * 2)],
        )
        bought: list[OrderLineValues] = [
            {
                "order": order,
                "item": item,
                "quantity": self._one_of((1, 1, 1, 2, 3)),
                "unit_price": item.price,
            }
            for order in orders
            for item in self._some(items, 4)
        ]
        lines = self._insert("order lines", OrderLine.insert_many, bought)
        refunds: list[RefundValues] = [
            {
                "line": line,
                "amount": line.unit_price,
                "reason": self._one_of(("damaged", "too small", "arrived late", None)),
                "given": UNTIL,
            }
            for line in lines[::40]
        ]
        self._insert("refunds", Refund.insert_many, refunds)
        return orders

    def _order(self, number: int, customer: User) -> OrderValues:
        placed = self._before(UNTIL, days=365)
        return {
            "number": f"{placed:%Y}-{number:06}",
            "customer": customer,
            "status": self._one_of((*OrderStatus, OrderStatus.SHIPPED, OrderStatus.SHIPPED)),
            "placed": placed,
            "created_at": placed,
            "updated_at": placed,
        }

    # --- deliveries --------------------------------------------------------------------------------------------------

    def _deliveries(self, users: Sequence[User], items: Sequence[Item], orders: Sequence[Order]) -> None:
        names: list[SupplierValues] = [{"name": name} for name in SUPPLIERS]
        suppliers = self._insert("suppliers", Supplier.insert_many, names)
        supplies: list[SupplyValues] = [
            {"supplier": supplier, "item": item, "price": round(item.price * 3 / 5, 2)}
            for item in items
            for supplier in self._some(suppliers, 2)
        ]
        self._insert("supplies", Supply.insert_many, supplies)
        watched = [(supplier.id, user.id) for supplier in suppliers for user in self._some(users, 5)]
        self._pivot("watchers", "INSERT INTO supplier_watchers (supplier_id, user_id) VALUES ", watched)
        carried: list[CarrierValues] = [{"name": name} for name in CARRIERS]
        carriers = self._insert("carriers", Carrier.insert_many, carried)
        parcels: list[ShipmentValues] = [
            {
                "code": uuid.UUID(int=self._random.getrandbits(128), version=4),
                "order": order,
                "carrier": self._one_of((None, *carriers)),
                "sent": order.placed,
            }
            for order in orders[::2]
        ]
        shipments = self._insert("shipments", Shipment.insert_many, parcels)
        about: list[tuple[str, Supplier | Shipment]] = [("Contract", supplier) for supplier in suppliers]
        about += [("Customs form", shipment) for shipment in shipments[::9]]
        documents: list[DocumentValues] = [{"title": title, "subject": subject} for title, subject in about]
        self._insert("documents", Document.insert_many, documents)
        minded: list[Supplier | Carrier] = [*suppliers, *carriers]
        notices: list[NoticeValues] = [
            {"text": text, "noticeable": one} for one in minded for text in self._some(NOTICES, 2)
        ]
        self._insert("notices", Notice.insert_many, notices)

    # --- writing -----------------------------------------------------------------------------------------------------

    def _insert(self, what: str, insert_many: Callable[[Iterable[V]], Sequence[M]], rows: Sequence[V]) -> list[M]:
        """Insert rows of a model in batches; the objects, in the same order."""
        made: list[M] = []
        task = self._progress.add_task(what, total=len(rows))
        for start in range(0, len(rows), BATCH):
            batch = insert_many(rows[start : start + BATCH])
            made += batch
            self._progress.advance(task, len(batch))
        self.rows += len(made)
        return made

    def _pivot(self, what: str, insert: LiteralString, rows: Sequence[tuple[int | str, ...]]) -> None:
        """Insert rows of a table without a model: `insert` up to VALUES, then places for as many as there are."""
        task = self._progress.add_task(what, total=len(rows))
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            places: LiteralString = "(?, ?)" if len(batch[0]) == 2 else "(?, ?, ?)"
            separator: LiteralString = ", "
            db.execute(
                insert + places + (separator + places) * (len(batch) - 1), *(value for row in batch for value in row)
            )
            self._progress.advance(task, len(batch))
        self.rows += len(rows)

    # --- chance ------------------------------------------------------------------------------------------------------

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _one_of(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def _some(self, choices: Sequence[T], most: int) -> list[T]:
        """One to `most` of them, each once."""
        return self._random.sample(choices, self._random.randint(1, min(most, len(choices))))

    def _before(self, moment: dt.datetime, *, days: int) -> dt.datetime:
        return moment - dt.timedelta(seconds=self._random.randint(0, days * 86_400))


def clear() -> None:
    """Delete the rows of all tables, each before those that it points to; pivot rows go with their owners."""
    Department.query().update(all_rows=True, parent_id=None)  # a tree whose `restrict` would keep every branch
    for made in (Document, Notice, Shipment, Carrier, Supply, Supplier, Refund, OrderLine, Order):
        made.query().delete(all_rows=True)
    for model in (Image, Comment, Video, Post, Tag, Item, Department, Address, Profile, Role):
        model.query().delete(all_rows=True)
    User.query().delete(all_rows=True)


def seed(people: int, console: Console, *, fresh: bool = False) -> int:
    """Fill the database of the showcase.

    Args:
        people: how many people.
        console: where the progress is shown.
        fresh: delete what is there before.

    Returns:
        The number of rows written; 0 when there were some already.
    """
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description:<16}"),
        BarColumn(bar_width=40),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with db.transaction():
        if fresh:
            clear()
        elif User.query().exists():
            return 0
        with Progress(*columns, console=console) as progress:
            seeder = Seeder(people, progress)
            seeder.run()
    return seeder.rows


def main() -> int:
    """Run the program; returns its exit code."""
    parser = argparse.ArgumentParser("examples.seed", description="Fill the showcase with rows that look real.")
    parser.add_argument("--people", type=int, default=1_000, help="how many people; the rest follows (default: 1000)")
    parser.add_argument("--fresh", action="store_true", help="delete what is there before")
    options = parser.parse_args()
    console = Console()
    try:
        with db:
            rows = seed(max(20, options.people), console, fresh=options.fresh)
            dialect = db.connection().dialect.name
    except SchemaMismatch as error:
        console.print(f"[red]{error}[/]")
        return 2
    except (ConfigurationError, DatabaseError) as error:
        console.print(f"[red]{error}[/]")
        return 3
    if rows:
        console.print(f"[bold]{rows:,}[/] rows written to {dialect}")
    else:
        console.print("There are rows already; nothing was written. [dim]--fresh deletes them and starts again.[/]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
