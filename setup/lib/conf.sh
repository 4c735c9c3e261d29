# odoo.conf, written anew by every command from what is true now.

# write_conf: set ODOO_CONF and ODOO_TEST_CONF. The random master password survives, though the
# database manager it guards is switched off.
write_conf() {
    local paths="$ODOO_ADDONS" password old_umask
    ODOO_CONF="$STATE_DIR/odoo.conf"
    ODOO_TEST_CONF="$STATE_DIR/odoo-test.conf"
    DATA_DIR="$STATE_DIR/data"
    mkdir -p "$DATA_DIR"
    # Odoo warns about a folder without addons, so name only those that have some.
    compgen -G "$PROJECT_DIR/tests/*/__manifest__.py" >/dev/null &&
        paths="$PROJECT_DIR/tests,$paths"
    compgen -G "$PROJECT_DIR/*/__manifest__.py" >/dev/null &&
        paths="$PROJECT_DIR,$paths"
    password="$(sed -n 's/^admin_passwd = //p' "$ODOO_CONF" 2>/dev/null || true)"
    [ -n "$password" ] || password="$(head -c 18 /dev/urandom | base64)"
    old_umask="$(umask)"
    umask 077
    cat >"$ODOO_CONF.new.$$" <<CONF
[options]
addons_path = $paths
data_dir = $DATA_DIR
admin_passwd = $password
db_host = ${PGHOST:-False}
db_port = ${PGPORT:-False}
db_user = ${PGUSER:-False}
db_maxconn = 32
list_db = False
proxy_mode = False
with_demo = False
server_wide_modules = base,rpc,web,queue_job
http_interface = 127.0.0.1
http_port = 8069
workers = 0
max_cron_threads = 1
limit_time_cpu = 3600
limit_time_real = 7200
limit_time_real_cron = 7200
limit_memory_soft = 4294967296
limit_memory_hard = 6442450944

[queue_job]
channels = root:2

[contract_recurring]
secret_key_file = $SECRET_KEY_FILE
CONF
    # The same without the job runner, which would take the jobs of a test away
    # from it and keep its database from being dropped.
    sed -e 's/^channels = .*/channels = root:0/' "$ODOO_CONF.new.$$" >"$ODOO_TEST_CONF.new.$$"
    umask "$old_umask"
    mv "$ODOO_CONF.new.$$" "$ODOO_CONF"
    mv "$ODOO_TEST_CONF.new.$$" "$ODOO_TEST_CONF"
    export ODOO_RC="$ODOO_CONF"
}
