# Stop the private cluster when no command uses it any more.
#
# Started in the background by ensure_postgres; one at a time. It waits for the
# exclusive lock, which it gets when the last holder of the shared one has
# ended, however that ended. A command that starts meanwhile waits for it.

# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$SETUP_DIR/lib/postgres.sh"
PG_BIN="$1"

exec 7>>"$STATE_DIR/postgres.reaper"
flock -n 7 || exit 0
exec 6>>"$STATE_DIR/postgres.use"
flock 6
# Free for the next reaper before anybody can start a server again.
exec 7>&-
choose_cluster_place
stop_server
