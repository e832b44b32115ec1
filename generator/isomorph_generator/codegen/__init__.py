"""From the catalog to a typed package: views, templates, files.

texts = rendered(project)              # path in the package -> text; pure
written = write_package(folder, texts) # what changed
"""

from isomorph_generator.codegen.rendering import MARK, rendered

__all__ = ["MARK", "rendered"]
