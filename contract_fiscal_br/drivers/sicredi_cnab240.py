from datetime import datetime, time

from odoo import api, models

from ..tools.cnab_error import CnabError


class CollectionBankSicredi(models.AbstractModel):
    """Files of 240 columns of Sicredi.

    The bank gives every title back after 60 days, whatever the file says.
    """

    _inherit = "collection.bank.748"

    _layouts = ("cnab240",)
    _cnab240_interest_days = 1
    # the code is 1 with or without a discount
    _cnab240_no_discount = 1
    # three messages; the first columns count the line
    _cnab240_message_widths = (38, 40, 40)
    # Y-04 asks for it; the key is the bank's own
    _hybrid_layouts = {"cnab240": "unused"}

    @api.model
    def _read_nosso_numero(self, account, text, line):
        """Year (2), who numbers (1), sequence (5) and check digit."""
        digits = self._parse_digits(text, line)
        if len(digits) != 9:
            raise CnabError("not_number", line, field="nosso_numero", text=text)
        if self._get_nosso_numero_digit(account, digits[:8]) != digits[8]:
            raise CnabError("check_digit", line, text=digits)
        return digits[:8].lstrip("0")

    @api.model
    def _get_remittance_filename(self, account, file_number, generated_at):
        """Return beneficiary, month and day; the extension counts the files of a day.

        The months from October on are O, N and D; a day has CRM, RM2 to RM9 and RM0.
        """
        month = "123456789OND"[generated_at.month - 1]
        start = datetime.combine(generated_at, time.min)
        today = account.remittance_ids.filtered(
            lambda r: (
                r.generated_at
                and r.file_number != file_number
                and account.company_id._get_local_time(r.generated_at) >= start
            )
        )
        count = len(today) + 1
        extension = "CRM" if count == 1 else f"RM{count % 10}"
        return f"{account.agreement.rjust(5, '0')}{month}{generated_at:%d}.{extension}"
