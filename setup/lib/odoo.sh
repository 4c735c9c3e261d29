# Odoo itself: Debian's package extracted into the cache, or ODOO_SOURCE.

ODOO_LOCK="$SETUP_DIR/odoo.lock"
ODOO_PATCHES="$SETUP_DIR/lib/patch_odoo.sh"

# Set ODOO_DIST: the folder that holds the Python package `odoo`, and
# ODOO_ADDONS: its addons folders for addons_path (comma separated).
ensure_odoo() {
    if [ -n "${ODOO_SOURCE:-}" ]; then
        ODOO_DIST="$(cd -- "$ODOO_SOURCE" 2>/dev/null && pwd -P)" ||
            die "ODOO_SOURCE: no such folder: $ODOO_SOURCE"
        [ -e "$ODOO_DIST/odoo/release.py" ] ||
            die "ODOO_SOURCE must be the folder that contains odoo/release.py"
        grep -q '^version_info = (19, 0' "$ODOO_DIST/odoo/release.py" ||
            die "ODOO_SOURCE is not Odoo 19.0: $ODOO_DIST"
        ODOO_KEY="source-$(printf '%s' "$ODOO_DIST" | sha256sum | cut -c1-12)"
        # A checkout moves on under the same path: the databases must follow.
        ODOO_REVISION="$(git -C "$ODOO_DIST" rev-parse HEAD 2>/dev/null || true)"
    else
        ODOO_KEY="$(hash_of "$ODOO_LOCK" "$ODOO_PATCHES")"
        local root="$CACHE_DIR/odoo-$ODOO_KEY"
        ODOO_DIST="$root/usr/lib/python3/dist-packages"
        [ -e "$root/.complete" ] || with_lock "odoo-$ODOO_KEY" build_odoo "$root"
    fi
    ODOO_ADDONS="$ODOO_DIST/odoo/addons"
    # A git checkout of Odoo keeps most addons beside the package.
    if [ -d "$ODOO_DIST/addons" ]; then
        ODOO_ADDONS="$ODOO_ADDONS,$ODOO_DIST/addons"
    fi
}

build_odoo() {
    local root="$1" package version sha suite
    [ ! -e "$root/.complete" ] || return 0
    have apt-get && have dpkg-deb ||
        die "Odoo comes from Debian's package here. Without apt, set ODOO_SOURCE to a folder with Odoo 19."
    say "fetching Odoo 19 from Debian (122 MB, once)"
    rm -rf "$root" "$root.new"
    mkdir -p "$root.new" "$CACHE_DIR/downloads"
    prepare_apt
    while read -r package version sha suite; do
        case "$package" in '' | '#'*) continue ;; esac
        fetch_deb "$package" "$version" "$sha" "$suite"
        dpkg-deb -x "$DEB_FILE" "$root.new"
    done <"$ODOO_LOCK"
    bash "$ODOO_PATCHES" "$root.new/usr/lib/python3/dist-packages/odoo/addons"
    touch "$root.new/.complete"
    mv "$root.new" "$root"
}

# Two private sets of package lists, so that nothing of the machine changes and
# an ordinary user can do it too: "own" for the machine's suite and "sid".
prepare_apt() {
    local site="${DEBIAN_MIRROR:-}" keyring=/usr/share/keyrings/debian-archive-keyring.gpg suite
    APT_DIR="$CACHE_DIR/apt"
    for suite in own sid; do
        mkdir -p "$APT_DIR/$suite/lists/partial" "$APT_DIR/$suite/cache/archives/partial"
    done
    apt_in own update -qq >&2 || true
    if [ -z "$site" ]; then
        site="$(apt_in own indextargets --format '$(ORIGIN)|$(LABEL)|$(SITE)' 'Identifier: Packages' |
            sed -n 's/^Debian|Debian|//p' | head -n 1)"
    fi
    [ -n "$site" ] || die "this machine's apt knows no Debian mirror, and Odoo 19 is taken from Debian's sid.
  Set DEBIAN_MIRROR to the address of a Debian mirror, or ODOO_SOURCE to a folder with Odoo 19."
    [ -e "$keyring" ] ||
        { MISSING_PACKAGES+=(debian-archive-keyring) && install_missing_packages; }
    printf 'deb [signed-by=%s] %s sid main\n' "$keyring" "$site" >"$APT_DIR/sid/sources.list"
    apt_in sid update -qq >&2 || die "the package list of Debian sid could not be read"
}

# apt_in own|sid ARGUMENTS...: apt-get with that set of lists.
apt_in() {
    local name="$1" tool=apt-get
    local options=(
        -o "Dir::State::Lists=$APT_DIR/$name/lists"
        -o "Dir::Cache=$APT_DIR/$name/cache"
        -o APT::Sandbox::User=root
    )
    shift
    if [ "$name" = sid ]; then
        options+=(
            -o "Dir::Etc::SourceList=$APT_DIR/sid/sources.list"
            -o Dir::Etc::SourceParts=/dev/null
        )
    fi
    if [ "$1" = show ]; then tool=apt-cache; fi
    "$tool" "${options[@]}" "$@"
}

# fetch_deb PACKAGE VERSION SHA256 SUITE: set DEB_FILE to a verified file.
# When the pinned version has left the suite, its successor is taken: apt
# checked the signature of the list and the file's checksum in it.
fetch_deb() {
    local package="$1" version="$2" sha="$3" suite="$4"
    DEB_FILE="$CACHE_DIR/downloads/$sha.deb"
    if [ -e "$DEB_FILE" ] && printf '%s  %s\n' "$sha" "$DEB_FILE" | sha256sum -c --status; then
        return 0
    fi
    local temp="$CACHE_DIR/downloads/$package.part"
    rm -rf "$temp"
    mkdir -p "$temp"
    if (cd "$temp" && apt_in "$suite" -qq download "$package=$version" >&2 2>"$temp.log"); then
        mv "$temp"/*.deb "$DEB_FILE"
        printf '%s  %s\n' "$sha" "$DEB_FILE" | sha256sum -c --status ||
            die "$package $version does not have the checksum of odoo.lock"
    else
        local current
        current="$(apt_in "$suite" show "$package" | sed -n 's/^Version: //p' | head -n 1)"
        case "$package=$current" in
            odoo-19=19.0.*) ;;
            odoo-19=*) die "Debian has no Odoo 19.0 any more; set ODOO_SOURCE" ;;
            *=) die "package $package was not found ($(tail -n 1 "$temp.log"))" ;;
        esac
        warn "$package $version of odoo.lock is gone; taking $current instead (signed by Debian)."
        [ "$package" != odoo-19 ] ||
            warn "ODOO IS NOT THE PINNED VERSION. Run setup/lock to pin this one."
        (cd "$temp" && apt_in "$suite" -qq download "$package=$current" >&2) ||
            die "$package could not be downloaded"
        DEB_FILE="$CACHE_DIR/downloads/$package-current.deb"
        mv -f "$temp"/*.deb "$DEB_FILE"
    fi
    rm -rf "$temp" "$temp.log"
}
