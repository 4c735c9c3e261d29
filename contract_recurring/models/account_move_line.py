from odoo import fields, models
from odoo.exceptions import UserError

# What an invoice line takes over from its charge.
CHARGED_FIELDS = {"quantity", "price_unit", "discount", "product_id"}


class AccountMoveLine(models.Model):
    """An invoice line that bills a charge states its amount and keeps it."""

    _inherit = "account.move.line"

    contract_charge_ids = fields.One2many(
        "contract.charge", "move_line_id", readonly=True
    )

    def write(self, vals):
        if CHARGED_FIELDS & vals.keys():
            self._check_amount_of_charge(vals)
        return super().write(vals)

    def unlink(self):
        self.sudo().contract_charge_ids._release()
        return super().unlink()

    def _check_amount_of_charge(self, vals):
        """Raise if the values change what a contract's charge says."""
        for line in self.sudo().filtered("contract_charge_ids"):
            for name in CHARGED_FIELDS & vals.keys():
                before = line._fields[name].convert_to_write(line[name], line)
                if vals[name] != before:
                    raise UserError(
                        self.env._(
                            "“%(line)s” bills a charge of a contract. Change the "
                            "contract or add a charge, not the invoice.",
                            line=line.name,
                        )
                    )
