from odoo import api, fields, models

FAILED_CHARGE = ("charge_failed", "Payment not made")


class ContractNotice(models.Model):
    """A debit or card that failed is told to the customer, with the reason."""

    _inherit = "contract.notice"

    kind = fields.Selection(
        selection_add=[FAILED_CHARGE], ondelete={"charge_failed": "cascade"}
    )
    failure_reason = fields.Char(
        readonly=True, help="Why the invoice could not be charged."
    )

    @api.model
    def _get_passed_on(self):
        return [*super()._get_passed_on(), "failure_reason"]
