# Packages of the operating system.

# need_package PROGRAM PACKAGE...: note the packages if the program is missing.
MISSING_PACKAGES=()
need_package() {
    local program="$1"
    shift
    have "$program" || MISSING_PACKAGES+=("$@")
}

# Install what was noted; an ordinary user gets the exact command instead.
install_missing_packages() {
    [ ${#MISSING_PACKAGES[@]} -gt 0 ] || return 0
    have apt-get || die "please install: ${MISSING_PACKAGES[*]}"
    if [ "$(id -u)" != 0 ]; then
        die "some system packages are missing. Please type:
    sudo apt-get update && sudo apt-get install --no-install-recommends ${MISSING_PACKAGES[*]}"
    fi
    say "installing system packages: ${MISSING_PACKAGES[*]}"
    # A source of the machine that does not answer must not stop the others.
    apt-get update -qq >/dev/null 2>&1 || true
    logged apt-get env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${MISSING_PACKAGES[@]}"
    MISSING_PACKAGES=()
}

ensure_system_packages() {
    need_package git git
    need_package xz xz-utils
    need_package wkhtmltopdf wkhtmltopdf
    have chromium || have google-chrome || have chromium-browser ||
        MISSING_PACKAGES+=(chromium)
    # Reports and screenshots name Liberation's metric-compatible fonts.
    [ -d /usr/share/fonts/truetype/liberation ] ||
        [ -d /usr/share/fonts/truetype/liberation2 ] ||
        MISSING_PACKAGES+=(fonts-liberation)
    [ -e /etc/ssl/certs/ca-certificates.crt ] || MISSING_PACKAGES+=(ca-certificates)
    # python-magic loads it at run time.
    compgen -G '/usr/lib/*/libmagic.so.1' >/dev/null || MISSING_PACKAGES+=(libmagic1)
    if ! user_has_own_server && ! postgres_bin >/dev/null; then
        MISSING_PACKAGES+=(postgresql)
    fi
    have psql || MISSING_PACKAGES+=(postgresql-client)
    find_python >/dev/null || note_python_packages
    install_missing_packages
}
