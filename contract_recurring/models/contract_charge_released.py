from odoo import fields, models
from odoo.fields import Command


class ContractCharge(models.Model):
    """Charges of a cancelled invoice: free, until one of many bills them again."""

    _inherit = "contract.charge"

    released_line_ids = fields.Many2many(
        "account.move.line",
        "contract_charge_released_line_rel",
        "charge_id",
        "line_id",
        string="Cancelled Invoice Lines",
        readonly=True,
        copy=False,
        help="Lines that billed it until their invoices were cancelled.",
    )

    def _release_to_others(self):
        """Make charges due again, remembering the lines of the cancelled invoice."""
        for charge in self:
            charge.released_line_ids = [Command.link(charge.move_line_id.id)]
        self._release()

    def _get_released_line(self, move):
        return self.released_line_ids.filtered(lambda line: line.move_id == move)

    def _bill_again(self, move):
        """Tie charges to their lines on an invoice that is cancelled no more."""
        lines = move.line_ids.browse(
            charge._get_released_line(move).id for charge in self
        )
        self.due_date = move.invoice_date_due
        self._mark_billed(lines)
        for charge, line in zip(self, lines, strict=True):
            charge.released_line_ids = [Command.unlink(line.id)]

    def _get_billing_again_obstacle(self, move):
        """Return why a cancelled invoice may not bill this charge again, or None."""
        self.ensure_one()
        names = {"invoice": move.display_name, "charge": self.label}
        if self.state == "billed":
            return self.env._(
                "%(invoice)s cannot be used again: %(other)s bills “%(charge)s” now.",
                other=self.move_id.display_name,
                **names,
            )
        if self.state != "pending":
            return self.env._(
                "%(invoice)s cannot be used again: “%(charge)s” is not owed any more. "
                "Bill what the contract owes now from the contract.",
                **names,
            )
        return self._get_other_customer_obstacle(move) or self._get_released_line(
            move
        )._get_amount_obstacle(self)

    def _get_other_customer_obstacle(self, move):
        bill = self.env["contract.invoice.writer"]._prepare_move(self, move.date)
        customer = move.partner_id.browse(bill["partner_id"])
        if customer.commercial_partner_id == move.commercial_partner_id:
            return None
        return self.env._(
            "%(invoice)s cannot be used again: contract %(contract)s is billed to "
            "%(customer)s now.",
            invoice=move.display_name,
            contract=self.contract_id.code,
            customer=customer.display_name,
        )
