from odoo import fields, models


class ContractContract(models.Model):
    """The agreements about what a contract owes."""

    _inherit = "contract.contract"

    debt_agreement_count = fields.Integer(compute="_compute_debt_agreement_count")

    def _compute_debt_agreement_count(self):
        counts = dict(
            self.env["contract.debt.agreement"]._read_group(
                [("contract_ids", "in", self.ids)], ["contract_ids"], ["__count"]
            )
        )
        for contract in self:
            contract.debt_agreement_count = counts.get(contract, 0)

    # === ACTIONS ===

    def action_renegotiate(self):
        """Open the dialog of an agreement about what these contracts owe."""
        self.env["contract.debt.agreement"]._check_may_renegotiate()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_renegotiate_action"
        )
        action["context"] = {
            "default_partner_id": self.partner_id.commercial_partner_id[:1].id,
            "default_company_id": self.company_id[:1].id,
            "default_contract_ids": self.ids,
        }
        return action

    def action_view_debt_agreements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_debt_agreement_action"
        )
        action["domain"] = [("contract_ids", "in", self.ids)]
        action["context"] = {}
        return action

    # === EXTENSIONS ===

    def _get_invoices_to_move(self):
        """Leave instalments to who agreed to pay them."""
        moves = super()._get_invoices_to_move()
        return moves.filtered(lambda move: not move.contract_charge_ids.instalment_id)
