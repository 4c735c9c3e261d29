from odoo import api, models
from odoo.exceptions import UserError

from ..tools.money import to_decimal
from ..tools.occurrences import describe, get_kind
from ..tools.payer import clean_document
from ..tools.payment_reference import make_payment_reference
from ..tools.payment_writer import PaymentOrder
from .customer_refund import APPROVE_GROUP


class CustomerRefund(models.Model):
    """What the bank is asked for, and what it answers."""

    _inherit = "customer.refund"

    # === ORDER ===

    def _get_obstacle(self):
        """Return what the bank would miss, or an empty text."""
        self.ensure_one()
        document = clean_document(self.partner_id.commercial_partner_id.vat or "")
        if not document.isdecimal():
            return self.env._("the customer has no CPF or CNPJ in digits.")
        if self.way == "pix":
            return "" if self.pix_id else self.env._("choose a Pix key.")
        bank = self.partner_bank_id
        if not bank:
            return self.env._("choose a bank account.")
        if not bank.bank_id.code_bc:
            return self.env._("the bank of the account has no code (001, 341…).")
        if not (bank.bra_number and bank.acc_number and bank.acc_number_dig):
            return self.env._("the account lacks branch, number or digit.")
        return ""

    def _describe_favoured(self):
        """Return who is paid and where, in one line."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        if self.way == "pix":
            place = ("Pix", self.pix_id.key)
        else:
            bank = self.partner_bank_id
            place = (
                bank.bank_id.code_bc,
                "-".join(filter(None, (bank.bra_number, bank.bra_number_dig))),
                "-".join(filter(None, (bank.acc_number, bank.acc_number_dig))),
            )
        return " · ".join(filter(None, (owner.name, owner.vat, *place)))

    def _check_favoured(self):
        """Raise if the money would go to another place than was approved."""
        for refund in self:
            now = refund._describe_favoured()
            if refund.favoured != now:
                raise UserError(
                    self.env._(
                        "%(refund)s was approved for “%(approved)s”, and now reads "
                        "“%(now)s”. Cancel it and enter it again.",
                        refund=refund.name,
                        approved=refund.favoured,
                        now=now,
                    )
                )

    def _prepare_order(self, day):
        """Return the `PaymentOrder` of the file."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        amount = self._get_amount_decimal()
        values = {
            "reference": make_payment_reference(self.id, amount),
            "name": owner.name,
            "vat": clean_document(owner.vat or ""),
            "day": day,
            "amount": amount,
        }
        if self.way == "pix":
            kind, key = self.pix_id.key_type, self.pix_id.key
            return PaymentOrder(**values, pix_kind=kind, pix_key=key)
        bank = self.partner_bank_id
        return PaymentOrder(
            **values,
            bank=bank.bank_id.code_bc,
            agency=bank.bra_number,
            agency_digit=bank.bra_number_dig or "",
            account=clean_document(bank.acc_number),
            account_digit=bank.acc_number_dig,
        )

    def _get_amount_decimal(self):
        self.ensure_one()
        return to_decimal(self.amount)

    # === ANSWER ===

    @api.model
    def _take_answers(self, account, answers):
        """Follow what a file says of our refunds; the same file again changes nothing.

        :param answers: `tools.payment_reader.PaymentAnswer`
        :return: {"paid": refunds, "refused": …, "noted": …, "unknown": references}
        """
        numbers = [answer.number for answer in answers if answer.number]
        refunds = self.search(
            [("id", "in", numbers), ("file_id.account_id", "=", account.id)]
        )
        refunds.lock_for_update(allow_referencing=True)
        by_id = {refund.id: refund for refund in refunds}
        told = {"paid": self.browse(), "refused": self.browse(), "noted": self.browse()}
        unknown = []
        for answer in answers:
            refund = by_id.get(answer.number)
            if not refund:
                unknown.append(answer.reference or str(answer.line))
            else:
                told[refund._take_answer(answer)] |= refund
        return {**told, "unknown": unknown}

    def _take_answer(self, answer):
        """Return “paid”, “refused” or “noted”."""
        self.ensure_one()
        kinds = [get_kind("febraban", "pay", code) for code in answer.codes]
        words = self._get_words(answer.codes)
        if self.state != "sent":
            return "noted"
        if "paid" in kinds:
            self._pay(answer.day)
            self.message = words
            return "paid"
        if "rejected" in kinds or "written_off" in kinds:
            self.write({"state": "refused", "message": words})
            return "refused"
        self.message = words
        return "noted"

    @api.model
    def _get_words(self, codes):
        return "; ".join(describe("febraban", "pay", code) or code for code in codes)

    def _pay(self, day):
        """Book the payment and let it settle the credit it pays back."""
        self.ensure_one()
        journal = self.account_id.journal_id
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "amount": self.amount,
                "currency_id": self.currency_id.id,
                "date": day,
                "journal_id": journal.id,
                "payment_method_line_id": journal.outbound_payment_method_line_ids[
                    :1
                ].id,
                "destination_account_id": self.line_id.account_id.id,
                "memo": self.name,
                "company_id": self.company_id.id,
            }
        )
        payment.action_post()
        self.write({"state": "paid", "paid_on": day, "payment_id": payment.id})
        counterpart = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self.line_id.account_id
        )
        if not self.line_id.reconciled:
            (counterpart | self.line_id).reconcile()

    # === FILE ===

    def action_make_file(self):
        """Write files of approved refunds, one for each account that pays."""
        self._take_step(APPROVE_GROUP, "approved")
        files = self.env["customer.refund.file"]
        for account, refunds in self.sudo().grouped("account_id").items():
            files |= files.sudo()._generate(account, refunds)
        return files.sudo(self.env.su)._get_action()
