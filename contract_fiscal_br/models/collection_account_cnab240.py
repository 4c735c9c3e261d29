from odoo import api, fields, models


class CollectionAccount(models.Model):
    """What files of 240 columns may carry beside the titles: messages (segment S)."""

    _inherit = "collection.account"

    can_send_instructions = fields.Boolean(compute="_compute_can_send_instructions")
    sends_instructions = fields.Boolean(
        string="Lines Also to the Bank",
        compute="_compute_sends_instructions",
        store=True,
        readonly=False,
        tracking=True,
        help="The lines for the cashier go into the remittance, so that a copy the "
        "bank itself prints or shows has them, too.",
    )

    @api.depends("bank", "backend", "layout")
    def _compute_can_send_instructions(self):
        for account in self:
            account.can_send_instructions = account._can_send_instructions()

    @api.depends("bank", "backend", "layout")
    def _compute_sends_instructions(self):
        """Another bank, or another way to it, does not take over what was chosen."""
        for account in self:
            account.sends_instructions = (
                account.sends_instructions and account._can_send_instructions()
            )

    @api.constrains("sends_instructions", "instructions", "bank", "backend", "layout")
    def _check_messages(self):
        for account in self.filtered("sends_instructions"):
            account._get_driver()._check_messages(account)

    def _can_send_instructions(self):
        self.ensure_one()
        if not self.bank or self.backend != "cnab_file" or self.layout != "cnab240":
            return False
        return bool(self._get_driver()._cnab240_message_widths)
