"""Rewriting passes: what they leave out, and what they must not touch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.errors import InvalidValue
from isomorph.sql.expressions import All, AnyOf, Opposite, Predicate, Truth
from isomorph.sql.raw import Raw
from isomorph.sql.rewriting import Rewriter, drop_unused_joins, fold_conditions
from isomorph.sql.sameness import is_same
from isomorph.sql.select import Select
from isomorph.sql.sources import Join
from tests.support.expressions import TABLE, Things

SQLITE = dialects.get("sqlite")


def select(*predicates: Predicate, joins: tuple[Join, ...] = ()) -> Select:
    made = Select(TABLE, ("id", "name"))
    made.predicates, made.joins = predicates, joins
    return made


def where(statement: Select) -> str:
    """The text behind WHERE; empty without conditions."""
    return statement.compile(SQLITE)[0].partition(" WHERE ")[2]


# --- conditions ------------------------------------------------------------------------------------------------------------


def test_what_is_always_true_is_left_out() -> None:
    assert where(fold_conditions(select(Truth(True), Things.id > 1))) == '"id" > ?'
    assert where(fold_conditions(select(Truth(True)))) == ""
    assert where(fold_conditions(select((Things.id > 1) & Things.number.not_in([])))) == '"id" > ?'


def test_what_is_never_true_stands_alone() -> None:
    assert where(fold_conditions(select(Things.id > 1, Things.number.in_([]), Things.name == "a"))) == "1 = 0"
    assert where(fold_conditions(select(Things.id > 1, (Things.id < 9) & Truth(False)))) == "1 = 0"
    assert where(fold_conditions(select(~Truth(True)))) == "1 = 0"


def test_an_alternative_that_is_always_true_is_the_whole() -> None:
    assert where(fold_conditions(select((Things.id > 1) | Truth(True)))) == ""
    assert where(fold_conditions(select((Things.id > 1) | Truth(False)))) == '"id" > ?'


def test_what_is_said_twice_is_said_once() -> None:
    twice = fold_conditions(select(Things.id > 1, Things.name == "a", Things.id > 1))

    assert where(twice) == '"id" > ? AND "name" = ?'
    assert twice.compile(SQLITE)[1] == (1, "a")
    assert where(fold_conditions(select((Things.id > 1) | (Things.id > 1)))) == '"id" > ?'


def test_conditions_that_differ_in_a_value_or_its_type_stay() -> None:
    apart = select(Things.id > 1, Things.id > 2)

    assert fold_conditions(apart) is apart
    assert not is_same(Things.weight == 1.0, Things.weight == 0.0)
    assert not is_same(Things.id == 1, Things.number == 1)
    assert is_same(Things.id.in_([1, 2]), Things.id.in_([1, 2]))
    assert not is_same(Things.id.in_([1, 2]), Things.id.in_([2, 1]))


def test_two_denials_are_none() -> None:
    assert where(fold_conditions(select(~~(Things.id > 1)))) == '"id" > ?'


def test_a_statement_with_nothing_to_fold_stays_the_same_object() -> None:
    for statement in (select(), select(Things.id > 1, Things.name == "a"), select((Things.id > 1) | (Things.id < 0))):
        assert fold_conditions(statement) is statement


def _evaluated(predicate: Predicate, facts: dict[int, bool | None]) -> bool | None:
    """The truth of a condition by SQL's three-valued logic (SQL standard, 8.21 search condition)."""
    match predicate:
        case Truth():
            return predicate.value
        case Opposite():
            inner = _evaluated(_as_predicate(predicate.item), facts)
            return None if inner is None else not inner
        case All():
            values = [_evaluated(item, facts) for item in predicate.items]
            return False if False in values else None if None in values else True
        case AnyOf():
            values = [_evaluated(item, facts) for item in predicate.items]
            return True if True in values else None if None in values else False
        case _:
            return facts[id(predicate)]


def _as_predicate(item: object) -> Predicate:
    assert isinstance(item, Predicate)
    return item


LEAVES = [Things.id > 1, Things.name == "a", Things.flag.is_true()]
CONDITIONS = st.recursive(
    st.sampled_from([*LEAVES, Truth(True), Truth(False)]),
    lambda inner: (
        st.builds(Opposite, inner) | st.builds(All, st.tuples(inner, inner)) | st.builds(AnyOf, st.tuples(inner, inner))
    ),
    max_leaves=8,
)


@given(st.lists(CONDITIONS, min_size=1, max_size=3), st.tuples(*[st.sampled_from([True, False, None])] * 3))
def test_folding_keeps_the_rows(conditions: list[Predicate], truths: tuple[bool | None, ...]) -> None:
    facts = {id(leaf): truth for leaf, truth in zip(LEAVES, truths, strict=True)}

    folded = fold_conditions(select(*conditions))

    assert (_evaluated(All(folded.predicates), facts) is True) == (_evaluated(All(conditions), facts) is True)


# --- joins -----------------------------------------------------------------------------------------------------------------


def left_join(table: str, source: str = TABLE, *, is_single: bool = True) -> Join:
    return Join(table, source, [("id", "id")], outer=True, is_single=is_single)


def test_a_left_join_that_nobody_reads_is_left_out() -> None:
    assert drop_unused_joins(select(joins=(left_join("people"),))).joins == ()
    assert drop_unused_joins(select(joins=(left_join("people"), left_join("towns", "people")))).joins == ()


@pytest.mark.parametrize(
    "statement",
    [
        select(Things.owner == "a", joins=(left_join("people"),)),
        select(joins=(left_join("people", is_single=False),)),
        select(joins=(Join("people", TABLE, [("id", "id")], is_single=True),)),
        select(Raw("people.name = ?", ["a"]), joins=(left_join("people"),)),
        select(joins=(left_join("people"), Join("towns", "people", [("id", "id")]))),
    ],
    ids=["read", "may repeat rows", "inner", "raw SQL may read it", "joined further"],
)
def test_a_join_that_matters_stays(statement: Select) -> None:
    assert drop_unused_joins(statement) is statement


# --- the passes together -----------------------------------------------------------------------------------------------------


def test_an_order_is_dropped_where_rows_are_counted_only() -> None:
    ordered = select(Things.id > 1)
    ordered.orders = (Things.name.asc(),)
    rewriter = Rewriter()

    assert rewriter.rewritten(ordered).orders == ordered.orders
    assert rewriter.rewritten(ordered, counting=True).orders == ()
    assert rewriter.applied(ordered, counting=True) == ("drop_order_under_count",)


def test_a_pass_can_be_switched_off_and_on() -> None:
    rewriter = Rewriter()
    statement = select(Truth(True))

    assert rewriter.applied(statement) == ("fold_conditions",)
    rewriter.switch("fold_conditions", on=False)
    assert rewriter.rewritten(statement) is statement
    rewriter.switch("fold_conditions", on=True)
    assert rewriter.rewritten(statement).predicates == ()
    with pytest.raises(InvalidValue, match=r"switch\(\): expected the name of a pass \(fold_conditions, "):
        rewriter.switch("fold", on=False)


def test_a_pass_of_the_application_runs_behind_the_others() -> None:
    rewriter = Rewriter()

    def at_most_ten(statement: Select) -> Select:
        if statement.limit is not None:
            return statement
        made = statement.copy()
        made.limit = 10
        return made

    rewriter.add("at_most_ten", at_most_ten)

    assert rewriter.rewritten(select()).limit == 10
    assert rewriter.applied(select(Truth(True))) == ("fold_conditions", "at_most_ten")
    assert rewriter.names[-1] == "at_most_ten"
