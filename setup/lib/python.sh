# Python: an interpreter that fits, and the virtual environment.

REQUIREMENTS_LOCK="$SETUP_DIR/requirements.lock"

# Print a working Python 3.12, or else 3.13 (which has no library to draw
# barcodes as images; all else works). pyenv's shims on PATH fail until a
# version is chosen, so each candidate must really answer.
find_python() {
    local candidate
    for candidate in python3.12 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12.*/bin/python3 \
        python3 python3.13 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3; do
        if "$candidate" -c 'import sys, venv, ensurepip
sys.exit(sys.version_info[:2] not in ((3, 12), (3, 13)))' 2>/dev/null; then
            "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            return 0
        fi
    done
    return 1
}

# Called when there is none: note what apt can give.
note_python_packages() {
    local minor
    # On a new machine apt knows no package before its first update.
    [ "$(id -u)" != 0 ] || apt-get update -qq >/dev/null 2>&1 || true
    for minor in 12 13; do
        if [ -n "$(apt-cache show "python3.$minor-venv" 2>/dev/null | head -n 1)" ]; then
            MISSING_PACKAGES+=("python3.$minor" "python3.$minor-venv")
            return 0
        fi
    done
    die "Python 3.12 or 3.13 is needed and neither PATH, pyenv nor apt has one
  (Debian 13 and Ubuntu 24.04 bring one). With pyenv:  pyenv install 3.12"
}

# Set VENV. It is built in its final place, since a virtual environment cannot
# be moved; the marker written last tells a finished one from a broken one.
ensure_python() {
    local python version
    python="$(find_python)" || die "Python 3.12 or 3.13 was not found"
    version="$("$python" -c 'import platform; print(platform.python_version())')"
    VENV="$CACHE_DIR/venv-$(hash_of "$REQUIREMENTS_LOCK")-$ODOO_KEY-py$version"
    [ -e "$VENV/.complete" ] || with_lock "venv" build_python "$python"
}

build_python() {
    local python="$1"
    [ ! -e "$VENV/.complete" ] || return 0
    say "creating the Python environment (once, about two minutes)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    # The lock is complete, so pip needs to resolve nothing. Whatever
    # sources the machine configures, every file must have its hash.
    logged pip "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input \
        --no-deps --require-hashes -r "$REQUIREMENTS_LOCK"
    # This line makes `import odoo` work, and pip see `odoo 19.0`.
    local site
    site="$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    printf '%s\n' "$ODOO_DIST" >"$site/contract_br_odoo.pth"
    "$VENV/bin/python" -c 'import odoo.release' || die "Odoo cannot be imported"
    # The first three lines are shell and a Python string at once: a plain
    # interpreter line may not be longer than 127 characters.
    cat >"$VENV/bin/odoo" <<'SCRIPT'
#!/bin/sh
'''exec' "$(dirname "$0")/python" "$0" "$@"
' '''
import odoo.cli

odoo.cli.main()
SCRIPT
    chmod +x "$VENV/bin/odoo"
    touch "$VENV/.complete"
}
