# shellcheck shell=sh disable=SC2034 # the lists of packages below are read by those who source this
# Sourced by bin/demo and bin/test: brings a bare Debian 12 to where the product runs. Safe to repeat.
# Needs python3 and sh; installs Debian packages through apt (as root or with sudo) and locked Python packages in .venv.

say() { printf '%s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo true || stop "sudo did not let $(id -un) in. Run this as root, or ask an administrator to run: $*"
        sudo "$@"
    else stop "installing system packages needs root: run this as root, or install sudo, or ask an administrator to run: $*"
    fi
}

# system_packages NAME... : installs those that are missing, and says which.
system_packages() {
    command -v apt-get >/dev/null 2>&1 || stop "this set-up knows Debian and its relatives (apt-get). Elsewhere install: $*"
    missing=""
    for package in "$@"; do installed "$package" || missing="$missing $package"; done
    [ -n "$missing" ] || return 0
    say "Installing from Debian:$missing"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq || stop "apt-get update failed. Is this machine connected to a Debian mirror?"
    # shellcheck disable=SC2086 # one word a package
    as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null \
        || stop "apt-get could not install$missing. Its own message stands above."
}

# python_packages LOCKFILE : a virtual environment in .venv with exactly what the lock file names, hashes checked.
python_packages() {
    command -v python3 >/dev/null 2>&1 || stop "python3 is missing. Install it with: apt-get install python3"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || stop "Python 3.11 or newer is needed; this is $(python3 --version 2>&1)."
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then system_packages python3-venv; fi
    # An interrupted run may have left one without pip.
    .venv/bin/python -m pip --version >/dev/null 2>&1 || python3 -m venv --clear .venv \
        || stop "could not make a virtual environment in $(pwd)/.venv. Is the folder writable?"
    stamp=".venv/installed-$(basename "$1")"
    if ! cmp -s "$1" "$stamp"; then
        say "Installing Python packages from $1 into .venv (hashes checked) ..."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1" \
            || stop "pip could not install $1. Is a package index reachable? See the message above."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
            || stop "pip could not install the product itself. See the message above."
        cp "$1" "$stamp"
    fi
}

PRINTING="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
TESTING="chromium libatomic1 fonts-nanum postgresql poppler-utils git"
