from odoo import fields, models
from odoo.exceptions import UserError

from ..const import LIVE_STATES


class AccountMove(models.Model):
    """An invoice is collected by titles."""

    _inherit = "account.move"

    collection_title_ids = fields.One2many("collection.title", "move_id", readonly=True)
    collection_title_count = fields.Integer(compute="_compute_collection_title_count")
    collection_account_id = fields.Many2one(
        related="payment_mode_id.collection_account_id"
    )

    def _compute_collection_title_count(self):
        counts = dict(
            self.env["collection.title"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.collection_title_count = counts.get(move, 0)

    # === ACTIONS ===

    def action_issue_boleto(self):
        """Issue the boletos of open invoices that have none."""
        moves = self.filtered(lambda move: move._needs_boleto())
        if not moves:
            raise UserError(
                self.env._(
                    "None of these invoices needs a boleto: each is paid, has one "
                    "already, or is not paid by a collection account."
                )
            )
        self.env["collection.title"]._issue(moves, fields.Date.context_today(self))

    def action_view_collection_titles(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_title_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        return action

    # === BUSINESS ===

    def _needs_boleto(self):
        self.ensure_one()
        return (
            self.move_type == "out_invoice"
            and self.state == "posted"
            and self.payment_state in ("not_paid", "partial")
            and self.collection_account_id
            and not self.collection_title_ids.filtered(
                lambda title: title.state in LIVE_STATES
            )
        )
