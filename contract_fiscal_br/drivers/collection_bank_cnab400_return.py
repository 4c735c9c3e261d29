from functools import partial

from odoo import api, models

from ..const import ECHO
from ..tools.cnab400_reader import Reading, read_return
from ..tools.cnab400_return_layouts import LAYOUTS
from ..tools.cnab_error import CnabError


class CollectionBank(models.AbstractModel):
    """How a bank's files of 400 columns are read."""

    _inherit = "collection.bank"

    @api.model
    def _read_cnab400(self, account, data):
        layout = LAYOUTS.get(account.bank)
        if not layout:
            raise CnabError("no_layout", layout="CNAB 400", bank=self._slip_class.nome)
        reading = Reading(
            layout,
            self._get_cnab400_owner(account),
            lambda number, wallet: self._get_check_digit(account, number, wallet),
            ECHO,
            partial(self._compose_bank_pix, account),
        )
        return read_return(data, reading)

    @api.model
    def _get_cnab400_owner(self, account):
        """Return agreement, agency and account, each as the bank may write it.

        The first of each is how the account has it; none means that any will do.
        """
        account_number = account.account_number or ""
        return {
            name: [text for text in texts if text]
            for name, texts in {
                "agreement": [account.agreement],
                "agency": [account.agency],
                "account": [
                    account_number,
                    account_number and account_number + (account.account_digit or ""),
                ],
            }.items()
        }

    @api.model
    def _get_check_digit(self, account, number, wallet):
        """Return the check digit of a nosso número as the bank's files have it.

        :param str wallet: as the line has it, or an empty text
        """
        slip = self._slip_class(
            agencia=account.agency or "",
            digito_agencia=account.agency_digit or "",
            conta=account.account_number or "",
            digito_conta=account.account_digit or "",
            convenio=account.agreement or "",
            digito_convenio=account.agreement_digit or "",
            carteira=wallet or account.wallet or "",
            variacao=account.variation or "",
            numero_contrato=account.contract_number or "",
            nosso_numero=number.lstrip("0"),
        )
        return self._read_check_digit(slip)

    @api.model
    def _read_check_digit(self, slip):
        """Return the check digit of pycobranca's slip."""
        return str(slip.nosso_numero_formatado())[-1]

    # === WORDS ===

    @api.model
    def _get_cnab_line_texts(self):
        texts = super()._get_cnab_line_texts()
        return texts | {
            "trailer_sum": self.env._(
                "the trailer adds up to %(found)s, but the file to %(expected)s. The "
                "file is damaged. Download the return file (.RET) from the bank again."
            )
        }
