import re
from datetime import UTC, timedelta
from decimal import Decimal

from brbank.erros import Duplicado
from brbank.modelos import Encargos, Endereco, Instrucao, Pessoa, Titulo
from brbank.status import StatusCanonico
from pydantic import ValidationError

from odoo import api, models

from ..const import LIVE_STATES
from ..tools.api_events import BANK_ZONE, ENDINGS, read_boleto
from ..tools.bank_error import RefusedError
from .bank_session import BOLETO_CLIENTS

NOT_FOUND = 404
CASHIER_LINES = 5
# What was paid at another bank is listed later, under the day it was paid.
LATE_TOLD = timedelta(days=4)


class CollectionBackendBankApi(models.AbstractModel):
    """Boletos with Pix at the bank's own API, over the adapters of `brbank`."""

    _name = "collection.backend.bank_api"
    _description = "Collection by the API of a Bank"
    _inherit = "collection.backend.api"

    @api.model
    def _check_account(self, account):
        account._get_driver()._check_account(account)
        return super()._check_account(account)

    @api.model
    def _test(self, session):
        """A boleto that cannot exist: not found is all the bank has against it."""
        number = (
            "00000000-0000-0000-0000-000000000000"
            if session.boletos.is_registered_later
            else "1"
        )
        try:
            session.call(session.boletos.consultar_titulo(number))
        except RefusedError as error:
            if error.status not in (NOT_FOUND, 204):
                raise

    @api.model
    def _register_webhook(self, session, account, url):
        if not hasattr(session.boletos, "put_webhook"):
            raise RefusedError(
                self.env._(
                    "This bank reports no payments by itself. It is asked every hour."
                )
            )
        session.call(session.boletos.put_webhook(url))

    # === INSTRUCTIONS ===

    @api.model
    def _takes(self, title, kind):
        return kind in BOLETO_CLIENTS[title.bank].supported

    @api.model
    def _carry_out(self, session, instruction):
        title = instruction.title_id
        if instruction.kind not in session.boletos.supported:
            raise RefusedError(
                self.env._(
                    "The API of this bank cannot do this. Write the boleto off and "
                    "issue another one."
                )
            )
        if instruction.kind == "register":
            return self._register_title(session, title)
        if not title.bank_reference:
            raise RefusedError(self.env._("The bank does not know this boleto."))
        self._change(session, title, instruction)
        return True

    @api.model
    def _register_title(self, session, title):
        """Register a boleto; return whether the bank has finished it."""
        if title.bank_reference:  # taken in already: only ask
            return self._follow(session, title)
        session.boletos.prepare(title)
        try:
            model = self._prepare_title(session, title)
        except ValidationError as error:
            raise RefusedError(session.describe_invalid(error)) from error
        try:
            answer = session.call(session.boletos.registrar_titulo(model))
        except Duplicado as error:
            number = session.call(session.boletos.find(title))
            if not number:
                raise RefusedError(str(error)) from error
            title.bank_reference = number
            return self._follow(session, title)
        title._note_registration(answer)
        if answer.status == StatusCanonico.PENDENTE_REGISTRO:
            return self._follow(session, title)
        return True

    @api.model
    def _follow(self, session, title):
        """Ask about a registration; note what the bank gave the boleto."""
        answer = session.call(session.boletos.consultar_titulo(title.bank_reference))
        if answer.status == StatusCanonico.REJEITADO:
            raise RefusedError(self.env._("The bank could not register the boleto."))
        title._note_registration(answer)
        return answer.status != StatusCanonico.PENDENTE_REGISTRO

    @api.model
    def _change(self, session, title, instruction):
        number = title.bank_reference
        kind = session.boletos.supported[instruction.kind]
        if instruction.kind == "write_off":
            session.call(session.boletos.baixar_titulo(number))
        elif instruction.kind == "discount":
            session.call(
                session.boletos.discount(
                    number, instruction.amount, instruction.date_limit
                )
            )
        else:
            session.call(
                session.boletos.enviar_instrucao(
                    number,
                    Instrucao(
                        chave_idempotencia=str(instruction.id),
                        tipo=kind,
                        nova_data_vencimento=instruction.due_date or None,
                    ),
                )
            )

    @api.model
    def _find_done(self, session, instruction):
        title = instruction.title_id
        if instruction.kind == "register":
            if not title.bank_reference:
                title.bank_reference = session.call(session.boletos.find(title))
            return bool(title.bank_reference) and self._follow(session, title)
        answer = session.call(session.boletos.consultar_titulo(title.bank_reference))
        if instruction.kind == "write_off":
            return answer.status == StatusCanonico.BAIXADO
        if instruction.kind == "change_due_date":
            told = answer.resposta_bruta.get("dataVencimento") or ""
            return told[:10] == instruction.due_date.isoformat()
        # discounts and protests: the same again is refused or changes nothing
        return False

    # === THE BANK'S MODEL ===

    @api.model
    def _prepare_title(self, session, title):
        """Return `brbank`'s model of a title; it checks what banks ask for."""
        percents = {
            "multa_percentual": title.late_fee_percent,
            "juros_mensal_percentual": title.late_interest_percent,
        }
        return Titulo(
            chave_idempotencia=title.own_number,
            seu_numero=title.own_number,
            valor=title._get_amount_decimal(),
            vencimento=title.due_date,
            pagador=self._prepare_payer(title.partner_id),
            encargos=Encargos(
                **{
                    name: Decimal(str(percent))
                    for name, percent in percents.items()
                    if percent
                }
            ),
            mensagens=tuple(title._get_instructions()[:CASHIER_LINES]),
            dias_baixa_automatica=session.boletos.get_write_off_days(title),
        )

    @api.model
    def _prepare_payer(self, partner):
        street, number = self._split_street(partner)
        return Pessoa(
            nome=partner.name,
            documento=partner.vat or "",
            email=partner.email or None,
            endereco=Endereco(
                logradouro=street,
                numero=number or "SN",
                complemento=partner.street2 or "",
                bairro=partner.district or "",
                cidade=partner.city_id.name or partner.city or "",
                uf=partner.state_id.code or "",
                cep=partner.zip or "",
            ),
        )

    @api.model
    def _split_street(self, partner):
        """Return street and number: “Rua das Flores, 12” is the Brazilian habit."""
        match = re.fullmatch(r"(.+?),\s*(?:nº?\s*)?(\w+)", partner.street or "")
        return match.groups() if match else (partner.street or "", "")

    # === EVENTS ===

    @api.model
    def _ask(self, session, titles):
        events = []
        for title in titles.filtered("bank_reference"):
            events += self._read_title(session, title)
        return events

    @api.model
    def _read_title(self, session, title):
        try:
            answer = session.call(
                session.boletos.consultar_titulo(title.bank_reference)
            )
        except RefusedError as error:
            if error.status != NOT_FOUND:
                raise
            return []
        if answer.status in ENDINGS and answer.nosso_numero != title.nosso_numero:
            title._note_registration(answer)
        today = self._get_today(title.account_id)
        event = read_boleto(answer, title._get_amount_decimal(), today)
        return [event] if event else []

    @api.model
    def _list_since(self, session, account, moment):
        """Return what was paid since a day, where the bank lists that."""
        if not hasattr(session.boletos, "list_paid"):
            return []
        today = self._get_today(account)
        start = moment.replace(tzinfo=UTC).astimezone(BANK_ZONE).date() - LATE_TOLD
        paid = session.call(session.boletos.list_paid(start, today))
        titles = self.env["collection.title"]._find_by_reference(
            account, "bank_reference", paid
        )
        return self._ask(session, titles.filtered(lambda t: t.state != "paid"))

    @api.model
    def _ask_report(self, session, account, references):
        named = {
            reference
            for pair in references.get("boletos", ())
            for reference in pair
            if reference
        }
        titles = self.env["collection.title"]._find_by_reference(
            account, "bank_reference", named
        )
        return self._ask(session, titles)

    @api.model
    def _get_doubtful(self, account, limit):
        """Return the open titles that were not asked about for the longest time."""
        return (
            self.env["collection.title"]
            .sudo()
            .search(
                [
                    ("account_id", "=", account.id),
                    ("state", "in", LIVE_STATES),
                    ("bank_reference", "!=", False),
                ],
                order="asked_at NULLS FIRST, id",
                limit=limit,
            )
        )
