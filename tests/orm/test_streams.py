"""Reading much: chunk, chunk_by_id, lazy and cursor."""

import tracemalloc
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Item, Order, OrderLine, Post, Role, User, db
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.limits import limit
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.fixture
def ten(showcase: str) -> list[Role]:
    return list(Role.insert_many({"name": f"r{number}", "level": number % 3 + 1} for number in range(10)))


# --- chunk ---------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.chunk")
def test_chunk_gives_all_rows_in_the_order_of_the_key(ten: list[Role], sent: Sent, dialect: str) -> None:
    chunks = list(Role.query().chunk(4))

    assert [len(chunk) for chunk in chunks] == [4, 4, 2]
    assert [role for chunk in chunks for role in chunk] == ten
    assert len(sent) == 3
    assert sent.last == (f'SELECT "id", "name", "level" FROM "roles" WHERE "id" > ? ORDER BY "id" {limit(dialect, 4)}')


@pytest.mark.feature("queries.chunk")
@pytest.mark.parametrize(("size", "sizes"), [(1, [1] * 10), (5, [5, 5]), (10, [10]), (11, [10])])
def test_chunks_of_every_size(ten: list[Role], size: int, sizes: list[int]) -> None:
    assert [len(chunk) for chunk in Role.query().chunk(size)] == sizes


@pytest.mark.feature("queries.chunk")
def test_chunk_minds_conditions_and_a_limit(ten: list[Role]) -> None:
    assert [len(chunk) for chunk in Role.query().where(Role.level == 1).chunk(3)] == [3, 1]
    assert [len(chunk) for chunk in Role.query().limit(7).chunk(3)] == [3, 3, 1]
    assert [len(chunk) for chunk in Role.query().limit(6).chunk(3)] == [3, 3]
    assert list(Role.query().where(Role.level == 9).chunk(3)) == []


@pytest.mark.feature("queries.chunk")
def test_rows_that_are_written_between_chunks_neither_repeat_nor_hide_others(ten: list[Role]) -> None:
    seen: list[str] = []
    for chunk in Role.query().where(Role.level > 0).chunk(3):
        seen += [role.name for role in chunk]
        for role in chunk:
            role.delete()

    assert seen == [role.name for role in ten]
    assert Role.query().count() == 0


@pytest.mark.feature("queries.chunk")
def test_a_row_whose_key_is_changed_between_chunks_is_not_lost_sight_of(ten: list[Role]) -> None:
    seen: list[str] = []
    for chunk in Role.query().chunk(4):
        seen += [role.name for role in chunk]
        chunk[-1].name = "renamed in memory only"

    assert len(seen) == len(set(seen)) == 10


@pytest.mark.feature("queries.chunk")
def test_a_chunk_that_cannot_be_is_refused_at_once() -> None:
    wrong: Any
    for wrong in (0, -1, 1.5, "3", True):
        with pytest.raises(InvalidValue, match="chunk: expected an int of 1 or more"):
            Role.query().chunk(wrong)
    for query in (Role.query().order_by(Role.name), Role.query().offset(1)):
        with pytest.raises(
            InvalidQuery, match=r"chunk\(\) reads in the order of a key \(drop order and offset, or use"
        ):
            query.chunk(3)
    with pytest.raises(InvalidQuery, match=r"chunk\(\) over merged rows, which have no key of their own"):
        Role.query().distinct().chunk(3)
    with pytest.raises(InvalidQuery, match=r"chunk\(\) over a join with role_user, which may repeat rows"):
        Role.query().join(Role.users).chunk(3)


@pytest.mark.feature("queries.chunk")
def test_chunk_includes_relations() -> None:
    ada = make_user()
    Post.insert_many({"author": ada, "title": str(number), "body": ""} for number in range(5))

    for chunk in Post.query().include(Post.author).chunk(2):
        assert all(post.author == ada for post in chunk)


# --- chunk_by_id ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.chunk_by_id")
def test_chunks_come_in_the_order_of_any_column(ten: list[Role], sent: Sent, dialect: str) -> None:
    def levels(*arguments: Any, **options: Any) -> str:
        return " ".join(
            "".join(role.name[1:] for role in chunk) for chunk in Role.query().chunk_by_id(*arguments, **options)
        )

    assert levels(4) == "0123 4567 89"
    assert levels(4, descending=True) == "9876 5432 10"
    assert levels(3, Role.level) == "036 914 725 8"  # ties are told apart by the key
    assert levels(3, Role.level, descending=True) == "258 147 036 9"
    assert sent.last == (
        'SELECT "id", "name", "level" FROM "roles" WHERE "level" <= ? AND ("level" < ? OR ("level" = ? AND "id" > ?))'
        f' ORDER BY "level" DESC, "id" {limit(dialect, 3)}'
    )
    assert [len(chunk) for chunk in Role.query().limit(5).chunk_by_id(3, Role.name)] == [3, 2]


@pytest.mark.feature("reading.chunk_by_id", "models.composite_key")
def test_chunks_of_rows_with_a_composite_key(showcase: str, sent: Sent) -> None:
    ada = make_user()
    orders = [Order.create(number=str(number), customer=ada) for number in range(2)]
    items = [Item.create(code=uuid.uuid4(), name=str(number), price=Decimal(1)) for number in range(3)]
    lines = [OrderLine.create(order=order, item=item, unit_price=Decimal(1)) for order in orders for item in items]

    for query in (OrderLine.query().chunk(4), OrderLine.query().chunk_by_id(4)):
        assert [list(chunk) for chunk in query] == [lines[:4], lines[4:]]
    assert [line for chunk in OrderLine.query().chunk_by_id(4, descending=True) for line in chunk] == lines[::-1]


@pytest.mark.feature("reading.chunk_by_id", "types.nullable")
def test_rows_without_a_value_come_in_their_chunk(showcase: str) -> None:
    people = [make_user(f"u{number}", age=age) for number, age in enumerate([None, 3, None, 1])]

    for descending, wanted in ((False, "0231"), (True, "1302")):
        for size in (1, 2, 3):
            chunks = User.query().chunk_by_id(size, User.age, descending=descending)
            assert "".join(str(people.index(user)) for chunk in chunks for user in chunk) == wanted


@pytest.mark.feature("reading.chunk_by_id")
def test_chunks_by_a_column_that_cannot_be_are_refused_at_once(showcase: str) -> None:
    with pytest.raises(InvalidValue, match="chunk_by_id: expected an int of 1 or more"):
        Role.query().chunk_by_id(0)
    with pytest.raises(InvalidQuery, match=r"chunk_by_id\(\) reads in the order of a key"):
        Role.query().order_by(Role.name).chunk_by_id(3)
    with pytest.raises(InvalidQuery, match=r"in the order of User.settings, whose values have no place in an order"):
        User.query().chunk_by_id(3, User.settings)
    with pytest.raises(InvalidQuery, match=r"in the order of User.name, which objects of Post do not hold"):
        list(Post.query().join(Post.author).chunk_by_id(3, User.name))


@pytest.mark.feature("reading.chunk_by_id")
def test_rows_with_long_texts_are_never_lost(showcase: str) -> None:
    """MySQL and MariaDB order by the beginning of a text, and compare the whole."""
    ada = make_user()
    for letter in "zam":
        make_post(ada, body="x" * 1500 + letter)
    chunks = Post.query().chunk_by_id(1, Post.body)

    if showcase == "mysql":
        with pytest.raises(
            InvalidQuery, match=r"chunk_by_id\(\): mysql orders by the first 1000 bytes of Post.body only"
        ):
            list(chunks)
    else:
        assert [chunk[0].body[-1] for chunk in chunks] == ["a", "m", "z"]


# --- lazy ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.lazy")
def test_lazy_gives_objects_one_at_a_time_and_reads_in_chunks(ten: list[Role], sent: Sent) -> None:
    found = Role.query().where(Role.level < 3).lazy(4)
    assert len(sent) == 0
    one = next(iter(found))
    assert (one, len(sent)) == (ten[0], 1)
    sent.clear()

    assert found.to_list() == [role for role in ten if role.level < 3]
    assert len(sent) == 2
    assert found.filter(lambda role: role.level == 2).pluck(Role.name) == ["r1", "r4", "r7"]
    assert len(sent) == 4  # read anew


@pytest.mark.feature("reading.lazy")
def test_no_chunk_is_read_that_nobody_needs(ten: list[Role], sent: Sent) -> None:
    assert Role.query().lazy(3).take(3).pluck(Role.name) == ["r0", "r1", "r2"]
    assert len(sent) == 1
    assert Role.query().lazy(3).first() == ten[0]
    assert len(sent) == 2
    assert [len(chunk) for chunk in Role.query().lazy(4).chunk(5)] == [5, 5]


@pytest.mark.feature("reading.lazy")
def test_lazy_includes_relations_and_lets_rows_be_changed() -> None:
    ada = make_user()
    Post.insert_many({"author": ada, "title": str(number), "body": ""} for number in range(5))

    for post in Post.query().include(Post.author).lazy(2):
        assert post.author == ada
        post.delete()

    assert Post.query().count() == 0


@pytest.mark.feature("reading.lazy")
def test_a_lazy_query_that_cannot_be_is_refused_at_once(showcase: str) -> None:
    with pytest.raises(InvalidValue, match="lazy: expected an int of 1 or more"):
        Role.query().lazy(0)
    with pytest.raises(InvalidQuery, match=r"lazy\(\) reads in the order of a key"):
        Role.query().order_by(Role.name).lazy()


# --- cursor --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.cursor")
def test_cursor_gives_all_rows_from_one_statement(ten: list[Role], sent: Sent) -> None:
    found = list(Role.query().order_by(Role.name.desc()).cursor(size=3))

    assert len(sent) == 1
    assert [role.name for role in found] == [f"r{number}" for number in range(9, -1, -1)]
    assert all(role.exists and not role.is_dirty() for role in found)


@pytest.mark.feature("queries.cursor")
def test_a_cursor_over_no_rows_ends_at_once() -> None:
    assert list(Role.query().cursor()) == []


@pytest.mark.feature("queries.cursor")
def test_nothing_is_sent_before_the_first_row_is_asked_for(ten: list[Role], sent: Sent) -> None:
    found = Role.query().cursor()

    assert len(sent) == 0
    next(found)
    assert len(sent) == 1


@pytest.mark.feature("queries.cursor")
def test_a_cursor_that_is_left_early_gives_its_connection_back(ten: list[Role]) -> None:
    for _ in range(30):  # more than a pool has
        found = Role.query().cursor(size=2)
        next(found)
        found.close()
    for _ in range(30):
        for role in Role.query().cursor(size=2):
            if role.name:
                break

    assert Role.query().count() == 10


@pytest.mark.feature("queries.cursor")
def test_other_statements_run_while_a_cursor_is_open(ten: list[Role]) -> None:
    for role in Role.query().order_by(Role.name).cursor(size=2):
        assert Role.find_or_fail(role.id) == role
        role.update(level=9)

    assert Role.query().where(Role.level == 9).count() == 10


@pytest.mark.feature("queries.cursor", "transactions.commit")
def test_a_cursor_within_a_transaction_is_a_part_of_it(ten: list[Role]) -> None:
    with db.transaction():
        Role.create(name="new")
        assert len(list(Role.query().cursor(size=4))) == 11
        found = Role.query().cursor(size=4)
        next(found)
        found.close()
        Role.create(name="newer")

    assert Role.query().count() == 12


@pytest.mark.feature("queries.cursor")
def test_two_cursors_may_be_open_at_once(ten: list[Role]) -> None:
    one, other = Role.query().order_by(Role.name).cursor(size=3), Role.query().order_by(Role.name).cursor(size=2)

    pairs = list(zip(one, other, strict=True))

    assert len(pairs) == 10
    assert all(left == right for left, right in pairs)


@pytest.mark.feature("queries.cursor", "queries.select")
def test_a_cursor_over_columns_gives_tuples(ten: list[Role]) -> None:
    found = Role.query().order_by(Role.name).select(Role.name, Role.level).cursor(size=4)

    assert list(found)[:2] == [("r0", 1), ("r1", 2)]


@pytest.mark.feature("queries.cursor")
def test_a_cursor_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(InvalidQuery, match=r"cursor\(\) reads rows one at a time and cannot include relations"):
        User.query().include(User.posts).cursor()
    wrong: Any
    for wrong in (0, "3", True):
        with pytest.raises(InvalidValue, match="cursor: expected an int of 1 or more"):
            Role.query().cursor(wrong)
        with pytest.raises(InvalidValue, match="cursor: expected an int of 1 or more"):
            Role.query().select(Role.name).cursor(wrong)


@pytest.mark.feature("queries.cursor")
def test_a_cursor_takes_constant_memory() -> None:
    row_count, size = 20_000, 200
    text = "x" * 100
    for start in range(0, row_count, 5_000):
        Role.insert_many({"name": f"{start + number:06} {text[:40]}"} for number in range(5_000))

    def peak_of(batches: int) -> int:
        """Bytes that are held at most while so many batches are read."""
        tracemalloc.start()
        try:
            found = Role.query().cursor(size)
            for _ in range(batches * size):
                next(found)
            found.close()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak_of(3)
    many = peak_of(row_count // size)
    assert many < 2 * few
