from odoo import api, models
from odoo.exceptions import UserError

from ..tools.bank_message import BankMessageError, wrap_message
from ..tools.pix_key import get_pix_key_code

# FEBRABAN: messages 5 to 9 of segment S, printed among the instructions (C037, C040).
FIRST_MESSAGE = 5


class CollectionBank(models.AbstractModel):
    """Segments S (messages) and Y (Pix of the bank) of files of 240 columns.

    Both go with the registration of a title alone.
    """

    _inherit = "collection.bank"

    # Columns of each message of segment S; none: the bank uses S for something else.
    _cnab240_message_widths = (40, 40, 40, 40, 40)

    # === ACCOUNT ===

    @api.model
    def _check_messages(self, account):
        if not account._can_send_instructions():
            raise UserError(
                self.env._(
                    "%(account)s: files of %(bank)s take no lines. Leave “Lines Also "
                    "to the Bank” off.",
                    account=account.name,
                    bank=self._slip_class.nome,
                )
            )
        try:
            self._get_bank_messages(account)
        except BankMessageError as error:
            widths = self._cnab240_message_widths
            raise UserError(
                self.env._(
                    "%(account)s: the bank takes %(count)s lines of %(width)s "
                    "characters. “%(text)s” does not fit: shorten the lines, or leave "
                    "“Lines Also to the Bank” off.",
                    account=account.name,
                    count=len(widths),
                    width=min(widths),
                    text=error,
                )
            ) from error

    @api.model
    def _get_bank_messages(self, account):
        """Return the lines for the cashier as the bank takes them.

        :raise BankMessageError: they do not fit
        """
        lang = self.env["collection.title"]._get_print_language()
        text = account.with_context(lang=lang).instructions or ""
        return wrap_message(text, self._cnab240_message_widths)

    # === WRITING ===

    @api.model
    def _get_cnab240_segments(self, values):
        names = super()._get_cnab240_segments(values)
        if values.get("message5"):
            names.append("SegmentS")
        if values.get("asks_pix"):
            names.append("SegmentY")
        return names

    @api.model
    def _prepare_cnab240_title(self, instruction):
        values = super()._prepare_cnab240_title(instruction)
        if instruction.kind != "register":
            return values
        account = instruction.account_id
        return (
            values
            | self._prepare_cnab240_messages(account)
            | self._prepare_cnab240_pix(account)
        )

    @api.model
    def _prepare_cnab240_messages(self, account):
        if not account.sends_instructions:
            return {}
        lines = self._get_bank_messages(account)
        return {
            f"message{place}": line for place, line in enumerate(lines, FIRST_MESSAGE)
        }

    @api.model
    def _prepare_cnab240_pix(self, account):
        """Return what asks for a Pix charge; the bank makes the txid itself."""
        if not account.is_hybrid:
            return {}
        values = {"asks_pix": True}
        if self._hybrid_layouts["cnab240"] == "needed":
            key = account.pix_key
            values |= {"pix_key_kind": get_pix_key_code(key), "pix_key": key}
        return values
