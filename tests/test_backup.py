"""A backup made by setup/backup comes back whole through setup/restore."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
SETUP = TESTS.parent / "setup"
sys.path.insert(0, str(SETUP))

import templates  # noqa: E402

# Written by hand, so that the copy is compared with something known.
MARK = "O que não pode se perder: 99,90 — João"
ADD_A_MARK = f"""
env["res.partner"].create({{"name": {MARK!r}}})
env["ir.attachment"].create({{"name": "mark.bin", "raw": bytes(range(256)) * 40}})
env.cr.commit()
"""
READ_THE_MARK = f"""
assert env["res.partner"].search_count([("name", "=", {MARK!r})]) == 1
mark = env["ir.attachment"].search([("name", "=", "mark.bin")])
assert mark.store_fname and mark.raw == bytes(range(256)) * 40
print("mark found")
"""


def run(command, *arguments, **options):
    # setup/test points ODOO_RC at the tests' own configuration.
    environment = os.environ | {"ODOO_RC": os.environ["CONTRACT_ODOO_RC"]}
    return subprocess.run(
        [str(command), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        **options,
    )


def run_shell(database, script):
    return run(
        os.environ["CONTRACT_ODOO"],
        *("shell", "-d", database, "--no-http", "--log-level=warn"),
        input=script,
    )


def restore(path, database):
    return run(SETUP / "restore", path, database, stdin=subprocess.DEVNULL)


def read(database, query):
    with templates.server(database) as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def database():
    name = f"{templates.run_name()}_backup"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], name)
    try:
        run_shell(name, ADD_A_MARK).check_returncode()
        yield name
    finally:
        templates.drop_database(name)
        templates.drop_database(f"{name}_back")


@pytest.fixture(scope="module")
def backup(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backups")
    result = run(
        SETUP / "backup", database, "--folder", folder, stdin=subprocess.DEVNULL
    )
    assert result.returncode == 0, result.stderr
    return Path(result.stdout.strip())


def test_restored_database_has_rows_and_files(database, backup):
    result = restore(backup, f"{database}_back")
    assert result.returncode == 0, result.stderr
    assert "mark found" in run_shell(f"{database}_back", READ_THE_MARK).stdout
    count = "SELECT count(*) FROM res_partner"
    assert read(f"{database}_back", count) == read(database, count)
    # Nothing of the copy reaches a customer.
    active = "SELECT count(*) FROM ir_cron WHERE active AND id NOT IN (SELECT res_id"
    active += " FROM ir_model_data WHERE model = 'ir.cron' AND name = 'autovacuum_job')"
    assert read(f"{database}_back", active) == 0


def test_existing_database_is_not_overwritten(database, backup):
    result = restore(backup, database)
    assert result.returncode == 1
    assert "exists" in result.stderr
    assert "mark found" in run_shell(database, READ_THE_MARK).stdout


def test_cut_backup_restores_nothing(database, backup, tmp_path):
    half = tmp_path / "half.dump.zip"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    result = restore(half, f"{database}_half")
    assert result.returncode == 1
    assert not templates.database_exists(f"{database}_half")


def test_failed_backup_leaves_no_half_file(database, tmp_path):
    folder = tmp_path / "full"
    folder.mkdir()
    result = run(
        SETUP / "backup",
        database,
        *("--folder", folder),
        stdin=subprocess.DEVNULL,
        preexec_fn=limit_file_size,
    )
    assert result.returncode == 1
    assert "nothing usable" in result.stderr
    assert not list(folder.iterdir())


def limit_file_size():
    """Let no file grow beyond 64 KiB: what a full disk does."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
