"""`python -m isomorph_generator` is the `orm` command."""

import sys

from isomorph_generator import main

if __name__ == "__main__":
    sys.exit(main())
