"""From the catalog to a typed package: views, templates, files.

check(project)                                    # SchemaErrors, behaviours included
texts = rendered(project)                         # text by path inside of the package; pure
outdated = compared(package_folder(project), texts)
write(outdated)                                   # only what changed
"""

from isomorph_generator.codegen.checks import check
from isomorph_generator.codegen.rendering import MARK, package_folder, rendered
from isomorph_generator.codegen.stamps import kept, stamp, stamp_of_revisions
from isomorph_generator.codegen.writing import Outdated, compared, difference, write

__all__ = [
    "MARK",
    "Outdated",
    "check",
    "compared",
    "difference",
    "kept",
    "package_folder",
    "rendered",
    "stamp",
    "stamp_of_revisions",
    "write",
]
