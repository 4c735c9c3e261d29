from odoo import api, fields, models


class ContractBillingGroup(models.Model):
    """Contracts of one customer on one invoice (*cobrança unificada*, S004-50)."""

    _name = "contract.billing.group"
    _description = "Unified Billing"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    invoice_partner_id = fields.Many2one(
        "res.partner", string="Invoice Address", required=True, readonly=True
    )
    due_day = fields.Integer(required=True, readonly=True)
    contract_ids = fields.One2many(
        "contract.contract", "billing_group_id", readonly=True
    )
    contract_count = fields.Integer(compute="_compute_contract_count")
    currency_id = fields.Many2one(related="company_id.currency_id")
    monthly_amount = fields.Monetary(compute="_compute_contract_count")

    _due_day_in_month = models.Constraint(
        "CHECK (due_day BETWEEN 1 AND 31)",
        "The due day must lie between 1 and 31.",
    )

    @api.depends("partner_id.name", "due_day")
    def _compute_name(self):
        for group in self:
            group.name = f"{group.partner_id.name} ({group.due_day})"

    @api.depends("contract_ids.monthly_amount")
    def _compute_contract_count(self):
        for group in self:
            group.contract_count = len(group.contract_ids)
            group.monthly_amount = sum(group.contract_ids.mapped("monthly_amount"))

    # === ACTIONS ===

    def action_view_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.account_move_action_contract"
        )
        action["domain"] = [
            ("contract_charge_ids.contract_id", "in", self.contract_ids.ids)
        ]
        return action

    # === BUSINESS ===

    def _archive_empty(self):
        """Put groups away that no contract belongs to any more."""
        self.sudo().filtered(lambda group: not group.contract_ids).active = False
