"""Fill the demo's database and bill a month of it; setup/demo runs this.

Odoo's shell reads it from standard input, so arguments come from the
environment. Figures go to standard output and, as JSON, to the file named
there; everything else goes to standard error.
"""

import os
import sys

for folder in ("setup", "tests"):
    sys.path.insert(0, os.path.join(os.environ["CONTRACT_PROJECT_DIR"], folder))

from demo_data import story  # noqa: E402

try:
    story.run(
        env,  # noqa: F821 -- the shell's
        contracts=int(os.environ["CONTRACT_DEMO_CONTRACTS"]),
        csv_path=os.environ.get("CONTRACT_DEMO_CSV") or None,
        month=os.environ["CONTRACT_DEMO_MONTH"],
        result_path=os.environ["CONTRACT_DEMO_RESULT"],
    )
except KeyboardInterrupt:
    raise SystemExit("\n✗ interrupted; the same command goes on from here") from None
