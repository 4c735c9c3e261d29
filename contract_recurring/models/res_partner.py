from odoo import models


class ResPartner(models.Model):
    """A customer; contracts are made and found from here."""

    _inherit = "res.partner"

    def action_new_contract(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Contract"),
            "res_model": "contract.contract",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.id,
                "default_contract_type": "sale",
            },
        }
