"""Loading relations: one statement per relation and level, whatever the number of objects; one per member for morph_to.

Written as plans. What is loaded is said by an `Include`; `load_all` fills the relations of objects.
"""

from isomorph.orm.loading.include import Include, added
from isomorph.orm.loading.members import load_all

__all__ = ["Include", "added", "load_all"]
