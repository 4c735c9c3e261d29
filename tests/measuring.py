"""What benchmarks share: processes of their own, databases, figures."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import templates

from odoo import sql_db


@contextlib.contextmanager
def measured(figures):
    """Put elapsed and processor seconds and the number of queries in a dict.

    Processor time stands beside elapsed time: the two part on a busy machine.
    """
    queries, started = sql_db.sql_counter, time.perf_counter()
    cpu_started = time.process_time()
    yield
    figures["seconds"] = time.perf_counter() - started
    figures["cpu_seconds"] = time.process_time() - cpu_started
    figures["queries"] = sql_db.sql_counter - queries


def peak_memory_mb():
    """Return the most memory this process ever held (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


# === DATABASES ===


def database_name(word):
    """Return a name which the command that runs benchmarks will clean up."""
    return f"{os.environ['CONTRACT_RUN_NAME']}_{word}"


def copy_template(database):
    """Make a database with the addons installed."""
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)


@contextlib.contextmanager
def fresh_copy(source):
    """Yield the name of a copy of a database, dropped in the end."""
    database = f"{source}_copy"
    templates.copy_database(source, database)
    try:
        yield database
    finally:
        templates.drop_database(database)


# === PROCESSES ===


def run_apart(task, *arguments):
    """Run a task of the benchmark in a process of its own; return its answer."""
    with tempfile.NamedTemporaryFile("r") as answer:
        command = [sys.executable, sys.argv[0], "--task", answer.name, task]
        subprocess.run([*command, *map(str, arguments)], check=True)
        return json.loads(answer.read())


def perform_task(tasks, path, name, *arguments):
    """Do what `run_apart` asked for, in the new process.

    :param tasks: {name: function}
    """
    Path(path).write_text(json.dumps(tasks[name](*arguments)))


# === COMMAND LINE ===


def say(message):
    print(f"· {message}", file=sys.stderr, flush=True)


def run(parser, tasks, measure):
    """Measure, and print the answer as JSON if asked; or do one of the tasks.

    :param measure: function of the parsed arguments that prints its figures and
        returns them
    """
    # Not declared: it is for `run_apart` alone.
    if sys.argv[1:2] == ["--task"]:
        perform_task(tasks, *sys.argv[2:])
        return
    parser.add_argument("--json", action="store_true", help="print the figures")
    arguments = parser.parse_args()
    answer = measure(arguments)
    if arguments.json:
        print(json.dumps(answer))
