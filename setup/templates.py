"""PostgreSQL template databases, so that a test or a demo starts in seconds.

Two layers. `deps` holds the modules our addons depend on, with Portuguese
loaded; it changes with the lock files and takes minutes. `test` is a copy of
it with our own addons and the test-only ones; it changes with their files and
takes seconds. A layer's name ends in a hash of everything it was made from, it
is built under another name and renamed at the end, so an interrupted build is
never mistaken for a finished one.

Runs in the environment made by lib/prepare.sh (PG*, ODOO_RC, CONTRACT_*).
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

PROJECT_DIR = Path(os.environ["CONTRACT_PROJECT_DIR"])
STATE_DIR = PROJECT_DIR / ".state"
FILESTORE = Path(os.environ["CONTRACT_DATA_DIR"]) / "filestore"
# Several checkouts may share one server; each touches only its own databases.
PREFIX = "cbr_" + hashlib.sha256(str(PROJECT_DIR).encode()).hexdigest()[:8]

# The first is the default, as tests expect; the demo's loader turns to Portuguese.
LANGUAGES = "en_US,pt_BR"
# A Brazilian company makes Odoo install these in the middle of the transaction
# that creates it. Present from the start, they cannot surprise.
COMPANY_MODULES = {"base", "web", "l10n_br"}
# What decides the content of an installed database.
INSTALLED_SUFFIXES = {".py", ".xml", ".csv", ".po", ".json", ".txt"}
NOT_INSTALLED = {"tests", "static", "readme", "__pycache__"}


def say(message):
    print(f"· {message}", file=sys.stderr, flush=True)


# === OUR ADDONS ===


def read_manifest(folder):
    return ast.literal_eval((folder / "__manifest__.py").read_text("utf-8"))


def find_addons(with_tests=False):
    """Return {name: folder} of the installable addons, test-only ones on demand."""
    patterns = ["*/__manifest__.py"]
    if with_tests:
        patterns.append("tests/*/__manifest__.py")
    folders = [
        path.parent for pattern in patterns for path in PROJECT_DIR.glob(pattern)
    ]
    return {
        folder.name: folder
        for folder in sorted(folders)
        if read_manifest(folder).get("installable", True)
    }


def find_dependencies():
    """Return the modules that our addons (test-only too) need and are not ours."""
    ours = find_addons(with_tests=True)
    needed = set(COMPANY_MODULES)
    for folder in ours.values():
        needed.update(read_manifest(folder).get("depends", []))
    return sorted(needed - set(ours))


def hash_parts(parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def deps_key():
    environment = os.environ["CONTRACT_ENVIRONMENT_KEY"]
    return hash_parts([environment, LANGUAGES, *find_dependencies()])


def addons_key(addons):
    """Return a hash of the addons' files that an installation reads."""
    parts = []
    for folder in addons.values():
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.suffix in INSTALLED_SUFFIXES and not (
                NOT_INSTALLED & set(relative.parts)
            ):
                parts += [f"{folder.name}/{relative}", path.read_bytes()]
    return hash_parts(parts)


# === DATABASES ===


@contextlib.contextmanager
def server(database="postgres"):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def execute(query, *names, values=None):
    with server() as cursor:
        cursor.execute(sql.SQL(query).format(*map(sql.Identifier, names)), values)


def list_databases(prefix=""):
    with server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        return [name for (name,) in cursor.fetchall()]


def database_exists(name):
    return name in list_databases(name)


def drop_database(name):
    try:
        execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except psycopg2.errors.InsufficientPrivilege:
        # Many new rows: the server is vacuuming, as a role we may not end. It stops
        # by itself where it is not forced.
        execute("DROP DATABASE IF EXISTS {}", name)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def copy_database(source, target):
    """Copy a database and its files.

    Odoo never changes a stored file in place, so hard links are copies enough.
    """
    drop_database(target)
    execute("CREATE DATABASE {} TEMPLATE {}", target, source)
    if (FILESTORE / source).is_dir():
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def rename_database(source, target):
    shutil.rmtree(FILESTORE / target, ignore_errors=True)
    if (FILESTORE / source).is_dir():
        (FILESTORE / source).rename(FILESTORE / target)
    execute("ALTER DATABASE {} RENAME TO {}", source, target)


def get_comment(name):
    with server() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            [name],
        )
        row = cursor.fetchone()
    return row and row[0]


def set_comment(name, text):
    execute("COMMENT ON DATABASE {} IS %s", name, values=[text])


# === INSTALLATION ===


def run_odoo(database, *arguments):
    """Run Odoo once on a database; its log is shown only if it fails."""
    log = STATE_DIR / f"odoo-{database}.log"
    command = [
        os.environ["CONTRACT_ODOO"],
        *("-d", database, "--no-http", "--stop-after-init", "--log-level=warn"),
        *arguments,
    ]
    with log.open("w") as output:
        code = subprocess.call(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    if code:
        lines = log.read_text("utf-8", "replace").splitlines()
        print("\n".join(lines[-40:]), file=sys.stderr)
        raise SystemExit(f"✗ Odoo failed on {database} (all of its output: {log})")
    log.unlink()


def check_installed(database, modules):
    with server(database) as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        missing = set(modules) - {name for (name,) in cursor.fetchall()}
    if missing:
        raise SystemExit(f"✗ not installed in {database}: {', '.join(sorted(missing))}")


def build(name, modules, source=None, options=()):
    """Make a database, from a source if given, with the modules installed."""
    temporary = f"{name}_new"
    if source:
        copy_database(source, temporary)
    else:
        drop_database(temporary)
    if modules:
        run_odoo(temporary, "-i", ",".join(modules), *options)
        check_installed(temporary, modules)
    with server(temporary) as cursor:
        # Thousands of new rows without statistics lead to bad query plans.
        cursor.execute("ANALYZE")
    rename_database(temporary, name)


@contextlib.contextmanager
def building():
    """Let one process at a time build the databases of this checkout."""
    STATE_DIR.mkdir(exist_ok=True)
    with (STATE_DIR / "templates.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def drop_others(layer, keep):
    """Drop the old databases of a layer but the last, which a run may be using."""
    with server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database"
            " WHERE starts_with(datname, %s) AND datname != %s ORDER BY oid DESC",
            [f"{PREFIX}_{layer}_", keep],
        )
        others = [name for (name,) in cursor.fetchall()]
    for name in others[1:]:
        with contextlib.suppress(psycopg2.Error):
            drop_database(name)


def ensure_deps():
    """Return the name of the layer with our dependencies, built if missing."""
    name = f"{PREFIX}_deps_{deps_key()}"
    if not database_exists(name):
        modules = find_dependencies()
        say(f"installing {', '.join(modules)} in a template (once, some minutes)")
        started = time.monotonic()
        build(name, modules, options=[f"--load-language={LANGUAGES}"])
        say(f"done in {time.monotonic() - started:.0f} s")
        drop_others("deps", keep=name)
    return name


def ensure_test():
    """Return the name of the layer with our addons, built if missing."""
    addons = find_addons(with_tests=True)
    name = f"{PREFIX}_test_{hash_parts([deps_key(), addons_key(addons)])}"
    with building():
        if not database_exists(name):
            source = ensure_deps()
            say(f"installing {', '.join(addons) or 'nothing'} in the test template")
            started = time.monotonic()
            build(name, list(addons), source)
            say(f"done in {time.monotonic() - started:.0f} s")
            drop_others("test", keep=name)
    return name


def ensure_demo(name):
    """Make the demo's database, or bring its addons up to date."""
    addons = find_addons()
    key = hash_parts([deps_key(), addons_key(addons)])
    with building():
        if not database_exists(name):
            source = ensure_deps()
            say(f"creating the database {name}")
            build(name, list(addons), source)
        elif get_comment(name) != key:
            say(f"updating the addons in {name}")
            with server(name) as cursor:
                cursor.execute(
                    "SELECT name FROM ir_module_module WHERE state = 'installed'"
                )
                installed = {row[0] for row in cursor.fetchall()}
            options = ["-u", ",".join(addons)]
            missing = sorted(set(addons) - installed)
            if missing:
                options += ["-i", ",".join(missing)]
            run_odoo(name, *options)
            check_installed(name, addons)
        set_comment(name, key)


# === COPIES FOR ONE RUN ===


def run_name():
    return f"{PREFIX}_run_{os.getpid()}"


def drop_leftovers():
    """Drop the copies of runs that were killed before they could do it."""
    for name in list_databases(f"{PREFIX}_run_"):
        match = re.match(rf"{PREFIX}_run_(\d+)", name)
        if match and not Path(f"/proc/{match[1]}").exists():
            drop_database(name)


if __name__ == "__main__":
    # setup/demo calls this; tests and benchmarks import the module.
    if len(sys.argv) == 3 and sys.argv[1] == "demo":
        ensure_demo(sys.argv[2])
    else:
        raise SystemExit("usage: templates.py demo DATABASE")
