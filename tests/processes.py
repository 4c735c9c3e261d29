"""Odoo environments for programs outside Odoo: benchmarks, workers of tests."""

import contextlib
import os

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextlib.contextmanager
def odoo_environment(database):
    """Yield the superuser's environment in a transaction of its own.

    It is committed at the end, rolled back on an error, as a job's is.
    """
    if not config["db_name"]:
        arguments = ["-c", os.environ["ODOO_RC"], "-d", database, "--log-level=warn"]
        config.parse_config(arguments, setup_logging=True)
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, api.SUPERUSER_ID, {})
