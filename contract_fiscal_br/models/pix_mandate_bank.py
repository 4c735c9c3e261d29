import base64
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact

from ..tools.bank_error import LaterError, RefusedError, SilentError
from ..tools.money import to_decimal
from ..tools.pix_automatic import describe_ending

RETRY_S, DOUBT_S = 60, 300
# How long a customer has to answer a request in the app.
REQUEST_DAYS = 7
# `status` of the Banco Central → state.
STATES = {
    "CRIADA": "created",
    "APROVADA": "approved",
    "REJEITADA": "rejected",
    "CANCELADA": "cancelled",
    "EXPIRADA": "expired",
}
OVER = ("rejected", "cancelled", "expired")


class PixMandate(models.Model):
    """Pix Automático at the bank: created, asked about and cancelled by jobs.

    POST /rec cannot be repeated blindly. That it was called is committed first; after a
    lost answer the bank's list is searched before another one is created.
    """

    _name = "pix.mandate"
    _inherit = ["pix.mandate", "contract.call.mixin"]

    is_uncertain = fields.Boolean(
        readonly=True, copy=False, help="The bank was called and has not answered."
    )
    attempted_at = fields.Datetime(readonly=True, copy=False)
    asked_at = fields.Datetime(readonly=True, copy=False)

    # === JOBS ===

    def _queue_call(self, step):
        for mandate in self.sudo():
            mandate.with_delay(
                channel="root.bank",
                identity_key=identity_exact,
                description=self.env._("Call the bank for %s", mandate.display_name),
            )._call_bank(step)

    def _queue_daily_question(self):
        """Ask about those not asked about since yesterday."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        stale = self.filtered(lambda m: not m.asked_at or m.asked_at < yesterday)
        stale._queue_call("ask")

    def _call_bank(self, step):
        """Take one step at the bank; the body of a job, safe to repeat.

        :param step: create, cancel or ask
        :raise RetryableJobError: it has to be tried again
        """
        self.ensure_one()
        self.env.flush_all()
        wait = None
        with self._own_transaction() as mandate:
            claimed = mandate._claim(step)
            if not claimed:
                return
            mandate.env.cr.commit()
            if mandate._lock_row():
                wait = mandate._call_apart(step, claimed["is_uncertain"])
        self.env.invalidate_all()
        if wait:
            raise RetryableJobError("the bank is asked later", seconds=wait)

    def _claim(self, step):
        """Note that the bank is called; return what was known before, or None where
        there is nothing to do."""
        if not self._lock_row() or self.state in OVER:
            return None
        before = {"is_uncertain": self.is_uncertain}
        if step == "create":
            if self._is_complete():
                return None
            # whoever dies from now on has made one at the bank, or not
            self.is_uncertain = not self.recurrence_number
            if not before["is_uncertain"]:
                self.attempted_at = fields.Datetime.now()
        return before

    def _is_complete(self):
        """Return whether the customer can agree: by a code, or by a request."""
        self.ensure_one()
        return bool(self.request_number or self.pix_copy_paste)

    def _call_apart(self, step, was_uncertain):
        """Take the step; return the seconds to wait before trying again, or None."""
        try:
            with self.account_id._open_bank() as session:
                getattr(self, f"_{step}_at_bank")(session, was_uncertain)
        except RefusedError as error:
            self._note_refusal(step, str(error))
        except SilentError as error:
            self.write({"is_uncertain": True, "message": str(error)})
            return DOUBT_S
        except LaterError as error:
            is_uncertain = was_uncertain and not self.recurrence_number
            self.write({"message": str(error), "is_uncertain": is_uncertain})
            return RETRY_S * (60 if error.is_account else 1)
        else:
            self.write(
                {
                    "is_uncertain": False,
                    "message": False,
                    "asked_at": fields.Datetime.now(),
                }
            )
        return None

    def _note_refusal(self, step, words):
        self.write({"message": words, "is_uncertain": False})
        self.message_post(body=words)

    # === STEPS ===

    def _create_at_bank(self, session, was_uncertain):
        if not self.recurrence_number:
            found = was_uncertain and self._find_at_bank(session)
            self._follow(found or self._post_recurrence(session))
        self._complete(session)

    def _post_recurrence(self, session):
        if not self.location_number:
            location = session.call(session.pix.create_location())
            self.location_number = str(location["id"])
        body = self._prepare_recurrence()
        return session.call(session.pix.create_recurrence(body))

    def _find_at_bank(self, session):
        """Return what a lost answer was about, or None."""
        document = self._get_backend()._get_document(self._get_payer())
        start = (self.attempted_at - timedelta(minutes=10)).astimezone()
        found = session.call(
            session.pix.list_recurrences(
                start,
                fields.Datetime.now().astimezone(),
                **{"cpf" if len(document) == 11 else "cnpj": document},
            )
        )
        for recurrence in found:
            code = recurrence["vinculo"].get("contrato")
            if code == self._get_contract_code() and recurrence["status"] == "CRIADA":
                return recurrence
        return None

    def _complete(self, session):
        """Get the code to show, or send the request to the customer's bank."""
        if self.journey == "1" and not self.request_number:
            answer = session.call(
                session.pix.request_confirmation(self._prepare_request())
            )
            self.request_number = answer["idSolicRec"]
        if self.journey != "1":
            txid = self._get_charge_in_code().txid or None
            answer = session.call(
                session.pix.get_recurrence(self.recurrence_number, txid)
            )
            self.pix_copy_paste = (answer.get("dadosQR") or {}).get("pixCopiaECola")

    def _ask_at_bank(self, session, was_uncertain):
        if not self.recurrence_number:
            self._create_at_bank(session, was_uncertain)
            return
        answer = session.call(session.pix.get_recurrence(self.recurrence_number))
        self._follow(answer)

    def _cancel_at_bank(self, session, was_uncertain):
        if not self.recurrence_number:  # its creation was not answered
            found = self._find_at_bank(session)
            if not found:
                self._end("cancelled", self.env._("Withdrawn before the bank knew it"))
                return
            self._follow(found)
        self._ask_at_bank(session, was_uncertain)
        if self.state in OVER:
            return
        number = self.recurrence_number
        self._follow(session.call(session.pix.cancel_recurrence(number)))

    # === BODIES ===

    def _get_backend(self):
        return self.env["collection.backend.pix_automatic"]

    def _get_payer(self):
        return self.partner_id.commercial_partner_id

    def _get_contract_code(self):
        return (self.contract_id.code or str(self.contract_id.id))[:35]

    def _prepare_recurrence(self):
        """Return the body of POST /rec (schema “RecSolicitada”)."""
        payer = self._get_payer()
        document = self._get_backend()._get_document(payer)
        name = "cpf" if len(document) == 11 else "cnpj"
        calendar = {
            "dataInicial": self.date_start.isoformat(),
            "periodicidade": self.period,
        }
        if self.date_end:
            calendar["dataFinal"] = self.date_end.isoformat()
        body = {
            "vinculo": {
                "contrato": self._get_contract_code(),
                "devedor": {name: document, "nome": payer.name[:140]},
                "objeto": self.subject,
            },
            "calendario": calendar,
            "politicaRetentativa": self.retry_policy,
            "loc": int(self.location_number),
        }
        value = self._prepare_value()
        return body | {"valor": value} if value else body

    def _prepare_value(self):
        if self.is_fixed:
            return {"valorRec": str(to_decimal(self.amount))}
        if self.amount_minimum:
            return {"valorMinimoRecebedor": str(to_decimal(self.amount_minimum))}
        return {}

    def _prepare_request(self):
        """Return the body of POST /solicrec (schema “SolicRecSolicitada”)."""
        document = self._get_backend()._get_document(self._get_payer())
        until = fields.Datetime.now() + timedelta(days=REQUEST_DAYS)
        return {
            "idRec": self.recurrence_number,
            "calendario": {
                "dataExpiracaoSolicitacao": f"{until.isoformat(timespec='seconds')}Z"
            },
            "destinatario": {
                "cpf" if len(document) == 11 else "cnpj": document,
                "ispbParticipante": self.payer_ispb,
                "agencia": self.payer_branch or "",
                "conta": self.payer_account,
            },
        }

    def _get_charge_in_code(self):
        """Return the charge that the code holds besides the recurrence, if any."""
        if self.journey == "4":
            return self._get_open_charge()
        return self.env["collection.title"]

    def _get_open_charge(self):
        """Return the Pix charge that the customer pays and agrees with.

        :raise RefusedError: there is none
        """
        titles = self.contract_id.charge_ids.move_id.collection_title_ids.filtered(
            lambda title: (
                title.account_id.backend == "pix_api"
                and title.state == "registered"
                and title.account_id.bank == self.account_id.bank
            )
        )
        if not titles:
            raise RefusedError(
                self.env._(
                    "The contract has no open Pix charge at this bank. Choose the QR "
                    "code alone."
                )
            )
        return titles.sorted("due_date")[0]

    # === WHAT THE BANK SAYS ===

    def _follow(self, answer):
        """Follow the bank's word on the recurrence; the same word changes nothing."""
        self.ensure_one()
        self.recurrence_number = answer.get("idRec") or self.recurrence_number
        state = STATES.get(answer.get("status"))
        if not state or state == self.state or self.state in OVER:
            return
        if state in OVER:
            self._end(state, describe_ending(answer))
        else:
            self._step(state)

    def _step(self, state):
        vals = {"state": state}
        if state == "approved":
            vals["approved_on"] = self.company_id._get_local_date()
            self._tell_contract(self.env._("Pix Automático was approved."))
        self.write(vals)

    def _end(self, state, reason):
        """Note the end; charges on their way end with it at the bank."""
        for mandate in self:
            mandate.write(
                {
                    "state": state,
                    "reason": reason or mandate.reason,
                    "ended_on": mandate.company_id._get_local_date(),
                    "message": False,
                }
            )
            label = dict(self._fields["state"]._description_selection(self.env))[state]
            mandate._tell_contract(
                self.env._(
                    "Pix Automático ended: %(state)s. %(reason)s",
                    state=label,
                    reason=reason or "",
                )
            )
            live = mandate.title_ids.filtered(lambda title: title._is_live())
            if live:
                mandate.account_id.with_delay(
                    channel="root.bank", identity_key=identity_exact
                )._ask_about(live.ids)

    def _tell_contract(self, words):
        self.contract_id.sudo().message_post(body=words)

    # === THE CUSTOMER ===

    def _send_code(self):
        """Send the code with its picture; the customer copies or scans it."""
        mandate = self.with_context(lang=self.partner_id.lang)
        mandate.message_post(
            body=Markup("<p>%s</p><p><code>%s</code></p>")
            % (mandate._get_words_of_code(), self.pix_copy_paste),
            partner_ids=self.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
            attachments=[("pix.png", self._get_qr_png())],
        )

    def _get_words_of_code(self):
        return self.env._(
            "Pay your invoices by Pix Automático: open the app of your bank, choose "
            "Pix copy and paste, or scan the picture, and agree."
        )

    def _get_qr_png(self):
        return base64.b64decode(self.pix_qr)
