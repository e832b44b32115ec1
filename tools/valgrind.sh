#!/usr/bin/env bash
# Installs valgrind where it may, for `make instructions`; who counts says whether it is there.
set -euo pipefail

command -v valgrind >/dev/null && exit 0
[[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null || exit 0
echo "instructions: installing valgrind (apt-get)" >&2
export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 valgrind libc6-dbg)
"${install[@]}" >/dev/null 2>&1 || { apt-get update -q >/dev/null 2>&1 && "${install[@]}" >/dev/null 2>&1; } || true
