from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class AccountMove(models.Model):
    """Waiving fine and interest of an invoice, before and after they are billed."""

    _inherit = "account.move"

    late_waiver_ids = fields.One2many(
        "contract.late.waiver", "move_id", string="Waivers", readonly=True
    )

    def _waive_late_charges(
        self, reason, today, fine=True, interest=True, date_until=None
    ):
        """Let the customers off fine, interest or both of these invoices.

        What is charged already is not billed, or given back; what would be
        charged for a later payment is not, up to a day if one is given.

        :return: the `contract.late.waiver`, one for each invoice
        """
        self._check_may_waive()
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why fine and interest are waived: it is kept.")
            )
        if not (fine or interest):
            raise UserError(
                self.env._("Choose what to waive: the fine, the interest, or both.")
            )
        waivers = self.env["contract.late.waiver"].sudo()
        for move in self.sudo():
            waivers |= move._waive_one(
                reason.strip(),
                today,
                {"is_fine_waived": fine, "is_interest_waived": interest},
                date_until,
            )
        return waivers

    def _waive_one(self, reason, today, what, date_until):
        self.ensure_one()
        self._check_waivable(date_until, today)
        kinds = [kind for kind in ("fine", "interest") if what[f"is_{kind}_waived"]]
        charged = self._get_live_late_charges().filtered(
            lambda c: (
                c.kind in kinds
                and not c.late_credit_id
                and c.state in ("pending", "billed")
            )
        )
        waiver = self.env["contract.late.waiver"].create(
            {
                "move_id": self.id,
                **what,
                "amount": sum(charged.mapped("amount")),
                "date": today,
                "date_until": date_until,
                "reason": reason,
                "user_id": self.env.user.id,
            }
        )
        charged._waive_late(today, reason)
        self._record_waiver(to_state=waiver._describe(), reason=reason)
        return waiver

    def _record_waiver(self, **values):
        """Write the event of each contract on the invoice, which keeps its revenue."""
        for contract in self.sudo().contract_charge_ids.contract_id:
            self.env["contract.event"]._record(
                contract,
                "waiver",
                mrr_before=contract.monthly_amount,
                mrr_after=contract.monthly_amount,
                **values,
            )

    def _apply_late_waiver(self, values, day):
        """Return the values of a charge, waived where that was promised."""
        waiver = self.late_waiver_ids.filtered(
            lambda waiver: waiver._is_in_force(values["kind"], day)
        )[:1]
        if not waiver:
            return values
        return self.env["contract.charge"]._mark_waived(values, waiver.reason)

    @api.model
    def _check_may_waive(self):
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_waive"
        ):
            raise AccessError(
                self.env._("You may not waive fine and interest. Ask somebody who may.")
            )

    def _check_waivable(self, date_until, today):
        self.ensure_one()
        if not self._bears_late_charges():
            raise UserError(
                self.env._(
                    "%(invoice)s is no invoice that bears fine and interest. Choose "
                    "the invoice that was paid late.",
                    invoice=self.display_name,
                )
            )
        if date_until and date_until < today:
            raise UserError(
                self.env._("The waiver would end before it begins. Choose a later day.")
            )
