from odoo import api, models

from ..tools.check_digit import modulo11_bb
from ..tools.cnab_error import CnabError
from .collection_bank_cnab240 import MOVEMENTS

# Wallets of Banco do Brasil whose code in the file is 7 (17 and 18), others 1.
WALLETS_7 = ("17", "18")


class CollectionBankBancoDoBrasil(models.AbstractModel):
    """Files of 240 columns of Banco do Brasil.

    The agreement field holds agreement, 0014 (collection), wallet and variation. How
    long a title is collected stands in the agreement, not in the file.
    """

    _inherit = "collection.bank.001"

    _layouts = ("cnab240", "cnab400")
    # 10 stops a protest here
    _cnab240_movements = {**MOVEMENTS, "cancel_protest": 10}
    # segment S holds addresses of e-mail here
    _cnab240_message_widths = ()

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        values = super()._prepare_cnab240_file(account, file_number, generated_at)
        agreement = account.agreement.rjust(9, "0")
        wallet = account.wallet.rjust(2, "0")
        variation = (account.variation or "").rjust(3, "0")
        return values | {
            "agreement_code": f"{agreement}0014{wallet}{variation}",
            "wallet_code": "7" if account.wallet in WALLETS_7 else "1",
        }

    @api.model
    def _get_agency_digit(self, account):
        return account.agency_digit or modulo11_bb(account.agency)

    @api.model
    def _get_account_digit(self, account):
        return account.account_digit or modulo11_bb(account.account_number)

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """The agreement comes before the number; an agreement of 7 digits leaves no
        check digit, one of 6 or 4 does."""
        text = text.strip()
        digits = len(str(self._get_last_nosso_numero(account)))
        size = len(account.agreement) + digits
        if len(text) < size or not text[:size].isdecimal():
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        if not text.startswith(account.agreement):
            found = text[: len(account.agreement)]
            raise CnabError(
                "wrong_agreement", line, found=found, expected=account.agreement
            )
        if text[size:] not in ("", modulo11_bb(text[:size])):
            raise CnabError("check_digit", line, text=text)
        if len(account.agreement) != 7 and not text[size:]:
            raise CnabError("check_digit", line, text=text)
        return text[len(account.agreement) : size].lstrip("0")
