"""Collections: what a query gives, and what can be made of it."""

import copy
import datetime as dt
import pickle
import random
import uuid
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated import Category, Item, Role, User
from isomorph import Collection
from isomorph.errors import InvalidQuery, InvalidValue, NotFound

NUMBERS = Collection([3, 1, 2])


def user(name: str, age: int | None = None, *, active: bool = True) -> User:
    return User(name=name, email=f"{name}@example.com", password="hash", age=age, active=active)


@pytest.fixture
def people() -> Collection[User]:
    return Collection([user("Cleo", 30), user("Ada", None, active=False), user("Bob", 30), user("Dan", 7)])


def names(users: Collection[User]) -> str:
    return "".join(item.name[0] for item in users)


# --- a sequence ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.sequence")
def test_a_collection_is_a_sequence() -> None:
    assert isinstance(NUMBERS, Sequence)
    assert (len(NUMBERS), list(NUMBERS), NUMBERS[0], NUMBERS[-1]) == (3, [3, 1, 2], 3, 2)
    assert (1 in NUMBERS, 9 in NUMBERS, NUMBERS.index(1), NUMBERS.count(3)) == (True, False, 1, 1)
    assert list(reversed(NUMBERS)) == [2, 1, 3]
    first, *rest = NUMBERS
    assert (first, rest) == (3, [1, 2])


@pytest.mark.feature("collections.sequence")
def test_a_slice_of_a_collection_is_a_collection() -> None:
    assert NUMBERS[1:] == Collection([1, 2])
    assert isinstance(NUMBERS[::2], Collection)
    assert NUMBERS[::-1] == Collection([2, 1, 3])


@pytest.mark.feature("collections.sequence")
def test_items_are_put_behind_others() -> None:
    more = [4]

    assert NUMBERS + more == Collection([3, 1, 2, 4])
    assert NUMBERS + Collection(["a"]) == Collection([3, 1, 2, "a"])
    assert list(NUMBERS) == [3, 1, 2]


@pytest.mark.feature("collections.sequence")
def test_an_empty_collection_is_false() -> None:
    assert not Collection[int]()
    assert Collection([0])
    assert (Collection[int]().is_empty(), NUMBERS.is_empty()) == (True, False)
    assert (Collection[int]().is_not_empty(), NUMBERS.is_not_empty()) == (False, True)


@pytest.mark.feature("collections.sequence")
def test_an_index_out_of_range_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        _ = Collection([1])[1]


@pytest.mark.feature("collections.sequence")
def test_a_collection_cannot_be_changed_or_hashed() -> None:
    found: object = Collection([1])

    assert not hasattr(found, "append")
    assert not hasattr(found, "__setitem__")
    with pytest.raises(TypeError, match="not hashable"):
        hash(found)


@pytest.mark.feature("collections.sequence")
def test_collections_are_equal_when_their_items_are() -> None:
    one: object = Collection([1])

    assert one == Collection([1])
    assert one != Collection([2])
    assert one != [1]
    assert repr(one) == "Collection([1])"


@pytest.mark.feature("collections.sequence")
def test_a_collection_is_copied_and_pickled() -> None:
    assert copy.deepcopy(NUMBERS) == copy.copy(NUMBERS) == pickle.loads(pickle.dumps(NUMBERS)) == NUMBERS


# --- making one ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.making")
def test_collections_are_made_of_any_items() -> None:
    given = [1, 2]
    made = Collection.make(given)
    given.append(3)

    assert made == Collection([1, 2])
    assert Collection.make(number * 2 for number in (1, 2)) == Collection([2, 4])
    assert Collection.make() == Collection([])


@pytest.mark.feature("collections.making")
def test_a_range_is_that_of_python() -> None:
    assert Collection.range(3) == Collection([0, 1, 2])
    assert Collection.range(1, 4) == Collection([1, 2, 3])
    assert Collection.range(6, 0, -2) == Collection([6, 4, 2])
    assert Collection.range(9)[2:4].map(str) == Collection(["2", "3"])


@pytest.mark.feature("collections.making")
def test_times_calls_a_function_so_many_times() -> None:
    assert Collection.times(3, lambda number: number * 10) == Collection([0, 10, 20])
    assert Collection.times(0, str) == Collection([])
    with pytest.raises(InvalidValue, match="times: expected an int of 0 or more, got less"):
        Collection.times(-1, str)


# --- one item ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.finding")
def test_first_and_last_are_none_where_nothing_is() -> None:
    nothing = Collection[int]()

    assert (NUMBERS.first(), NUMBERS.last()) == (3, 2)
    assert (nothing.first(), nothing.last()) == (None, None)
    assert (NUMBERS.first(lambda number: number < 3), NUMBERS.last(lambda number: number > 2)) == (1, 3)
    assert (NUMBERS.first(lambda number: number > 3), NUMBERS.last(lambda number: number > 3)) == (None, None)


@pytest.mark.feature("collections.finding")
def test_what_must_be_there_is_an_error_when_it_is_not() -> None:
    assert NUMBERS.first_or_fail() == 3
    assert NUMBERS.first_or_fail(lambda number: number < 3) == 1
    with pytest.raises(NotFound, match="no item matches"):
        NUMBERS.first_or_fail(lambda number: number > 3)
    with pytest.raises(NotFound, match="no item matches"):
        Collection[int]().first_or_fail()


@pytest.mark.feature("collections.finding")
def test_sole_wants_exactly_one() -> None:
    assert Collection([7]).sole() == 7
    assert NUMBERS.sole(lambda number: number > 2) == 3
    with pytest.raises(NotFound, match="no item matches"):
        NUMBERS.sole(lambda number: number > 3)
    with pytest.raises(InvalidQuery, match=r"sole\(\): there are several such items"):
        NUMBERS.sole()


@pytest.mark.feature("collections.finding")
def test_find_takes_a_key_or_a_function(people: Collection[User]) -> None:
    for number, item in enumerate(people, start=1):
        item.id = number
        item._row = (number,)

    assert people.find(2) is people[1]
    assert people.find(9) is None
    assert people.find("2") is None
    assert people.find(lambda item: item.name == "Dan") is people[3]
    with pytest.raises(InvalidValue, match=r"find\(\): expected objects with a row, which have a key, got int"):
        NUMBERS.find(3)
    with pytest.raises(InvalidValue, match="which have a key, got User"):
        Collection([user("new")]).find(3)


@pytest.mark.feature("collections.finding")
def test_contains_takes_an_item_or_a_function(people: Collection[User]) -> None:
    assert NUMBERS.contains(3)
    assert not NUMBERS.contains(4)
    assert NUMBERS.contains(lambda number: number > 2)
    assert not NUMBERS.contains(lambda number: number > 3)
    assert people.contains(people[0])
    assert not people.contains(user("Cleo"))
    assert Collection([int, str]).contains(int)
    assert not Collection([int, str]).contains(bool)


@pytest.mark.feature("collections.finding")
def test_a_column_of_truth_values_is_a_question_too(people: Collection[User]) -> None:
    idle = Collection([user("Dan", active=False), user("Eve"), user("Fay", active=False)])
    assert (idle.first(User.active), idle.last(User.active), idle.find(User.active)) == (idle[1], idle[1], idle[1])
    assert (idle.sole(User.active), idle.first_or_fail(User.active)) == (idle[1], idle[1])
    assert (idle.contains(User.active), idle.every(User.active)) == (True, False)
    assert (len(idle.take_while(User.active)), len(idle.skip_while(User.active))) == (0, 3)
    assert idle.lazy().skip_while(User.active).take_while(lambda found: not found.active).to_list() == [idle[0]]

    anything: Any = people
    for name in (
        *("first", "first_or_fail", "last", "sole", "find", "contains", "every"),
        *("take_while", "skip_while"),
    ):
        with pytest.raises(InvalidValue, match=rf"{name}\(\): expected a column such as User.name, or a function"):
            getattr(anything, name)(User.age > 3)


@pytest.mark.feature("collections.finding")
def test_every_is_true_without_items() -> None:
    assert NUMBERS.every(lambda number: number > 0)
    assert not NUMBERS.every(lambda number: number > 1)
    assert Collection[int]().every(lambda number: number > 1)


# --- other items ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.mapping")
def test_items_are_mapped(people: Collection[User]) -> None:
    assert Collection(["a", "bb"]).map(len) == Collection([1, 2])
    assert NUMBERS.flat_map(lambda number: [number] * number) == Collection([3, 3, 3, 1, 2, 2])
    assert NUMBERS.zip("ab") == Collection([(3, "a"), (1, "b")])
    with pytest.raises(ValueError, match="shorter"):
        NUMBERS.zip("ab", strict=True)
    assert people.map(lambda item: item.age).without_none().sum() == 67


@pytest.mark.feature("collections.mapping")
def test_pluck_reads_a_column_or_what_a_function_says(people: Collection[User]) -> None:
    assert people.pluck(User.name) == ["Cleo", "Ada", "Bob", "Dan"]
    assert people.pluck(User.age) == [30, None, 30, 7]
    assert people.pluck(lambda item: item.name[0]) == list("CABD")
    assert Collection[User]().pluck(User.name) == []


@pytest.mark.feature("collections.mapping")
def test_a_column_is_read_from_objects_of_its_model_only(people: Collection[User]) -> None:
    wrong: Any = people
    mixed: Any = Collection([people[0], Role(name="admin")])

    with pytest.raises(InvalidValue, match=r"pluck\(\): expected objects of Role, for its column name, got User"):
        wrong.pluck(Role.name)
    with pytest.raises(InvalidValue, match="expected objects of User, for its column name, got Role"):
        mixed.pluck(User.name)
    with pytest.raises(InvalidValue, match="expected objects of User, for its column name, got int"):
        NUMBERS.pluck(User.name)


@pytest.mark.feature("collections.mapping")
def test_what_is_neither_column_nor_function_is_refused(people: Collection[User]) -> None:
    anything: Any = people
    wrong: Any
    for wrong in ("name", User.age > 3, User.age + 1, 3):
        for name in ("pluck", "filter", "reject", "group_by", "sort_by", "unique", "partition", "sum", "max"):
            with pytest.raises(InvalidValue, match=rf"{name}\(\): expected a column such as User.name, or a function"):
                getattr(anything, name)(wrong)


@pytest.mark.feature("collections.mapping")
def test_objects_become_dicts_without_what_is_hidden(people: Collection[User]) -> None:
    first, *_ = people.to_dicts()

    assert (first["name"], first["age"]) == ("Cleo", 30)
    assert "password" not in first
    anything: Any = NUMBERS
    with pytest.raises(
        InvalidValue, match=r"to_dicts\(\): expected objects with a to_dict\(\), such as models, got int"
    ):
        anything.to_dicts()


@pytest.mark.feature("collections.mapping")
def test_items_become_one_text(people: Collection[User]) -> None:
    assert NUMBERS.join() == "3, 1, 2"
    assert NUMBERS.join("/") == "3/1/2"
    assert people.join(by=User.name, last=" and ") == "Cleo, Ada, Bob and Dan"
    assert people.join(by=User.age) == "30, 30, 7"
    assert Collection(["a"]).join(last=" and ") == "a"
    assert Collection[int]().join() == ""


# --- some of the items ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.filtering")
def test_items_are_kept_or_dropped(people: Collection[User]) -> None:
    assert names(people.filter(User.active)) == "CBD"
    assert names(people.reject(User.active)) == "A"
    assert names(people.filter(lambda item: item.age)) == "CBD"
    assert NUMBERS.reject(lambda number: number > 2) == Collection([1, 2])
    kept, dropped = people.partition(lambda item: item.age == 30)
    assert (names(kept), names(dropped)) == ("CB", "AD")


@pytest.mark.feature("collections.filtering")
def test_items_are_kept_by_their_class(people: Collection[User]) -> None:
    mixed = Collection([people[0], Role(name="admin"), None])

    assert mixed.of_type(Role) == Collection([mixed[1]])
    assert mixed.without_none() == mixed[:2]


@pytest.mark.feature("collections.filtering")
def test_unique_keeps_the_first_of_equal_ones(people: Collection[User]) -> None:
    assert Collection([2, 1, 2, 3, 1]).unique() == Collection([2, 1, 3])
    assert names(people.unique(User.age)) == "CAD"
    assert names(people.unique(lambda item: item.name == "Ada")) == "CA"
    assert Collection([{"a": 1}, {"a": 2}, {"a": 1}]).unique() == Collection([{"a": 1}, {"a": 2}])
    assert names((people + people).unique()) == "CABD"  # without a row they have no hash


@pytest.mark.feature("collections.filtering")
def test_items_are_taken_and_skipped() -> None:
    assert (NUMBERS.take(2), NUMBERS.take(9), NUMBERS.take(0)) == (NUMBERS[:2], NUMBERS, NUMBERS[:0])
    assert (NUMBERS.skip(2), NUMBERS.skip(9), NUMBERS.skip(0)) == (NUMBERS[2:], NUMBERS[:0], NUMBERS)
    assert NUMBERS.take_while(lambda number: number != 2) == Collection([3, 1])
    assert NUMBERS.skip_while(lambda number: number != 1) == Collection([1, 2])
    wrong: Any
    for wrong in (-1, True, 1.0, None):
        for name in ("take", "skip"):
            with pytest.raises(InvalidValue, match=f"{name}: expected an int of 0 or more"):
                getattr(NUMBERS, name)(wrong)


@pytest.mark.feature("collections.filtering")
def test_items_are_compared_with_those_of_another(people: Collection[User]) -> None:
    others = [user("Ada"), user("Eve")]

    assert NUMBERS.diff([1, 9]) == Collection([3, 2])
    assert NUMBERS.intersect([1, 9, 3]) == Collection([3, 1])
    assert names(people.diff(others, User.name)) == "CBD"
    assert names(people.intersect(others, lambda item: item.name)) == "A"
    assert Collection([[1], [2]]).diff([[2]]) == Collection([[1]])
    assert people.diff(others) == people
    assert NUMBERS.diff(iter([1, 2, 3])) == Collection([])


# --- by key --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.grouping")
def test_items_are_keyed_grouped_and_counted(people: Collection[User]) -> None:
    assert people.key_by(User.name)["Bob"] is people[2]
    assert people.key_by(User.age)[30] is people[2]  # the last of several
    groups = people.group_by(User.age)
    assert {key: names(users) for key, users in groups.items()} == {30: "CB", None: "A", 7: "D"}
    assert people.count_by(User.active) == {True: 3, False: 1}
    assert people.count_by(lambda item: len(item.name)) == {4: 1, 3: 3}
    assert list(groups) == [30, None, 7]


# --- in another order ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.sorting")
def test_items_are_sorted_as_a_query_would(people: Collection[User]) -> None:
    assert names(people.sort_by(User.name)) == "ABCD"
    assert names(people.sort_by(User.age)) == "ADCB"  # None is the least; equal ones keep their order
    assert names(people.sort_by(User.age.desc(), User.name)) == "BCDA"
    assert names(people.sort_by(User.age, User.name.desc())) == "ADCB"
    assert names(people.sort_by(User.age.asc().nulls_last())) == "DCBA"
    assert names(people.sort_by(User.age.desc().nulls_first())) == "ACBD"
    assert names(people.sort_by(User.age.asc().nulls_first())) == "ADCB"
    assert names(people.sort_by(User.age.desc().nulls_last())) == "CBDA"
    assert names(people.sort_by(User.active, lambda item: item.name)) == "ABCD"
    assert names(people) == "CABD"


@pytest.mark.feature("collections.sorting")
def test_a_whole_order_is_turned_round(people: Collection[User]) -> None:
    assert names(people.sort_by(User.name, descending=True)) == "DCBA"
    assert names(people.sort_by(User.age, User.name, descending=True)) == "CBDA"
    assert names(people.sort_by(User.age.desc(), descending=True)) == "ADCB"
    assert names(people.sort_by(User.age.asc().nulls_last(), descending=True)) == "ACBD"
    assert NUMBERS.sort_by(lambda number: number, descending=True) == Collection([3, 2, 1])


@pytest.mark.feature("collections.sorting")
def test_members_of_an_enum_are_sorted_as_the_schema_names_them() -> None:
    items = Collection([_item(category) for category in (Category.OTHER, Category.BOOK, Category.ELECTRONICS)])

    assert items.sort_by(Item.category).pluck(Item.category) == [Category.ELECTRONICS, Category.BOOK, Category.OTHER]


def _item(category: Category, price: str = "1") -> Item:
    return Item(code=uuid.uuid4(), name="Lamp", price=Decimal(price), category=category)


@pytest.mark.feature("collections.sorting")
@given(st.lists(st.tuples(st.none() | st.integers(0, 3), st.integers(0, 3))), st.booleans(), st.booleans())
def test_sorting_by_two_keys_is_sorting_by_a_pair(rows: list[tuple[int | None, int]], down: bool, first: bool) -> None:
    people = Collection([user(str(number), age, active=bool(number)) for age, number in rows])
    order = User.age.desc() if down else User.age.asc()
    order = order.nulls_first() if first else order.nulls_last()

    ages = people.sort_by(order, User.name).map(lambda item: (item.age, item.name)).to_list()

    def rank(pair: tuple[int | None, str]) -> tuple[object, ...]:
        age, name = pair
        if age is None:
            return (0 if first else 2, 0, name)
        return (1, -age if down else age, name)

    assert ages == sorted(((age, str(number)) for age, number in rows), key=rank)


@pytest.mark.feature("collections.sorting")
def test_chance_can_be_repeated() -> None:
    numbers = Collection.range(50)
    one, other = numbers.shuffle(random.Random(7)), numbers.shuffle(random.Random(7))

    assert one == other != numbers
    assert sorted(one) == sorted(numbers.shuffle()) == list(numbers)
    assert numbers.random(chance=random.Random(7)) == numbers.random(chance=random.Random(7))
    assert numbers.random() in numbers
    assert len(numbers.random(3).unique()) == 3
    assert sorted(numbers.random(99)) == list(numbers)
    assert Collection[int]().random() is None
    assert Collection[int]().random(2) == Collection([])
    with pytest.raises(InvalidValue, match="random: expected an int of 0 or more"):
        numbers.random(-1)


# --- in parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.parts")
def test_items_are_cut_into_chunks() -> None:
    assert Collection.range(5).chunk(2).map(list) == Collection([[0, 1], [2, 3], [4]])
    assert Collection[int]().chunk(2) == Collection([])
    with pytest.raises(InvalidValue, match="chunk: expected an int of 1 or more"):
        NUMBERS.chunk(0)


@pytest.mark.feature("collections.parts")
def test_a_window_slides_over_the_items() -> None:
    assert Collection.range(4).sliding(2).map(list) == Collection([[0, 1], [1, 2], [2, 3]])
    assert Collection.range(7).sliding(3, step=2).map(list) == Collection([[0, 1, 2], [2, 3, 4], [4, 5, 6]])
    assert Collection.range(6).sliding(2, step=4).map(list) == Collection([[0, 1], [4, 5]])
    assert Collection.range(2).sliding(3) == Collection([])
    for size, step in ((0, 1), (1, 0)):
        with pytest.raises(InvalidValue, match="sliding: expected an int of 1 or more"):
            NUMBERS.sliding(size, step)


# --- numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.numbers")
def test_sums_and_means_of_columns_and_functions(people: Collection[User]) -> None:
    items = Collection([_item(Category.BOOK, price) for price in ("0.10", "0.20", "0.03")])

    assert (people.sum(User.age), people.avg(User.age)) == (67, 67 / 3)
    assert (items.sum(Item.price), items.avg(Item.price)) == (Decimal("0.33"), Decimal("0.11"))
    assert people.sum(lambda item: item.active) == 3
    assert (NUMBERS.sum(), NUMBERS.avg()) == (6, 2.0)
    assert type(NUMBERS.avg()) is float
    assert Collection([Decimal(1), Decimal("0.5")]).avg() == Decimal("0.75")


@pytest.mark.feature("collections.numbers")
def test_decimals_are_added_without_rounding() -> None:
    large, small = Decimal(10) ** 40, Decimal(1) / Decimal(10) ** 40

    assert Collection([large, small, -large]).sum() == small
    assert str(Collection([Decimal("0.1")] * 10).sum()) == "1.0"
    assert Collection([Decimal(1), Decimal(1), Decimal(0)]).avg() == Decimal("0.6666666666666666666666666667")


@pytest.mark.feature("collections.numbers")
def test_floats_are_added_to_the_nearest_float_in_any_order() -> None:
    assert Collection([0.1] * 10).sum() == 1.0
    assert Collection([1e100, 1.0, -1e100]).sum() == 1.0
    assert Collection([float("inf"), 1.0]).sum() == float("inf")
    assert Collection([float("inf"), float("-inf")]).sum() != 0
    assert Collection([1e308, 1e308]).sum() == float("inf")
    assert Collection([1, 0.5]).sum() == 1.5


@pytest.mark.feature("collections.numbers")
def test_lengths_of_time_are_added_too() -> None:
    hours = Collection([1, 3]).map(lambda number: dt.timedelta(hours=number))

    assert (hours.sum(), hours.avg()) == (dt.timedelta(hours=4), dt.timedelta(hours=2))


@pytest.mark.feature("collections.numbers")
def test_of_nothing_the_sum_is_zero_and_the_rest_none() -> None:
    nothing, users = Collection[int](), Collection[User]()
    zero = Collection[Item]().sum(Item.price)

    assert (zero, type(zero)) == (Decimal(0), Decimal)
    assert type(Collection[Item]().sum(Item.weight_kg)) is float
    assert (nothing.sum(), users.sum(User.age), Collection([None]).sum(lambda _: None)) == (0, 0, 0)
    assert Collection([user("Ada")]).sum(User.age) == 0
    assert (nothing.avg(), nothing.min(), nothing.max(), users.max(User.name)) == (None, None, None, None)
    assert (users.min_by(User.age), Collection([user("Ada")]).max_by(User.age)) == (None, None)


@pytest.mark.feature("collections.numbers")
def test_the_least_and_the_greatest(people: Collection[User]) -> None:
    assert (NUMBERS.min(), NUMBERS.max()) == (1, 3)
    assert (people.min(User.age), people.max(User.age), people.max(User.name)) == (7, 30, "Dan")
    assert people.max(lambda item: (item.active, item.name)) == (True, "Dan")
    assert people.min_by(User.age) is people[3]
    assert people.max_by(User.age) is people[0]  # the first of several
    assert people.max_by(lambda item: item.name) is people[3]


@pytest.mark.feature("collections.numbers")
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=6)))
def test_a_sum_does_not_depend_on_the_order(values: list[Decimal]) -> None:
    shuffled = Collection(values).shuffle(random.Random(1))

    assert Fraction(Collection(values).sum()) == Fraction(shuffled.sum()) == sum(map(Fraction, values))


@pytest.mark.feature("collections.numbers")
def test_items_are_reduced_to_one_value() -> None:
    assert NUMBERS.reduce(lambda text, number: f"{text}{number}", "") == "312"
    assert Collection[int]().reduce(lambda total, number: total + number, 5) == 5


# --- the whole -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("collections.conditional")
def test_steps_are_taken_only_when_a_condition_holds() -> None:
    assert NUMBERS.when(True, lambda found: found.take(1)) == Collection([3])
    assert NUMBERS.when(0, lambda found: found.take(1)) is NUMBERS
    assert NUMBERS.when(None, len, lambda found: found.sum()) == 6
    assert NUMBERS.unless(False, lambda found: found.take(1)) == Collection([3])
    assert NUMBERS.unless(True, len) is NUMBERS
    assert NUMBERS.unless(True, len, lambda found: found.sum()) == 6
    with pytest.raises(InvalidQuery, match="a predicate has no truth value"):
        NUMBERS.when(User.age > 3, len)


@pytest.mark.feature("collections.conditional")
def test_steps_are_taken_only_when_there_are_items_or_none() -> None:
    nothing = Collection[int]()

    assert nothing.when_empty(lambda _: "none") == "none"
    assert NUMBERS.when_empty(lambda _: "none") is NUMBERS
    assert NUMBERS.when_empty(lambda _: "none", len) == 3
    assert NUMBERS.when_not_empty(len) == 3
    assert nothing.when_not_empty(len) is nothing
    assert nothing.when_not_empty(len, lambda _: "none") == "none"


@pytest.mark.feature("collections.conditional")
def test_functions_are_called_with_items_and_with_all_of_them() -> None:
    seen: list[object] = []

    assert NUMBERS.each(seen.append) is NUMBERS
    assert seen == [3, 1, 2]
    assert NUMBERS.tap(seen.append) is NUMBERS
    assert seen[-1] is NUMBERS
    assert NUMBERS.pipe(len) == 3


@pytest.mark.feature("collections.mapping")
def test_nothing_that_is_asked_of_a_collection_changes_it(people: Collection[User]) -> None:
    before = list(people)
    for name, arguments in (("sort_by", [User.name]), ("shuffle", []), ("unique", []), ("filter", [User.active])):
        assert getattr(people, name)(*arguments) is not people

    assert list(people) == before
    assert people.map(lambda item: item.name).to_list() == people.pluck(User.name)
