"""attach, detach, toggle and sync: relations with a table between that has no model."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from generated import Post, Role, Tag, User, db
from isomorph.errors import (
    ForeignKeyViolation,
    InvalidValue,
    NotSaved,
    RelationNotLoaded,
    UniqueViolation,
    UnknownField,
)
from isomorph.orm.related import Synced
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent, make_post, make_user
from tests.support.untyped import untyped

pytestmark = pytest.mark.feature("relations.attach")

AT = datetime(2026, 5, 1, 12)  # noqa: DTZ001 - a local time


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


def _roles(user: User) -> dict[str, datetime | None]:
    return {role.name: role.pivot.assigned_at for role in user.related.roles.get()}


def _role(name: str) -> Role:
    return Role.query().where(Role.name == name).first_or_fail()


def test_attach_by_object_and_by_key(world: Related, sent: Sent) -> None:
    admin, editor, idle = _role("admin"), _role("editor"), _role("idle")
    sent.clear()

    world.dan.related.roles.attach(admin)
    assert len(sent) == 1
    world.dan.related.roles.attach(editor.id, {"assigned_at": AT})
    assert _roles(world.dan) == {"admin": None, "editor": AT}
    world.cyd.related.roles.attach([admin, editor.id, idle, admin.id], {"assigned_at": AT})
    assert _roles(world.cyd) == {"admin": AT, "editor": AT, "idle": AT}
    world.bob.related.roles.attach({idle.id: {"assigned_at": AT}, admin.id: {}})
    assert _roles(world.bob) == {"admin": None, "editor": None, "idle": AT}


def test_attach_of_many_is_one_statement(world: Related, sent: Sent) -> None:
    roles = Role.insert_many([{"name": f"r{number}"} for number in range(100)])
    sent.clear()

    world.dan.related.roles.attach(roles)
    assert len(sent) == 1
    assert world.dan.related.roles.count() == 100
    sent.clear()
    assert world.dan.related.roles.detach(role.id for role in roles) == 100
    assert len(sent) == 1
    world.dan.related.roles.attach([])
    world.dan.related.roles.attach({})
    assert world.dan.related.roles.detach([]) == 0
    assert len(sent) == 1


def test_values_of_the_mapping_count_more(world: Related) -> None:
    admin, idle = _role("admin"), _role("idle")
    world.dan.related.roles.attach({admin.id: {"assigned_at": None}, idle.id: {}}, {"assigned_at": AT})

    assert _roles(world.dan) == {"admin": None, "idle": AT}


def test_what_is_attached_already_is_refused(world: Related) -> None:
    idle, editor = _role("idle"), _role("editor")
    with pytest.raises(UniqueViolation) as caught:
        world.ada.related.roles.attach([idle, editor])
    assert caught.value.relation == "User.roles"
    assert caught.value.table == "role_user"
    assert set(_roles(world.ada)) == {"admin", "editor"}
    with db.transaction():
        with pytest.raises(UniqueViolation):
            world.ada.related.roles.attach([idle, editor])
        world.ada.related.roles.attach(idle)
    assert set(_roles(world.ada)) == {"admin", "editor", "idle"}


def test_a_key_that_does_not_exist(world: Related) -> None:
    idle = _role("idle")
    for attach in (world.ada.related.roles.attach, world.ada.related.roles.sync):
        with pytest.raises(ForeignKeyViolation, match=r"User\.roles") as caught:
            attach([idle.id, 999_999])
        assert caught.value.relation == "User.roles"
        assert set(_roles(world.ada)) == {"admin", "editor"}
    tag = Tag.query().where(Tag.name == "unused").first_or_fail()
    with pytest.raises(ForeignKeyViolation, match=r"Tag\.posts"):
        tag.related.posts.attach([world.notes.id, 999_999])  # no key of the database guards this one
    assert tag.related.posts.count() == 0


def test_detach(world: Related, sent: Sent) -> None:
    admin = _role("admin")
    sent.clear()
    assert world.ada.related.roles.detach(admin) == 1
    assert world.ada.related.roles.detach(admin.id) == 0
    assert len(sent) == 2
    assert set(_roles(world.ada)) == {"editor"}
    assert set(_roles(world.bob)) == {"editor"}
    world.ada.related.roles.attach(admin)
    sent.clear()
    assert world.ada.related.roles.detach() == 2
    assert len(sent) == 1
    assert (_roles(world.ada), set(_roles(world.bob))) == ({}, {"editor"})
    with pytest.raises(InvalidValue, match="got None"):  # a variable that happens to be None
        untyped(world.bob.related.roles).detach(None)
    assert world.bob.related.roles.count() == 1


def test_toggle(world: Related, sent: Sent) -> None:
    admin, editor, idle = (_role(name).id for name in ("admin", "editor", "idle"))
    sent.clear()

    assert world.ada.related.roles.toggle([admin, idle]) == Synced((idle,), (admin,))
    assert len(sent) == 3
    assert set(_roles(world.ada)) == {"editor", "idle"}
    assert world.ada.related.roles.toggle({admin: {"assigned_at": AT}, editor: {}}) == Synced((admin,), (editor,))
    assert _roles(world.ada) == {"admin": AT, "idle": None}
    assert world.ada.related.roles.toggle([]) == Synced()


@pytest.mark.feature("relations.pivot_rows")
def test_update_existing_pivot(world: Related, sent: Sent) -> None:
    admin, idle = _role("admin"), _role("idle")
    sent.clear()

    assert world.ada.related.roles.update_existing_pivot(admin, {"assigned_at": AT}) == 1
    assert world.ada.related.roles.update_existing_pivot(idle.id, {"assigned_at": AT}) == 0
    assert len(sent) == 2
    assert _roles(world.ada) == {"admin": AT, "editor": None}


@pytest.mark.feature("relations.sync")
def test_sync(world: Related, sent: Sent) -> None:
    admin, editor, idle = (_role(name).id for name in ("admin", "editor", "idle"))
    sent.clear()

    assert world.ada.related.roles.sync([editor, idle]) == Synced((idle,), (admin,))
    assert len(sent) == 3
    assert set(_roles(world.ada)) == {"editor", "idle"}
    sent.clear()
    assert world.ada.related.roles.sync([idle, editor]) == Synced()
    assert len(sent) == 1
    found = world.ada.related.roles.sync({editor: {"assigned_at": AT}, admin: {"assigned_at": AT}})
    assert found == Synced((admin,), (idle,), (editor,))
    assert _roles(world.ada) == {"admin": AT, "editor": AT}
    assert world.ada.related.roles.sync({editor: {"assigned_at": AT}, admin: {}}) == Synced()
    assert world.ada.related.roles.sync([]) == Synced((), (admin, editor))
    assert set(_roles(world.bob)) == {"editor"}


@pytest.mark.feature("relations.sync")
def test_sync_takes_few_statements_whatever_the_number(world: Related, sent: Sent) -> None:
    roles = Role.insert_many([{"name": f"r{number}"} for number in range(60)])
    world.dan.related.roles.attach(roles[:40])
    sent.clear()

    days = {role.id: {"assigned_at": AT + timedelta(days=1 + number % 28)} for number, role in enumerate(roles[20:])}
    values: Any = days
    found = world.dan.related.roles.sync(values)
    assert [len(found.attached), len(found.detached), len(found.updated)] == [20, 20, 20]
    assert len(sent) == 4
    assert world.dan.related.roles.count() == 40
    sent.clear()
    assert len(world.dan.related.roles.sync_with_pivot_values(roles[20:], {"assigned_at": AT}).updated) == 40
    assert len(sent) == 2


@pytest.mark.feature("relations.sync")
def test_sync_without_detaching_and_with_values(world: Related) -> None:
    admin, editor, idle = (_role(name).id for name in ("admin", "editor", "idle"))

    assert world.ada.related.roles.sync_without_detaching([editor, idle]) == Synced((idle,))
    assert set(_roles(world.ada)) == {"admin", "editor", "idle"}
    found = world.ada.related.roles.sync_with_pivot_values([admin, idle], {"assigned_at": AT})
    assert found == Synced((), (editor,), (admin, idle))
    assert _roles(world.ada) == {"admin": AT, "idle": AT}


@pytest.mark.feature("relations.sync", "relations.bad_writes")
def test_sync_with_something_twice(world: Related) -> None:
    admin = _role("admin")
    values: Any = {admin: {"assigned_at": AT}, admin.id: {"assigned_at": None}}

    world.ada.related.roles.sync([admin, admin.id, admin])
    assert set(_roles(world.ada)) == {"admin"}
    with pytest.raises(InvalidValue, match=r"one set of values for each Role"):
        world.ada.related.roles.sync(values)
    assert set(_roles(world.ada)) == {"admin"}


@pytest.mark.feature("relations.bad_writes")
def test_what_cannot_be_attached(world: Related, sent: Sent) -> None:
    new = User(name="Eve", email="e@x.y", password="x")
    role = Role(name="new")
    wrong: Any
    for wrong in (world.notes, None, "admin", 1.5, [1, None], [[1]], (1, "x"), {1: None}, {"x": None}):
        for write in (world.ada.related.roles.attach, world.ada.related.roles.toggle, world.ada.related.roles.sync):
            with pytest.raises(InvalidValue, match=r"User\.related\.roles\."):
                write(wrong)
    with pytest.raises(NotSaved, match="this Role has no row"):
        world.ada.related.roles.attach([1, role])
    with pytest.raises(NotSaved, match=r"User\.related\.roles\.attach"):
        new.related.roles.attach(1)
    with pytest.raises(NotSaved):
        new.related.roles.detach()
    with pytest.raises(UnknownField, match=r'User\.roles\.pivot has no field "asigned_at".*assigned_at'):
        untyped(world.ada.related.roles).attach(1, {"asigned_at": AT})
    with pytest.raises(UnknownField, match="user_id"):
        untyped(world.ada.related.roles).attach(1, {"user_id": 2})
    with pytest.raises(InvalidValue, match="assigned_at"):
        untyped(world.ada.related.roles).update_existing_pivot(1, {"assigned_at": "now"})
    with pytest.raises(InvalidValue, match="several of them"):
        untyped(world.ada.related.roles).sync(1)
    assert len(sent) == 0


def test_a_self_relation(world: Related) -> None:
    world.dan.related.following.attach([world.ada, world.bob.id])

    assert sorted(user.name for user in world.dan.related.following.get()) == ["Ada", "Bob"]
    assert [user.name for user in world.dan.related.followers.get()] == []
    assert sorted(user.name for user in world.ada.related.followers.get()) == ["Bob", "Cyd", "Dan"]
    assert world.ada.related.followers.detach(world.dan) == 1
    assert [user.name for user in world.dan.related.following.get()] == ["Bob"]
    assert world.dan.related.following.sync([world.dan]) == Synced((world.dan.id,), (world.bob.id,))


def test_polymorphic_tables_between(world: Related, sent: Sent) -> None:
    unused, new = (Tag.query().where(Tag.name == name).first_or_fail() for name in ("unused", "new"))
    sent.clear()

    assert world.notes.related.tags.sync([unused]) == Synced((unused.id,), (new.id,))
    assert [tag.name for tag in world.clip.related.tags.get()] == ["new"]  # of another model, with the same key
    unused.related.posts.attach([world.essay, world.draft.id])
    assert unused.related.posts.count() == 3
    assert unused.related.videos.count() == 0
    unused.related.videos.attach(world.clip)
    assert unused.related.posts.detach() == 3
    assert unused.related.videos.count() == 1
    assert world.clip.related.tags.toggle([new, unused]) == Synced((), (new.id, unused.id))


def test_what_was_loaded_is_forgotten(world: Related) -> None:
    ada = User.query().where(User.name == "Ada").include(User.roles).include(User.posts).first_or_fail()
    ada.related.roles.detach()

    with pytest.raises(RelationNotLoaded):
        _ = ada.roles
    assert len(ada.posts) == 2


@pytest.mark.feature("relations.create", "relations.pivot_rows")
def test_create_and_save(world: Related, sent: Sent) -> None:
    made = world.dan.related.roles.create({"assigned_at": AT}, name="chief")
    assert len(sent) == 3  # the role, the row between, and what the database made of that
    assert (made.pivot.assigned_at, made.pivot.role_id, made.pivot.user_id) == (AT, made.id, world.dan.id)
    sent.clear()
    several = world.dan.related.roles.create_many([{"name": f"r{number}"} for number in range(20)])
    assert {role.pivot.assigned_at for role in several} == {None}
    assert sum("INSERT" in text for text in sent.texts) == 2
    assert world.dan.related.roles.count() == 21
    role = Role(name="saved")
    saved = world.dan.related.roles.save(role, {"assigned_at": AT})
    assert (saved, saved.pivot.assigned_at) == (role, AT)
    idle = _role("idle")
    idle.level = 3
    world.dan.related.roles.save_many([idle, Role(name="other")])
    assert Role.find_or_fail(idle.id).level == 3
    assert world.dan.related.roles.count() == 24
    tag = world.essay.related.tags.create(name="fresh")
    assert [item.name for item in world.essay.related.tags.get()] == [tag.name]


@pytest.mark.feature("relations.create", "relations.bad_writes")
def test_a_failed_create_leaves_nothing(world: Related, sent: Sent) -> None:
    admin = _role("admin")
    with pytest.raises(UniqueViolation):
        world.ada.related.roles.create(name="idle")  # there is one
    role = Role(name="new")
    with pytest.raises(UniqueViolation, match=r"User\.roles"):
        world.ada.related.roles.save_many([role, admin])  # attached already
    assert not role.exists
    assert Role.query().where(Role.name == "new").count() == 0
    sent.clear()
    with pytest.raises(UnknownField):
        untyped(world.ada.related.roles).create({"at": AT}, name="x")
    with pytest.raises(InvalidValue, match="expected a Role, got User"):
        untyped(world.ada.related.roles).save(world.bob)
    assert len(sent) == 0


@pytest.mark.feature("relations.first_or_create")
def test_first_or_create_attaches_what_it_finds(world: Related, sent: Sent) -> None:
    roles = world.dan.related.roles

    idle = roles.first_or_create({"name": "idle"}, None, {"assigned_at": AT})
    assert (idle, idle.pivot.assigned_at) == (_role("idle"), AT)
    sent.clear()
    assert roles.first_or_create({"name": "idle"}).pivot.assigned_at == AT
    assert len(sent) == 1
    made = roles.first_or_create({"name": "made"}, {"level": 4})
    assert (made.level, made.pivot.assigned_at) == (4, None)
    changed = roles.update_or_create({"name": "idle"}, {"level": 7}, {"assigned_at": None})
    assert (changed.level, changed.pivot.assigned_at) == (7, None)
    assert (_role("idle").level, _roles(world.dan)["idle"]) == (7, None)
    assert roles.update_or_create({"name": "admin"}, {"level": 8}).pivot.user_id == world.dan.id
    assert _role("admin").level == 8
    assert world.dan.related.roles.count() == 3


@pytest.mark.feature("relations.create")
def test_delete_removes_the_objects_themselves(world: Related, sent: Sent) -> None:
    assert world.ada.related.following.where(User.name == "Nobody").delete() == 0
    sent.clear()
    tags = world.notes.related.tags
    assert tags.delete() == 1
    assert len(sent) == 1
    assert sorted(tag.name for tag in Tag.all()) == ["unused"]
    assert not world.clip.related.tags.exists()


def test_many_parents_do_not_mix(showcase: str) -> None:
    one, other = make_user("Ada"), make_user("Bob")
    role = Role.create(name="r")
    one.related.roles.attach(role)
    other.related.roles.attach(role)
    post = make_post(one)
    post.related.tags.create(name="t")

    assert one.related.roles.detach() == 1
    assert other.related.roles.count() == 1
    assert Post.query().has(Post.tags).count() == 1
