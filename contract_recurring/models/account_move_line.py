from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

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

    @api.model
    def _prepare_balance(self, vals, company, currency, sign=1):
        """Return the balance of an invoice line to create, where it is plain.

        Odoo takes it as it is where nothing on the invoice is taxed, and otherwise
        calculates it anew; without it, it writes each line apart
        (`_sync_tax_lines`, `_sync_invoice`, Odoo 19.0). Amounts with parts of a cent
        are left to Odoo, which may round all lines together.

        :param vals: quantity, unit price and discount in percent
        :param sign: 1 on an invoice, -1 on a credit note
        """
        net = vals["quantity"] * vals["price_unit"] * (1 - vals["discount"] / 100)
        amount = -sign * currency.round(net)
        is_plain = currency == company.currency_id and float_is_zero(
            net + sign * amount, precision_digits=6
        )
        return {"balance": amount, "amount_currency": amount} if is_plain else {}

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
