# The database server: the user's own, or a private cluster of this checkout.
#
# The private cluster listens on a Unix socket only, inside a folder that only
# its owner (and root) can enter; so no password is needed. It starts on need
# and stops by itself when the last command that uses it has ended.

# The usual PG* variables mean that the user brings a server.
user_has_own_server() {
    [ -n "${PGHOST:-}${PGHOSTADDR:-}${PGSERVICE:-}" ]
}

# Print the folder of the server's programs. A cluster that exists needs the
# version that made it.
postgres_bin() {
    local version='*' folder
    if [ -e "$STATE_DIR/postgres/data/PG_VERSION" ]; then
        version="$(cat "$STATE_DIR/postgres/data/PG_VERSION")"
    fi
    for folder in $(compgen -G "/usr/lib/postgresql/$version/bin" | sort -rV) \
        $(have pg_config && pg_config --bindir); do
        if [ -x "$folder/initdb" ]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done
    return 1
}

# Export PG* for this process and its children, with a server that answers.
ensure_postgres() {
    if user_has_own_server; then
        have psql || die "psql is needed to talk to your PostgreSQL"
        export PGUSER="${PGUSER:-$(id -un)}" PGDATABASE="${PGDATABASE:-postgres}"
        [ "$PGUSER" != postgres ] ||
            die "Odoo refuses to work as the user postgres: set PGUSER to another role with CREATEDB"
        psql -qtAc 'select 1' >/dev/null || die "your PostgreSQL ($PGHOST) does not answer"
        return 0
    fi
    mkdir -p "$STATE_DIR"
    PG_BIN="$(postgres_bin)" ||
        die "the cluster in .state/postgres was made by PostgreSQL $(cat "$STATE_DIR/postgres/data/PG_VERSION" 2>/dev/null), which is not installed"
    PATH="$PG_BIN:$PATH"
    # Descriptor 8 holds a shared lock until this command and its children have
    # ended; 9 guards the start. Fixed numbers, because the server must be
    # started without them.
    exec 8>>"$STATE_DIR/postgres.use"
    flock -s 8
    exec 9>>"$STATE_DIR/postgres.start"
    flock 9
    choose_cluster_place
    [ -e "$PG_CLUSTER/data/.complete" ] || create_cluster
    "$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -U odoo -d postgres || start_server
    # In a subshell, so that it is no child of the command that follows.
    (
        close_descriptors
        setsid bash "$SETUP_DIR/lib/postgres_reaper.sh" "$PG_BIN" &
    ) </dev/null >/dev/null 2>&1
    exec 9>&-
    export PGHOST="$PG_SOCKET" PGPORT=5432 PGUSER=odoo PGDATABASE=postgres
    unset PGPASSWORD PGHOSTADDR PGSERVICE
}

# Run a command as the cluster's owner: PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && "$@")
    fi
}

# Set PG_CLUSTER and PG_SOCKET. Root's checkout may lie where the user postgres
# cannot enter (/root); the cluster then lies under /var/lib, with a link in
# .state. A socket's path may have 107 characters at most.
choose_cluster_place() {
    local key
    key="$(printf '%s' "$PROJECT_DIR" | sha256sum | cut -c1-12)"
    PG_CLUSTER="$STATE_DIR/postgres"
    if [ "$(id -u)" = 0 ]; then
        getent passwd postgres >/dev/null || die "there is no system user 'postgres'"
        if ! as_postgres test -x "$STATE_DIR"; then
            PG_CLUSTER="/var/lib/contract-br/$key"
            mkdir -p -m 755 "$PG_CLUSTER"
            ln -sfn "$PG_CLUSTER" "$STATE_DIR/postgres"
        fi
        mkdir -p "$PG_CLUSTER"
        chown postgres "$PG_CLUSTER"
    else
        mkdir -p "$PG_CLUSTER"
    fi
    chmod 700 "$PG_CLUSTER"
    PG_SOCKET="$PG_CLUSTER/run"
    if [ $((${#PG_SOCKET} + 16)) -gt 107 ]; then
        PG_SOCKET="${TMPDIR:-/tmp}/contract-br-$(id -u)-$key"
        [ $((${#PG_SOCKET} + 16)) -le 107 ] || PG_SOCKET="/tmp/contract-br-$(id -u)-$key"
    fi
    as_postgres mkdir -p -m 700 "$PG_SOCKET"
    # /tmp is shared: a folder that somebody else put there is not ours.
    as_postgres test -O "$PG_SOCKET" || die "$PG_SOCKET belongs to another user"
}

create_cluster() {
    say "creating the private PostgreSQL cluster"
    as_postgres rm -rf "$PG_CLUSTER/data"
    as_postgres "$PG_BIN/initdb" -D "$PG_CLUSTER/data" -U postgres \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null ||
        die "initdb failed"
    # Durable, except that the last fraction of a second may be lost in a crash
    # of the machine (synchronous_commit): never a corrupt database.
    as_postgres tee -a "$PG_CLUSTER/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
synchronous_commit = off
random_page_cost = 1.1
jit = off
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
CONF
    start_server
    # Not a superuser: what works here works on a careful production server.
    as_postgres "$PG_BIN/psql" -q -h "$PG_SOCKET" -U postgres -d postgres \
        -c 'CREATE ROLE odoo LOGIN CREATEDB' || die "the role odoo could not be made"
    stop_server
    as_postgres touch "$PG_CLUSTER/data/.complete"
}

# The server must not inherit our locks, or they would never be free.
start_server() {
    (
        close_descriptors
        as_postgres "$PG_BIN/pg_ctl" -D "$PG_CLUSTER/data" -o "-k '$PG_SOCKET'" \
            -l "$PG_CLUSTER/server.log" -w -t 120 start
    ) </dev/null >/dev/null 2>&1 ||
        die "PostgreSQL did not start; see $PG_CLUSTER/server.log"
}

# Close all but the standard descriptors of this subshell: what goes on after its
# caller must hold neither our locks nor the caller's.
close_descriptors() {
    local descriptor
    for descriptor in /proc/"$BASHPID"/fd/*; do
        descriptor="${descriptor##*/}"
        [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"
    done
}

stop_server() {
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_CLUSTER/data" -m fast -w stop \
        >/dev/null 2>&1 || true
}
