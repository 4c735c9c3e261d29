# From a bare machine to a ready environment; every command begins with this.
#
# `prepare` leaves: VENV (virtual environment), PG* (a server that answers),
# ODOO_RC and the CONTRACT_* variables that tests and benchmarks read.

. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$SETUP_DIR/lib/packages.sh"
. "$SETUP_DIR/lib/odoo.sh"
. "$SETUP_DIR/lib/python.sh"
. "$SETUP_DIR/lib/postgres.sh"
. "$SETUP_DIR/lib/secret_key.sh"
. "$SETUP_DIR/lib/conf.sh"

prepare() {
    ensure_system_packages
    ensure_odoo
    ensure_python
    ensure_postgres
    ensure_secret_key
    write_conf
    PATH="$VENV/bin:$PATH"
    unset PYTHONHOME PYENV_VERSION
    export PATH PYTHONUNBUFFERED=1
    export CONTRACT_PROJECT_DIR="$PROJECT_DIR"
    export CONTRACT_ODOO="$VENV/bin/odoo"
    export CONTRACT_PYTHON="$VENV/bin/python"
    export CONTRACT_DATA_DIR="$DATA_DIR"
    export CONTRACT_TEST_RC="$ODOO_TEST_CONF"
    export CONTRACT_ENVIRONMENT_KEY="${VENV##*/} ${ODOO_REVISION:-}"
}
