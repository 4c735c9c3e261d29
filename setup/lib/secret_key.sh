# The key that encrypts passwords and tokens in the database.

# ensure_secret_key: set SECRET_KEY_FILE, making the key once. It lies outside
# the project, so neither a commit nor a copy of the database carries it.
ensure_secret_key() {
    local new old_umask
    SECRET_KEY_FILE="${CONTRACT_SECRET_KEY_FILE:-${XDG_CONFIG_HOME:-$HOME/.config}/contract-br/secret.key}"
    [ ! -s "$SECRET_KEY_FILE" ] || return 0
    new="$SECRET_KEY_FILE.new.$$"
    old_umask="$(umask)"
    umask 077
    mkdir -p "$(dirname -- "$SECRET_KEY_FILE")"
    # Fernet: 32 bytes, base64 for file names
    head -c 32 /dev/urandom | base64 | tr '+/' '-_' >"$new"
    umask "$old_umask"
    # another command may have been faster: its key stays
    mv -n "$new" "$SECRET_KEY_FILE"
    rm -f "$new"
    say "made the key for passwords: $SECRET_KEY_FILE (keep a copy apart from the database)"
}
