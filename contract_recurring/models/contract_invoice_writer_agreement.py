from odoo import api, models
from odoo.fields import Command
from odoo.tools import groupby


class ContractInvoiceWriter(models.AbstractModel):
    """An instalment is one invoice, also of several contracts, and no revenue."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _invoice_agreed(self, charges, day):
        """Bill what was agreed, and take no earlier credit off it: plan and entry
        are about these amounts."""
        return self._invoice_bills(self._group(charges), day)

    @api.model
    def _group(self, charges):
        parts = charges.filtered("instalment_id")
        ordered = parts.sorted(
            lambda c: (c.instalment_id.number, c.contract_id.id, c.id)
        )
        return super()._group(charges - parts) + [
            charges.browse(charge.id for charge in bill)
            for _part, bill in groupby(ordered, lambda c: c.instalment_id)
        ]

    @api.model
    def _prepare_move(self, charges, invoice_date):
        agreement = charges.instalment_id.agreement_id
        if not agreement:
            return super()._prepare_move(charges, invoice_date)
        sign = self._get_sign(charges)
        main = agreement._get_main_contract()
        first = charges.filtered(lambda c: c.contract_id == main)[:1] or charges[:1]
        values = super()._prepare_move(first, invoice_date)
        in_language = charges.with_context(lang=agreement.partner_id.lang)
        return values | {
            "partner_id": agreement.partner_id.id,
            "ref": agreement.name,
            "invoice_line_ids": [
                Command.create(self._prepare_move_line(charge, sequence, sign))
                for sequence, charge in enumerate(in_language, start=1)
            ],
        }

    @api.model
    def _prepare_move_line(self, charge, sequence, sign=1):
        values = super()._prepare_move_line(charge, sequence, sign)
        if charge.kind != "instalment":
            return values
        account = charge.company_id._get_agreement_account()
        return values | {"account_id": account.id, "tax_ids": [Command.clear()]}
