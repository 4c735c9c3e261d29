from odoo import api, models
from odoo.exceptions import UserError

from ..tools.dynamic_pix import compose_dynamic_pix, read_dynamic_pix
from ..tools.pix_key import get_pix_key_kind


class CollectionBank(models.AbstractModel):
    """Pix charges that the bank makes with its boletos (Bolepix), by file.

    Each bank has its own rule, so one offers it only where its rule was read.
    """

    _inherit = "collection.bank"

    # {layout: what the file says of the company's Pix key}. “needed”: the file names
    # it; “optional”: left out, the bank takes the CNPJ; “unused”: the agreement has it.
    _hybrid_layouts: dict = {}

    @api.model
    def _check_hybrid(self, account):
        """Raise unless the bank can be asked for the Pix charges the account wants."""
        if not account._can_be_hybrid():
            raise UserError(
                self.env._(
                    "%(account)s: %(bank)s makes no Pix by this way. Choose files of "
                    "a bank that does, or leave “Pix by the Bank” off.",
                    account=account.name,
                    bank=self._slip_class.nome,
                )
            )
        self._check_hybrid_key(account)

    @api.model
    def _check_hybrid_key(self, account):
        use, key = self._hybrid_layouts[account.layout], account.pix_key or ""
        if use == "unused" or (use == "optional" and not key):
            return
        if not get_pix_key_kind(key):
            raise UserError(
                self.env._(
                    "%(account)s: “Pix by the Bank” needs the Pix key as it was "
                    "registered: CPF or CNPJ in digits, +55 and the phone, an e-mail "
                    "or a random key.",
                    account=account.name,
                )
            )

    @api.model
    def _compose_bank_pix(self, account, text):
        """Return the copy and paste text of a charge the bank told of in its return.

        :param str text: the charge's address, or its code; anything else, such as a
            key, gives ""
        """
        company = account.company_id.partner_id
        return read_dynamic_pix(text) or compose_dynamic_pix(
            text, company.name, company.city or ""
        )
