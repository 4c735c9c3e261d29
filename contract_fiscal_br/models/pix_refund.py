import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import PIX_BACKENDS

MANAGER = "contract_fiscal_br.group_collection_manager"
# What the bank knows it by and says of it; the payment alone decides the rest.
PROTECTED = {
    "state",
    "number",
    "return_number",
    "attempted_at",
    "message",
    "account_id",
    "company_id",
    "title_id",
}
LIVE_STATES = ("pending", "uncertain", "sent", "done")


class PixRefund(models.Model):
    """Money of a Pix given back to who paid it (*devolução*), whole or in part."""

    _name = "pix.refund"
    _description = "Pix Refund"
    _inherit = "mail.thread"
    _order = "id desc"
    _rec_name = "event_id"

    event_id = fields.Many2one(
        "collection.event",
        string="Payment",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'paid'), ('external_id', '!=', False), "
        "('account_id.backend', 'in', ('pix_api', 'pix_automatic'))]",
    )
    account_id = fields.Many2one(related="event_id.account_id", store=True)
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    title_id = fields.Many2one(related="event_id.title_id", store=True)
    partner_id = fields.Many2one(related="event_id.partner_id", string="Customer")
    amount = fields.Monetary(required=True, tracking=True)
    reason = fields.Char(
        size=140, help="What the customer reads, up to 140 characters."
    )
    number = fields.Char(
        string="Number at the Bank", compute="_compute_number", store=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("pending", "To send"),
            ("uncertain", "Uncertain"),
            ("sent", "At the bank"),
            ("done", "Given back"),
            ("refused", "Refused"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    message = fields.Char(string="The Bank Says", readonly=True, copy=False)
    return_number = fields.Char(
        readonly=True, copy=False, help="The bank's number of the return (rtrId)."
    )
    attempted_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTES ===

    @api.depends("event_id")
    def _compute_number(self):
        """Give each refund one identity at the bank, another in a copied database."""
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        for refund in self:
            seed = f"{database}|refund|{refund.id or refund._origin.id}"
            digest = hashlib.sha256(seed.encode()).hexdigest()
            refund.number = refund.id and digest[:32]

    @api.onchange("event_id")
    def _onchange_event_id(self):
        self.amount = self.event_id._get_refundable() if self.event_id else 0.0

    # === CONSTRAINTS ===

    @api.constrains("amount", "event_id", "state")
    def _check_amount(self):
        for refund in self.filtered(lambda one: one.state != "refused"):
            left = refund.event_id._get_refundable(refund)
            if refund.amount <= 0 or (
                refund.currency_id.compare_amounts(refund.amount, left) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "Between 0.01 and %(left)s of this Pix can be given back.",
                        left=refund.currency_id.format(left),
                    )
                )

    @api.constrains("event_id")
    def _check_event(self):
        for refund in self:
            event = refund.event_id
            if (
                event.kind != "paid"
                or not event.external_id
                or event.account_id.backend not in PIX_BACKENDS
            ):
                raise ValidationError(
                    self.env._("Only a Pix of a charge can be given back like this.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(refund.state != "draft" for refund in self):
            raise UserError(self.env._("The bank may know this: it is kept."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(vals)
        return super().create(vals_list)

    @api.model
    def _check_protected(self, vals):
        """Raise where somebody writes what the bank alone says."""
        if not self.env.su and PROTECTED & vals.keys():
            raise AccessError(self.env._("The bank alone says what became of it."))

    def write(self, vals):
        self._check_protected(vals)
        if {"event_id", "amount", "reason"} & vals.keys() and any(
            refund.state != "draft" for refund in self
        ):
            raise UserError(self.env._("What was asked of the bank cannot be changed."))
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        return result

    # === ACTIONS ===

    def action_give_back(self):
        """Ask the bank, in a job."""
        self._check_may_refund()
        for refund in self:
            if refund.state not in ("draft", "refused"):
                raise UserError(self.env._("The bank was asked for this already."))
        self.sudo()._ask_for()
        return self.env["collection.account"]._notify(
            self.env._("The bank is being asked. Its answer appears here in a minute.")
        )

    def _check_may_refund(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only those who keep collection accounts give money back.")
            )

    def _ask_for(self):
        self.lock_for_update()
        self.write({"state": "pending", "message": False})
        self._queue_call()
