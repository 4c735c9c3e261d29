from odoo import api, models


class ContractCharge(models.Model):
    """Explanations of what a contract owes when it ends."""

    _inherit = "contract.charge"

    @api.model
    def _explain_penalty(self, currency, inputs):
        return self.env._(
            "%(left)s of %(months)s months left × %(full)s = %(amount)s "
            "(Anatel, Res. 765/2023)",
            left=inputs["left"],
            months=inputs["months"],
            full=self._format_money(currency, inputs["full_amount"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_equipment(self, currency, inputs):
        return self.env._(
            "%(product)s not returned (%(serial)s): %(amount)s",
            product=inputs["product"],
            serial=inputs["serial_number"] or self.env._("no serial number"),
            amount=self._format_money(currency, inputs["amount"]),
        )
