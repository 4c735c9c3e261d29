from odoo import api, models
from odoo.fields import Domain


class CustomerRefund(models.Model):
    """What a customer has only one of is proposed: credit, Pix key, account."""

    _inherit = "customer.refund"

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        owner = self.partner_id.commercial_partner_id
        for name, domain in self._get_proposal_domains().items():
            chosen = self[name].partner_id.commercial_partner_id
            if not owner or chosen != owner:
                found = self[name].search(domain, limit=2) if owner else ()
                self[name] = found if len(found) == 1 else False

    def _get_proposal_domains(self):
        """Return {field: domain of what may be chosen for the customer}."""
        own = Domain("partner_id", "child_of", self.partner_id.id)
        credit = (
            Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("amount_residual", "<", 0)
            & Domain("company_id", "=", self.company_id.id)
        )
        return {"line_id": own & credit, "pix_id": own, "partner_bank_id": own}
