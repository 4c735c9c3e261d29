from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date


class ContractCharge(models.Model):
    """Instalments of agreements in the ledger: a debt moved, never revenue."""

    _inherit = "contract.charge"

    kind = fields.Selection(
        selection_add=[("instalment", "Instalment")],
        ondelete={"instalment": "cascade"},
    )
    instalment_id = fields.Many2one(
        "contract.debt.agreement.instalment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("instalment_id.label")
    @api.depends_context("lang")
    def _compute_label(self):
        parts = self.filtered("instalment_id")
        for charge in parts:
            # readers of contracts read no invoices, on which an instalment rests
            charge.label = charge.sudo().instalment_id.label
        return super(ContractCharge, self - parts)._compute_label()

    def _is_agreed_late_charge(self, agreement):
        """Return whether an agreement let this fine or interest off wholly."""
        self.ensure_one()
        inputs = self.explanation["inputs"]
        return (
            self.state == "exempt"
            and bool(inputs.get("agreement_discount"))
            and self.late_move_id in agreement._get_originals()
        )

    def _prepare_instalment_undone(self, day):
        """Return the values of what takes an instalment back."""
        self.ensure_one()
        links = ("contract_id", "partner_id", "product_id", "currency_id")
        inputs = {"agreement": self.instalment_id.agreement_id.name}
        return {
            **{name: self[name].id for name in links},
            "kind": self.kind,
            "instalment_id": self.instalment_id.id,
            "period_start": day,
            "period_end": day,
            "due_date": day,
            "price_unit": -self.price_unit,
            "amount": -self.amount,
            "explanation": {"rule": "instalment_undone", "inputs": inputs},
        }

    # === EXPLANATIONS ===

    @api.model
    def _explain_instalment(self, currency, inputs):
        return self.env._(
            "Agreement of %(date)s: %(principal)s of the invoices + %(surcharge)s of "
            "fine and interest = %(amount)s",
            date=format_date(self.env, inputs["date"]),
            principal=self._format_money(currency, inputs["principal"]),
            surcharge=self._format_money(currency, inputs["surcharge"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_instalment_undone(self, _currency, inputs):
        return self.env._(
            "The agreement %(agreement)s is not in force any more",
            agreement=inputs["agreement"],
        )

    @api.model
    def _add_late_dates(self, words, inputs):
        words = super()._add_late_dates(words, inputs)
        if not inputs.get("agreement_discount"):
            return words
        return self.env._(
            "%(words)s; less %(percent)s%% by agreement: %(amount)s",
            words=words,
            percent=self._format_number(inputs["agreement_discount"]),
            amount=self._format_decimal(inputs["agreed"]),
        )

    @api.model
    def _format_decimal(self, amount):
        return self._format_money(self.env.company.currency_id, Decimal(amount))
