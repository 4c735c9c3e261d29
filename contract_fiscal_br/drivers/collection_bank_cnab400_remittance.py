from pycobranca.exceptions import BoletoInvalido, DadosInvalidos

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..const import ECHO
from ..tools.cnab400_remittance import ADAPTERS, Beneficiary, Order
from ..tools.money import to_decimal
from ..tools.payer import clean_document, clean_text
from .collection_bank_cnab240 import CHUNK


class CollectionBank(models.AbstractModel):
    """How a bank's remittances of 400 columns are written."""

    _inherit = "collection.bank"

    # === ACCOUNT ===

    @api.model
    def _check_layout(self, account):
        result = super()._check_layout(account)
        if account.layout == "cnab400" and account.bank in ADAPTERS:
            self._check_cnab400_account(account)
        return result

    @api.model
    def _check_cnab400_account(self, account):
        """Raise unless the account has what goes into each file."""
        adapter = ADAPTERS[account.bank]
        self._check_filled(account, adapter.account_fields)
        if adapter.wallets and account.wallet not in adapter.wallets:
            raise UserError(
                self.env._(
                    "%(account)s: in wallet %(wallet)s %(bank)s numbers the titles "
                    "itself. Files of CNAB 400 need one of: %(wallets)s.",
                    account=account.name,
                    wallet=account.wallet,
                    bank=self._slip_class.nome,
                    wallets=", ".join(adapter.wallets),
                )
            )

    # === WRITING ===

    @api.model
    def _write_cnab400(self, account, instructions, file_number, generated_at):
        """Return the bytes of a remittance of 400 columns.

        :raise UserError: a value that does not fit the bank's columns
        """
        adapter = ADAPTERS[account.bank]
        try:
            return adapter.compose(
                self._prepare_beneficiary(account),
                self._iterate_orders(instructions),
                file_number,
                fields.Date.to_date(generated_at),
            )
        except (BoletoInvalido, DadosInvalidos, ValueError) as error:
            raise UserError(
                self.env._(
                    "No remittance of %(account)s: %(reason)s.",
                    account=account.name,
                    reason=error,
                )
            ) from error

    @api.model
    def _iterate_orders(self, instructions):
        for ids in split_every(CHUNK, instructions.ids):
            chunk = instructions.browse(ids)
            for instruction in chunk:
                yield self._prepare_order(instruction)
            chunk._forget()

    @api.model
    def _prepare_beneficiary(self, account):
        company = account.company_id.partner_id
        return Beneficiary(
            name=clean_text(company.name),
            document=clean_document(company.vat or ""),
            agency=account.agency or "",
            agency_digit=account.agency_digit or "",
            account=account.account_number or "",
            account_digit=account.account_digit or "",
            wallet=account.wallet or "",
            agreement=account.agreement or "",
            agreement_digit=account.agreement_digit or "",
            variation=account.variation or "",
            file_code=account.file_code or "",
        )

    @api.model
    def _prepare_order(self, instruction):
        title = instruction.title_id
        number = title.nosso_numero
        return Order(
            kind=instruction.kind,
            nosso_numero=number,
            company_use=f"{ECHO}{number}",
            check_digit=self._get_check_digit(title.account_id, number, ""),
            document_number=clean_text(title.document_number),
            amount=title._get_face_value(),
            due_date=self._get_due_date(instruction),
            issue_date=title.issue_date,
            payer=title._get_payer(),
            fine_percent=to_decimal(title.late_fee_percent),
            interest_percent=to_decimal(title.late_interest_percent),
            protest_days=title.protest_days,
            write_off_days=title.write_off_days,
            pix_key=self._get_order_pix_key(instruction),
            **self._prepare_order_change(instruction),
        )

    @api.model
    def _get_order_pix_key(self, instruction):
        """Return the key of the Pix charge to be made; None where there is none."""
        account = instruction.account_id
        if instruction.kind != "register" or not account.is_hybrid:
            return None
        return account.pix_key or ""

    @api.model
    def _prepare_order_change(self, instruction):
        amount = to_decimal(instruction.amount)
        if instruction.kind == "change_amount":
            return {"new_amount": amount}
        if instruction.kind == "discount":
            return {"discount": amount, "discount_until": instruction.date_limit}
        return {}

    # === OBSTACLES ===

    @api.model
    def _get_instruction_obstacle(self, instruction, day):
        obstacle = super()._get_instruction_obstacle(instruction, day)
        account = instruction.account_id
        adapter = ADAPTERS.get(account.bank)
        if obstacle or account.layout != "cnab400" or not adapter:
            return obstacle
        problem = adapter.find_problem(self._prepare_order(instruction))
        if not problem:
            return ""
        title = instruction.title_id
        return self._get_cnab400_problem_texts()[problem] % {
            "bank": self._slip_class.nome,
            "number": title.nosso_numero,
            "days": title.protest_days,
            "percent": title._format_percent(title.late_fee_percent),
        }

    @api.model
    def _get_cnab400_problem_texts(self):
        """Return {key of `Adapter.find_problem`: its words}."""
        return {
            "kind": self.env._(
                "%(bank)s does not take this by file (CNAB 400). Ask for it on the "
                "bank's own site."
            ),
            "number": self.env._(
                "Nosso número %(number)s does not fit the files of %(bank)s."
            ),
            "raise": self.env._(
                "%(bank)s only lowers an amount by file. Write the boleto off and "
                "issue another."
            ),
            "protest_days": self.env._(
                "%(bank)s takes no protest after %(days)s days by file. Change the "
                "days on the account and issue the boleto again."
            ),
            "fine_whole": self.env._(
                "%(bank)s takes fines of whole percents by file, not %(percent)s%%."
            ),
            "fine_tenths": self.env._(
                "%(bank)s takes fines with one decimal by file, not %(percent)s%%."
            ),
        }
