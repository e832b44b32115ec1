"""How many examples a property is tried on where each makes tables on a server, which takes long."""

import os

__all__ = ["few"]


def few(usual: int, many: int = 60) -> int:
    """How many: `usual`, or fewer or up to `many` where the environment asks for more (`make test-all` does)."""
    asked = os.environ.get("ISOMORPH_EXAMPLES")
    return usual if asked is None else min(many, max(1, int(asked)))
