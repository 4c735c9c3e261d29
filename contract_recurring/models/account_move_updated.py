from odoo import api, fields, models

from ..const import LATE_KINDS, OPEN_PAYMENT_STATES


class AccountMove(models.Model):
    """What an open invoice costs today (*valor atualizado*)."""

    _inherit = "account.move"

    late_fine_amount = fields.Monetary(
        string="Fine Today", compute="_compute_updated_amount"
    )
    late_interest_amount = fields.Monetary(
        string="Interest Today", compute="_compute_updated_amount"
    )
    updated_amount = fields.Monetary(
        compute="_compute_updated_amount",
        help="What is open, with fine and interest as of today.",
    )
    late_charge_count = fields.Integer(compute="_compute_late_charge_count")

    @api.depends("amount_residual", "invoice_date_due", "payment_state")
    def _compute_updated_amount(self):
        late = {}
        is_open = self.filtered(lambda m: m.payment_state in OPEN_PAYMENT_STATES)
        for company, moves in is_open._origin.grouped("company_id").items():
            today = company._get_local_date()
            late |= moves._prepare_late_charges_of_each(today)
        for move in self:
            charges = late.get(move._origin, ())
            fine, interest = (
                sum(vals["amount"] for vals in charges if vals["kind"] == kind)
                for kind in LATE_KINDS
            )
            move.late_fine_amount = fine
            move.late_interest_amount = interest
            move.updated_amount = move.amount_residual + fine + interest

    def _compute_late_charge_count(self):
        counts = dict(
            self.env["contract.charge"]
            .sudo()  # who may see an invoice may know that it was paid late
            ._read_group(
                [("late_move_id", "in", self.ids)], ["late_move_id"], ["__count"]
            )
        )
        for move in self:
            move.late_charge_count = counts.get(move, 0)

    def action_view_late_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_charge_action"
        )
        action["name"] = self.env._("Fine and Interest")
        action["domain"] = [("late_move_id", "=", self.id)]
        action["context"] = {}
        return action
