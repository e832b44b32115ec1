"""One module for each contestant, with the class in `CONTESTANT`; whatever begins with an underscore is shared by several."""
