"""Encrypted fields: keys from the environment, exchanged without rewriting rows, and secrets that no error tells."""

import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from isomorph.connections.settings import Env
from isomorph.errors import DecryptionFailed, InvalidEncryptionKey, InvalidValue, MissingLibrary
from isomorph.orm.encryption import ProjectCipher
from tests.support.composites import KEY, OTHER_KEY, whole
from tests.support.fields import Package

pytestmark = pytest.mark.feature("types.encrypted")

NEW, OLD = "ISOMORPH_TEST_NEW_KEY", "ISOMORPH_TEST_OLD_KEY"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two keys in the environment."""
    monkeypatch.setenv(NEW, Fernet.generate_key().decode())
    monkeypatch.setenv(OLD, Fernet.generate_key().decode())


def cipher(*names: str, root: Path | None = None) -> ProjectCipher:
    return ProjectCipher([Env(name) for name in names], root)


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("keys")
def test_the_first_key_encrypts_and_all_decrypt(dialect: str) -> None:
    old = cipher(OLD).encrypted("secret ü")

    both = cipher(NEW, OLD)

    assert both.decrypted(old) == "secret ü"
    assert cipher(NEW).decrypted(both.encrypted("secret ü")) == "secret ü"
    with pytest.raises(DecryptionFailed, match="add the key that it was written with"):
        cipher(NEW).decrypted(old)


@pytest.mark.usefixtures("keys")
def test_a_text_is_encrypted_differently_each_time(dialect: str) -> None:
    assert cipher(NEW).encrypted("same") != cipher(NEW).encrypted("same")


def test_a_key_may_stand_in_the_env_file_beside_the_schema(tmp_path: Path, dialect: str) -> None:
    (tmp_path / ".env").write_text(f"{NEW}={Fernet.generate_key().decode()}\n")
    found = cipher(NEW, root=tmp_path)
    assert found.decrypted(found.encrypted("x")) == "x"


def test_a_missing_or_broken_key_is_told_and_not_repeated(monkeypatch: pytest.MonkeyPatch, dialect: str) -> None:
    monkeypatch.delenv(NEW, raising=False)
    with pytest.raises(InvalidEncryptionKey, match=rf"^the encryption key {NEW} is not set \(make one: python -c "):
        cipher(NEW).encrypted("x")
    monkeypatch.setenv(NEW, "hunter2")
    with pytest.raises(InvalidEncryptionKey, match=rf"^the encryption key {NEW} holds no key ") as raised:
        cipher(NEW).encrypted("x")
    assert "hunter2" not in str(raised.value)
    assert raised.value.__context__ is None


@pytest.mark.usefixtures("keys")
def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch, dialect: str) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    for call in (cipher(NEW).encrypted, cipher(NEW).decrypted):
        with pytest.raises(MissingLibrary) as raised:
            call("x")
        assert str(raised.value) == 'cryptography is not installed: pip install "isomorph[crypto]"'


@pytest.mark.usefixtures("keys")
def test_what_was_changed_is_not_read(dialect: str) -> None:
    token = str(cipher(NEW).encrypted("secret"))
    for changed in (token[:-4] + "AAA=", "plain", "", "ü"):
        with pytest.raises(DecryptionFailed):
            cipher(NEW).decrypted(changed)


# --- models ----------------------------------------------------------------------------------------------------------


def stored(composites: Package) -> list[str]:
    return [text for (text,) in composites.db.execute("SELECT secret FROM samples ORDER BY id")]


def test_a_key_is_exchanged_by_writing_each_row_again(composites: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = composites.Sample
    with monkeypatch.context() as only:
        only.setattr(composites.db.cipher, "_keys", (Env(OTHER_KEY),))
        composites.db.cipher.__dict__.pop("_fernet", None)
        made = sample.create(**whole(composites, {"secret": "attack at dawn"}))
    composites.db.cipher.__dict__.pop("_fernet", None)

    assert sample.find_or_fail(made.id).secret == "attack at dawn"
    for row in sample.query().cursor():
        sample.query().where(sample.id == row.id).update(secret=row.secret)

    assert cipher(KEY).decrypted(stored(composites)[0]) == "attack at dawn"


def test_an_unchanged_secret_is_not_written_again(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {"secret": "attack at dawn"}))
    before = stored(composites)
    found = composites.Sample.find_or_fail(made.id)
    found.update(numbers=[1])
    assert stored(composites) == before
    found.update(secret="attack at noon")
    assert stored(composites) != before
    assert composites.Sample.find_or_fail(made.id).secret == "attack at noon"


def test_a_secret_is_not_compared(composites: Package) -> None:
    column: Any = composites.Sample.secret
    for operator in ("in_", "between", "like", "contains", "starts_with"):
        assert not hasattr(column, operator)
    assert composites.Sample.query().where(column.is_null()).count() == 0


def test_no_error_tells_a_secret(composites: Package) -> None:
    with pytest.raises(InvalidValue) as raised:
        composites.Sample.create(**whole(composites, {"secret": "attack\0dawn"}))
    assert "attack" not in str(raised.value)
    composites.Sample.create(**whole(composites, {"secret": "attack at dawn"}))
    composites.db.execute("UPDATE samples SET secret = 'broken'")
    with pytest.raises(DecryptionFailed) as failed:
        composites.Sample.query().get()
    assert "broken" not in str(failed.value)
    assert failed.value.__context__ is None
