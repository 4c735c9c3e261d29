from odoo import api, models
from odoo.tools import split_every

from ..tools.api_events import read_pix, read_returns
from ..tools.bank_error import RefusedError
from ..tools.collection_event import CollectionEvent
from ..tools.money import to_decimal

FINE_PERCENT, INTEREST_MONTHLY_PERCENT, DISCOUNT_UNTIL = 2, 3, 1
REMOVED = "REMOVIDA_PELO_USUARIO_RECEBEDOR"
NOT_FOUND = 404


class CollectionBackendPixApi(models.AbstractModel):
    """Pix charges with a due date (cobv) at the bank's API Pix."""

    _name = "collection.backend.pix_api"
    _description = "Collection by Pix Charges"
    _inherit = "collection.backend.api"

    @api.model
    def _test(self, session):
        """A charge that cannot exist: not found is all the bank has against it."""
        try:
            session.call(session.pix.get_due_charge("0" * 32))
        except RefusedError as error:
            if error.status != NOT_FOUND:
                raise

    @api.model
    def _register_webhook(self, session, account, url):
        session.call(session.pix.put_webhook(account.pix_key, url))

    # === INSTRUCTIONS ===

    @api.model
    def _takes(self, title, kind):
        return kind not in ("protest", "cancel_protest")

    @api.model
    def _carry_out(self, session, instruction):
        title = instruction.title_id
        if instruction.kind == "register":
            return self._register_title(session, title)
        body = self._prepare_revision(instruction)
        if not body:
            raise RefusedError(self.env._("A Pix charge cannot be protested."))
        session.call(session.pix.revise_due_charge(title.txid, body))
        return True

    @api.model
    def _register_title(self, session, title):
        if title.due_date < self._get_today(title.account_id):
            raise RefusedError(
                self.env._("The due date is over. Choose a new one and issue it again.")
            )
        body = self._prepare_charge(title)
        answer = session.call(session.pix.put_due_charge(title.txid, body))
        self._note_charge(title, answer)
        return True

    @api.model
    def _note_charge(self, title, answer):
        title.pix_copy_paste = answer.get("pixCopiaECola")
        title.bank_reference = title.txid

    @api.model
    def _find_done(self, session, instruction):
        """PUT and PATCH can be repeated, but not once the charge is paid."""
        title = instruction.title_id
        try:
            answer = session.call(session.pix.get_due_charge(title.txid))
        except RefusedError as error:
            if error.status != NOT_FOUND:
                raise
            return False
        if instruction.kind == "register":
            self._note_charge(title, answer)
            return True
        if instruction.kind == "write_off":
            return answer.get("status") == REMOVED
        return False

    # === BODIES ===

    @api.model
    def _prepare_charge(self, title):
        """Return the body of PUT /cobv (API Pix, schema “CobVSolicitada”)."""
        value = {"original": self._format(title.amount)}
        if title.late_fee_percent:
            value["multa"] = {
                "modalidade": FINE_PERCENT,
                "valorPerc": self._format(title.late_fee_percent),
            }
        if title.late_interest_percent:
            value["juros"] = {
                "modalidade": INTEREST_MONTHLY_PERCENT,
                "valorPerc": self._format(title.late_interest_percent),
            }
        return {
            "calendario": {
                "dataDeVencimento": title.due_date.isoformat(),
                "validadeAposVencimento": title.write_off_days,
            },
            "devedor": self._prepare_debtor(title.partner_id),
            "valor": value,
            "chave": title.account_id.pix_key,
            "solicitacaoPagador": title.document_number,
        }

    @api.model
    def _prepare_debtor(self, partner):
        """Return who owes: document and name; the address where it is complete."""
        document = self._get_document(partner)
        name = "cpf" if len(document) == 11 else "cnpj"
        debtor = {name: document, "nome": partner.name[:200]}
        digits = "".join(filter(str.isdigit, partner.zip or ""))
        if partner.street and partner.city and partner.state_id and len(digits) == 8:
            debtor |= {
                "logradouro": partner.street[:200],
                "cidade": partner.city[:200],
                "uf": partner.state_id.code,
                "cep": digits,
            }
        return debtor

    @api.model
    def _get_document(self, partner):
        document = "".join(filter(str.isalnum, partner.vat or "")).upper()
        if len(document) not in (11, 14):
            raise RefusedError(
                self.env._("%s has no CPF or CNPJ. Enter it.", partner.display_name)
            )
        return document

    @api.model
    def _prepare_revision(self, instruction):
        """Return the body of PATCH /cobv, None for what Pix does not know."""
        if instruction.kind == "write_off":
            return {"status": REMOVED}
        if instruction.kind == "change_due_date":
            return {
                "calendario": {
                    "dataDeVencimento": instruction.due_date.isoformat(),
                    "validadeAposVencimento": instruction.title_id.write_off_days,
                }
            }
        value = self._prepare_charge(instruction.title_id)["valor"]
        if instruction.kind == "change_amount":
            return {"valor": value | {"original": self._format(instruction.amount)}}
        if instruction.kind == "discount":
            discount = {
                "data": instruction.date_limit.isoformat(),
                "valorPerc": self._format(instruction.amount),
            }
            return {
                "valor": value
                | {
                    "desconto": {
                        "modalidade": DISCOUNT_UNTIL,
                        "descontoDataFixa": [discount],
                    }
                }
            }
        return None

    @api.model
    def _format(self, amount):
        return str(to_decimal(amount))

    # === EVENTS ===

    @api.model
    def _ask(self, session, titles):
        events = []
        for title in titles:
            try:
                answer = session.call(session.pix.get_due_charge(title.txid))
            except RefusedError as error:
                if error.status != NOT_FOUND:
                    raise
                continue
            events += self._read_charge(title, answer)
        return events

    @api.model
    def _read_charge(self, title, answer):
        """Return the payments of a charge, or that it was removed."""
        events = []
        for pix in answer.get("pix", ()):
            own = pix | {"txid": title.txid}
            events += [read_pix(own), *read_returns(own)]
        if not events and str(answer.get("status", "")).startswith("REMOVIDA"):
            events.append(
                CollectionEvent(
                    kind="written_off",
                    occurrence=answer["status"],
                    occurred_on=self._get_today(title.account_id),
                    txid=title.txid,
                    external_id=title.txid,
                    amount=title._get_amount_decimal(),
                )
            )
        return events

    @api.model
    def _list_since(self, session, account, moment):
        """Return the Pix received since; where the key has other uses, only those of
        our charges."""
        start = moment.astimezone()
        end = self._now().astimezone()
        received = session.call(session.pix.list_received(start, end))
        wanted = self._get_wanted_txids(
            account, {pix.get("txid") or "" for pix in received}
        )
        return [
            event
            for pix in received
            if (pix.get("txid") or "") in wanted
            for event in (read_pix(pix), *read_returns(pix))
        ]

    @api.model
    def _ask_report(self, session, account, references):
        txids = {txid for _number, txid in references.get("pix", ()) if txid}
        titles = self.env["collection.title"]._find_by_reference(account, "txid", txids)
        events = self._ask(session, titles)
        if account.is_pix_key_exclusive:
            told = {txid for _number, txid in references.get("pix", ())}
            wanted = self._get_wanted_txids(account, told) - set(titles.mapped("txid"))
            events += [
                read_pix(session.call(session.pix.get_received(number)))
                for number, txid in references.get("pix", ())
                if number and txid in wanted
            ]
        return events

    @api.model
    def _get_wanted_txids(self, account, txids):
        """Return those of our charges; where the key is for nothing else, all but those
        of other accounts, whose bank tells of them, too (a Bolepix)."""
        titles = self.env["collection.title"].sudo()
        own, others = set(), set()
        for some in split_every(1000, txids - {""}):
            for title in titles.search([("txid", "in", list(some))]):
                (own if title.account_id == account else others).add(title.txid)
        return txids - (others - own) if account.is_pix_key_exclusive else own

    @api.model
    def _get_doubtful(self, account, limit):
        """Pix received are listed; nothing else has to be asked about."""
        return self.env["collection.title"].browse()
