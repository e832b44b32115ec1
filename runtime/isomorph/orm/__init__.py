"""Models, queries, relations, collections: what an application works with."""
