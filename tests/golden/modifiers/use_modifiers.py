"""What type checkers see, and what they refuse: an ignore without need is an error."""

# pyright: reportUnnecessaryTypeIgnoreComment=error

from decimal import Decimal
from typing import assert_type
from uuid import UUID

from isomorph.generated import StringColumn

from golden_modifiers import Account, Line, Tag


def read(account: Account, line: Line, tag: Tag) -> None:
    assert_type(account.full_name, str)
    assert_type(account.birth_year, int | None)
    assert_type(account.version, int)
    assert_type(account.email, str)
    assert_type(account.password_hash, str | None)
    assert_type(account.initials(), str)
    assert_type(line.total, Decimal)
    assert_type(line.label, str | None)
    assert_type(line.revision, int)
    assert_type(tag.slug, str)
    assert_type(tag.id, UUID)


def columns() -> None:
    assert_type(Tag.name, StringColumn)
    found = Account.query().where(Account.full_name == "Ada", Account.version > 1, Account.birth_year.is_null())
    assert_type(found.pluck(Account.full_name), list[str])
    assert_type(found.pluck(Account.birth_year), list[int | None])
    assert_type(Line.query().order_by(Line.total.desc()).sum(Line.total), Decimal | None)
    assert_type(Account.query().called("%a%").coded().rated().born_in(1815).first(), Account | None)


def assign(account: Account, tag: Tag) -> None:
    account.email = "ada@example.com"
    account.password_hash = None
    tag.name = "new"


def refused(account: Account, line: Line, tag: Tag) -> None:
    account.full_name = "Ada"  # type: ignore[assignment]
    account.version = 3  # type: ignore[assignment]
    account.email = None  # type: ignore[assignment]
    line.total = Decimal(1)  # type: ignore[assignment]
    line.label = None  # type: ignore[assignment]
    tag.slug = "a"  # type: ignore[assignment]
    Tag.create(name="a", slug="a")  # type: ignore[call-arg]
    Tag.insert_many([{"name": "a", "slug": "a"}])  # type: ignore[typeddict-unknown-key]
    Account.create(given="Ada", email="a", version=1)  # type: ignore[call-arg]
    Account.query().where(Account.id == 1).update(version=1)  # type: ignore[call-arg]
    line.update(total=Decimal(1))  # type: ignore[call-arg]
