"""Instructions of hot loops, counted by valgrind's callgrind: the worker that runs under it.

    valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=FILE python -m benchmarks.harness.counted

Reads what to count as JSON on its input: `places` by contestant, and `workloads`. callgrind counts nothing until a loop
begins and writes a file for each one; which is which tells this process's output, a JSON line for each.
"""

from __future__ import annotations

import ctypes
import gc
import json
import mmap
import platform
import sys
from collections.abc import Callable

from benchmarks.harness.contestant import contestant_of
from benchmarks.harness.data import USERS
from benchmarks.harness.places import Place
from benchmarks.harness.workload import workloads

__all__ = ["main"]

# A client request for amd64, as valgrind.h spells it: the arguments' address in rax, four rotations that together change
# nothing, and an exchange of a register with itself, which valgrind takes for a call to it.
_REQUEST = bytes.fromhex("4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3".replace(" ", ""))
# callgrind.h
_BASE = ord("C") << 24 | ord("T") << 16
_DUMP, _ZERO, _START, _STOP = _BASE, _BASE + 1, _BASE + 4, _BASE + 5


def _requests() -> Callable[[int], None]:
    """What sends a request without arguments to valgrind; nothing where the program does not run under it."""
    if platform.machine() != "x86_64":
        raise SystemExit("instructions are counted on x86-64 alone")
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(_REQUEST)
    # The function keeps its code alive by the argument's default.
    call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    arguments = (ctypes.c_uint64 * 6)()

    def request(number: int, _: object = code) -> None:
        arguments[0] = number
        call(ctypes.addressof(arguments))

    return request


def main() -> None:
    """Run each loop once to warm up, then once counted."""
    task = json.load(sys.stdin)
    request = _requests()
    known = workloads()
    for name, where in task["places"].items():
        contestant = contestant_of(name)(Place(**where))
        contestant.clear("users", USERS)
        for work in [known[work] for work in task["workloads"]]:
            if not all(hasattr(contestant, method) for method in work.methods()):
                continue
            for warm in (True, False):
                state = work.before(contestant)
                gc.collect()
                if not warm:
                    request(_START)
                    request(_ZERO)
                work.run(contestant, state)
                if not warm:
                    request(_DUMP)
                    request(_STOP)
            contestant.clear("users", USERS)
            print(json.dumps({"contestant": name, "workload": work.name, "operations": work.operations}), flush=True)
        contestant.close()


if __name__ == "__main__":
    main()
