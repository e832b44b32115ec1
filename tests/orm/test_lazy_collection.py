"""Lazy collections: pipelines over what comes one by one."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated import Role, User
from isomorph import Collection, LazyCollection
from isomorph.errors import InvalidQuery, InvalidValue

pytestmark = pytest.mark.feature("collections.lazy")


class Source:
    """Numbers from 0, and a record of how many were asked for."""

    def __init__(self, count: int = 100) -> None:
        self.count = count
        self.asked = 0
        self.closed = 0
        self.readings = 0

    def __call__(self) -> Generator[int]:
        self.readings += 1
        try:
            for number in range(self.count):
                self.asked += 1
                yield number
        finally:
            self.closed += 1


# --- when it runs --------------------------------------------------------------------------------------------------------


def test_nothing_happens_before_somebody_iterates() -> None:
    source, seen = Source(), list[int]()
    pipeline = (
        LazyCollection(source).tap_each(seen.append).map(lambda number: number * 2).filter(lambda number: number > 2)
    )

    assert (source.readings, seen) == (0, [])
    assert next(iter(pipeline)) == 4
    assert (source.asked, seen) == (3, [0, 1, 2])


def test_each_item_goes_through_all_steps_before_the_next_one() -> None:
    steps: list[str] = []
    pipeline = (
        Collection([1, 2])
        .lazy()
        .tap_each(lambda number: steps.append(f"a{number}"))
        .tap_each(lambda number: steps.append(f"b{number}"))
    )

    assert pipeline.to_list() == [1, 2]
    assert steps == ["a1", "b1", "a2", "b2"]


def test_no_more_is_asked_for_than_is_taken() -> None:
    for take, asked in ((0, 0), (3, 3)):
        source = Source()
        assert LazyCollection(source).take(take).to_list() == list(range(take))
        assert source.asked == asked
    source = Source()
    assert LazyCollection(source).chunk(2).first() == Collection([0, 1])
    assert source.asked == 2


@pytest.mark.parametrize("name", ["first", "contains", "find", "every"])
def test_a_question_stops_at_its_answer(name: str) -> None:
    source = Source()
    pipeline: Any = LazyCollection(source)

    def asked(number: int) -> bool:
        return number == (0 if name == "every" else 1)

    getattr(pipeline, name)(asked)

    assert (source.asked, source.closed) == (2, 1)


# --- reading again -------------------------------------------------------------------------------------------------------


def test_iterating_again_begins_anew() -> None:
    source = Source(3)
    pipeline = LazyCollection(source).map(str)

    assert pipeline.to_list() == pipeline.to_list() == ["0", "1", "2"]
    assert source.readings == 2
    assert list(zip(pipeline, pipeline, strict=True)) == [("0", "0"), ("1", "1"), ("2", "2")]


def test_a_collection_can_be_read_as_often_as_one_likes() -> None:
    pipeline = Collection([1, 2]).lazy()

    assert pipeline.sum() == pipeline.sum() == 3


def test_an_iterator_is_read_once_and_never_taken_for_empty() -> None:
    pipeline = LazyCollection(iter([1, 2, 3]))
    evens = pipeline.filter(lambda number: number % 2 == 0)

    assert pipeline.first() == 1
    for again in (pipeline, evens):
        with pytest.raises(InvalidQuery, match="was read before, and its source can be read only once"):
            again.to_list()


def test_whoever_stops_early_closes_the_source() -> None:
    source = Source()
    for number in LazyCollection(source).map(lambda number: number):
        if number == 2:
            break

    assert (source.asked, source.closed) == (3, 1)


def test_the_source_is_closed_when_a_step_raises() -> None:
    source = Source()
    with pytest.raises(ZeroDivisionError):
        LazyCollection(source).map(lambda number: 1 // (1 - number)).to_list()

    assert source.closed == 1


def test_looking_at_it_reads_nothing() -> None:
    source = Source()

    assert repr(LazyCollection(source).take(3)) == "LazyCollection(<1 step>)"
    assert repr(LazyCollection(source)) == "LazyCollection(<0 steps>)"
    assert source.readings == 0


# --- the steps -----------------------------------------------------------------------------------------------------------


def _twice(item: object) -> list[object]:
    return [item, item]


@pytest.mark.parametrize(
    ("step", "arguments"),
    [
        ("map", [str]),
        ("flat_map", [_twice]),
        ("filter", [bool]),
        ("reject", [bool]),
        ("of_type", [int]),
        ("without_none", []),
        ("unique", []),
        ("unique", [bool]),
        ("take", [2]),
        ("skip", [2]),
        ("take_while", [bool]),
        ("skip_while", [bool]),
        ("zip", ["ab"]),
        ("chunk", [4]),
    ],
)
def test_steps_do_what_those_of_a_collection_do(step: str, arguments: list[Any]) -> None:
    items = Collection([3, 1, None, 2, 1, 3])

    assert getattr(items.lazy(), step)(*arguments).collect() == getattr(items, step)(*arguments)


@given(st.lists(st.integers(-3, 3)), st.integers(0, 4), st.integers(0, 4), st.integers(1, 3))
def test_a_pipeline_gives_what_the_same_steps_give_at_once(items: list[int], skip: int, take: int, size: int) -> None:
    lazy, eager = Collection(items).lazy(), Collection(items)

    assert lazy.unique().map(abs).skip(skip).take(take).chunk(size).collect() == eager.unique().map(abs).skip(
        skip
    ).take(take).chunk(size)


def test_columns_serve_as_steps_and_as_questions() -> None:
    people = [
        User(name=name, email=name, password="hash", age=len(name), active=name != "Ada") for name in ("Ada", "Bo")
    ]
    pipeline = Collection(people).lazy()

    assert pipeline.filter(User.active).pluck(User.name) == ["Bo"]
    assert pipeline.reject(User.active).pluck(User.name) == ["Ada"]
    assert (pipeline.sum(User.age), pipeline.min(User.age), pipeline.max_by(User.age)) == (5, 2, people[0])
    assert pipeline.group_by(User.active)[True] == Collection([people[1]])
    assert pipeline.unique(User.password).collect() == Collection(people[:1])
    wrong: Any = pipeline
    with pytest.raises(InvalidValue, match=r"filter\(\): expected a column such as User.name, or a function"):
        wrong.filter("name")
    with pytest.raises(InvalidValue, match="expected objects of Role, for its column name, got User"):
        wrong.unique(Role.name).to_list()


def test_what_cannot_be_is_refused_at_once() -> None:
    pipeline = LazyCollection(Source())
    for name in ("take", "skip"):
        with pytest.raises(InvalidValue, match=f"{name}: expected an int of 0 or more"):
            getattr(pipeline, name)(-1)
    with pytest.raises(InvalidValue, match="chunk: expected an int of 1 or more"):
        pipeline.chunk(0)


# --- ends ----------------------------------------------------------------------------------------------------------------


def test_a_pipeline_ends_in_a_collection_a_list_or_a_loop() -> None:
    seen: list[int] = []
    pipeline = LazyCollection(Source(3))
    pipeline.each(seen.append)

    assert isinstance(pipeline.collect(), Collection)
    assert pipeline.collect() == Collection([0, 1, 2])
    assert seen == pipeline.to_list() == [0, 1, 2]
    assert pipeline.when(True, lambda items: items.take(1)).to_list() == [0]
    assert isinstance(iter(pipeline), Iterator)
