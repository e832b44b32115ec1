"""A tour over the rows of examples/seed.py: `python -m examples.tour`.

Each stop is a function below: the tour prints its text, its code, the SQL that ran (as ISOMORPH_ECHO=1 prints it for any
program) and its rows. All of it is typed: put a wrong field, a value of another type or a relation that was not included
into a query, and mypy and pyright refuse it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Generator
from decimal import Decimal
from operator import attrgetter

from rich.console import Console

from examples.showing import WIDTH, Found, Stop, show
from generated import (
    Category,
    Comment,
    Department,
    Document,
    Item,
    Order,
    OrderLine,
    OrderStatus,
    Post,
    Profile,
    Refund,
    Role,
    Shipment,
    Supplier,
    Tag,
    User,
    Video,
    db,
)
from isomorph.errors import ConfigurationError, DatabaseError, ForeignKeyViolation, RelationNotLoaded, SchemaMismatch

# --- the stops -------------------------------------------------------------------------------------------------------


def conditions() -> Found:
    """Conditions, order, limit. A column knows its type: `Post.views >= "many"` would be refused."""
    posts = (
        Post.query()
        .where(Post.published.is_true(), Post.views >= 300)
        .order_by(Post.views.desc(), Post.id)
        .limit(5)
        .get()
    )
    return Found(("id", "title", "views"), [(post.id, post.title, post.views) for post in posts])


def texts_and_ranges() -> Found:
    """Texts, ranges and lists, joined by & | ~. What looks like a wildcard in `contains` is text."""
    users = (
        User.query()
        .where(User.name.starts_with("A") | User.name.contains("O'"))
        .where(User.age.between(20, 50), ~User.nickname.is_null())
        .where(User.name.not_in(["Admin", "Anonymous"]))
        .order_by(User.name)
        .limit(5)
        .get()
    )
    return Found(("name", "age", "nickname"), [(user.name, user.age, user.nickname) for user in users])


def scopes() -> Found:
    """Scopes are written in the schema, once, and are methods with typed parameters here."""
    items = Item.query().in_stock().affordable(Decimal(20)).order_by(Item.price).limit(4).get()
    return Found(
        ("item", "category", "price", "stock"), [(item.name, item.category, item.price, item.stock) for item in items]
    )


def tuples_over_a_join() -> Found:
    """Joins follow relations; `select` gives typed tuples: list[tuple[str, str, int]]."""
    rows = (
        Post.query()
        .join(Post.author)
        .where(User.active.is_true(), Post.title.like("%query plans"))
        .order_by(Post.views.desc(), Post.id)
        .select(Post.title, User.name, Post.views)
        .get()
    )
    return Found(("title", "author", "views"), rows[:5])


def left_join() -> Found:
    """A left join may find nothing: `optional()` makes it tuple[str, int | None, str | None]."""
    rows = (
        User.query()
        .left_join(User.profile)
        .order_by(User.id)
        .limit(4)
        .select(User.name, Profile.id.optional(), Profile.website)
        .get()
    )
    return Found(("name", "profile", "website"), rows)


def aggregates() -> Found:
    """Aggregates have the column's type. Means of decimals are exact, on SQLite too."""
    books = Item.query().where(Item.category == Category.BOOK)
    number = books.count()
    least, mean, greatest = books.min(Item.price), books.avg(Item.price), books.max(Item.price)
    return Found(("books", "least price", "mean", "greatest"), [(number, least, mean, greatest)])


def included() -> Found:
    """Relations are included, nested at will: one statement each. A limit is one for each author."""
    best = Post.query().popular(100).order_by(Post.id).limit(2)
    authors = (
        User.query()
        .include(User.profile)
        .include(User.posts, best.include(Post.comments).include(Post.tags))
        .order_by(User.id)
        .limit(3)
        .get()
    )
    posts = [(author, author.profile, post) for author in authors for post in author.posts]
    return Found(
        ("author", "born", "post", "comments", "tags"),
        [
            (author.name, profile.born if profile else None, post.title, len(post.comments), len(post.tags))
            for author, profile, post in posts
        ],
    )


def not_included() -> Found:
    """What was not included cannot be read: refused by type checkers, and at run time with the mend."""
    user = User.query().order_by(User.id).first_or_fail()
    message = ""
    try:
        attrgetter("posts")(user)  # user.posts, past the type checkers
    except RelationNotLoaded as error:
        message = str(error)
    return Found(("RelationNotLoaded",), [(message,)])


def through_others() -> Found:
    """To one, through others, of several models, the latest of many: all kinds are included alike."""
    people = (
        User.query()
        .include(User.manager)
        .include(User.address)
        .include(User.image)
        .include(User.latest_post)
        .include(User.received_comments)
        .where(User.posts.exists())
        .order_by(User.id.desc())
        .limit(5)
        .get()
    )
    return Found(
        ("name", "manager", "city", "image", "latest post", "comments"),
        [
            (
                person.name,
                person.manager.name if person.manager else None,
                person.address.city if person.address else None,
                person.image.id if person.image else None,
                person.latest_post.title if person.latest_post else None,
                len(person.received_comments),
            )
            for person in people
        ],
    )


def one_of_several_models() -> Found:
    """`commentable` is Post | Video | None; a `match` that leaves one of them out is refused."""
    posts = Post.query().include(Post.author)
    commented = Comment.query().include(Comment.commentable, posts, Video.query())
    rows: list[tuple[str, str, str]] = []
    for comment in commented.order_by(Comment.id.desc()).limit(6).get():
        match comment.commentable:
            case Post(title=title) as post:
                rows.append((comment.body, f"post by {post.author.name}", title))
            case Video(url=url):
                rows.append((comment.body, "video", url))
            case None:
                rows.append((comment.body, "row that is gone", ""))
    return Found(("comment", "under a", "which"), rows)


def from_the_other_side() -> Found:
    """Many to many, from several models: what has a tag, whatever it is, and the newest post of each."""
    newest = Post.query().order_by(Post.id.desc()).limit(1)
    tags = (
        Tag.query()
        .include(Tag.posts, newest)
        .include(Tag.videos)
        .with_count(Tag.posts)
        .order_by(Tag.name)
        .limit(4)
        .get()
    )
    return Found(
        ("tag", "posts", "the newest", "videos"),
        [(tag.name, tag.count_of(Tag.posts), ", ".join(tag.posts.pluck(Post.title)), len(tag.videos)) for tag in tags],
    )


def found_by_what_is_related() -> Found:
    """Conditions on related rows: numbers, paths, chosen models. Nothing is loaded for them."""
    busy = (
        User.query()
        .has(User.posts.comments, ">=", 3)
        .where_has(User.posts, Post.views > 100, Post.published.is_true())
        .doesnt_have(User.videos)
    )
    people = busy.count()
    of_drafts = Comment.query().where_has_morph(Comment.commentable, Post, Post.published.is_false())
    remarks = of_drafts.count()
    return Found(("busy people", "comments of drafts"), [(people, remarks)])


def counted() -> Found:
    """Amounts come along with the objects, typed: `count_of` gives int, this `max_of` int | None."""
    authors = (
        User.query()
        .with_count(User.posts)
        .with_count(User.posts, Post.published.is_false(), name="drafts")
        .with_max(User.posts, Post.views)
        .order_by(User.received_comments.count().desc(), User.id)
        .limit(4)
        .get()
    )
    return Found(
        ("author", "posts", "drafts", "most views"),
        [
            (author.name, author.count_of(User.posts), author.count_of("drafts"), author.max_of(User.posts, Post.views))
            for author in authors
        ],
    )


def keys_of_several_columns() -> Found:
    """Keys of several columns are tuples: OrderLine's is its order and its item."""
    lines = OrderLine.query().include(OrderLine.item)
    refunds = Refund.query().include(Refund.line, lines).order_by(Refund.id).limit(3).get()
    first = refunds[0]
    assert OrderLine.find_or_fail(first.line_order_id, first.line_item_id) == first.line
    return Found(
        ("item", "quantity", "refund", "reason"),
        [(refund.line.item.name, refund.line.quantity, refund.amount, refund.reason) for refund in refunds],
    )


class Undo(Exception):
    """Leaves a transaction so that it is rolled back."""


@contextlib.contextmanager
def rolled_back() -> Generator[None]:
    """A transaction that leaves no trace, so that the tour can be taken again."""
    with contextlib.suppress(Undo), db.transaction():
        yield
        raise Undo


def written_through_relations() -> Found:
    """`related` writes what an object is related to; `create` takes what the relation does not fill."""
    with rolled_back():
        user = User.query().order_by(User.id).first_or_fail()
        post = user.related.posts.create(title="On relations", body="All kinds of them.")
        post.related.comments.create_many([{"body": "First!", "author": user}, {"body": "Second."}])
        post.related.tags.attach(Tag.query().where(Tag.name.in_(["sql", "types"])).get())
        last = post.related.comments.query().order_by(Comment.id.desc()).first_or_fail()
        last.related.commentable.associate(Video.query().order_by(Video.id).first_or_fail())
        comments, tags = post.related.comments.count(), post.related.tags.count()
    return Found(("post", "comments left", "tags"), [(post.title, comments, tags)])


def many_to_many() -> Found:
    """`sync` attaches and detaches, and says what it did. Members have the row between as `pivot`."""
    with rolled_back():
        user = User.query().order_by(User.id).first_or_fail()
        editor = Role.query().where(Role.name == "editor").first_or_fail()
        member = Role.query().where(Role.name == "member").first_or_fail()
        user.related.roles.sync([member])
        since = user.joined.replace(tzinfo=None)
        done = user.related.roles.sync({editor.id: {"assigned_at": since}, member.id: {}})
        in_order = Role.query().order_by(User.roles.pivot.assigned_at.desc().nulls_last())
        roles = user.load(User.roles, in_order).roles
    return Found(
        ("role", "assigned", "done by the second sync"),
        [(role.name, role.pivot.assigned_at, "attached" if role.id in done.attached else None) for role in roles],
    )


def pivots_with_a_model() -> Found:
    """A table between two models may be a model; members have its row, with its fields, as `pivot`."""
    cheapest = Item.query().order_by(Supplier.items.pivot.price).limit(1)
    suppliers = Supplier.query().include(Supplier.items, cheapest)
    return Found(
        ("supplier", "cheapest item", "price there"),
        [
            (supplier.name, item.name, item.pivot.price)
            for supplier in suppliers.order_by(Supplier.id).limit(3).get()
            for item in supplier.items
        ],
    )


def defaults_and_touches() -> Found:
    """A null object stands where there is none; a parent that is touched changes when its children do."""
    with rolled_back():
        order = Order.query().order_by(Order.id).first_or_fail()
        before = order.updated_at
        Shipment.create(order=order)
        is_touched = order.refresh().updated_at > before
        shipments = Shipment.query().include(Shipment.carrier).order_by(Shipment.code).limit(3).get()
    return Found(
        ("sent", "carrier", "in the database", "order touched"),
        [(shipment.sent, shipment.carrier.name, shipment.carrier.exists, is_touched) for shipment in shipments],
    )


def kept_from_pointing_to_nothing() -> Found:
    """Polymorphic rows may be kept by the database: documents by foreign keys, notices by triggers."""
    with rolled_back():
        supplier = Supplier.query().has(Supplier.documents).has(Supplier.notices).first_or_fail()
        refused = ""
        try:
            with db.transaction():
                supplier.delete()
        except ForeignKeyViolation as error:
            refused = f"{error.model}.{error.fields[0]}"
        supplier.related.notices.query().delete()
        documents = Document.query().where(Document.subject.is_(supplier))
        before = documents.count()
        supplier.delete()
        after = documents.count()
    return Found(("its delete was refused by", "documents before", "after"), [(refused, before, after)])


def upsert() -> Found:
    """Upsert: rows that are there by a unique key are updated, others inserted; all come back."""
    with rolled_back():
        Role.upsert(
            [{"name": "admin", "level": 8}, {"name": "guest", "level": 2}],
            unique=[Role.name],
        )
        roles = Role.query().order_by(Role.level.desc()).get()
    return Found(("role", "level"), [(role.name, role.level) for role in roles])


def update_by_query() -> Found:
    """Update by query: one statement, typed changes. Without a condition it asks for all_rows=True."""
    unpaid = Order.query().where(Order.status == OrderStatus.OPEN)
    before = unpaid.count()
    with rolled_back():
        changed = unpaid.update(status=OrderStatus.PAID)
        within = unpaid.count()
    after = unpaid.count()
    return Found(("open before", "changed", "open then", "open after the rollback"), [(before, changed, within, after)])


def changed_columns_only() -> Found:
    """Saving an object writes what changed, JSON edited in place too, and nothing else."""
    with rolled_back():
        user = User.query().order_by(User.id).first_or_fail()
        user.nickname = "Ada"
        if isinstance(user.settings, dict):
            user.settings["theme"] = "sepia"
        dirty = user.get_dirty()
        user.save()
    return Found(("field", "new value"), dirty.items())


def pages_and_streams() -> Found:
    """Pages for people; chunks and cursors for programs, in constant memory."""
    page = Post.query().published().order_by(Post.created_at.desc()).paginate(page=2, per_page=10)
    in_chunks = [len(chunk) for chunk in Comment.query().chunk(5_000)]
    longest = max(len(comment.body) for comment in Comment.query().cursor(size=1_000))
    return Found(
        ("page", "rows", "of", "pages", "chunks of comments", "longest comment"),
        [(page.page, f"{page.first_item} to {page.last_item}", page.total, page.last_page, in_chunks, longest)],
    )


def plain_sql() -> Found:
    """Where SQL says it best, it is one call, on every database, with its values bound."""
    rows = db.execute(
        "SELECT d.name, COUNT(*), MAX(i.stock) FROM departments d JOIN shop_items i"
        " ON i.department_id = d.id WHERE i.stock > ? GROUP BY d.name ORDER BY COUNT(*) DESC, d.name",
        10,
    )
    return Found(("department", "items in stock", "most of one"), rows[:4])


STOPS: tuple[Stop, ...] = (
    conditions,
    texts_and_ranges,
    scopes,
    tuples_over_a_join,
    left_join,
    aggregates,
    included,
    not_included,
    through_others,
    one_of_several_models,
    from_the_other_side,
    keys_of_several_columns,
    found_by_what_is_related,
    counted,
    written_through_relations,
    many_to_many,
    pivots_with_a_model,
    defaults_and_touches,
    kept_from_pointing_to_nothing,
    upsert,
    update_by_query,
    changed_columns_only,
    pages_and_streams,
    plain_sql,
)


def main() -> int:
    """Run the program; returns its exit code."""
    parser = argparse.ArgumentParser("examples.tour", description="Typed queries over the rows of examples/seed.py.")
    parser.parse_args()
    os.environ["ISOMORPH_ECHO"] = "1"  # read when a connection is first used; `show` prints it
    console = Console()
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    try:
        with db, contextlib.redirect_stderr(io.StringIO()):
            if not Department.query().exists() or not Refund.query().exists() or not Document.query().exists():
                console.print("[red]There are no rows yet:[/] python -m examples.seed")
                return 2
            for number, stop in enumerate(STOPS, start=1):
                show(number, stop, console)
    except SchemaMismatch as error:
        console.print(f"[red]{error}[/]")
        return 2
    except (ConfigurationError, DatabaseError) as error:
        console.print(f"[red]{error}[/]")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
