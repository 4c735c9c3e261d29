from odoo import api, models
from odoo.exceptions import UserError

from ..const import BANKS
from ..tools.cnab150_layout import LINE_LENGTH
from ..tools.cnab150_reader import read_return
from ..tools.cnab150_writer import (
    DebitExclusion,
    DebitHeader,
    DebitOrder,
    DebitRefusal,
    write_remittance,
)
from ..tools.collection_event import ZERO, CollectionEvent
from ..tools.debit_reference import make_reference
from ..tools.debit_return_file import DebitReturnFile
from ..tools.occurrences import get_kind

# What the layout knows: a debit, and taking it back.
KINDS = ("register", "write_off")


class CollectionBankDebit(models.AbstractModel):
    """Direct debit as FEBRABAN's layout of 150 positions has it: one for all banks."""

    _name = "collection.bank.debit"
    _description = "Direct Debit of Any Bank"
    _inherit = "collection.bank"

    # === ACCOUNT ===

    @api.model
    def _check_account(self, account):
        """The bank's code of the agreement is all a debit file asks for."""
        if not account.agreement:
            raise UserError(
                self.env._(
                    "%(account)s: direct debit asks for the agreement's code "
                    "(convênio), as the letter of the bank names it.",
                    account=account.name,
                )
            )
        if len(account.agreement) > 20:
            raise UserError(
                self.env._(
                    "%(account)s: the agreement's code has 20 digits at most.",
                    account=account.name,
                )
            )

    @api.model
    def _check_layout(self, account):
        """There is one layout; its version stands on the account."""

    @api.model
    def _get_last_nosso_numero(self, account):
        """Return the greatest number: fifteen digits fit the file, so many are kept."""
        return 2**31 - 1

    # === WRITING ===

    @api.model
    def _write_remittance(self, account, instructions, file_number, generated_at):
        """Return the bytes: debits, cancellations, and news of authorisations."""
        told = account._get_debit_messages().grouped("kind")
        try:
            return write_remittance(
                self._prepare_header(account, file_number, generated_at.date()),
                [self._prepare_order(instruction) for instruction in instructions],
                [
                    DebitExclusion(m.client_id, m.branch, m.bank_account, m.words or "")
                    for m in told.get("exclusion", ())
                ],
                [
                    DebitRefusal(
                        m.client_id, m.branch, m.bank_account, m.movement, m.words or ""
                    )
                    for m in told.get("refusal", ())
                ],
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%(account)s: “%(field)s” does not fit the file of the bank.",
                    account=account.name,
                    field=error,
                )
            ) from error

    @api.model
    def _prepare_header(self, account, file_number, day):
        return DebitHeader(
            agreement=account.agreement,
            company_name=account.company_id.name,
            bank=account.bank,
            bank_name=dict(BANKS)[account.bank],
            generated_on=day,
            number=file_number,
            version=account.debit_version or "05",
        )

    @api.model
    def _prepare_order(self, instruction):
        title = instruction.title_id
        authorization = title.debit_authorization_id
        return DebitOrder(
            client_id=authorization.debit_code,
            branch=authorization.branch,
            account=authorization.bank_account,
            day=title.debit_date,
            amount=title._get_amount_decimal(),
            reference=make_reference(authorization.debit_code, title.nosso_numero),
            vat=authorization._compact_vat(authorization.payer_vat),
            is_cancelled=instruction.kind == "write_off",
        )

    @api.model
    def _get_remittance_filename(self, account, file_number, generated_at):
        return f"DEB{account.bank}{generated_at:%d%m%y}_{file_number:06}.REM"

    @api.model
    def _get_instruction_obstacle(self, instruction, day):
        title = instruction.title_id
        authorization = title.debit_authorization_id
        if instruction.kind not in KINDS:
            return self.env._("A direct debit cannot be changed at the bank.")
        if instruction.kind == "write_off":
            return ""
        if authorization.state != "authorised":
            return self.env._("The direct debit is not authorised.")
        if title._get_amount_decimal() <= 0:
            return self.env._("The amount is not above zero.")
        try:
            authorization._check_complete()
        except UserError as error:
            return str(error)
        return ""

    # === READING ===

    @api.model
    def _get_return_length(self, data):
        return LINE_LENGTH

    @api.model
    def _read_cnab150(self, account, data):
        """Return the `DebitReturnFile` that the bytes are.

        :raise CnabError: what is wrong
        """
        found = read_return(data, bank=account.bank, agreement=account.agreement)
        return DebitReturnFile(
            bank=found.bank,
            agreement=found.agreement.lstrip("0"),
            agency="",
            account="",
            file_number=found.number,
            created_on=found.generated_on,
            events=tuple(self._prepare_debit_event(a) for a in found.answers),
            lines=found.lines,
            options=found.options,
            objections=found.objections,
            processed=found.processed,
        )

    @api.model
    def _prepare_debit_event(self, answer):
        """Return the canonical event; nothing is paid but by the codes that say so."""
        kind = get_kind("febraban", "150", answer.code)
        is_paid = kind == "paid"
        return CollectionEvent(
            kind=kind,
            occurrence=answer.code,
            occurred_on=answer.day,
            nosso_numero=answer.nosso_numero,
            document_number=answer.client_id,
            amount=answer.amount,
            paid=answer.amount if is_paid else ZERO,
            net=answer.amount if is_paid else ZERO,
            credit_date=answer.day if is_paid else None,
            line=answer.line,
        )

    # === WORDS ===

    @api.model
    def _get_cnab_texts(self):
        return {
            **super()._get_cnab_texts(),
            "not_debit": self.env._(
                "This is not a file of direct debit but of “%(found)s”. Choose the "
                "return of direct debit (débito automático)."
            ),
            "debit_version": self.env._(
                "This file has version %(found)s of the layout; versions 04 to 08 "
                "are known."
            ),
            "trailer_total": self.env._(
                "The debits add up to %(expected)s, but the bank's total is %(found)s. "
                "The file is damaged. Download it from the bank again."
            ),
            "debit_reference": self.env._(
                "The debit's customer and invoice do not belong together. The file is "
                "damaged. Download it from the bank again."
            ),
        }
