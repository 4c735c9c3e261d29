from odoo import api, fields, models

# Where a contract stands once an invoice of it is overdue.
OVERDUE_STATES = ("overdue", "noticed", "restricted", "terminating")


class ContractRestrict(models.TransientModel):
    """Reduces or blocks a contract by hand (S004-05, 07)."""

    _name = "contract.restrict"
    _inherit = "contract.service.wizard"
    _description = "Restrict a Contract by Hand"

    level = fields.Selection(
        [("reduced", "Reduce"), ("blocked", "Block")],
        string="What to Do",
        default="blocked",
        required=True,
    )
    motive = fields.Selection(
        [
            ("overdue", "Overdue invoices"),
            ("other", "Another reason: abuse, the customer's wish"),
        ],
        string="Because Of",
        compute="_compute_motive",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="For overdue invoices the law asks for a notice 15 days before, and the "
        "payment restores the service. Otherwise a person restores it.",
    )

    @api.depends("contract_id")
    def _compute_motive(self):
        for wizard in self:
            is_overdue = wizard.contract_id.overdue_state in OVERDUE_STATES
            wizard.motive = "overdue" if is_overdue else "other"

    @api.depends("level", "motive")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.level and self.reason)

    def _apply(self, contract, day):
        if self.motive == "overdue":
            contract._restrict_for_debt(self.level, self.reason, day)
        else:
            contract._restrict_service(self.level, self.reason, day)
