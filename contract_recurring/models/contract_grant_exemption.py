from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..const import PERIOD_KINDS

OPEN_STATES = ("not_paid", "partial")


class ContractContract(models.Model):
    """Exemption (*isentar*): days that are not charged, or given back if they were.

    The charge of an exempt day is live in the ledger, so the day is charged
    by nobody else, and is never billed.
    """

    _inherit = "contract.contract"

    exemption_ids = fields.One2many("contract.exemption", "contract_id", readonly=True)

    def _exempt(self, date_from, date_to, today, reason=None):
        """Charge nothing for the days of a span.

        What waits for an invoice becomes exempt. What is billed is given back:
        by a credit note where the invoice is open, with the next invoice where
        it is paid.

        :return: the credit notes
        """
        self.ensure_one()
        self._check_may_exempt()
        self._lock_for_change()
        self._check_active()
        self._check_exemption(date_from, date_to)
        self.env["contract.exemption"].sudo().create(
            {
                "contract_id": self.id,
                "date_from": date_from,
                "date_to": date_to,
                "reason": reason,
            }
        )
        charges = self._get_period_charges(date_from, date_to)
        charges.filtered(lambda charge: charge.state == "pending")._exempt_pending()
        billed = charges.filtered(lambda charge: charge.state == "billed")
        notes = self._give_back_exempt(billed, date_from, date_to, today)
        self.env["contract.event"]._record(
            self,
            "exemption",
            effective_date=date_from,
            to_state=self.env._(
                "%(start)s to %(end)s",
                start=format_date(self.env, date_from),
                end=format_date(self.env, date_to),
            ),
            reason=reason,
        )
        return notes

    def _get_period_charges(self, date_from, date_to):
        """Return the live charges for periods that touch a span of days."""
        return (
            self.env["contract.charge"]
            .sudo()
            .search(
                [
                    ("contract_id", "=", self.id),
                    ("kind", "in", PERIOD_KINDS),
                    ("state", "in", ("pending", "billed")),
                    ("period_start", "<=", date_to),
                    ("period_end", ">=", date_from),
                ]
            )
        )

    def _give_back_exempt(self, billed, date_from, date_to, today):
        """Enter what billed charges give back; return the credit notes."""
        notes = self.env["account.move"].sudo()
        for move, charges in billed.grouped("move_id").items():
            is_open = move.payment_state in OPEN_STATES
            credits = charges.create(
                [
                    charge._prepare_exemption(
                        start,
                        end,
                        today
                        if is_open
                        else charge.contract_line_id._get_due_date_after(today),
                    )
                    for charge, start, end in charges._get_uncredited(
                        date_from, date_to
                    )
                ]
            )
            if is_open and credits:
                notes |= self._credit_invoice(move, credits, today)
        return notes

    def _credit_invoice(self, move, credits, today):
        """Return the posted credit note that bills the credits against an invoice."""
        writer = self.env["contract.invoice.writer"].sudo()
        note = writer._invoice(credits, today)
        (move | note).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        return note

    def _check_may_exempt(self):
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_exempt"
        ):
            raise AccessError(
                self.env._("You may not exempt contracts. Ask somebody who may.")
            )

    def _check_exemption(self, date_from, date_to):
        if date_to < date_from:
            raise UserError(self.env._("The exemption ends before it begins."))
        for exemption in self.exemption_ids:
            if exemption.date_from <= date_to and exemption.date_to >= date_from:
                raise UserError(
                    self.env._(
                        "%(contract)s is exempt from %(start)s to %(end)s already. "
                        "Choose other days.",
                        contract=self.display_name,
                        start=format_date(self.env, exemption.date_from),
                        end=format_date(self.env, exemption.date_to),
                    )
                )
