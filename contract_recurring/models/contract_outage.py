from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractOutage(models.Model):
    """Days on which a contract had no service and owes nothing for them.

    Days billed already come back with the next invoice; days not billed yet,
    with the invoice that bills them. The ledger gives no day back twice.
    """

    _name = "contract.outage"
    _description = "Days Without Service"
    _order = "date_from desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    kind = fields.Selection(
        [
            ("outage", "Outage"),
            ("blocked", "Blocked by us, wrongly"),
            ("default", "Blocked for late payment"),
        ],
        string="Cause",
        default="outage",
        required=True,
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    days = fields.Integer(compute="_compute_days")
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    state = fields.Selection(
        [("given", "Given"), ("undone", "Undone")], default="given", required=True
    )
    charge_ids = fields.One2many("contract.charge", "outage_id", string="Credits")
    amount = fields.Monetary(
        string="Given Back",
        compute="_compute_amount",
        help="What the ledger gives back so far.",
    )
    is_billed = fields.Boolean(compute="_compute_amount")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The days without service end before they begin.",
    )
    _no_day_given_twice = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(contract_id, contract_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) "
        "WHERE (state = 'given')",
        "Some of these days without service are given back already.",
    )

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        for outage in self:
            outage.days = (outage.date_to - outage.date_from).days + 1

    @api.depends("charge_ids.state", "charge_ids.amount")
    def _compute_amount(self):
        for outage in self:
            live = outage.charge_ids.filtered(lambda c: c.state != "cancelled")
            outage.amount = -sum(live.mapped("amount"))
            outage.is_billed = "billed" in live.mapped("state")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Days given back are never deleted. Undo them instead.")
        )

    def action_undo(self):
        """Take back what is not billed yet."""
        self.env["contract.contract"]._check_may_exempt()
        for outage in self.filtered(lambda outage: outage.state == "given"):
            outage.sudo()._undo()

    def _undo(self):
        self.ensure_one()
        if self.is_billed:
            raise UserError(
                self.env._(
                    "The credit of %(contract)s is on invoice %(invoice)s already. "
                    "Cancel that invoice first.",
                    contract=self.contract_id.display_name,
                    invoice=self.charge_ids.move_id[:1].display_name,
                )
            )
        self.charge_ids.write({"state": "cancelled"})
        self.state = "undone"
        self.contract_id._record_outage(self, self.env._("Undone"))
