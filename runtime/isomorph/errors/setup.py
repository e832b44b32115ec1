"""What is missing or wrong outside the code: URLs, drivers, settings."""

from __future__ import annotations

from isomorph.errors.base import IsomorphError, near_hint, shown_name

__all__ = [
    "ConfigurationError",
    "DecryptionFailed",
    "InvalidEncryptionKey",
    "InvalidUrl",
    "MissingDriver",
    "MissingLibrary",
    "ProtocolMismatch",
    "UnknownConnection",
    "UnsupportedVersion",
    "UnusableCursorKey",
]


class ConfigurationError(IsomorphError):
    """Something outside the code is missing or wrong: a URL, a driver, a setting."""


class InvalidUrl(ConfigurationError):
    """A connection URL that cannot be read. The URL itself is not repeated: it may hold a password."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return f"cannot read the connection URL: {self.what} ({self.mend})"


class MissingLibrary(ConfigurationError):
    """A library that a feature needs is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(library, extra)
        self.library, self.extra = library, extra

    def __str__(self) -> str:
        return f'{self.library} is not installed: pip install "isomorph[{self.extra}]"'


class MissingDriver(MissingLibrary):
    """The client library for a URL's scheme is not installed."""


class InvalidEncryptionKey(ConfigurationError):
    """A variable that should hold a key of `encryption_keys` is not set, or holds something else. It is not repeated."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(variable, problem)
        self.variable, self.problem = variable, problem

    def __str__(self) -> str:
        return (
            f"the encryption key {self.variable} {self.problem} "
            '(make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())")'
        )


class DecryptionFailed(ConfigurationError):
    """An encrypted value was written with none of the project's keys, or changed since."""

    def __str__(self) -> str:
        return "an encrypted value cannot be read (add the key that it was written with to encryption_keys)"


class UnusableCursorKey(ConfigurationError):
    """There is no key to sign cursors with, or one that could be guessed. The key is not repeated."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"cannot sign cursors: {self.what} "
            '(say cursor_key = { env = "CURSOR_KEY" } under [project] in the schema, or set db.cursor_key)'
        )


class UnsupportedVersion(ConfigurationError):
    """A library or server is older than what isomorph works with."""

    def __init__(self, product: str, found: str, needed: str, mend: str) -> None:
        super().__init__(product, found, needed, mend)
        self.product, self.found, self.needed, self.mend = product, found, needed, mend

    def __str__(self) -> str:
        return f"{self.product} {self.found} is too old: {self.needed} or newer is needed ({self.mend})"


class UnknownConnection(ConfigurationError):
    """A connection name that the schema does not declare."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name, self.known = name, known

    def __str__(self) -> str:
        shown = shown_name(self.name)
        mend = near_hint(self.name, self.known, f"add [connections.{shown}] to the schema")
        return f'no connection "{shown}" ({mend})'


class ProtocolMismatch(ConfigurationError):
    """Generated code and runtime speak different protocols."""

    def __init__(self, generated: int, runtime: int) -> None:
        super().__init__(generated, runtime)
        self.generated, self.runtime = generated, runtime

    def __str__(self) -> str:
        return (
            f"the generated package speaks protocol {self.generated}, this isomorph speaks {self.runtime} "
            "(run `orm generate` with the installed isomorph)"
        )
