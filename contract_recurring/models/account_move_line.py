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

    def _get_amount_obstacle(self, charge):
        """Return why this line does not state what a charge owes, or None."""
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        net = sign * self.quantity * self.price_unit * (1 - self.discount / 100)
        is_owed = bool(self.balance) or charge.currency_id.is_zero(net)
        if is_owed and not charge.currency_id.compare_amounts(net, charge.amount):
            return None
        return self.env._(
            "The invoice says %(invoiced)s for “%(charge)s”, the contract owes "
            "%(amount)s.",
            invoiced=net,
            charge=charge.label,
            amount=charge.amount,
        )
