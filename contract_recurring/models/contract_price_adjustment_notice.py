from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ContractPriceAdjustment(models.Model):
    """The customers are told their new prices, some days before these hold."""

    _inherit = "contract.price.adjustment"

    notice_days = fields.Integer(
        string="Notice (Days)",
        default=30,
        help="Days between the notice to the customers and the new price. 0: no "
        "notice is asked for.",
    )
    notice_template_id = fields.Many2one(
        "mail.template",
        domain="[('model', '=', 'contract.price.adjustment.item')]",
        default=lambda self: self.env.ref(
            "contract_recurring.mail_template_price_notice", raise_if_not_found=False
        ),
    )
    noticed_on = fields.Date(string="Notices Sent On", readonly=True, copy=False)
    effective_from = fields.Date(
        string="New Prices From",
        required=True,
        compute="_compute_effective_from",
        store=True,
        readonly=False,
        precompute=True,
        help="Each contract changes with its first period that begins on or after "
        "this day and is not charged yet.",
    )
    notice_count = fields.Integer(compute="_compute_notices")
    notice_failed_count = fields.Integer(compute="_compute_notices")

    _notice_days_positive = models.Constraint(
        "CHECK (notice_days >= 0)", "The days of notice cannot be negative."
    )

    # === COMPUTES ===

    @api.depends("notice_days")
    def _compute_effective_from(self):
        today = fields.Date.context_today(self)
        for adjustment in self:
            adjustment.effective_from = today + timedelta(days=adjustment.notice_days)

    @api.depends("item_ids.notice_state")
    def _compute_notices(self):
        counts = self._count_items("notice_state")
        for adjustment in self:
            adjustment.notice_count = counts[adjustment.id]["sent"]
            adjustment.notice_failed_count = counts[adjustment.id]["failed"]

    # === CHECKS ===

    def _check_choice_open(self):
        result = super()._check_choice_open()
        if self.filtered("noticed_on"):
            raise UserError(
                self.env._(
                    "The customers have been told these prices. Cancel the adjustment "
                    "and make another one."
                )
            )
        return result

    def _check_notice(self):
        """Raise unless the customers were told, and early enough."""
        self.ensure_one()
        if not self.notice_days:
            return
        if not self.noticed_on:
            raise UserError(
                self.env._(
                    "Send the notices first: the customers have %(days)s days' notice.",
                    days=self.notice_days,
                )
            )
        self._check_effective_from(self.noticed_on)

    def _check_effective_from(self, noticed_on):
        earliest = noticed_on + timedelta(days=self.notice_days)
        if self.effective_from < earliest:
            raise UserError(
                self.env._(
                    "With a notice of %(days)s days the new prices hold from %(day)s "
                    "at the earliest. Move the date and simulate again.",
                    days=self.notice_days,
                    day=format_date(self.env, earliest),
                )
            )

    # === ACTIONS ===

    def action_send_notices(self):
        """Tell the customers their new prices, in the background."""
        self._check_step("notify", ("simulated",))
        today = fields.Date.context_today(self)
        for adjustment in self.sudo():
            adjustment._check_items()
            if not adjustment.notice_template_id:
                raise UserError(self.env._("Choose the text of the notice first."))
            adjustment._check_effective_from(today)
            items = adjustment._get_items("pending").filtered(
                lambda item: item.notice_state != "sent"
            )
            items.write({"notice_state": "queued"})
            adjustment.noticed_on = today
            for batch in adjustment._delay_batches(items, "_send_notices"):
                batch.delay()

    def _send_notices(self, item_ids):
        """Send some notices; the body of a job. Safe to repeat."""
        self.ensure_one()
        items = self.env["contract.price.adjustment.item"].browse(item_ids)
        items.sudo()._send_notices()
