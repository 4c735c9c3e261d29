from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class ContractClose(models.TransientModel):
    """Asks when and why a contract ends, and shows the final invoice."""

    _name = "contract.close"
    _description = "Cancel a Contract"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    last_day = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Last day of service. A day to come is kept: the contract is cancelled "
        "then.",
    )
    reason_id = fields.Many2one("contract.terminate.reason", required=True)
    comment_required = fields.Boolean(related="reason_id.terminate_comment_required")
    comment = fields.Text()
    loyalty_end_date = fields.Date(related="contract_id.loyalty_end_date")
    loyalty_penalty = fields.Monetary(compute="_compute_loyalty_penalty")
    is_penalty_waived = fields.Boolean(string="Waive the Loyalty Penalty")
    waive_reason = fields.Char(string="Reason of the Waiver")
    lent_equipment_ids = fields.Many2many(
        "contract.equipment",
        string="Equipment to Return",
        compute="_compute_lent_equipment_ids",
    )
    lost_equipment_ids = fields.Many2many(
        "contract.equipment",
        string="Charge as Lost",
        domain="[('contract_id', '=', contract_id), ('charge_id', '=', False), "
        "('state', '!=', 'returned')]",
    )
    preview = fields.Text(string="Still to Be Billed", compute="_compute_preview")
    final_amount = fields.Monetary(string="Total", compute="_compute_preview")
    final_due_date = fields.Date(
        string="Due On",
        compute="_compute_preview",
        help="Next due date of the contract, with which this is billed.",
    )
    obstacle = fields.Text(compute="_compute_obstacle")

    @api.depends("contract_id", "last_day")
    def _compute_loyalty_penalty(self):
        for wizard in self:
            wizard.loyalty_penalty = (
                wizard.contract_id._get_loyalty_penalty(wizard.last_day)
                if wizard.contract_id and wizard.last_day
                else 0.0
            )

    @api.depends("contract_id")
    def _compute_lent_equipment_ids(self):
        for wizard in self:
            wizard.lent_equipment_ids = wizard.contract_id.equipment_ids.filtered(
                lambda equipment: equipment.state == "lent"
            )

    @api.depends("contract_id", "last_day", "is_penalty_waived", "lost_equipment_ids")
    def _compute_preview(self):
        for wizard in self:
            rows = []
            wizard.final_due_date = False
            if wizard.contract_id and wizard.last_day:
                contract = wizard.contract_id._origin
                wizard.final_due_date = contract._get_due_date_after_closing(
                    wizard.last_day
                )
                rows = wizard.contract_id._preview_closing(
                    wizard.last_day,
                    wizard.is_penalty_waived,
                    wizard.lost_equipment_ids._origin,
                )
            wizard.final_amount = sum(amount for _label, amount in rows)
            wizard.preview = "\n".join(
                f"{label}: {format_amount(self.env, amount, wizard.currency_id)}"
                for label, amount in rows
            )

    @api.depends("contract_id", "last_day", "reason_id")
    def _compute_obstacle(self):
        for wizard in self:
            wizard.obstacle = False
            if wizard.contract_id and wizard.last_day and wizard.reason_id:
                wizard.obstacle = wizard._find_obstacle()

    def _find_obstacle(self):
        """Return why the contract cannot end on the day, False if it can.

        A comment and a waiver's reason still to be written are none.
        """
        try:
            with self.contract_id._origin._trial() as contract:
                reason = self.reason_id._origin.with_env(contract.env)
                contract._close(self.last_day, reason, comment=self.comment or "…")
        except UserError as error:
            return str(error)
        return False

    def action_close(self):
        self.ensure_one()
        self.contract_id._close(
            self.last_day,
            self.reason_id,
            comment=self.comment,
            waive=(self.waive_reason or "") if self.is_penalty_waived else None,
            lost=self.lost_equipment_ids,
        )
        return {"type": "ir.actions.act_window_close"}
