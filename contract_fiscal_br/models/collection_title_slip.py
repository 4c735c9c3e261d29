from odoo import api, fields, models

from ..const import UNREGISTERED_STATES
from ..tools.static_pix import StaticPixError, compose_static_pix

SLIP_KINDS = {"pix_api": "pix", "pix_automatic": "debit", "cnab_debit": "debit"}


class CollectionTitle(models.Model):
    """What a title looks like to whoever pays it."""

    _inherit = "collection.title"

    pix_code = fields.Char(
        string="Pix",
        compute="_compute_pix_code",
        help="Copy and paste: the bank's own, or else one that pays the account's key.",
    )
    is_pix_static = fields.Boolean(
        string="Pix Pays Only the Key",
        compute="_compute_pix_code",
        help="Pays the key; the bank does not settle the boleto by itself.",
    )

    @api.depends(
        "pix_copy_paste",
        "amount",
        "state",
        "account_id.pix_key",
        "account_id.is_hybrid",
    )
    def _compute_pix_code(self):
        for title in self:
            static = not title.pix_copy_paste and title._compose_static_pix()
            title.pix_code = title.pix_copy_paste or static
            title.is_pix_static = bool(static)

    def _compose_static_pix(self):
        """Return a code that pays the account's key, empty where it has none."""
        self.ensure_one()
        account = self.account_id
        beneficiary = self.company_id.partner_id
        if not account.pix_key or self._awaits_bank_pix() or not self._is_boleto():
            return ""
        try:
            return compose_static_pix(
                key=account.pix_key,
                name=beneficiary.name,
                city=beneficiary.city or "",
                amount=self._get_amount_decimal(),
                txid=self._get_static_txid(),
            )
        except StaticPixError:
            return ""

    def _awaits_bank_pix(self):
        """Return whether the bank may yet tell of a charge that it makes.

        Then a code of the key would be a second one, and both would be paid. It tells
        with the registration: a boleto registered without has none.
        """
        self.ensure_one()
        return self.account_id.is_hybrid and self.state in UNREGISTERED_STATES

    def _get_static_txid(self):
        """Return what tells the payment in the statement: 25 letters and digits."""
        return f"NN{self.nosso_numero}"[:25]

    def _get_payment_slip(self):
        """Return the neutral words of `account.move._get_payment_slips`."""
        self.ensure_one()
        return {
            "kind": self._get_slip_kind(),
            "digitable_line": self.digitable_line or "",
            "barcode": self.barcode or "",
            "pix": self.pix_code or "",
            "pix_is_static": self.is_pix_static,
            "due_date": self.due_date,
            "amount": self.amount,
            "title": self,
            "file_name": self._get_file_name() if self._is_printable() else "",
        }

    @api.depends("nosso_numero_full", "document_number", "account_id.backend")
    def _compute_display_name(self):
        """What has no number at the bank goes by the number of its invoice."""
        names = {
            "cnab_debit": self.env._("Debit"),
            "pix_automatic": "Pix Automático",
            "pix_api": "Pix",
        }
        for title in self:
            name = names.get(title.sudo().account_id.backend)
            number = title.document_number or title.nosso_numero
            title.display_name = (
                f"{name} {number}" if name else title.nosso_numero_full or number
            )

    def _get_slip_kind(self):
        return SLIP_KINDS.get(self.account_id.backend, "boleto")

    def _get_file_name(self):
        self.ensure_one()
        return f"boleto-{self.document_number}.pdf"
