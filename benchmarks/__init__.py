"""How fast isomorph is, beside hand-written code and its peers. `python -m benchmarks --help`; docs/benchmarks.md tells the rest."""
