"""The showcase on a real database, for what is written there."""

from tests.support.showcase import indexed, showcase, showcase_tables, showcase_url

__all__ = ["indexed", "showcase", "showcase_tables", "showcase_url"]
