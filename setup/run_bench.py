"""Run one benchmark with the same environment as the tests; used by setup/bench."""

import os
import subprocess
import sys

import templates


def main(arguments):
    templates.drop_leftovers()
    environment = os.environ | {
        "CONTRACT_TEST_TEMPLATE": templates.ensure_test(),
        "CONTRACT_ODOO_RC": os.environ["ODOO_RC"],
        "ODOO_RC": os.environ["CONTRACT_TEST_RC"],
        # A benchmark names its databases <this>_<word>; what a killed one
        # leaves is dropped by the next command.
        "CONTRACT_RUN_NAME": templates.run_name(),
        # No benchmark takes the place of a module it is named like.
        "PYTHONSAFEPATH": "1",
        "PYTHONPATH": os.pathsep.join(
            [os.path.dirname(__file__), os.environ.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep),
    }
    process = subprocess.Popen([sys.executable, *arguments], env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()
    finally:
        for name in templates.list_databases(templates.run_name()):
            templates.drop_database(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
