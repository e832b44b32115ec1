"""From the checked shape of a schema to the catalog: names, types, keys, relations, constraints, in stages that share drafts."""
