#!/bin/sh
# Makes .venv with the first Python of 3.11 or newer that is found, or says in a sentence what to install.
# PYTHON=... names another one.
set -eu

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null; then
    exit 0
fi

found=
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then
        found=$candidate
        break
    fi
done
if [ -z "$found" ]; then
    echo "Jishi needs Python 3.11 or newer and found none. Install it, or name it: make PYTHON=/path/to/python3.11 ..." >&2
    exit 2
fi

echo "Making .venv with $("$found" --version) ..."
rm -rf .venv
if "$found" -m venv .venv >/dev/null 2>&1; then
    exit 0
fi
# Debian splits ensurepip off into python3-venv; a pip of the system can put one into the environment instead.
rm -rf .venv
if "$found" -m venv --without-pip .venv 2>/dev/null &&
    "$found" -m pip --python .venv/bin/python --disable-pip-version-check install --quiet pip 2>/dev/null; then
    exit 0
fi
rm -rf .venv
version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
echo "This Python cannot make environments. On Debian and Ubuntu: apt-get install python$version-venv; then run make again." >&2
exit 2
