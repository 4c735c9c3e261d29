from odoo import fields, models


class ContractContract(models.Model):
    """Links of the tab *Débito*: what waits, what is open (S004-107)."""

    _inherit = "contract.contract"

    pending_charge_count = fields.Integer(
        string="To Bill", compute="_compute_pending_charges"
    )
    pending_charge_amount = fields.Monetary(
        string="Amount to Bill", compute="_compute_pending_charges"
    )
    open_move_count = fields.Integer(
        string="Open Invoices", compute="_compute_open_move_count"
    )

    def _compute_pending_charges(self):
        rows = self.env["contract.charge"]._read_group(
            [("contract_id", "in", self.ids), ("state", "=", "pending")],
            ["contract_id"],
            ["__count", "amount:sum"],
        )
        found = {contract: (count, amount) for contract, count, amount in rows}
        for contract in self:
            count, amount = found.get(contract._origin, (0, 0.0))
            contract.pending_charge_count = count
            contract.pending_charge_amount = amount

    def _compute_open_move_count(self):
        rows = (
            self.env["contract.charge"]
            .sudo()  # who may read a contract may know what is open on it
            ._read_group(
                [
                    ("contract_id", "in", self.ids),
                    ("move_id.state", "=", "posted"),
                    ("move_id.payment_state", "in", ("not_paid", "partial")),
                    ("move_id.move_type", "=", "out_invoice"),
                ],
                ["contract_id"],
                ["move_id:count_distinct"],
            )
        )
        counts = dict(rows)
        for contract in self:
            contract.open_move_count = counts.get(contract._origin, 0)

    # === ACTIONS ===

    def action_view_pending_charges(self):
        """List the loose charges: those no invoice bills yet."""
        action = self.action_view_charges()
        action["name"] = self.env._("Charges to Bill")
        action["context"] = {"search_default_pending": 1}
        return action

    def action_view_open_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.account_move_action_contract"
        )
        action["domain"] = [("id", "in", self._get_open_moves().ids)]
        return action
