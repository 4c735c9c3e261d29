from datetime import datetime

from odoo import api, models
from odoo.tools import format_date

from ..const import LIVE_STATES
from ..tools.api_events import BANK_ZONE, read_pix, read_returns
from ..tools.bank_error import RefusedError
from ..tools.collection_event import CollectionEvent
from ..tools.pix_automatic import (
    OPEN_CHARGES,
    describe_ending,
    get_last_cancel_moment,
    get_retry_day,
    get_send_days,
)

NOT_FOUND = 404
LONGEST_INFO = 140


class CollectionBackendPixAutomatic(models.AbstractModel):
    """Charges of Pix Automático (CobR): the customer's bank pays them by itself."""

    _name = "collection.backend.pix_automatic"
    _description = "Collection by Pix Automático"
    _inherit = "collection.backend.pix_api"

    @api.model
    def _register_webhook(self, session, account, url):
        result = super()._register_webhook(session, account, url)
        session.call(session.pix.put_automatic_webhooks(url))
        return result

    # === INSTRUCTIONS ===

    @api.model
    def _takes(self, title, kind):
        return kind in ("register", "write_off")

    @api.model
    def _is_due(self, instruction):
        """A charge is sent from ten days before its due date on."""
        if instruction.kind != "register":
            return True
        first, _last = get_send_days(instruction.title_id.due_date)
        return self._get_today(instruction.account_id) >= first

    @api.model
    def _instruct(self, instructions):
        """Say when a charge goes to the bank that does not go now."""
        for instruction in instructions.filtered(lambda i: not self._is_due(i)):
            first, _last = get_send_days(instruction.title_id.due_date)
            instruction.message = self.env._(
                "Goes to the bank on %(date)s, ten days before the due date.",
                date=format_date(self.env, first),
            )
        return super()._instruct(instructions)

    @api.model
    def _carry_out(self, session, instruction):
        title = instruction.title_id
        if instruction.kind == "register":
            return self._register_title(session, title)
        if instruction.kind != "write_off":
            raise RefusedError(
                self.env._(
                    "A charge of Pix Automático cannot be changed. Write it off and "
                    "issue another one."
                )
            )
        self._check_cancel_time(title)
        session.call(session.pix.cancel_recurring_charge(title.txid))
        return True

    @api.model
    def _register_title(self, session, title):
        self._check_charge(title)
        body = self._prepare_charge(title)
        session.call(session.pix.put_recurring_charge(title.txid, body))
        title.bank_reference = title.txid
        return True

    @api.model
    def _check_charge(self, title):
        """Raise what the bank would refuse, in words."""
        mandate = title.pix_mandate_id
        if mandate.state != "approved":
            raise RefusedError(self.env._("Pix Automático is not approved any more."))
        _first, last = get_send_days(title.due_date)
        if self._get_today(title.account_id) > last:
            raise RefusedError(
                self.env._("It is too late: charges are sent two days ahead.")
            )
        currency = title.currency_id
        if mandate.is_fixed and currency.compare_amounts(title.amount, mandate.amount):
            raise RefusedError(
                self.env._("The customer agreed to another amount than this.")
            )

    @api.model
    def _check_cancel_time(self, title):
        now = datetime.now(BANK_ZONE).replace(tzinfo=None)
        if now >= get_last_cancel_moment(title.due_date):
            raise RefusedError(
                self.env._(
                    "It is too late: charges are cancelled until 22:00 of the day "
                    "before. If it is paid, give the money back."
                )
            )

    @api.model
    def _find_done(self, session, instruction):
        title = instruction.title_id
        try:
            answer = session.call(session.pix.get_recurring_charge(title.txid))
        except RefusedError as error:
            if error.status != NOT_FOUND:
                raise
            return False
        if instruction.kind == "register":
            title.bank_reference = title.txid
            return True
        return answer.get("status") == "CANCELADA"

    @api.model
    def _prepare_charge(self, title):
        """Return the body of PUT /cobr (API Pix, schema “CobRSolicitada”)."""
        account = title.account_id
        return {
            "idRec": title.pix_mandate_id.recurrence_number,
            "infoAdicional": (title.move_id.name or "")[:LONGEST_INFO],
            "calendario": {"dataDeVencimento": title.due_date.isoformat()},
            "valor": {"original": self._format(title.amount)},
            "ajusteDiaUtil": True,
            "recebedor": {
                "agencia": account.agency or "",
                "conta": account._get_account_digits(),
                "tipoConta": account.pix_account_type,
            },
        }

    # === EVENTS ===

    @api.model
    def _ask(self, session, titles):
        events = []
        for title in titles:
            try:
                answer = session.call(session.pix.get_recurring_charge(title.txid))
            except RefusedError as error:
                if error.status != NOT_FOUND:
                    raise
                continue
            self._ask_for_retry(session, title, answer)
            events += self._read_recurring_charge(title, answer)
        return events

    @api.model
    def _ask_for_retry(self, session, title, answer):
        """Ask for another debit where the policy allows one; a repeated request is
        refused by the bank, which changes nothing."""
        day = get_retry_day(answer, self._get_today(title.account_id))
        if not day:
            return
        try:
            session.call(session.pix.retry_recurring_charge(title.txid, day))
        except RefusedError as error:
            title.message_post(body=str(error))
        else:
            title.message_post(
                body=self.env._(
                    "The customer had no money (%(reason)s). Debited again on %(day)s.",
                    reason=describe_ending(answer),
                    day=format_date(self.env, day),
                )
            )

    @api.model
    def _read_recurring_charge(self, title, answer):
        """Return the payment of a charge, or why it ended without one."""
        paid = []
        for pix in answer.get("pix", ()):
            own = pix | {"txid": title.txid}
            paid += [read_pix(own), *read_returns(own)]
        status = answer.get("status", "")
        if paid or status in (*OPEN_CHARGES, "CONCLUIDA"):
            return paid
        reason = describe_ending(answer)
        return [
            CollectionEvent(
                kind="written_off",
                occurrence=status,
                occurred_on=self._get_today(title.account_id),
                txid=title.txid,
                external_id=title.txid,
                amount=title._get_amount_decimal(),
                reasons=(reason,) if reason else (),
            )
        ]

    @api.model
    def _ask_report(self, session, account, references):
        events = super()._ask_report(session, account, references)
        txids = {txid for (txid,) in references.get("charges", ())}
        titles = self.env["collection.title"]._find_by_reference(account, "txid", txids)
        events += self._ask(session, titles)
        numbers = [number for (number,) in references.get("recurrences", ())]
        account._follow_mandates(numbers)
        return events

    @api.model
    def _get_doubtful(self, account, limit):
        """Return the charges on their way: their retries are asked for here."""
        return (
            self.env["collection.title"]
            .sudo()
            .search(
                [
                    ("account_id", "=", account.id),
                    ("state", "in", LIVE_STATES),
                    ("bank_reference", "!=", False),
                    ("due_date", "<=", self._get_today(account)),
                ],
                order="asked_at NULLS FIRST, id",
                limit=limit,
            )
        )

    @api.model
    def _after_events(self, account):
        account._fall_back_from_pix()
