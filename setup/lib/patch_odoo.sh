# What Debian's Odoo lacks: patch_odoo.sh FOLDER_OF_ADDONS
#
# Each step changes nothing where a newer package has no need of it.

set -euo pipefail
cd -- "$1"

# OCA l10n_br_base expects `display_name` in this view, as upstream has it since
# March 2026; Debian's snapshot is of February and still has `complete_name`.
sed -i '/id="view_partner_tree"/,/<\/record>/ s/name="complete_name"/name="display_name"/' \
    base/views/res_partner_views.xml

# Left out by Debian for its licence. Without it every bundle of the backend is
# built with an error on the console, and browser tours fail on such errors.
selfie=mail/static/lib/selfie_segmentation/selfie_segmentation.js
if [ ! -e "$selfie" ]; then
    mkdir -p "$(dirname "$selfie")"
    echo "// Not in Debian's package: calls have no background blur." >"$selfie"
fi
