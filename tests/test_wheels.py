"""Every addon is a wheel that installs where Odoo looks for addons."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT_DIR = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent.name for path in PROJECT_DIR.glob("*/__manifest__.py"))

pytestmark = pytest.mark.wheel


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def build_wheel(tmp_path_factory):
    """Return a function that builds an addon's wheel, once."""
    folder = tmp_path_factory.mktemp("wheels")
    wheels = {}

    def build(addon):
        if addon not in wheels:
            # A copy outside git: whool packs only files that git knows, and a
            # new file should be tested before its first commit.
            source = folder / "source" / addon
            shutil.copytree(
                PROJECT_DIR / addon,
                source,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
            run(
                *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
                *("--outdir", str(folder / addon), str(source)),
                env=os.environ | {"WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"},
            )
            (wheels[addon],) = (folder / addon).glob("*.whl")
        return wheels[addon]

    return build


@pytest.mark.parametrize("addon", ADDONS)
def test_wheel_holds_the_addon(addon, build_wheel):
    with zipfile.ZipFile(build_wheel(addon)) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        text = wheel.read(metadata).decode()
    inside = f"odoo/addons/{addon}"
    source = PROJECT_DIR / addon
    missing = [
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.suffix in {".py", ".xml", ".csv", ".po"}
        and f"{inside}/{path.relative_to(source)}" not in names
    ]
    assert not missing
    assert f"Name: odoo-addon-{addon}" in text
    assert "Requires-Dist: odoo" in text


@pytest.mark.skipif(not ADDONS, reason="no addon yet")
def test_wheel_installs_in_a_clean_environment(build_wheel, tmp_path):
    addon = "contract_recurring" if "contract_recurring" in ADDONS else ADDONS[0]
    wheel = build_wheel(addon)
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    python = str(tmp_path / "venv/bin/python")
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", str(wheel))
    site = Path(
        run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"
        ).strip()
    )
    installed = site / "odoo/addons" / addon
    assert (installed / "__manifest__.py").is_file()
    assert not (installed / "pyproject.toml").exists()
    # Odoo's namespace must stay open for other addons.
    assert not (site / "odoo/__init__.py").exists()
    assert not (site / "odoo/addons/__init__.py").exists()
