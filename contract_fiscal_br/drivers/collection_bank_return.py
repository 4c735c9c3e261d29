from odoo import api, models
from odoo.exceptions import UserError

from ..const import BANKS
from ..tools.cnab_error import CnabError
from ..tools.cnab_lines import get_line_length


class CollectionBank(models.AbstractModel):
    """How a bank's return files are read."""

    _inherit = "collection.bank"

    @api.model
    def _read_return(self, account, data):
        """Return the `tools.return_file.ReturnFile` that the bytes are.

        Nothing is written. Whatever is wrong with the file refuses all of it.

        :raise UserError: what is wrong, with the line
        """
        try:
            length = self._get_return_length(data)
            found = getattr(self, f"_read_cnab{length}")(account, data)
            self._check_return_account(account, found)
        except CnabError as error:
            raise UserError(self._explain_cnab_error(error)) from error
        return found

    @api.model
    def _get_return_length(self, data):
        """Return the columns of the file's lines, which tell its layout."""
        return get_line_length(data)

    @api.model
    def _read_cnab400(self, account, data):
        """Return the ReturnFile of a file of 400 columns.

        :raise CnabError: what is wrong
        """
        raise CnabError("no_layout", layout="CNAB 400", bank=self._slip_class.nome)

    @api.model
    def _check_return_account(self, account, found):
        """Raise a CnabError if the file belongs to another agreement or account."""
        for name, value in (
            ("agreement", account.agreement),
            ("agency", account.agency),
            ("account", account.account_number),
        ):
            text = getattr(found, name)
            if text and value and text.lstrip("0") != value.lstrip("0"):
                raise CnabError(f"wrong_{name}", 1, found=text, expected=value)

    # === WORDS ===

    @api.model
    def _explain_cnab_error(self, error):
        """Return what is wrong with a file, and with which line, in a clerk's words."""
        values = dict(error.values)
        names = dict(BANKS)
        for key in ("found", "expected"):
            if error.key == "wrong_bank" and values.get(key) in names:
                values[key] = f"{values[key]} {names[values[key]]}"
        if "field" in values:
            labels = self._get_cnab_field_labels()
            values["field"] = labels.get(values["field"], values["field"])
        text = (self._get_cnab_texts().get(error.key) or error.key) % values
        if not error.line:
            return text
        return self.env._("Line %(line)s: %(text)s", line=error.line, text=text)

    @api.model
    def _get_cnab_texts(self):
        """Return {key of a CnabError: its text, with the names of its values}."""
        return {
            **self._get_cnab_kind_texts(),
            **self._get_cnab_line_texts(),
            "wrong_bank": self.env._(
                "This file is of bank %(found)s, the account of %(expected)s. Choose "
                "the account it belongs to."
            ),
            "wrong_agreement": self.env._(
                "This file is of agreement %(found)s, the account has %(expected)s."
            ),
            "wrong_agency": self.env._(
                "This file is of branch %(found)s, the account has %(expected)s."
            ),
            "wrong_account": self.env._(
                "This file is of account %(found)s, not of %(expected)s."
            ),
            "no_layout": self.env._("There is no %(layout)s return file for %(bank)s."),
        }

    @api.model
    def _get_cnab_kind_texts(self):
        """Return the texts for what is not a return file at all."""
        again = self.env._("Download the return file (.RET) from the bank again.")
        return {
            "empty": self.env._("The file is empty.") + f" {again}",
            "pdf": self.env._("This is a PDF, not a return file.") + f" {again}",
            "zip": self.env._(
                "This is a compressed file. Unpack it and import what is inside."
            ),
            "utf8": self.env._(
                "Another program has saved this file anew (UTF-8), which moves its "
                "columns."
            )
            + f" {again}",
            "utf16": self.env._(
                "Another program has saved this file anew (UTF-16), which moves its "
                "columns."
            )
            + f" {again}",
            "not_cnab": self.env._(
                "Its first line has %(found)s characters; a return file of a bank has "
                "240 or 400."
            )
            + f" {again}",
            "remittance": self.env._(
                "This is a remittance, which goes to the bank. Import the return file "
                "(.RET) the bank gave back."
            ),
            "not_return": self.env._("This is not a return file of collection.")
            + f" {again}",
        }

    @api.model
    def _get_cnab_line_texts(self):
        """Return the texts for a return file that is damaged."""
        damaged = self.env._("The file is damaged.") + " "
        damaged += self.env._("Download the return file (.RET) from the bank again.")
        texts = {
            "line_break": self.env._(
                "there is a line break or a zero byte in the middle."
            ),
            "too_long": self.env._("it has %(found)s characters, not %(length)s."),
            "too_short": self.env._("it has %(found)s characters, not %(length)s."),
            "sequence": self.env._(
                "it has number %(found)s where %(expected)s should follow."
            ),
            "unknown_record": self.env._(
                "a record of kind “%(text)s” has no place here."
            ),
            "trailer_missing": self.env._("the last record (trailer) is missing."),
            "trailer_count": self.env._(
                "the trailer counts %(found)s, but the file has %(expected)s."
            ),
            "after_trailer": self.env._(
                "there is more after the last record (trailer)."
            ),
            "orphan": self.env._("a segment %(segment)s has lost its other half."),
            "orphan_pix": self.env._("a record of Pix (%(text)s) has lost its title."),
            "not_number": self.env._(
                "“%(text)s” in the field “%(field)s” is not a number."
            ),
            "not_date": self.env._(
                "“%(text)s” in the field “%(field)s” is not a date."
            ),
            "check_digit": self.env._(
                "the check digit of nosso número “%(text)s” is wrong."
            ),
            "conflict": self.env._(
                "nosso número “%(text)s” does not go with “%(other)s” in the same "
                "record."
            ),
        }
        return {key: f"{text} {damaged}" for key, text in texts.items()}

    @api.model
    def _get_cnab_field_labels(self):
        """Return {field of a record: what a clerk calls it}."""
        return {
            "amount": self.env._("face value"),
            "credit_date": self.env._("date of credit"),
            "discount": self.env._("discount"),
            "document_number": self.env._("number of the document"),
            "due_date": self.env._("due date"),
            "fee": self.env._("fee of the bank"),
            "file_date": self.env._("date of the file"),
            "file_number": self.env._("number of the file"),
            "fine": self.env._("fine"),
            "interest": self.env._("interest"),
            "net": self.env._("amount credited"),
            "nosso_numero": self.env._("nosso número"),
            "occurred_on": self.env._("date of the occurrence"),
            "paid": self.env._("amount paid"),
            "rebate": self.env._("rebate"),
            "records": self.env._("number of records"),
            "sequence": self.env._("sequence"),
        }
