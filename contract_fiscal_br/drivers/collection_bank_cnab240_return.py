from functools import partial

from odoo import api, models

from ..const import ECHO
from ..tools.cnab240_reader import Cnab240Reading, read
from ..tools.cnab240_records import get_records
from ..tools.cnab_error import CnabError
from ..tools.occurrences import get_kind


class CollectionBank(models.AbstractModel):
    """How a bank's return files of 240 columns are read."""

    _inherit = "collection.bank"

    @api.model
    def _read_cnab240(self, account, data):
        """Return the ReturnFile of a file of 240 columns.

        :raise CnabError: what is wrong
        """
        if "cnab240" not in self._layouts:
            raise CnabError("no_layout", layout="CNAB 240", bank=self._slip_class.nome)
        reading = Cnab240Reading(
            bank=account.bank,
            records=get_records(account.bank),
            get_kind=partial(get_kind, account.bank, "cnab240"),
            read_nosso_numero=partial(self._read_nosso_numero, account),
            echo=ECHO,
            compose_pix=partial(self._compose_bank_pix, account),
        )
        return read(data, reading)

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """Return the number as the account counts it: no check digit, no zeros.

        :param str text: the characters of the bank's field
        :raise CnabError: the check digit or the agreement in it is not the account's
        """
        raise NotImplementedError

    @api.model
    def _check_nosso_numero_digit(self, account, text, line, **values):
        """Raise a CnabError unless the number ends in the digit the slip has.

        :param str text: number and check digit
        :param values: of the slip class, the number aside
        """
        number, digit = text[:-1], text[-1]
        slip = self._slip_class(nosso_numero=number.lstrip("0") or "0", **values)
        if str(slip.dv_nosso_numero) != digit:
            raise CnabError("check_digit", line, text=text)
        return number.lstrip("0")

    @api.model
    def _parse_digits(self, text, line):
        """Return the digits of a field, blanks at its ends aside."""
        text = text.strip()
        if not (text.isascii() and text.isdecimal()):
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        return text
