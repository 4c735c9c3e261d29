from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractLateWaiver(models.Model):
    """A promise not to charge fine or interest of an invoice (*dispensa*)."""

    _name = "contract.late.waiver"
    _description = "Waiver of Fine and Interest"
    _order = "id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="move_id.partner_id", string="Customer", store=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    is_fine_waived = fields.Boolean(string="Fine")
    is_interest_waived = fields.Boolean(string="Interest")
    amount = fields.Monetary(
        string="Waived So Far", help="What was charged and let off when it was granted."
    )
    date = fields.Date(required=True, help="Day on which it was granted.")
    date_until = fields.Date(
        string="If Paid Until", help="Empty: whenever the invoice is paid."
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    state = fields.Selection(
        [("granted", "Granted"), ("withdrawn", "Withdrawn")],
        default="granted",
        required=True,
    )

    _something_waived = models.Constraint(
        "CHECK (is_fine_waived OR is_interest_waived)",
        "Choose what to waive: the fine, the interest, or both.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A waiver is never deleted. Withdraw it."))

    def action_withdraw(self):
        """Charge late payments again; what was let off stays let off."""
        self.env["account.move"]._check_may_waive()
        for waiver in self.filtered(lambda waiver: waiver.state == "granted"):
            waiver.sudo().state = "withdrawn"
            waiver.move_id._record_waiver(
                from_state=waiver._describe(), reason=waiver.reason
            )

    def _is_in_force(self, kind, day):
        """Return whether it lets a kind off that is owed on a day."""
        self.ensure_one()
        is_waived = self.is_fine_waived if kind == "fine" else self.is_interest_waived
        return (
            is_waived
            and self.state == "granted"
            and (not self.date_until or day <= self.date_until)
        )

    def _describe(self):
        """Return what is waived, in words."""
        self.ensure_one()
        invoice = self.move_id.name
        if self.is_fine_waived and self.is_interest_waived:
            return self.env._("Fine and interest of %(invoice)s", invoice=invoice)
        if self.is_fine_waived:
            return self.env._("Fine of %(invoice)s", invoice=invoice)
        return self.env._("Interest of %(invoice)s", invoice=invoice)
