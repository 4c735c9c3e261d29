from odoo import fields, models
from odoo.fields import Domain


class ContractContract(models.Model):
    """What the customer of a contract was told."""

    _inherit = "contract.contract"

    notice_count = fields.Integer(compute="_compute_notice_count")

    def _compute_notice_count(self):
        counts = dict(
            self.env["contract.notice"]._read_group(
                self._get_notice_domain(), ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.notice_count = counts.get(contract, 0)

    def _get_notice_domain(self):
        return Domain("contract_id", "in", self.ids)

    def action_view_notices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_notice_action"
        )
        action["domain"] = list(self._get_notice_domain())
        action["context"] = {"hide_contract": True}
        return action

    def action_send_invoices(self):
        """Propose to send the open invoices of these contracts."""
        moves = self.env["account.move"].search(
            [
                ("contract_charge_ids.contract_id", "in", self.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        return moves.action_send_contract_invoices()
