from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ContractNextInvoice(models.TransientModel):
    """Shows the next invoice with each charge and its explanation (S004-109)."""

    _name = "contract.next.invoice"
    _description = "Next Invoice of a Contract"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one("contract.contract", required=True, readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    line_ids = fields.One2many("contract.next.invoice.line", "wizard_id", readonly=True)
    due_date = fields.Date(readonly=True)
    amount_untaxed = fields.Monetary(readonly=True)
    amount_tax = fields.Monetary(string="Taxes", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    invoice_count = fields.Integer(string="Invoices", readonly=True)
    obstacle = fields.Text(readonly=True)

    @api.model
    def default_get(self, fields):
        """Fill the screen as it opens: it only shows."""
        values = super().default_get(fields)
        contract = self.env["contract.contract"].browse(
            values.get("contract_id") or self.env.context.get("active_id")
        )
        if contract:
            values |= self._read_next_invoice(contract)
        return values

    @api.model
    def _read_next_invoice(self, contract):
        today = fields.Date.context_today(self)
        values = {"contract_id": contract.id}
        try:
            bills = contract._preview_next_invoice(today)
        except UserError as error:
            return values | {"obstacle": str(error)}
        if not bills:
            return values | {
                "obstacle": self.env._("Nothing is left to bill on this contract.")
            }
        sums = ("amount_untaxed", "amount_tax", "amount_total")
        return values | {
            "due_date": bills[0]["due_date"],
            "invoice_count": len(bills),
            "line_ids": self._prepare_lines(bills),
            **{name: sum(bill[name] for bill in bills) for name in sums},
        }

    @api.model
    def _prepare_lines(self, bills):
        names = (
            "contract_id",
            "kind",
            "label",
            "period_start",
            "period_end",
            "amount",
            "explanation",
        )
        return [
            Command.create(
                {
                    "number": number,
                    "due_date": bill["due_date"],
                    **dict(zip(names, row, strict=True)),
                }
            )
            for number, bill in enumerate(bills, start=1)
            for row in bill["rows"]
        ]
