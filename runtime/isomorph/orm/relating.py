"""Queries over relations: rows that have related rows, or point to something, and amounts of related rows on objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, cast, overload

from typing_extensions import TypeVar

from isomorph.catalog import RelationKind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.existence import LeadsTo, aggregated, compared
from isomorph.orm.morphing import any_member, is_of, points_to
from isomorph.orm.relations import Relation
from isomorph.orm.tallies import Amount
from isomorph.sql.expressions import AnyOf, Expression, Predicate, Truth
from isomorph.sql.kinds import Column, Sortable, Summable
from isomorph.sql.naming import checked_name
from isomorph.sql.numbers import Approximate, Fractional, Integral

if TYPE_CHECKING:
    from isomorph.orm.model import Model
    from isomorph.orm.query import Query

__all__ = ["Operator", "Relating"]

N = TypeVar("N")

Operator: TypeAlias = Literal["=", "!=", "<>", "<", "<=", ">", ">="]
"""How a number of related rows is compared."""


class Relating(QueryBuilder):
    """The part of a query for objects that asks for what they are related to."""

    __slots__ = ("_amounts",)

    _amounts: tuple[Amount, ...]

    # --- whether there are related rows ---

    def has(self, relation: Relation[object], operator: Operator = ">=", count: int = 1) -> Self:
        """Keep the rows with so many related rows; with any, unless more is said.

        Args:
            relation: a relation of a table of the query; or a path of several, `User.posts.comments`, whose last one is
                counted for each row of the one before.
            operator: how their number is compared.
            count: what with, 0 or more.

        Raises:
            InvalidValue: another operator, or no count.
            InvalidQuery: the relation starts at a table that is no part of the query, or leads to another connection.
        """
        return self.where(self._compared("has", relation, (), operator, count))

    def doesnt_have(self, relation: Relation[object]) -> Self:
        """Keep the rows without related rows; see `has`."""
        return self.where(self._lacking("doesnt_have", relation, ()))

    def or_has(self, relation: Relation[object], operator: Operator = ">=", count: int = 1) -> Self:
        """Keep also the rows with so many related rows: as `or_where`, with the condition of `has`."""
        return self.or_where(self._compared("or_has", relation, (), operator, count))

    def or_doesnt_have(self, relation: Relation[object]) -> Self:
        """Keep also the rows without related rows: as `or_where`, with the condition of `doesnt_have`."""
        return self.or_where(self._lacking("or_doesnt_have", relation, ()))

    def where_has(
        self,
        relation: LeadsTo[N],
        *conditions: Predicate | Query[N],
        operator: Operator = ">=",
        count: int = 1,
    ) -> Self:
        """Keep the rows with so many related rows that something is true of; with any, unless more is said.

        Args:
            relation: as for `has`.
            conditions: conditions on the related rows; or one query of the related model, for those that it finds. In a
                self relation the model's columns are those of the related row.
            operator: how their number is compared.
            count: what with, 0 or more.

        Raises:
            InvalidValue: something that is neither a condition nor a query; or as `has`.
            InvalidQuery: a query of another model, or one that says more than which rows it means; or as `has`.
        """
        return self.where(self._compared("where_has", relation, conditions, operator, count))

    def or_where_has(
        self,
        relation: LeadsTo[N],
        *conditions: Predicate | Query[N],
        operator: Operator = ">=",
        count: int = 1,
    ) -> Self:
        """Keep also the rows with such related rows: as `or_where`, with the condition of `where_has`."""
        return self.or_where(self._compared("or_where_has", relation, conditions, operator, count))

    def where_doesnt_have(self, relation: LeadsTo[N], *conditions: Predicate | Query[N]) -> Self:
        """Keep the rows without related rows that something is true of; see `where_has`."""
        return self.where(self._lacking("where_doesnt_have", relation, conditions))

    def or_where_doesnt_have(self, relation: LeadsTo[N], *conditions: Predicate | Query[N]) -> Self:
        """Keep also the rows without such related rows: as `or_where`, with the condition of `where_doesnt_have`."""
        return self.or_where(self._lacking("or_where_doesnt_have", relation, conditions))

    def where_relation(self, relation: LeadsTo[N], *conditions: Predicate | Query[N]) -> Self:
        """Keep the rows with a related row that something is true of: `where_has` without numbers."""
        return self.where(self._compared("where_relation", relation, conditions, ">=", 1))

    # --- what rows point to ---

    def where_belongs_to(self, related: Model | Sequence[Model], relation: Relation[object] | None = None, /) -> Self:
        """Keep the rows that belong to an object, or to one of several.

        Args:
            related: a saved object, or several of one model; none of them keeps no row.
            relation: the belongs_to that is meant; needed where several lead to the object's model.

        Raises:
            InvalidQuery: no belongs_to, or more than one, leads to the object's model.
            InvalidValue: no object of the model that the relation leads to.
            NotSaved: an object without a row.
        """
        given: object = related
        is_several = isinstance(given, Sequence) and not isinstance(given, str | bytes)
        objects = list(cast("Sequence[Model]", related) if is_several else (cast("Model", related),))
        if relation is None:
            if not objects:
                raise InvalidQuery(
                    "where_belongs_to() of no objects, which do not say of which model they would be",
                    "name the relation: where_belongs_to([], Post.author)",
                )
            relation = self._relation_to(objects[0])
        found = self._known("where_belongs_to", relation)
        if not objects:
            return self.where(Truth(False))
        either = [points_to(found, item, "where_belongs_to()") for item in objects]
        return self.where(either[0] if len(either) == 1 else AnyOf(either))

    def where_morphed_to(self, relation: LeadsTo[N], other: N | type[N], /) -> Self:
        """Keep the rows whose morph_to leads to an object, or to any object of a model.

        Raises:
            InvalidValue: no object or model that it leads to.
            NotSaved: the object has no row.
            InvalidQuery: another kind of relation.
        """
        return self.where(self._morphed("where_morphed_to", relation, other, negated=False))

    def where_not_morphed_to(self, relation: LeadsTo[N], other: N | type[N], /) -> Self:
        """Keep the rows whose morph_to leads to another object, or to one of another model, or nowhere."""
        return self.where(self._morphed("where_not_morphed_to", relation, other, negated=True))

    @overload
    def where_has_morph(self, relation: LeadsTo[N], member: type[N], /, *conditions: Predicate) -> Self: ...
    @overload
    def where_has_morph(self, relation: LeadsTo[N], /, *members: type[N] | Query[N]) -> Self: ...
    @overload
    def where_has_morph(self, relation: LeadsTo[N], members: Literal["all"] | Iterable[type[N]], /) -> Self: ...
    def where_has_morph(self, relation: LeadsTo[Any], /, *given: object) -> Self:
        """Keep the rows whose morph_to leads to a row of chosen models.

        All of them: `where_has_morph(Comment.commentable, "all")`. One, of which something is true:
        `where_has_morph(Comment.commentable, Post, Post.views > 100)`. Several, each by a query that says which rows are
        meant: `where_has_morph(Comment.commentable, Post.query().published(), Video.query())`.

        Args:
            relation: the morph_to.
            given: models, or queries of them; or "all"; or one model, and conditions on its rows.

        Raises:
            InvalidValue: a model that it does not lead to.
            InvalidQuery: no models, conditions beside several of them, or another kind of relation.
        """
        found = self._known("where_has_morph", relation)
        conditions = [item for item in given if isinstance(item, Predicate)]
        members = [item for item in given if not isinstance(item, Predicate)]
        return self.where(any_member(found, members, conditions, f"where_has_morph({found._name})"))

    # --- amounts on the objects ---

    def with_count(self, relation: LeadsTo[N], *conditions: Predicate | Query[N], name: str | None = None) -> Self:
        """Read the number of related rows along: `user.count_of(User.posts)`.

        Args:
            relation: a relation of the model, or a path of several.
            conditions: those that count: conditions on the related rows, or one query for them.
            name: what it is read by instead of the relation, where several of one relation are read:
                `user.count_of("drafts")`.

        Raises:
            InvalidQuery: a relation of another model, or one that is counted already under this name; or as `where_has`.
            InvalidValue: as `where_has`.
        """
        found = self._own("with_count", relation)
        expression = found.count(*cast("tuple[Predicate, ...]", conditions))
        return self._with_amount("count", found, None, name, expression)

    def with_exists(self, relation: LeadsTo[N], *conditions: Predicate | Query[N], name: str | None = None) -> Self:
        """Read along whether there are related rows: `user.exists_of(User.posts)`; see `with_count`."""
        found = self._own("with_exists", relation)
        expression = found.exists(*cast("tuple[Predicate, ...]", conditions))
        return self._with_amount("exists", found, None, name, expression)

    def with_sum(
        self,
        relation: LeadsTo[N],
        column: Summable[object],
        *conditions: Predicate | Query[N],
        name: str | None = None,
    ) -> Self:
        """Read the sum of a column over the related rows along: `user.sum_of(User.posts, Post.views)`; see `with_count`."""
        return self._with_aggregate("sum", relation, column, conditions, name)

    def with_avg(
        self,
        relation: LeadsTo[N],
        column: Fractional[Any] | Integral[Any] | Approximate[Any],
        *conditions: Predicate | Query[N],
        name: str | None = None,
    ) -> Self:
        """Read the mean of a column over the related rows along: `user.avg_of(User.posts, Post.views)`; see `with_count`."""
        return self._with_aggregate("avg", relation, column, conditions, name)

    def with_min(
        self,
        relation: LeadsTo[N],
        column: Sortable[object],
        *conditions: Predicate | Query[N],
        name: str | None = None,
    ) -> Self:
        """Read the least value of a column along: `user.min_of(User.posts, Post.created_at)`; see `with_count`."""
        return self._with_aggregate("min", relation, column, conditions, name)

    def with_max(
        self,
        relation: LeadsTo[N],
        column: Sortable[object],
        *conditions: Predicate | Query[N],
        name: str | None = None,
    ) -> Self:
        """Read the greatest value of a column along: `user.max_of(User.posts, Post.created_at)`; see `with_count`."""
        return self._with_aggregate("max", relation, column, conditions, name)

    # --- how ---

    def _known(self, method: str, relation: object) -> Relation[Any]:
        """A relation of a table of the query.

        Raises:
            InvalidValue: no relation.
            InvalidQuery: it starts elsewhere.
        """
        if not isinstance(relation, Relation):
            raise InvalidValue(f"{method}()", "a relation such as User.posts", type(relation).__name__)
        found = cast("Relation[object]", relation)  # pyright knows no parameter of an instance
        first = found._path[0]
        if first._definition.database is not self._definition.database:
            raise InvalidQuery(
                f"{method}({found._name}) is a relation of another package", f"name one of {self._definition.name}"
            )
        start = first._begins
        if start not in self._statement.tables:
            raise InvalidQuery(
                f"{method}({found._name}) starts at {start}, which is no part of the query",
                f"name a relation of {self._definition.name}, or join {start} first",
            )
        return found

    def _own(self, method: str, relation: object) -> Relation[Any]:
        """A relation of the objects that the query gives.

        Raises:
            InvalidValue: no relation.
            InvalidQuery: it is one of other objects, or the query is combined of several.
        """
        self._check_single(f"{method}()")
        found = self._known(method, relation)
        if found._path[0]._begins != self._statement.table:
            raise InvalidQuery(
                f"{method}({found._name}) of a joined table, whose rows are no objects of the query",
                f"name a relation of {self._definition.name}, or select() it: {found._name}.count()",
            )
        return found

    def _compared(
        self, method: str, relation: object, conditions: Sequence[object], operator: str, count: int
    ) -> Predicate:
        found = self._known(method, relation)
        return compared(found, conditions, operator, count, f"{method}({found._name})")

    def _lacking(self, method: str, relation: object, conditions: Sequence[object]) -> Predicate:
        return ~self._compared(method, relation, conditions, ">=", 1)

    def _morphed(self, method: str, relation: object, other: object, *, negated: bool) -> Predicate:
        found = self._known(method, relation)
        if found._relation.kind is not RelationKind.MORPH_TO:
            raise InvalidQuery(
                f"{method}({found._name}) of a {found._relation.kind}, which leads to one model only",
                f"where({found._name}.is_(...)), or where_has({found._name}, ...)",
            )
        if isinstance(other, type):
            return is_of(found, (cast("object", other),), f"{method}()", negated=negated)
        return points_to(found, other, f"{method}()", negated=negated)

    def _relation_to(self, related: object) -> Relation[Any]:
        """The one belongs_to that leads to an object's model.

        Raises:
            InvalidQuery: there is none, or more than one.
        """
        definition = self._definition
        target: str = getattr(getattr(type(related), "_definition", None), "name", type(related).__name__)
        kept = [item for item in definition.model.relations if item.kind is RelationKind.BELONGS_TO]
        found = [item for item in kept if item.target == target]
        if len(found) == 1:
            source = self._statement.table
            return Relation[Any]._make(definition, found[0], None if source == definition.model.table.name else source)
        names = " and ".join(f"{definition.name}.{item.name}" for item in found)
        if found:
            raise InvalidQuery(
                f"where_belongs_to(): both {names} lead to {target}",
                f"say which: where_belongs_to(..., {definition.name}.{found[0].name})",
            )
        raise InvalidQuery(
            f"where_belongs_to(): no belongs_to of {definition.name} leads to {target}",
            f"pass an object of {' or '.join(dict.fromkeys(str(item.target) for item in kept)) or 'another query'}",
        )

    def _with_aggregate(
        self, function: str, relation: object, column: object, conditions: Sequence[object], name: str | None
    ) -> Self:
        found = self._own(f"with_{function}", relation)
        expression = aggregated(found, function, column, conditions)
        field = column.field if isinstance(column, Column) else None
        if field is None and name is None:
            raise InvalidQuery(
                f"with_{function}({found._name}) of a calculation", 'give it a name to be read by: name="..."'
            )
        return self._with_amount(function, found, field, name, expression)

    def _with_amount(
        self, function: str, relation: Relation[Any], field: str | None, name: str | None, expression: Expression[Any]
    ) -> Self:
        if name is not None:
            checked_name(name, f"with_{function}(name=...)")
        amount = Amount(function, ".".join(item._relation.name for item in relation._path), field, name, expression)
        for known in self._amounts:
            if known.key == amount.key or (name is not None and known.name == name):
                called = f'an amount called "{name}"' if name is not None else f"the {function} of {relation._name}"
                raise InvalidQuery(f"with_{function}(): {called} is asked for already", 'give it a name: name="..."')
        made = self._copy()
        made._amounts += (amount,)
        return made

    def _combined(self, operator: str, others: Sequence[QueryBuilder]) -> Self:
        for other in others:
            if getattr(other, "_includes", ()):
                raise InvalidQuery(
                    f"{operator.lower()} with a query that includes relations, which counts for all rows",
                    "include behind it, or in the first query",
                )
        for query in (self, *others):
            if getattr(query, "_amounts", ()):
                raise InvalidQuery(
                    f"{operator.lower()} of queries with with_count() and its like", "select() the same of each"
                )
            if getattr(query, "_between", None) is not None:
                raise InvalidQuery(
                    f"{operator.lower()} of queries that read rows of a table between", "select() the same of each"
                )
        return super()._combined(operator, others)
