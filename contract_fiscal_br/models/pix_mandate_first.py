from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..tools.bank_error import LaterError, RefusedError


class PixMandate(models.Model):
    """The customer agrees by paying an open invoice (journey 3).

    One code holds an immediate charge and the recurrence; paying it is the agreement.
    A title stands for that charge, in the place of the invoice's boleto, until the
    evening of the due date. Ended without payment, the invoice is collected otherwise.
    Source: BCB, API Pix (OpenAPI 2.8.1): `RecAtivacao.dadosJornada.txid`, and `dadosQR`
    of GET /rec/{idRec}?txid=.
    """

    _inherit = "pix.mandate"

    def action_offer(self):
        self._check_may_offer()
        for mandate in self.filtered(lambda m: m.journey == "3" and m.state == "draft"):
            mandate._issue_first_charge()
        return super().action_offer()

    def _get_first_charge(self):
        """Return the title of the charge in the code, empty without."""
        return self.sudo().title_ids.filtered("is_immediate").sorted("id")[-1:]

    def _is_first_charge_open(self):
        title = self._get_first_charge()
        return bool(title) and title._is_current()

    # === ISSUING ===

    def _issue_first_charge(self):
        """Let the invoice be paid by the code alone, no more by its boleto."""
        if self._is_first_charge_open():
            return
        account = self.account_id
        account._check_api()
        move = self._get_first_invoice().sudo()
        mode = account._get_automatic_mode()
        if not mode:
            raise UserError(
                self.env._(
                    "No payment mode uses %s. Ask a manager to add one.", account.name
                )
            )
        move._get_current_titles()._withdraw(
            "replaced", self.env._("Replaced by the code of Pix Automático")
        )
        move.payment_mode_id = mode
        self.env["collection.title"].sudo()._issue(
            move,
            self.company_id._get_local_date(),
            pix_mandate_id=self.id,
            is_immediate=True,
        )

    def _get_first_invoice(self):
        """Return the open invoice that falls due first.

        :raise UserError: there is none, or its boleto keeps it
        """
        today = self.company_id._get_local_date()
        moves = self.contract_id.charge_ids.move_id.filtered(
            lambda move: move._is_to_be_collected() and move.invoice_date_due >= today
        )
        if not moves:
            raise UserError(
                self.env._(
                    "The contract has no open invoice that is not overdue. Choose the "
                    "QR code alone."
                )
            )
        move = moves.sorted("invoice_date_due")[0]
        obstacle = move._get_title_obstacle()
        if obstacle:
            raise UserError(obstacle)
        return move

    # === AT THE BANK ===

    def _get_charge_in_code(self):
        if self.journey != "3":
            return super()._get_charge_in_code()
        title = self._get_first_charge()
        if title.state in ("to_register", "sent"):
            raise LaterError(self.env._("The bank registers the charge first."))
        if title.state != "registered":
            raise RefusedError(
                self.env._(
                    "The bank did not take the charge of the invoice. Choose the QR "
                    "code alone, or offer it again."
                )
            )
        return title

    def _prepare_recurrence(self):
        body = super()._prepare_recurrence()
        if self.journey != "3":
            return body
        txid = self._get_charge_in_code().txid
        return body | {"ativacao": {"dadosJornada": {"txid": txid}}}

    def _complete(self, session):
        result = super()._complete(session)
        if self.journey == "3":
            self._get_first_charge().pix_copy_paste = self.pix_copy_paste
        return result

    def _ask_at_bank(self, session, was_uncertain):
        """Take back a code that can be paid no more; a payment may come to light the
        day after."""
        result = super()._ask_at_bank(session, was_uncertain)
        if self.state != "created" or not self._is_first_charge_open():
            return result
        last = self._get_first_charge().due_date + timedelta(1)
        if last < self.company_id._get_local_date():
            self._tell_contract(self.env._("The code of Pix Automático was not paid."))
            self._follow(
                session.call(session.pix.cancel_recurrence(self.recurrence_number))
            )
        return result

    def _get_words_of_code(self):
        if self.journey != "3":
            return super()._get_words_of_code()
        title = self._get_first_charge()
        return self.env._(
            "Pay %(amount)s and agree to Pix Automático at once: open the app of your "
            "bank, choose Pix copy and paste, or scan the picture, until %(date)s. "
            "From then on your bank pays the invoices by itself.",
            amount=format_amount(self.env, title.amount, title.currency_id),
            date=format_date(self.env, title.due_date),
        )

    # === THE END ===

    def _end(self, state, reason):
        result = super()._end(state, reason)
        for mandate in self.filtered(lambda one: one._is_first_charge_open()):
            title = mandate._get_first_charge()
            title._withdraw("replaced", mandate.env._("Pix Automático ended"))
            if title.state == "cancelled":  # the bank never knew it
                title.move_id._collect_otherwise()
        return result
