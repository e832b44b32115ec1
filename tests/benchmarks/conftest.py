"""The benchmarks' data is small here, in this process and in those it starts: set before anything of them is imported."""

import os

os.environ["ISOMORPH_BENCH_SCALE"] = "0.01"
