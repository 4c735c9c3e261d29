from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from ..tools.proration import share


class ContractDebtAgreement(models.Model):
    """Making an agreement: the debt is cleared and comes back as instalments."""

    _inherit = "contract.debt.agreement"

    @api.model
    def _agree(
        self, moves, terms, day, reason=None, expected_total=None, replaces=None
    ):
        """Replace open invoices by instalments; all of it or nothing.

        :param Terms terms: see `tools/instalments.py`
        :param expected_total: what the customer was told; another total is refused
        :param replaces: the broken agreement this one follows
        :return: the agreement
        :raise UserError: bad terms, paid meanwhile, or somebody was faster
        """
        self._check_may_renegotiate()
        self.env["account.move"]._lock_debt(moves.sudo())
        moves = moves.sudo()
        quote = self._quote(moves, terms, day)
        self._check_discount(moves.company_id, float(terms.discount_percent))
        self._check_expected(quote, expected_total, moves.currency_id)
        agreements = self.sudo().with_company(moves.company_id)
        values = agreements._prepare_agreement(moves, quote, terms, day)
        agreement = agreements.create(
            values | {"reason": reason, "replaces_id": replaces and replaces.id}
        )
        agreement._clear_debt(moves, quote, day)
        agreement._invoice_instalments(quote, day)
        agreement._record_event(agreement._describe_terms(), reason, day)
        return agreement.with_env(self.env)

    @api.model
    def _check_expected(self, quote, expected, currency):
        if expected is None or not currency.compare_amounts(
            float(quote.total), expected
        ):
            return
        raise UserError(
            self.env._(
                "What is owed changed since the plan was shown: %(shown)s then, "
                "%(total)s now. Somebody paid, or a day went by. Open the dialog "
                "again.",
                shown=format_amount(self.env, expected, currency),
                total=format_amount(self.env, float(quote.total), currency),
            )
        )

    @api.model
    def _prepare_agreement(self, moves, quote, terms, day):
        company = moves.company_id
        sequence = self.env["ir.sequence"].with_company(company)
        return {
            "name": sequence.next_by_code(self._name, sequence_date=day),
            "company_id": company.id,
            "partner_id": moves[0].partner_id.id,
            "contract_ids": [Command.set(moves.contract_charge_ids.contract_id.ids)],
            "currency_id": moves.currency_id.id,
            "date": day,
            "user_id": self.env.uid,
            "principal_amount": float(quote.principal),
            "fine_amount": float(quote.fine),
            "interest_amount": float(quote.interest),
            "discount_percent": float(terms.discount_percent),
            "discount_amount": float(quote.discount),
            "total_amount": float(quote.total),
            "instalment_count": terms.count,
            "interval_months": terms.months,
            "origin_ids": [Command.create(self._prepare_origin(m)) for m in moves],
        }

    @api.model
    def _prepare_origin(self, move, **values):
        return {
            "move_id": move.id,
            "due_date": move.invoice_date_due,
            "amount": move.amount_residual,
            **values,
        }

    # === THE DEBT IS CLEARED ===

    def _clear_debt(self, moves, quote, day):
        """Bill fine and interest, and clear all of it by one entry."""
        self.ensure_one()
        surcharges = self._invoice_surcharge(quote, day)
        origins = [
            self._prepare_origin(move, agreement_id=self.id, is_surcharge=True)
            for move in surcharges
        ]
        self.env["contract.debt.agreement.origin"].create(origins)
        lines = (moves | surcharges)._get_open_receivable()
        entry = self.env["account.move"].create(self._prepare_clearing(lines, day))
        self.clearing_move_id = entry
        entry.action_post()
        credits = entry.line_ids.filtered("credit").sorted("sequence")
        self.env["account.move.line"]._reconcile_plan(
            [debit | credit for debit, credit in zip(lines, credits, strict=True)]
        )

    def _invoice_surcharge(self, quote, day):
        """Return the posted invoices of fine and interest, net of the discount."""
        charges = self.env["contract.charge"].create(
            [values | {"due_date": day} for values in quote.late_values]
        )
        pending = charges.filtered(lambda charge: charge.state == "pending")
        return self.env["contract.invoice.writer"]._invoice_agreed(pending, day)

    def _prepare_clearing(self, lines, day):
        """Return the values of the entry that clears receivable lines."""
        account = self.company_id._get_agreement_account()
        debit = self.currency_id.round(sum(lines.mapped("amount_residual")))
        credits = [
            {
                "sequence": sequence,
                "name": line.move_id.name,
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "credit": line.amount_residual,
            }
            for sequence, line in enumerate(lines, start=1)
        ]
        clearing = {
            "name": self.name,
            "account_id": account.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "debit": debit,
            "sequence": 0,
        }
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id._get_agreement_journal().id,
            "date": day,
            "ref": self.name,
            "line_ids": [Command.create(line) for line in (clearing, *credits)],
        }

    # === AND COMES BACK AS INSTALMENTS ===

    def _invoice_instalments(self, quote, day):
        """Enter the instalments in the ledger and invoice them."""
        self.ensure_one()
        parts = self.env["contract.debt.agreement.instalment"].create(
            [self._prepare_instalment(part) for part in quote.instalments]
        )
        weights = self._get_weights()
        charges = self.env["contract.charge"].create(
            [vals for part in parts for vals in part._prepare_charges(weights, day)]
        )
        moves = self.env["contract.invoice.writer"]._invoice_agreed(charges, day)
        for part, move in zip(parts, moves, strict=True):
            part.move_id = move

    def _prepare_instalment(self, part):
        return {
            "agreement_id": self.id,
            "number": part.number,
            "due_date": part.due_date,
            "amount": float(part.amount),
            "surcharge_amount": float(part.surcharge),
        }

    def _get_weights(self):
        """Return {contract: Decimal of the debt it has a part of}."""
        weights = {}
        for origin in self.origin_ids:
            move = origin.move_id
            amounts = move._get_amounts_of_contracts()
            parts = share(
                Decimal(str(origin.amount)),
                [Decimal(str(amount)) for amount in amounts.values()],
            )
            for contract, part in zip(amounts, parts, strict=True):
                weights[contract] = weights.get(contract, Decimal(0)) + part
        return {contract: amount for contract, amount in weights.items() if amount > 0}

    def _describe_terms(self):
        """Return what was agreed, as the history of the contracts tells it."""
        self.ensure_one()
        entry = self.instalment_ids.filtered(lambda part: not part.number)
        parts = (self.instalment_ids - entry).sorted("number")
        words = self.env._(
            "%(agreement)s: %(total)s in %(count)s × %(amount)s from %(date)s on",
            agreement=self.name,
            total=format_amount(self.env, self.total_amount, self.currency_id),
            count=len(parts),
            amount=format_amount(self.env, parts[0].amount, self.currency_id),
            date=format_date(self.env, parts[0].due_date),
        )
        if not entry:
            return words
        return self.env._(
            "%(words)s, entry of %(amount)s",
            words=words,
            amount=format_amount(self.env, entry.amount, self.currency_id),
        )
