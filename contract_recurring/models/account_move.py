from odoo import api, fields, models

from ..const import OPEN_PAYMENT_STATES


class AccountMove(models.Model):
    """An invoice groups charges; whatever ends it makes them due again."""

    _inherit = "account.move"

    contract_charge_ids = fields.One2many(
        "contract.charge", "move_id", string="Contract Charges", readonly=True
    )
    contract_charge_count = fields.Integer(compute="_compute_contract_charge_count")
    due_status = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("today", "Due today"),
            ("tomorrow", "Due tomorrow"),
        ],
        compute="_compute_due_status",
    )

    def _compute_contract_charge_count(self):
        counts = dict(
            self.env["contract.charge"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.contract_charge_count = counts.get(move, 0)

    @api.depends("invoice_date_due", "payment_state", "state", "move_type")
    def _compute_due_status(self):
        today = fields.Date.context_today(self)
        for move in self:
            is_open = (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state in OPEN_PAYMENT_STATES
            )
            due_date = move.invoice_date_due
            move.due_status = (
                self.env["contract.contract"]._get_due_status(due_date, today)
                if is_open and due_date and (due_date - today).days <= 1
                else False
            )

    # === ACTIONS ===

    def action_view_contract_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_charge_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    def unlink(self):
        self.sudo().contract_charge_ids._release()
        return super().unlink()
