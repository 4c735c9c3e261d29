from odoo import api, fields, models


class CollectionAccount(models.Model):
    """Whether the bank makes a Pix charge with each boleto (Bolepix), by file."""

    _inherit = "collection.account"

    can_be_hybrid = fields.Boolean(compute="_compute_can_be_hybrid")
    is_hybrid = fields.Boolean(
        string="Pix by the Bank (Bolepix)",
        compute="_compute_is_hybrid",
        store=True,
        readonly=False,
        tracking=True,
        help="The bank makes a Pix charge with each boleto. Its QR code comes back "
        "with the registration, and paying it settles the boleto.",
    )

    @api.depends("bank", "backend", "layout")
    def _compute_can_be_hybrid(self):
        for account in self:
            account.can_be_hybrid = account._can_be_hybrid()

    @api.depends("bank", "backend", "layout")
    def _compute_is_hybrid(self):
        """Another bank, or another way to it, does not take over what was chosen."""
        for account in self:
            account.is_hybrid = account.is_hybrid and account._can_be_hybrid()

    @api.constrains("is_hybrid", "pix_key", "bank", "backend", "layout")
    def _check_hybrid(self):
        for account in self.filtered("is_hybrid"):
            account._get_driver()._check_hybrid(account)

    def _can_be_hybrid(self):
        self.ensure_one()
        if not self.bank or self.backend != "cnab_file":
            return False
        return self.layout in self._get_driver()._hybrid_layouts
