# Paths, messages and locks shared by every command. Sourced, never run.

set -euo pipefail

PROJECT_DIR="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)"
SETUP_DIR="$PROJECT_DIR/setup"
STATE_DIR="$PROJECT_DIR/.state"
CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/contract-br"

# Progress goes to standard error: standard output belongs to the command's
# answer (a table, one line of JSON, pytest's summary).
say() { printf '%s\n' "· $*" >&2; }
warn() { printf '%s\n' "! $*" >&2; }
die() {
    printf '%s\n' "✗ $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# hash_of FILE...: a short key made of the files' contents.
hash_of() { cat -- "$@" | sha256sum | cut -c1-12; }

# logged NAME COMMAND...: run a talkative command, showing its last lines only
# if it fails.
logged() {
    local log="$CACHE_DIR/$1.log"
    shift
    mkdir -p "$CACHE_DIR"
    if ! "$@" </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "failed: $* (all of its output: $log)"
    fi
}

# with_lock NAME COMMAND...: run the command while no other process of this
# user does the same work. The lock goes away with the process, so an
# interrupted run never leaves one behind.
with_lock() {
    local name="$1" fd
    shift
    mkdir -p "$CACHE_DIR"
    exec {fd}>"$CACHE_DIR/$name.lock"
    if ! flock -n "$fd"; then
        say "waiting for another process ($name)"
        flock "$fd"
    fi
    "$@"
    exec {fd}>&-
}
