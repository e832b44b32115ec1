"""The other ORMs: contestants like those of `benchmarks.contestants`, in the words of their own manuals.

They are in no type checker's sight, which does not have their libraries: those are installed for the benchmarks alone.
"""
