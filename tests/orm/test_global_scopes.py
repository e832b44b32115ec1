"""Global scopes: conditions of every query of a model, and where they hold; scopes that models share."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, UniqueViolation
from tests.codegen.projects import golden_package
from tests.support.showcase import Sent, Tables, recording, tables_of

pytestmark = pytest.mark.feature("queries.global_scopes")


@pytest.fixture(scope="module")
def shared() -> Any:
    return golden_package("shared")


@pytest.fixture(scope="module")
def shared_tables(shared: Any, module_database_url: str) -> Iterator[Tables]:
    with tables_of(shared.db, module_database_url) as tables:
        yield tables


@pytest.fixture
def data(shared: Any, shared_tables: Tables, dialect: str) -> Any:
    """The package with two pages, three notes (one a draft, one on the archived page) and a remark about each note."""
    shared_tables.empty()
    current = shared.Page.create(title="current")
    archived = shared.Page.create(title="archived", archived=True)
    for title, rank, published, page in (
        ("shown", 3, True, current),
        ("draft", 2, False, current),
        ("old", 1, True, archived),
    ):
        note = shared.Note.create(title=title, rank=rank, published=published, page_id=page.id, owner=rank)
        shared.Remark.create(text=f"on {title}", note_id=note.id, about=note)
    return shared


@pytest.fixture
def sent(data: Any) -> Iterator[Sent]:
    with recording(data.db.connection()) as found:
        yield found


def _titles(rows: Any) -> list[str]:
    return sorted(row.title for row in rows)


def _id_of(data: Any, title: str) -> int:
    note: Any = data.Note.query().without_scopes().where(data.Note.title == title).first_or_fail()
    return int(note.id)


# --- what they hold for ------------------------------------------------------------------------------------------------


def test_every_query_has_them(data: Any, sent: Sent) -> None:
    notes = data.Note.query()
    assert _titles(notes.get()) == _titles(data.Note.all()) == ["old", "shown"]
    assert notes.count() == 2
    assert notes.where(data.Note.title == "draft").exists() is False
    assert notes.sum(data.Note.rank) == 4
    assert notes.order_by(data.Note.rank).pluck(data.Note.title) == ["old", "shown"]
    assert all('"published" = ?' in text and '"rank" >= ?' in text for text in sent.texts)


def test_the_statement_has_each_once_though_the_scope_is_called_too(data: Any, dialect: str) -> None:
    sql, _ = data.Note.query().published().to_sql()
    assert sql.count("published") == 2  # the select list, and one condition


def test_finding_by_key_goes_through_them(data: Any) -> None:
    draft, shown = _id_of(data, "draft"), _id_of(data, "shown")
    assert data.Note.find(draft) is None
    assert data.Note.find(shown).title == "shown"
    assert _titles(data.Note.find_many([draft, shown])) == ["shown"]


def test_finding_by_key_is_the_static_statement_where_a_model_has_none(data: Any, sent: Sent) -> None:
    remark = data.Remark.query().first()
    sent.clear()
    assert data.Remark.find(remark.id) == remark
    statement = data.Remark._definition.statements[data.db.connection().dialect.name].find
    assert [text for text, _ in sent.statements] == [statement]


def test_writing_by_query_touches_only_what_they_let_through(data: Any, dialect: str) -> None:
    assert data.Note.query().update(all_rows=True, rank=7) == 2
    assert data.Note.query().increment(data.Note.rank, 1, all_rows=True) == 2
    left = data.Note.query().without_scopes().order_by(data.Note.title).pluck(data.Note.rank)
    assert left == [2, 8, 8]
    with pytest.raises(InvalidQuery, match="without a condition would touch every row"):
        data.Note.query().delete()
    data.Remark.query().delete(all_rows=True)
    assert data.Note.query().delete(all_rows=True) == 2
    assert _titles(data.Note.query().without_scopes().get()) == ["draft"]


def test_an_object_is_saved_refreshed_and_deleted_by_key_whatever_hides_it(data: Any, dialect: str) -> None:
    draft = data.Note.query().without_scopes().where(data.Note.title == "draft").first()
    draft.update(rank=9)
    assert draft.refresh().rank == 9
    data.Remark.query().delete(all_rows=True)
    assert draft.delete()


def test_included_relations_have_those_of_their_model(data: Any, dialect: str) -> None:
    pages = data.Page.query().include(data.Page.notes).get()
    assert [_titles(page.notes) for page in pages] == [["shown"]]
    everything = data.Note.query().without_scopes()
    (page,) = data.Page.query().include(data.Page.notes, everything).get()
    assert _titles(page.notes) == ["draft", "shown"]


def test_a_hidden_row_is_none_where_a_key_points_to_it(data: Any, dialect: str) -> None:
    notes = data.Note.query().include(data.Note.page).order_by(data.Note.title).get()
    assert [note.page and note.page.title for note in notes] == [None, "current"]
    remarks = data.Remark.query().include(data.Remark.about).order_by(data.Remark.text).get()
    assert [remark.about and remark.about.title for remark in remarks] == [None, "old", "shown"]


def test_a_relation_does_not_lead_through_a_hidden_row(data: Any, dialect: str) -> None:
    (page,) = data.Page.query().include(data.Page.remarks).get()
    assert [remark.text for remark in page.remarks] == ["on shown"]


def test_a_join_along_a_relation_has_those_of_the_joined_model(data: Any, dialect: str) -> None:
    joined = data.Remark.query().join(data.Remark.note).order_by(data.Remark.text)
    assert joined.pluck(data.Remark.text) == ["on old", "on shown"]
    both = data.Remark.query().left_join(data.Remark.note).order_by(data.Remark.text)
    assert both.select(data.Remark.text, data.Note.title.optional()).get() == [
        ("on draft", None),
        ("on old", "old"),
        ("on shown", "shown"),
    ]
    assert data.Remark.query().join(data.Note, on=data.Remark.note_id == data.Note.id).count() == 3


def test_an_alias_has_those_of_its_model_under_its_own_name(data: Any, dialect: str) -> None:
    other = data.Note.alias("other")
    assert sorted(other.query().pluck(other.title)) == ["old", "shown"]
    assert sorted(other.query().without_scope("published").pluck(other.title)) == ["draft", "old", "shown"]
    joined = data.Remark.query().left_join(data.Remark.note, other).order_by(data.Remark.text)
    assert joined.select(other.title.optional()).get() == [(None,), ("old",), ("shown",)]


def test_a_union_and_a_sub_query_keep_those_of_their_parts(data: Any, dialect: str) -> None:
    high, low = data.Note.query().where(data.Note.rank >= 3), data.Note.query().where(data.Note.rank < 3)
    assert _titles(high.union(low).get()) == ["old", "shown"]
    assert data.Remark.query().where(data.Remark.note_id.in_(data.Note.query().select(data.Note.id))).count() == 2


def test_what_may_exist_already_is_looked_for_through_them(data: Any, dialect: str) -> None:
    found = data.Note.first_or_create({"title": "shown"})
    assert found.rank == 3
    draft = _id_of(data, "draft")
    match = {"id": draft, "title": "draft", "rank": 2, "owner": 2, "page_id": found.page_id}
    with pytest.raises(UniqueViolation):  # it is there, but nobody may see it
        data.Note.first_or_create(match)


# --- taking them out ---------------------------------------------------------------------------------------------------


def test_they_are_taken_out_by_name_or_all_at_once(data: Any, dialect: str) -> None:
    assert _titles(data.Note.query().without_scope("published").get()) == ["draft", "old", "shown"]
    assert _titles(data.Note.query().without_scope("owned").get()) == ["old", "shown"]
    assert _titles(data.Note.query().without_scope("owned", "published").get()) == ["draft", "old", "shown"]
    assert "WHERE" not in data.Note.query().without_scopes().to_sql()[0]
    assert _titles(data.Note.query().without_scopes().published().get()) == ["old", "shown"]


def test_only_a_global_scope_of_the_model_can_be_taken_out(data: Any, dialect: str) -> None:
    for name in ("ranked", "publisched"):
        with pytest.raises(InvalidQuery, match=r"^Note has no such global scope \("):
            data.Note.query().without_scope(name)


def test_an_or_does_not_reach_behind_them(data: Any, dialect: str) -> None:
    query = data.Note.query().where(data.Note.rank == 3).or_where(data.Note.title == "draft")
    assert _titles(query.get()) == ["shown"]
    assert _titles(query.without_scope("published").get()) == ["draft", "shown"]


# --- those of a behaviour ----------------------------------------------------------------------------------------------


def test_a_method_is_asked_when_the_statement_is_written(data: Any, dialect: str) -> None:
    owner: Any = import_module("desk.scopes").owner  # imported by the golden package
    kept = data.Note.query()
    assert _titles(kept.get()) == ["old", "shown"]
    token = owner.set(3)
    try:
        assert _titles(kept.get()) == ["shown"]
        assert _titles(kept.without_scope("owned").get()) == ["old", "shown"]
    finally:
        owner.reset(token)
    assert _titles(kept.get()) == ["old", "shown"]


WRONG: dict[str, Callable[[Any, Any], Any]] = {
    "limited": lambda data, query: query.limit(1),
    "ordered": lambda data, query: query.order_by(data.Note.id),
    "elsewhere": lambda data, query: query.on("default"),
    "including": lambda data, query: query.include(data.Note.page),
    "joined": lambda data, query: query.join(data.Note.page),
    "columns": lambda data, query: query.select(data.Note.id),
    "forgotten return": lambda data, query: None,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_method_that_does_more_than_narrow_is_refused(
    data: Any, dialect: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def owned(query: Any) -> Any:
        return wrong(data, query)

    monkeypatch.setattr(data.NoteQuery, "owned", owned)
    with pytest.raises(InvalidQuery, match=r"^the global scope owned of Note does more than narrow a query"):
        data.Note.query().get()


# --- parameters, and what models share -----------------------------------------------------------------------------------


def test_a_global_scope_uses_its_defaults_and_may_be_called_with_others(data: Any, dialect: str) -> None:
    assert _titles(data.Page.query().get()) == ["current"]
    assert _titles(data.Page.query().without_scope("current").current(archived=True).get()) == ["archived"]


@pytest.mark.feature("queries.macros")
def test_a_macro_is_a_method_of_every_model_that_it_fits(data: Any, dialect: str) -> None:
    assert _titles(data.Note.query().ranking(2).get()) == ["shown"]
    assert _titles(data.Note.query().titled("old").get()) == ["old"]
    assert _titles(data.Page.query().titled("current").few().get()) == ["current"]
    assert data.Remark.query().few().count() == 2
    assert not hasattr(data.PageQuery, "ranking")
    assert not hasattr(data.RemarkQuery, "titled")


@pytest.mark.feature("queries.macros")
def test_a_mixin_brings_its_scopes(data: Any, dialect: str) -> None:
    assert [note.title for note in data.Note.query().ranked().get()] == ["shown", "old"]
    assert not hasattr(data.PageQuery, "ranked")
