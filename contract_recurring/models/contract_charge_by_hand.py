from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PERIOD_KINDS


class ContractCharge(models.Model):
    """Charges that people enter or bill ahead, and take back while unpaid."""

    _inherit = "contract.charge"

    is_by_hand = fields.Boolean(
        string="By Hand",
        readonly=True,
        help="Entered by somebody: venda, lançamento, mensalidade or proporcional.",
    )
    is_issued_at_once = fields.Boolean(
        readonly=True,
        help="Entered for an invoice issued at once: taking that back cancels it.",
    )
    is_apart = fields.Boolean(
        string="Invoice of Its Own",
        readonly=True,
        help="Not on the contract's recurring invoice.",
    )

    entered_by_id = fields.Many2one("res.users", readonly=True)

    # === BUSINESS ===

    def _is_billed_apart(self):
        """Return whether this stays off the contract's recurring invoice."""
        self.ensure_one()
        return bool(self.is_apart)

    def _get_line_charges(self):
        """Return {line: its live charges for periods}."""
        return (
            self.sudo()
            .search(
                [
                    ("contract_line_id", "in", self.contract_line_id.ids),
                    ("kind", "in", PERIOD_KINDS),
                    ("state", "!=", "cancelled"),
                ]
            )
            .grouped("contract_line_id")
        )

    def _take_back(self):
        """Cancel charges that wait; their days are charged again when due.

        Exempt days after them go too, for a line is charged without a gap; the
        exemption keeps them free of charge again. So does what gives days of them
        back and is not billed: nothing is given back that was not charged.
        """
        charges = self.sudo()
        charges._check_last_of_line()
        exempt = charges._get_exempt_after()
        credits = charges._get_credits()
        (charges | exempt | credits).write({"state": "cancelled"})
        charges.flush_recordset()
        (charges | exempt).contract_line_id._follow_ledger()

    def _get_exempt_after(self):
        periods = self.filtered(lambda charge: charge.kind in PERIOD_KINDS)
        live = periods._get_line_charges()
        exempt = self.browse()
        for line, charges in periods.grouped("contract_line_id").items():
            first = min(charges.mapped("period_start"))
            exempt |= live.get(line, exempt).filtered(
                lambda c, first=first: c.state == "exempt" and c.period_start >= first
            )
        return exempt

    # === CHECKS ===

    def _check_last_of_line(self):
        """Raise where later days are charged: those before would never be again."""
        periods = self.filtered(lambda charge: charge.kind in PERIOD_KINDS)
        periods._check_not_credited()
        live = periods._get_line_charges()
        for line, charges in periods.grouped("contract_line_id").items():
            last = max(charges.mapped("period_end"))
            later = live.get(line, self.browse()).filtered(
                lambda c, last=last: c.period_start > last and c.state != "exempt"
            )
            if later:
                raise UserError(
                    self.env._(
                        "“%(charge)s” is charged already and comes later. Take that "
                        "back first.",
                        charge=later.sorted("period_start")[0].label,
                    )
                )

    def _check_not_credited(self):
        """Raise where an invoice gave days of these back: they would be owed twice."""
        for credit in self._get_credits().filtered("move_id"):
            raise UserError(
                self.env._(
                    "“%(charge)s” is given back on %(invoice)s already. Cancel that "
                    "first.",
                    charge=credit._get_credited_of(self)[:1].label,
                    invoice=credit.move_id.display_name,
                )
            )

    def _check_may_cancel_charge(self):
        """Raise unless the user bills, or takes back what they entered."""
        if self.env.su or self.env.user.has_group(
            "contract_recurring.group_contract_billing"
        ):
            return
        is_operator = self.env.user.has_group(
            "contract_recurring.group_contract_operator"
        )
        for charge in self.sudo():
            is_own = charge.is_by_hand and charge.entered_by_id == self.env.user
            if not (is_operator and is_own):
                raise AccessError(
                    self.env._(
                        "You may only cancel charges you entered yourself. Ask "
                        "somebody who bills."
                    )
                )

    # === EXPLANATIONS ===

    @api.model
    def _explain_manual(self, currency, inputs):
        return self.env._(
            "%(amount)s, entered by hand: %(reason)s",
            amount=self._format_money(currency, inputs["amount"]),
            reason=inputs["reason"],
        )
