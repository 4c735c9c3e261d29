"""Make one backup and see that it is whole; runs in Odoo's shell for setup/backup.

auto_backup writes a failure into the chatter and goes on, and leaves a half
file behind: what counts here is a file that can be read back.
"""

import os
import zipfile
from pathlib import Path

from odoo.tools import config

# The last words of pg_dump; without them the dump was cut.
COMPLETE = b"PostgreSQL database dump complete"


def find_backup_record(env, folder, days_to_keep):
    """Return the settings for a folder, with Odoo's own schedule switched off.

    The server keeps its database manager closed (``list_db = False``), and
    Odoo's dump refuses to run in it: the schedule is the machine's crontab.
    """
    env.ref("auto_backup.ir_cron_backup_scheduler_0").active = False
    backups = env["db.backup"]
    record = backups.search([("folder", "=", folder), ("method", "=", "local")])
    record = record or backups.create({"folder": folder})
    record.days_to_keep = days_to_keep
    return record


def is_whole(path):
    """Return whether every member can be read and the dump has its end."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() or "dump.sql" not in archive.namelist():
            return False
        with archive.open("dump.sql") as dump:
            tail = b""
            while chunk := dump.read(1 << 20):
                tail = (tail + chunk)[-1024:]
    return COMPLETE in tail


def make_backup(env, folder, days_to_keep):
    """Return the path of the new backup, None where it is not whole."""
    folder = Path(folder)
    record = find_backup_record(env, str(folder), days_to_keep)
    known = set(folder.glob("*.dump.zip"))
    config["list_db"] = True
    record.action_backup()
    env.cr.commit()
    made = sorted(set(folder.glob("*.dump.zip")) - known)
    for path in made:
        if is_whole(path):
            return path
        path.unlink()
    return None


backup = make_backup(
    env,  # noqa: F821  given by Odoo's shell
    os.environ["CONTRACT_BACKUP_FOLDER"],
    int(os.environ["CONTRACT_BACKUP_KEEP"]),
)
if backup:
    Path(os.environ["CONTRACT_BACKUP_RESULT"]).write_text(f"{backup}\n")
