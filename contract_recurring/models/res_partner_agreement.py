from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The agreements about a customer's debts."""

    _inherit = "res.partner"

    debt_agreement_count = fields.Integer(
        compute="_compute_debt_agreement_count",
        groups="contract_recurring.group_contract_reader",
    )

    def _compute_debt_agreement_count(self):
        agreements = self.env["contract.debt.agreement"]
        for partner in self:
            partner.debt_agreement_count = agreements.search_count(
                partner._get_debt_agreement_domain()
            )

    def _get_debt_agreement_domain(self):
        """Return the domain of the agreements of the customer and its contacts."""
        self.ensure_one()
        return Domain("partner_id", "child_of", self.commercial_partner_id.ids)

    # === ACTIONS ===

    def action_renegotiate(self):
        """Open the dialog of an agreement about all that the customer owes."""
        self.ensure_one()
        self.env["contract.debt.agreement"]._check_may_renegotiate()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_renegotiate_action"
        )
        action["context"] = {
            "default_partner_id": self.commercial_partner_id.id,
            "default_company_id": self.env.company.id,
        }
        return action

    def action_view_debt_agreements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_debt_agreement_action"
        )
        action["domain"] = list(self._get_debt_agreement_domain())
        action["context"] = {}
        return action
