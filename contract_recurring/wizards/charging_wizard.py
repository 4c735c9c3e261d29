from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class ContractChargingWizard(models.AbstractModel):
    """Charges a contract by hand, on the next invoice or on one of its own.

    The preview drafts the invoices for a trial. `_apply` returns them.
    """

    _name = "contract.charging.wizard"
    _description = "Charge by Hand"
    _inherit = "contract.change.wizard"

    placement = fields.Selection(
        [
            ("next_invoice", "On the next invoice"),
            ("own_invoice", "On an invoice of its own"),
        ],
        string="Bill It",
        default="next_invoice",
        required=True,
    )
    due_date = fields.Date(
        compute="_compute_due_date", store=True, readonly=False, precompute=True
    )
    may_issue = fields.Boolean(compute="_compute_may_issue")

    @api.depends("contract_id")
    def _compute_due_date(self):
        for wizard in self:
            wizard.due_date = fields.Date.context_today(self)

    @api.depends("contract_id")
    def _compute_may_issue(self):
        self.may_issue = self.env.user.has_group(
            "contract_recurring.group_contract_billing"
        )

    @api.depends("placement", "due_date", "reason")
    def _compute_preview(self):
        return super()._compute_preview()

    def _get_own_due_date(self):
        """Return the due date of the invoice asked for, None for the next one."""
        if self.placement != "own_invoice":
            return None
        if not self.due_date:
            raise UserError(self.env._("Choose when the invoice is due."))
        return self.due_date

    def _read_preview(self, today):
        if not self._issues_invoices():
            return super()._read_preview(today)
        empty = self._get_empty_preview()
        if not (self.contract_id and self._is_complete()):
            return empty
        return empty | self._preview_invoices()

    def _issues_invoices(self):
        """Return whether the button issues invoices at once."""
        return self.placement == "own_invoice"

    def _preview_invoices(self):
        contract = self.contract_id._origin
        try:
            with contract._trial() as tried:
                words = [
                    line
                    for move in self._apply(tried).sorted("invoice_date_due")
                    for line in self._describe_move(move)
                ]
        except UserError as error:
            return {"preview": False, "obstacle": str(error)}
        return {"preview": "\n".join(words)}

    def _describe_move(self, move):
        """Return an invoice in words: due date, total, and what it charges."""
        total = self.env._(
            "Invoice due on %(date)s: %(amount)s",
            date=format_date(self.env, move.invoice_date_due),
            amount=format_amount(self.env, move.amount_total, move.currency_id),
        )
        return [total] + [
            f"  {charge.label}: "
            f"{format_amount(self.env, charge.amount, move.currency_id)}"
            for charge in move.sudo().contract_charge_ids.sorted("period_start")
        ]

    def action_apply(self):
        """Charge; open what was issued."""
        self.ensure_one()
        self.contract_id.check_access("write")
        moves = self._apply(self.contract_id)
        if not moves:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.account_move_action_contract"
        )
        action["domain"] = [("id", "in", moves.ids)]
        return action
