"""Turns a schema into typed code and migrations; home of the `orm` command.

This module imports no third-party library, so that a bare installation tells in one sentence which extra is missing.
"""

import sys

__all__ = ["main"]

_OURS = ("isomorph", "isomorph_generator")


def main() -> int:
    """Run the `orm` command.

    Returns:
        The exit code: what the command says, or 2 when an extra that it needs is not installed.

    Raises:
        ModuleNotFoundError: a module of isomorph itself is missing; the installation is broken, no extra mends it.
    """
    try:
        from isomorph_generator.cli import main as run_command  # noqa: PLC0415 - only here a missing extra can be told
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if not missing or missing in _OURS or missing in sys.stdlib_module_names:
            raise
        print(  # noqa: T201 - there is no console library to print with
            f'The orm command needs the library "{missing}", which is not installed: pip install "isomorph[cli]"',
            file=sys.stderr,
        )
        return 2
    return run_command()
