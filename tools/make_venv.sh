#!/usr/bin/env bash
# Makes a virtual environment with isomorph (editable) and extras in it. Quick when nothing has changed.
#
#   tools/make_venv.sh FOLDER EXTRAS [PYTHON]
#
# Without PYTHON it takes python3.11, else another 3.11 or newer that the machine has. On a Debian without Python or
# its venv module it installs them when root, and says what to install otherwise.
set -euo pipefail

folder=$1 extras=$2 python=${3:-${PYTHON:-}}

say() { echo "venv: $*" >&2; }

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in "$python" python3.11 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.11*/bin/python3 \
        python3.14 python3.13 python3.12; do
        if [[ -n $candidate ]] && is_recent "$candidate"; then
            echo "$candidate"
            return
        fi
        if [[ -n $candidate && $candidate == "$python" ]]; then
            say "$python is not Python 3.11 or newer"
            return 1
        fi
    done
    return 1
}

apt_install() {
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        say "missing: $*; on Debian: sudo apt-get install $*"
        return 1
    fi
    say "installing $* (apt-get)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

install_mysqlclient() {
    local pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[mysqlclient]")
    "${pip[@]}" >/dev/null 2>&1 && return
    [[ $(id -u) -eq 0 ]] && apt_install gcc libc6-dev libmariadb-dev pkg-config && "${pip[@]}" >/dev/null 2>&1 && return
    # Debian's own Python keeps its headers apart.
    [[ $(id -u) -eq 0 ]] && apt_install python3-dev && "${pip[@]}" >/dev/null 2>&1
}

checksum=$(cksum pyproject.toml tools/make_venv.sh)
is_current() {
    # What `dev` installs holds everything that the other sets hold.
    local stamp
    for stamp in "$folder/.installed-$extras" "$folder/.installed-dev"; do
        [[ -f $stamp && $(<"$stamp") == "$checksum" ]] && "$folder/bin/python" -c '' 2>/dev/null && return
    done
    return 1
}

is_current && exit 0
mkdir -p "$folder"
if command -v flock >/dev/null; then
    # Two runs in one working tree must not install over each other.
    exec 9>"$folder/.lock"
    flock 9
    is_current && exit 0
fi

if ! found=$(find_python); then
    [[ -z $python ]] || exit 1
    apt_install python3 python3-venv
    if ! found=$(find_python); then
        say "no Python 3.11 or newer here; $(python3 --version 2>/dev/null || echo none) is too old. Name one: PYTHON=/path/to/python3.11 make ..."
        exit 1
    fi
fi
if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install python3-venv
    "$found" -c 'import ensurepip, venv' || { say "$found has no module venv or ensurepip"; exit 1; }
fi

say "installing isomorph[$extras] into $folder with $("$found" --version)"
[[ -x $folder/bin/python ]] && "$folder/bin/python" -c 'import pip' 2>/dev/null || "$found" -m venv --clear "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[$extras]" >&2
# mysqlclient is compiled here, which takes more than Python has; without it, what tests it is skipped.
if [[ $extras == dev || $extras == bench ]] && ! install_mysqlclient; then
    say "without mysqlclient (it needs a C compiler, pkg-config, and the headers of libmariadb and of Python)"
fi
echo "$checksum" >"$folder/.installed-$extras"
