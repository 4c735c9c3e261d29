"""Run pytest on a fresh copy of the test template; used by setup/test."""

import os
import signal
import subprocess
import sys

import templates


def main(arguments):
    templates.drop_leftovers()
    template = templates.ensure_test()
    database = templates.run_name()
    environment = os.environ | {
        # For tests that commit, or start processes: they copy it themselves.
        "CONTRACT_TEST_TEMPLATE": template,
        "CONTRACT_ODOO_RC": os.environ["ODOO_RC"],
        "ODOO_RC": os.environ["CONTRACT_TEST_RC"],
    }
    command = [
        *(sys.executable, "-m", "pytest"),
        *(f"--odoo-database={database}", "--odoo-http"),
        *arguments,
    ]
    # Ended from outside, this process must still drop its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    process = None
    try:
        templates.copy_database(template, database)
        process = subprocess.Popen(command, env=environment)
        return process.wait()
    except KeyboardInterrupt:
        # The terminal told pytest as well; let it write its summary.
        return process.wait() if process else 130
    finally:
        if process and process.poll() is None:
            process.terminate()
            process.wait()
        templates.drop_database(database)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
