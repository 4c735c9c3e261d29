from odoo import api, models
from odoo.exceptions import UserError

from ..const import LAYOUTS

# Kinds of instruction that carry the payer.
WITH_PAYER = ("register",)


class CollectionBank(models.AbstractModel):
    """How a bank wants its remittance files."""

    _inherit = "collection.bank"

    # Layouts this bank's files may have.
    _layouts = ("cnab400",)

    # === ACCOUNT ===

    @api.model
    def _check_account(self, account):
        result = super()._check_account(account)
        if account.backend == "cnab_file":
            self._check_layout(account)
        return result

    @api.model
    def _check_layout(self, account):
        """Raise unless the bank has the account's layout."""
        if account.layout in self._layouts:
            return
        names = dict(LAYOUTS)
        raise UserError(
            self.env._(
                "%(account)s: there is no %(layout)s file for %(bank)s. Choose "
                "%(layouts)s as the layout.",
                account=account.name,
                layout=names.get(account.layout, ""),
                bank=self._slip_class.nome,
                layouts=", ".join(names[layout] for layout in self._layouts),
            )
        )

    # === WRITING ===

    @api.model
    def _write_remittance(self, account, instructions, file_number, generated_at):
        """Return the bytes of a file; `_write_cnab240` or `_write_cnab400` writes it.

        :param instructions: without obstacles, a title's own in the order asked for
        :param datetime generated_at: on the company's clock
        """
        write = getattr(self, f"_write_{account.layout}")
        return write(account, instructions, file_number, generated_at)

    @api.model
    def _get_remittance_filename(self, account, file_number, generated_at):
        """Return the name the bank wants for the file."""
        return f"COB{account.bank}{generated_at:%d%m%y}_{file_number:06}.REM"

    @api.model
    def _get_due_date(self, instruction):
        """Return the due date the file states: the new one where it changes."""
        if instruction.kind == "change_due_date":
            return instruction.due_date
        return instruction.title_id.due_date

    # === OBSTACLES ===

    @api.model
    def _get_instruction_obstacle(self, instruction, day):
        """Return why the bank would refuse an instruction, in a clerk's words.

        Nothing is returned for what may go into a file.

        :param date day: of the file, where the company is
        """
        title = instruction.title_id
        if instruction.kind == "register":
            if title._get_amount_decimal() <= 0:
                return self.env._("The amount is not above zero.")
            if title.due_date < day:
                return self.env._("The due date has passed. Give the boleto a new one.")
        if instruction.kind in WITH_PAYER:
            return self._get_payer_obstacle(title)
        return ""

    @api.model
    def _get_payer_obstacle(self, title):
        field = title._get_payer().find_problem()
        if not field:
            return ""
        payer = title.partner_id.display_name
        texts = {
            "document": self.env._("CPF or CNPJ of %s is missing or wrong.", payer),
            "name": self.env._("The payer of %s has no name.", title.document_number),
            "street": self.env._("%s has no street in the address.", payer),
            "zip": self.env._("The CEP of %s is missing or has not 8 digits.", payer),
            "city": self.env._("%s has no city in the address.", payer),
            "state": self.env._("%s has no state in the address.", payer),
        }
        return texts[field]
