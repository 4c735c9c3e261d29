from odoo import api, fields, models


class CollectionAccount(models.Model):
    """What files of 240 columns may carry beside the titles: segments S and Y."""

    _inherit = "collection.account"

    can_be_hybrid = fields.Boolean(compute="_compute_can_be_hybrid")
    is_hybrid = fields.Boolean(
        string="Pix by the Bank (Bolepix)",
        compute="_compute_is_hybrid",
        store=True,
        readonly=False,
        tracking=True,
        help="Asks the bank for a Pix charge with each boleto. Its QR code comes back "
        "with the registration, and paying it settles the boleto.",
    )
    can_send_instructions = fields.Boolean(compute="_compute_can_be_hybrid")
    sends_instructions = fields.Boolean(
        string="Lines Also to the Bank",
        compute="_compute_is_hybrid",
        store=True,
        readonly=False,
        tracking=True,
        help="The lines for the cashier go into the remittance, so that a copy the "
        "bank itself prints or shows has them, too.",
    )

    @api.depends("bank", "backend", "layout")
    def _compute_can_be_hybrid(self):
        for account in self:
            account.can_be_hybrid = account._can_be_hybrid()
            account.can_send_instructions = account._can_send_instructions()

    @api.depends("bank", "backend", "layout")
    def _compute_is_hybrid(self):
        """Another bank, or another way to it, does not take over what was chosen."""
        for account in self:
            account.is_hybrid = account.is_hybrid and account._can_be_hybrid()
            account.sends_instructions = (
                account.sends_instructions and account._can_send_instructions()
            )

    @api.constrains("is_hybrid", "sends_instructions", "pix_key", "instructions")
    def _check_cnab240_extras(self):
        for account in self:
            account._get_driver()._check_cnab240_extras(account)

    def _can_be_hybrid(self):
        self.ensure_one()
        return self._has_cnab240() and bool(self._get_driver()._cnab240_hybrid)

    def _can_send_instructions(self):
        self.ensure_one()
        return self._has_cnab240() and bool(self._get_driver()._cnab240_message_widths)

    def _has_cnab240(self):
        self.ensure_one()
        return self.bank and self.backend == "cnab_file" and self.layout == "cnab240"
