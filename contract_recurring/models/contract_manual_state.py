from odoo import api, fields, models

# How the eight states of the manual (S004-02 … 09) read from lifecycle and
# service; a contract waiting for installation is not in force yet, and one that
# rests is deactivated for a time.
OF_LIFECYCLE = {
    "draft": "pre_registration",
    "waiting": "pre_registration",
    "suspended": "deactivated",
    "closed": "cancelled",
    "deactivated": "deactivated",
}
OF_SERVICE = {
    ("blocked", "automatic"): "auto_blocked",
    ("blocked", "manual"): "manually_blocked",
    ("reduced", "automatic"): "auto_reduced",
    ("reduced", "manual"): "manually_reduced",
}


class ContractContract(models.Model):
    """The one word in which users know a contract's state."""

    _inherit = "contract.contract"

    manual_state = fields.Selection(
        [
            ("pre_registration", "Pre-registration"),
            ("active", "Active"),
            ("auto_reduced", "Automatically reduced"),
            ("manually_reduced", "Manually reduced"),
            ("auto_blocked", "Automatically blocked"),
            ("manually_blocked", "Manually blocked"),
            ("deactivated", "Deactivated"),
            ("cancelled", "Cancelled"),
        ],
        string="Contract State",
        compute="_compute_manual_state",
        store=True,
        index=True,
        help="Life and service of the contract in one word.",
    )

    @api.depends("lifecycle_state", "service_state", "service_origin")
    def _compute_manual_state(self):
        for contract in self:
            service = (contract.service_state, contract.service_origin)
            contract.manual_state = OF_LIFECYCLE.get(
                contract.lifecycle_state
            ) or OF_SERVICE.get(service, "active")
