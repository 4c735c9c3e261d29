from odoo import api, fields, models


class ContractCharge(models.Model):
    """What the ledger gives back for days without service."""

    _inherit = "contract.charge"

    outage_id = fields.Many2one(
        "contract.outage",
        string="Days Without Service",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _credit_days_of(self, outage, due_date=None):
        """Enter what these charges give back for an outage; return the credits.

        :param due_date: of the credits, that of the charge unless given
        """
        charges = self.filtered(lambda c: not c.contract_line_id.is_suspension_fee)
        return self.create(
            [
                charge._prepare_outage_credit(
                    start, end, outage, due_date or charge.due_date
                )
                for charge, start, end in charges._get_uncredited(
                    outage.date_from, outage.date_to
                )
            ]
        )

    def _prepare_outage_credit(self, start, end, outage, due_date):
        credit = self._prepare_credit(start, end)
        explanation = {
            "rule": "outage",
            "inputs": credit["explanation"]["inputs"] | {"reason": outage.reason},
        }
        return credit | {
            "kind": "outage",
            "outage_id": outage.id,
            "due_date": due_date,
            "explanation": explanation,
        }

    @api.model
    def _explain_outage(self, currency, inputs):
        return self.env._(
            "%(days)s of %(full_days)s days without service × %(price)s = %(amount)s: "
            "%(reason)s",
            days=inputs["days"],
            full_days=inputs["full_days"],
            price=self._format_money(currency, inputs["whole_amount"]),
            amount=self._format_money(currency, inputs["amount"]),
            reason=inputs["reason"],
        )
