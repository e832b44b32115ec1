"""The same work in several threads at once."""

import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["raced"]

R = TypeVar("R")


def raced(work: Callable[[], R], threads: int = 4) -> list[R]:
    """The results of a call in several threads, which all start it at once.

    Raises:
        BaseException: what one of the calls raised.
    """
    start = threading.Barrier(threads, timeout=30)
    results: list[R] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            errors.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if errors:
        raise errors[0]
    return results
