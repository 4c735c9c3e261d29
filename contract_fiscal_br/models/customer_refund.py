from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.contract_recurring.permission import check_permission, lock_in_state

ENTER_GROUP = "contract_recurring.group_contract_billing"
APPROVE_GROUP = "contract_fiscal_br.group_refund_approve"
LIVE_STATES = ("draft", "waiting", "approved", "sent")
# What the steps write; nobody else does.
PROTECTED = frozenset(
    {
        "state",
        "entered_by_ids",
        "asked_by_id",
        "approved_by_id",
        "favoured",
        "file_id",
        "payment_id",
        "paid_on",
        "message",
    }
)


class CustomerRefund(models.Model):
    """Money a customer has to get back, paid to an account or a Pix key (*devolução*).

    It pays back one open credit: a credit note, or what was paid too much. Who enters
    a refund cannot approve it.
    """

    _name = "customer.refund"
    _description = "Refund to a Customer"
    _inherit = "mail.thread"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Refund Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Credit",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('account_type', '=', 'asset_receivable'), "
        "('parent_state', '=', 'posted'), ('reconciled', '=', False), "
        "('amount_residual', '<', 0), ('partner_id', 'child_of', partner_id), "
        "('company_id', '=', company_id)]",
        help="The open credit note or surplus that is paid back.",
    )
    open_credit = fields.Monetary(compute="_compute_open_credit")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
    )
    way = fields.Selection(
        [("account", "Bank account"), ("pix", "Pix key")],
        string="Paid To",
        default="pix",
        required=True,
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Bank Account",
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    pix_id = fields.Many2one(
        "res.partner.pix",
        string="Pix Key",
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    account_id = fields.Many2one(
        "collection.account",
        string="Paid From",
        required=True,
        check_company=True,
        domain="[('is_refund_account', '=', True)]",
        default=lambda self: self._get_only_account(),
    )
    reason = fields.Char(required=True, help="Why the customer gets it back.")
    entered_by_ids = fields.Many2many(
        "res.users",
        "customer_refund_entered_rel",
        readonly=True,
        copy=False,
        help="Whoever entered or changed it: none of them approves it.",
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, tracking=True
    )
    favoured = fields.Char(
        string="Approved For",
        readonly=True,
        copy=False,
        help="Who is paid and where, as it was when it was approved.",
    )
    file_id = fields.Many2one(
        "customer.refund.file", readonly=True, copy=False, index="btree_not_null"
    )
    payment_id = fields.Many2one("account.payment", readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)
    message = fields.Char(
        string="The Bank Says", readonly=True, copy=False, tracking=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "To approve"),
            ("approved", "Approved"),
            ("sent", "In a file"),
            ("paid", "Paid to the customer"),
            ("refused", "Refused by the bank"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _one_live = models.UniqueIndex(
        "(line_id) WHERE state IN ('draft', 'waiting', 'approved', 'sent')",
        "This credit is being paid back already.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A refund is above zero."
    )

    # === COMPUTES ===

    @api.model
    def _get_only_account(self):
        """Return the account that pays refunds, where the company has one alone."""
        accounts = self.env["collection.account"].search(
            [
                ("is_refund_account", "=", True),
                ("company_id", "=", self.env.company.id),
            ],
            limit=2,
        )
        return accounts if len(accounts) == 1 else accounts.browse()

    @api.depends("line_id.amount_residual")
    def _compute_open_credit(self):
        for refund in self:
            refund.open_credit = -refund.line_id.amount_residual

    @api.depends("line_id")
    def _compute_amount(self):
        for refund in self:
            refund.amount = -refund.line_id.amount_residual

    # === CONSTRAINTS ===

    @api.constrains("partner_id", "line_id", "partner_bank_id", "pix_id")
    def _check_owner(self):
        """Money goes to nobody but the customer whose credit it is."""
        for refund in self:
            owner = refund.partner_id.commercial_partner_id
            owners = (
                refund.line_id.partner_id
                | refund.partner_bank_id.partner_id
                | refund.pix_id.partner_id
            )
            if owners.commercial_partner_id != owner:
                raise ValidationError(
                    self.env._(
                        "The credit and the account belong to %(customer)s and nobody "
                        "else. Choose others.",
                        customer=owner.display_name,
                    )
                )
            if refund.line_id.company_id != refund.company_id:
                raise ValidationError(
                    self.env._("The credit belongs to another company.")
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        # one cancelled just before must make room in the unique index first
        self.flush_model(["state"])
        for vals in vals_list:
            if not self.env.su:
                for name in PROTECTED & vals.keys():
                    vals.pop(name)
            vals["entered_by_ids"] = [Command.link(self.env.uid)]
            company = self.env["res.company"].browse(vals.get("company_id"))
            sequence = self.env["ir.sequence"].with_company(company or self.env.company)
            vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if PROTECTED & vals.keys():
            raise UserError(
                self.env._("The state changes by the buttons of the screen alone.")
            )
        if any(refund.state != "draft" for refund in self):
            raise UserError(
                self.env._("Only a draft can be changed. Cancel it and make another.")
            )
        result = super().write(vals)
        self.check_access("write")  # it may have gone to another company
        self.sudo().entered_by_ids = [Command.link(self.env.uid)]
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(refund.state != "draft" for refund in self):
            raise UserError(self.env._("A refund is never deleted. Cancel it."))

    # === STEPS ===

    def action_ask(self):
        """Hand drafts to somebody who approves."""
        self._take_step(ENTER_GROUP, "draft")
        for refund in self.sudo():
            refund._check_payable()
            refund.write({"state": "waiting", "asked_by_id": self.env.uid})

    def action_approve(self):
        """Let them be paid; never by who entered or asked for them."""
        self._take_step(APPROVE_GROUP, "waiting")
        for refund in self.sudo():
            if self.env.user in refund.entered_by_ids | refund.asked_by_id:
                raise UserError(
                    self.env._(
                        "%(refund)s was entered by you. Somebody else has to approve "
                        "it.",
                        refund=refund.name,
                    )
                )
            refund._check_payable()
            refund.write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "favoured": refund._describe_favoured(),
                }
            )

    def action_cancel(self):
        """Do not pay them; what is in a file waits for the bank's answer."""
        self._take_step(ENTER_GROUP, "draft", "waiting", "approved")
        self.sudo().state = "cancelled"

    def action_reset(self):
        """Correct a refused refund: it becomes a draft again."""
        self._take_step(ENTER_GROUP, "waiting", "refused")
        self.sudo().write(
            {
                "state": "draft",
                "asked_by_id": False,
                "approved_by_id": False,
                "favoured": False,
                "file_id": False,
            }
        )

    def _take_step(self, group, *states):
        """Raise unless the user may take the step and each state allows it."""
        check_permission(self.env, group)
        self.check_access("write" if group == ENTER_GROUP else "read")
        lock_in_state(self, states)

    # === CHECKS ===

    def _check_payable(self):
        """Raise unless the credit is still open and the favoured is complete.

        The credit's row is locked: it cannot be used up meanwhile.
        """
        self.ensure_one()
        self.line_id.lock_for_update(allow_referencing=True)
        self.line_id.invalidate_recordset(["amount_residual"])
        self._check_credit()
        if (
            self.currency_id.compare_amounts(self.amount, -self.line_id.amount_residual)
            > 0
        ):
            raise UserError(
                self.env._(
                    "%(refund)s: only %(open)s of the credit is left.",
                    refund=self.name,
                    open=self.currency_id.format(-self.line_id.amount_residual),
                )
            )
        self._check_complete()

    def _check_credit(self):
        """Raise for what is no customer's, or not in the books yet or any more."""
        line = self.line_id
        if line.account_type != "asset_receivable" or line.parent_state != "posted":
            raise UserError(
                self.env._(
                    "%(refund)s: %(credit)s is no open credit of the customer. Choose "
                    "another.",
                    refund=self.name,
                    credit=line.move_id.display_name,
                )
            )

    def _check_complete(self):
        obstacle = self._get_obstacle()
        if obstacle:
            raise UserError(
                self.env._(
                    "%(refund)s: %(obstacle)s", refund=self.name, obstacle=obstacle
                )
            )
