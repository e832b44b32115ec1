"""What encrypts fields of type `encrypted`: Fernet of `cryptography`, with keys from the environment.

Owns that neither a key nor a text gets into an error. Imports `cryptography` when the first value is bound or loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from isomorph.connections.settings import Env
from isomorph.connections.url import environment
from isomorph.errors import DecryptionFailed, InvalidEncryptionKey, MissingLibrary

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

__all__ = ["ProjectCipher"]


class ProjectCipher:
    """Encrypts with the first of a project's keys, and decrypts with all of them, so that keys can be exchanged.

    Args:
        keys: the environment's variables that hold them.
        root: folder of the schema, where a `.env` is looked for.
    """

    def __init__(self, keys: Sequence[Env], root: Path | None) -> None:
        self._keys, self._root = tuple(keys), root

    def encrypted(self, text: object, /) -> object:
        """A text as a token, another one each time.

        Raises:
            ConfigurationError: `cryptography` or a key is missing.
        """
        return self._fernet.encrypt(cast(str, text).encode()).decode("ascii")

    def decrypted(self, token: object, /) -> object:
        """The text of a token.

        Raises:
            DecryptionFailed: it was made with none of the keys.
            ConfigurationError: `cryptography` or a key is missing.
        """
        fernet = self._fernet
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - `_fernet` told if it is missing

        try:
            return fernet.decrypt(cast(str, token)).decode()
        except (InvalidToken, ValueError):  # the latter of what is no token at all
            pass
        raise DecryptionFailed

    @cached_property
    def _fernet(self) -> MultiFernet:
        try:
            from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - only for those who encrypt
        except ImportError as error:
            raise MissingLibrary("cryptography", "crypto") from error
        environ = environment(self._root)
        return MultiFernet([_fernet(Fernet, key, environ) for key in self._keys])


def _fernet(class_: type[Fernet], key: Env, environ: Mapping[str, str]) -> Fernet:
    text = environ.get(key.name) or key.default
    if not text:
        raise InvalidEncryptionKey(key.name, "is not set")
    try:
        return class_(text)
    except ValueError:  # whose text may hold the key
        pass
    raise InvalidEncryptionKey(key.name, "holds no key")
