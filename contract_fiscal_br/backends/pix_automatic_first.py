from datetime import datetime, time, timedelta

from odoo import api, models

from ..tools.api_events import BANK_ZONE
from ..tools.bank_error import RefusedError
from .pix_api import NOT_FOUND, REMOVED


class CollectionBackendPixAutomatic(models.AbstractModel):
    """The charge whose payment agrees to Pix Automático: an immediate one (cob).

    Source: BCB, API Pix (OpenAPI 2.8.1), tag Cob and `RecAtivacao.dadosJornada`.
    """

    _inherit = "collection.backend.pix_automatic"

    # === INSTRUCTIONS ===

    @api.model
    def _takes(self, title, kind):
        if title.is_immediate:
            return kind in ("register", "write_off", "change_amount")
        return super()._takes(title, kind)

    @api.model
    def _is_due(self, instruction):
        return instruction.title_id.is_immediate or super()._is_due(instruction)

    @api.model
    def _carry_out(self, session, instruction):
        title = instruction.title_id
        if not title.is_immediate:
            return super()._carry_out(session, instruction)
        if instruction.kind == "register":
            body = self._prepare_immediate_charge(title)
            session.call(session.pix.put_immediate_charge(title.txid, body))
            title.bank_reference = title.txid
            return True
        if instruction.kind == "write_off":
            revision = {"status": REMOVED}
        elif instruction.kind == "change_amount":
            revision = {"valor": {"original": self._format(instruction.amount)}}
        else:
            raise RefusedError(
                self.env._(
                    "The charge in a code of Pix Automático cannot be changed like "
                    "this. End Pix Automático and offer it again."
                )
            )
        session.call(session.pix.revise_immediate_charge(title.txid, revision))
        return True

    @api.model
    def _find_done(self, session, instruction):
        title = instruction.title_id
        if not title.is_immediate:
            return super()._find_done(session, instruction)
        answer = self._get_immediate_charge(session, title)
        if not answer:
            return False
        if instruction.kind == "register":
            title.bank_reference = title.txid
            return True
        return instruction.kind == "write_off" and answer.get("status") == REMOVED

    @api.model
    def _get_immediate_charge(self, session, title):
        """Return the bank's word on a charge, None where it knows none."""
        try:
            return session.call(session.pix.get_immediate_charge(title.txid))
        except RefusedError as error:
            if error.status != NOT_FOUND:
                raise
        return None

    @api.model
    def _prepare_immediate_charge(self, title):
        """Return the body of PUT /cob (API Pix, schema “CobSolicitada”)."""
        document = self._get_document(title.partner_id)
        name = "cpf" if len(document) == 11 else "cnpj"
        return {
            "calendario": {"expiracao": self._get_seconds_left(title.due_date)},
            "devedor": {name: document, "nome": title.partner_id.name[:200]},
            "valor": {"original": self._format(title.amount)},
            "chave": title.account_id.pix_key,
            "solicitacaoPagador": title.document_number,
        }

    @api.model
    def _get_seconds_left(self, due_date):
        """Return the seconds until the end of a day in Brasília.

        :raise RefusedError: it is over
        """
        end = datetime.combine(due_date + timedelta(1), time(), BANK_ZONE)
        seconds = int((end - datetime.now(BANK_ZONE)).total_seconds())
        if seconds <= 0:
            raise RefusedError(
                self.env._("The due date is over. Choose the QR code alone.")
            )
        return seconds

    # === EVENTS ===

    @api.model
    def _ask(self, session, titles):
        immediate = titles.filtered("is_immediate")
        events = super()._ask(session, titles - immediate)
        for title in immediate:
            answer = self._get_immediate_charge(session, title)
            if answer:
                events += self._read_charge(title, answer)
        return events

    @api.model
    def _after_events(self, account):
        account._ask_about_agreements()
        return super()._after_events(account)
