import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..const import LIVE_AGREEMENT_STATES, OPEN_PAYMENT_STATES
from ..tools.bank_calendar import next_bank_day

_logger = logging.getLogger(__name__)


class ContractDebtAgreement(models.Model):
    """Breaking and cancelling: the debt is what it would be without the agreement.

    Instalments are reversed by credit notes, so that it is possible in months
    that are closed; the clearing entry is reversed and the originals are open
    again. What was paid is put on the oldest originals, with its own dates:
    principal first; fine and interest follow from those dates as for any late
    payment, and what was paid beyond the principal pays them. The discount on
    them is lost with the agreement.
    """

    _inherit = "contract.debt.agreement"

    # === ACTIONS ===

    def action_break(self):
        for agreement in self:
            agreement._break(agreement.company_id._get_local_date())

    def action_cancel(self):
        for agreement in self:
            agreement._cancel(agreement.company_id._get_local_date())

    def action_replace(self):
        """Break the agreement and open the dialog with what is left."""
        self.ensure_one()
        day = self.company_id._get_local_date()
        moves = self.sudo().origin_ids.filtered(lambda o: not o.is_surcharge).move_id
        self._break(day, self.env._("Replaced by another agreement"))
        left = moves.filtered(lambda move: move.payment_state in OPEN_PAYMENT_STATES)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_renegotiate_action"
        )
        action["context"] = {
            "default_partner_id": self.partner_id.commercial_partner_id.id,
            "default_company_id": self.company_id.id,
            "default_replaces_id": self.id,
            "default_scope": "all",
            "default_move_ids": left.ids,
        }
        return action

    # === BUSINESS ===

    def _break(self, day, reason=None):
        """Revive the debt on a day.

        :raise UserError: the agreement is not in force
        """
        self.ensure_one()
        self._check_may_renegotiate()
        self._lock_for_step()
        self._check_live()
        agreement = self.sudo()
        agreement._undo(day)
        agreement._end("broken", day, reason or self.env._("Broken by hand"))

    def _cancel(self, day, reason=None):
        """Undo an agreement made by mistake, of which nothing was paid."""
        self.ensure_one()
        self._check_may_renegotiate()
        self._lock_for_step()
        self._check_live()
        agreement = self.sudo()
        if agreement.paid_amount:
            raise UserError(
                self.env._(
                    "Something was paid on %(agreement)s already: it can only be "
                    "broken or replaced.",
                    agreement=self.name,
                )
            )
        agreement._undo(day)
        agreement._end("cancelled", day, reason or self.env._("Made by mistake"))

    def _check_live(self):
        self.ensure_one()
        if not self.is_live:
            raise UserError(
                self.env._(
                    "%(agreement)s: only an agreement in force can be broken, replaced "
                    "or cancelled.",
                    agreement=self._describe_state(),
                )
            )

    def _end(self, state, day, reason):
        """Close the agreement; its invoices may be renegotiated anew."""
        self.origin_ids.is_live = False
        self.write({"ended_on": day, "end_reason": reason})
        self._change_state(state, day, reason)
        self._follow_credit_listings(day)

    def _undo(self, day):
        """Undo the entries of the agreement and put what was paid on the originals."""
        self.ensure_one()
        agreement = self.with_context(undoes_agreement=True)
        agreement._note_payments()
        payments = agreement._free_payments()
        agreement._reverse_instalments(day)
        agreement._reopen_originals(day)
        agreement._undo_surcharge(day)
        agreement._pay_originals(payments)

    def _note_payments(self):
        """Keep what was paid of each instalment, before its money goes elsewhere."""
        for part in self.instalment_ids:
            part.undone_paid_amount = part.paid_amount

    def _free_payments(self):
        """Return the lines that paid the instalments, which pay nothing now."""
        receivable = self._get_instalment_receivables()
        payments = receivable.matched_credit_ids.credit_move_id
        receivable.remove_move_reconcile()
        return payments

    def _get_instalment_receivables(self):
        return self.instalment_ids.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _reverse_instalments(self, day):
        """Take the instalments back by credit notes."""
        charges = self.instalment_ids.charge_ids.filtered(
            lambda charge: charge.state == "billed"
        )
        credits = charges.create(
            [charge._prepare_instalment_undone(day) for charge in charges]
        )
        notes = self.env["contract.invoice.writer"]._invoice_agreed(credits, day)
        parts = self.instalment_ids.sorted("number")
        self.env["account.move.line"]._reconcile_plan(
            [
                (part.move_id | note)._get_open_receivable()
                for part, note in zip(parts, notes, strict=True)
            ]
        )

    def _reopen_originals(self, day):
        """Reverse the entry that cleared the original invoices."""
        ref = self.env._("Undone: %(agreement)s", agreement=self.name)
        self.clearing_move_id._reverse_moves([{"date": day, "ref": ref}], cancel=True)

    def _undo_surcharge(self, day):
        """Give back the fine and interest of the agreement; the debt runs on."""
        late = self.origin_ids.filtered("is_surcharge").move_id.contract_charge_ids
        exempt = self._get_originals().late_charge_ids.filtered(
            lambda charge: charge._is_agreed_late_charge(self)
        )
        (late | exempt).filtered(lambda c: c._is_live_late_charge())._undo_late(day)

    def _get_originals(self):
        """Return the invoices that were renegotiated."""
        return self.origin_ids.filtered(lambda origin: not origin.is_surcharge).move_id

    def _pay_originals(self, payments):
        """Put what was paid on the originals, the oldest first; what is over pays
        their fine and interest."""
        originals = self._get_originals()
        self._settle(originals, payments)
        late_moves = originals.late_charge_ids.move_id
        self._settle(late_moves.filtered(lambda m: m._is_late_invoice()), payments)

    @api.model
    def _settle(self, moves, payments):
        for account, lines in payments.grouped("account_id").items():
            owed = moves._get_open_receivable().filtered(
                lambda line, account=account: line.account_id == account
            )
            free = lines.filtered(lambda line: not line.reconciled)
            if owed and free:
                (owed | free).reconcile()

    # === CRON ===

    @api.model
    def _cron_break_agreements(self, today=None):
        """Break the agreements of which an instalment is overdue for too long.

        :param today: the day to follow, the companies' own where none is given
        """
        live = self.search([("state", "in", LIVE_AGREEMENT_STATES)])
        for company in live.company_id:
            day = today or company._get_local_date()
            for agreement in self._search_to_break(company, day):
                agreement._break_overdue(day)

    @api.model
    def _search_to_break(self, company, day):
        """Return the agreements of a company to be broken on a day."""
        days = timedelta(days=company.agreement_break_days)
        parts = self.env["contract.debt.agreement.instalment"].search(
            Domain("company_id", "=", company.id)
            & Domain("agreement_id.state", "in", LIVE_AGREEMENT_STATES)
            & Domain("move_id.payment_state", "in", OPEN_PAYMENT_STATES)
            & Domain("move_id.invoice_date_due", "<", day - days)
        )
        late = parts.filtered(
            lambda part: next_bank_day(part.move_id.invoice_date_due) + days < day
        )
        return late.agreement_id

    def _break_overdue(self, day):
        """Break one agreement; where that fails the others go on."""
        self.ensure_one()
        part = self.instalment_ids.filtered("is_overdue").sorted("due_date")[:1]
        reason = self.env._(
            "%(instalment)s was due on %(date)s and is not paid",
            instalment=part.label or self.name,
            date=format_date(self.env, part.due_date or self.next_due_date or day),
        )
        try:
            with self.env.cr.savepoint():
                self._break(day, reason)
        except UserError:
            self.env.invalidate_all(flush=False)
            _logger.exception("Agreement %s cannot be broken", self.name)
