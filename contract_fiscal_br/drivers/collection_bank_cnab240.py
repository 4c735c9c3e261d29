import re
from datetime import timedelta
from decimal import Decimal

from pycnab240.errors import FieldAttributionError

from odoo import api, models
from odoo.tools import split_every

from ..const import ECHO
from ..tools.cnab240_records import get_records
from ..tools.cnab240_writer import Cnab240Writer
from ..tools.money import to_decimal
from ..tools.payer import clean_document, clean_text

ZERO = Decimal("0.00")

# Titles read at once; what was read of them is forgotten before the next ones.
CHUNK = 500

# Codes of movement (FEBRABAN, C004).
MOVEMENTS = {
    "register": 1,
    "write_off": 2,
    "change_due_date": 6,
    "discount": 7,
    "protest": 9,
    "cancel_protest": 11,
}

# Days until a protest have two digits.
LAST_PROTEST_DAY = 99


class CollectionBank(models.AbstractModel):
    """How a bank fills the common records of 240 columns.

    Positions are data (`drivers/specs/`); here is what is calculated. Codes are
    FEBRABAN's (CNAB 240, Cobrança: C004 movement, C018 interest, G073 fine, C021
    discount, C026 protest, C028 write-off) unless the bank's driver says otherwise.
    """

    _inherit = "collection.bank"

    # Codes of movement (C004); without one the bank takes no such instruction by file.
    _cnab240_movements = MOVEMENTS
    # Lowers the amount where the bank has no movement for a new one.
    _cnab240_rebate = 4
    # Days from the due date on which interest and fine begin.
    _cnab240_interest_days = 0
    _cnab240_fine_days = 0
    # C018: 1 amount a day, 2 percent a month, 3 none
    _cnab240_no_interest = 3
    # C021 where there is no discount
    _cnab240_no_discount = 0
    # C026: protest after days counted by the calendar; none
    _cnab240_protest_codes = (1, 3)
    # Most days until the bank gives a title back.
    _cnab240_last_write_off = 999
    # Whether segment R is left out for titles without a fine.
    _cnab240_fine_only = False

    # === WRITING ===

    @api.model
    def _write_cnab240(self, account, instructions, file_number, generated_at):
        writer = Cnab240Writer(
            get_records(account.bank),
            self._prepare_cnab240_file(account, file_number, generated_at),
        )
        for ids in split_every(CHUNK, instructions.ids):
            chunk = instructions.browse(ids)
            for instruction in chunk:
                values = self._prepare_cnab240_title(instruction)
                writer.add_title(self._get_cnab240_segments(values), values)
            chunk._forget()
        return writer.finish()

    @api.model
    def _get_cnab240_segments(self, values):
        """Return the names of a title's records."""
        names = ["SegmentP", "SegmentQ"]
        if values["fine_code"] or not self._cnab240_fine_only:
            names.append("SegmentR")
        return names

    # === VALUES OF A FILE ===

    @api.model
    def _prepare_cnab240_file(self, account, file_number, generated_at):
        """Return the values all records share, by field of `drivers/specs/`."""
        company = account.company_id.partner_id
        document = clean_document(company.vat or "")
        return {
            "bank": int(account.bank),
            "company_kind": 1 if len(document) == 11 else 2,
            "company_document": document.rjust(14, "0"),
            "company_document_15": document.rjust(15, "0"),
            "company_name": clean_text(company.name or ""),
            "agreement": int(account.agreement or 0),
            "agency": int(account.agency or 0),
            "agency_digit": self._get_agency_digit(account),
            "account": int(account.account_number or 0),
            "account_digit": self._get_account_digit(account),
            "file_date": self._format_cnab240_date(generated_at),
            "file_time": int(f"{generated_at:%H%M%S}"),
            "file_number": file_number,
        }

    @api.model
    def _get_agency_digit(self, account):
        return account.agency_digit or ""

    @api.model
    def _get_account_digit(self, account):
        return account.account_digit or ""

    @api.model
    def _format_cnab240_date(self, date):
        return int(f"{date:%d%m%Y}") if date else 0

    # === VALUES OF A TITLE ===

    @api.model
    def _prepare_cnab240_title(self, instruction):
        """Return the values of the segments of a title, by field."""
        title = instruction.title_id
        due_date = self._get_due_date(instruction)
        return {
            "movement": self._get_cnab240_movement(instruction),
            "nosso_numero": self._get_cnab240_nosso_numero(title),
            "document_number": title.document_number,
            "document_number_11": title.document_number[-11:],
            "due_date": self._format_cnab240_date(due_date),
            "amount": self._get_cnab240_amount(instruction),
            "rebate": self._get_cnab240_rebate(instruction),
            "issue_date": self._format_cnab240_date(title.issue_date),
            "company_use": f"{ECHO}{title.nosso_numero}",
            **self._prepare_cnab240_late(title, due_date),
            **self._prepare_cnab240_discount(instruction),
            **self._prepare_cnab240_end(title),
            **self._prepare_cnab240_payer(title),
        }

    @api.model
    def _prepare_cnab240_late(self, title, due_date):
        """Return fine and interest; both are percentages, interest of a month."""
        interest_date = due_date + timedelta(days=self._cnab240_interest_days)
        fine_date = due_date + timedelta(days=self._cnab240_fine_days)
        interest = to_decimal(title.late_interest_percent)
        fine = to_decimal(title.late_fee_percent)
        return {
            "interest_code": 2 if interest else self._cnab240_no_interest,
            "interest_date": self._format_cnab240_date(interest and interest_date),
            "interest": interest,
            "fine_code": 2 if fine else 0,
            "fine_date": self._format_cnab240_date(fine and fine_date),
            "fine": fine,
        }

    @api.model
    def _prepare_cnab240_discount(self, instruction):
        """Return the discount the instruction grants: an amount until a day."""
        amount = ZERO
        if instruction.kind == "discount":
            amount = to_decimal(instruction.amount)
        until = instruction.date_limit or self._get_due_date(instruction)
        return {
            "discount_code": 1 if amount else self._cnab240_no_discount,
            "discount_date": self._format_cnab240_date(amount and until),
            "discount": amount,
        }

    @api.model
    def _prepare_cnab240_end(self, title):
        """Return what becomes of a title nobody pays: protest, or back to the company.

        A title that is protested is not given back meanwhile.
        """
        protest, none = self._cnab240_protest_codes
        given_back = title.write_off_days and not title.protest_days
        return {
            "protest_code": protest if title.protest_days else none,
            "protest_days": title.protest_days,
            "write_off_code": 1 if given_back else 2,
            "write_off_days": title.write_off_days if given_back else 0,
        }

    @api.model
    def _prepare_cnab240_payer(self, title):
        payer = title._get_payer()
        return {
            "payer_kind": int(payer.kind),
            "payer_document": payer.document.rjust(15, "0"),
            "payer_name": payer.name,
            "payer_street": payer.street,
            "payer_district": payer.district,
            "payer_zip": int(payer.zip or 0),
            "payer_city": payer.city,
            "payer_state": payer.state,
        }

    # === AMOUNTS AND MOVEMENTS ===

    @api.model
    def _get_cnab240_amount(self, instruction):
        movements = self._cnab240_movements
        if instruction.kind == "change_amount" and "change_amount" in movements:
            return to_decimal(instruction.amount)
        return instruction.title_id._get_face_value()

    @api.model
    def _get_cnab240_rebate(self, instruction):
        """Return what is taken off a title whose amount cannot be changed itself."""
        movements = self._cnab240_movements
        if instruction.kind != "change_amount" or "change_amount" in movements:
            return ZERO
        face = instruction.title_id._get_face_value()
        return face - to_decimal(instruction.amount)

    @api.model
    def _get_cnab240_movement(self, instruction):
        if instruction.kind == "change_amount":
            return self._cnab240_movements.get("change_amount", self._cnab240_rebate)
        return self._cnab240_movements[instruction.kind]

    # === OBSTACLES ===

    @api.model
    def _get_instruction_obstacle(self, instruction, day):
        obstacle = super()._get_instruction_obstacle(instruction, day)
        if obstacle or instruction.account_id.layout != "cnab240":
            return obstacle
        return self._get_cnab240_obstacle(instruction)

    @api.model
    def _get_cnab240_obstacle(self, instruction):
        movements = self._cnab240_movements
        if instruction.title_id.write_off_days > self._cnab240_last_write_off:
            return self.env._(
                "%(bank)s gives a title back after %(days)s days at most.",
                bank=self._slip_class.nome,
                days=self._cnab240_last_write_off,
            )
        if instruction.title_id.protest_days > LAST_PROTEST_DAY:
            return self.env._(
                "Files take %s days until a protest at most.", LAST_PROTEST_DAY
            )
        if instruction.kind == "change_amount" and "change_amount" not in movements:
            if self._get_cnab240_rebate(instruction) <= ZERO:
                return self.env._(
                    "%s lowers the amount of a boleto only. Write it off and issue a "
                    "new one.",
                    self._slip_class.nome,
                )
        elif instruction.kind not in movements:
            return self.env._(
                "%s takes this by its internet banking, not by file. Do it there and "
                "cancel it here.",
                self._slip_class.nome,
            )
        return self._get_cnab240_misfit(instruction)

    @api.model
    def _get_cnab240_misfit(self, instruction):
        """Return which value is too large for its columns, or nothing."""
        records = get_records(instruction.account_id.bank)
        values = self._prepare_cnab240_title(instruction)
        try:
            for name in self._get_cnab240_segments(values):
                records.write_line(name, values)
        except FieldAttributionError as error:
            name = error.field.name
            return self.env._(
                "“%(value)s” does not fit the field “%(field)s” of the bank's file.",
                value=error.value,
                field=self._get_cnab_field_labels().get(name, name),
            )
        return ""

    # === NUMBERS ===

    @api.model
    def _get_cnab240_nosso_numero(self, title):
        """Return the nosso número as the file carries it: as issued, marks aside."""
        return re.sub(r"[^0-9A-Z]", "", title.nosso_numero_full)
