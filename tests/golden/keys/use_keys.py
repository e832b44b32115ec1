"""What type checkers see of keys."""

import uuid
from decimal import Decimal
from typing import assert_type

from isomorph.generated import Collection

from golden_keys import Account, Country, Tenant, Transfer


def find(key: uuid.UUID) -> None:
    assert_type(Tenant.find(key), Tenant | None)
    assert_type(Country.find_or_fail("IN"), Country)
    assert_type(Account.find(key, 3), Account | None)
    assert_type(Account.find_many([(key, 3), (key, 4)]), Collection[Account])
    assert_type(Transfer.find_or_fail(key, 9), Transfer)


def create(tenant: Tenant, account: Account) -> None:
    Account.create(tenant=tenant, number=3, country_id="IN")
    Account.create(tenant_id=tenant.id, number=3, country=Country(code="IN"))
    Transfer.create(account=account, sequence=1, amount=Decimal(3))
