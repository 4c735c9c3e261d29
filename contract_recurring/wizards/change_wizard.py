from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractChangeWizard(models.AbstractModel):
    """Asks for a change of a contract, and says beforehand what it will cost.

    A wizard built on this says in `_is_complete` when there is enough to
    preview, and in `_apply` what to do; preview and button both call that.
    """

    _name = "contract.change.wizard"
    _description = "Change of a Contract"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        default=lambda self: self.env.context.get("active_id"),
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date = fields.Date(
        string="From",
        default=fields.Date.context_today,
        required=True,
        help="First day on which the change holds.",
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")
    monthly_before = fields.Monetary(compute="_compute_preview")
    monthly_after = fields.Monetary(compute="_compute_preview")
    next_due_date = fields.Date(compute="_compute_preview")
    next_amount = fields.Monetary(compute="_compute_preview")
    credit_amount = fields.Monetary(compute="_compute_preview")
    prorata_amount = fields.Monetary(compute="_compute_preview")
    fee_amount = fields.Monetary(compute="_compute_preview")

    @api.depends("contract_id", "date")
    def _compute_preview(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.update(wizard._read_preview(today))

    def _read_preview(self, today):
        """Return the values of the fields of the preview."""
        empty = self._get_empty_preview()
        if not (self.contract_id and self.date and self._is_complete()):
            return empty
        contract = self.contract_id._origin
        try:
            found = contract._preview_change(self._apply, self.date, today)
        except UserError as error:
            return empty | {"obstacle": str(error)}
        words = [*self._describe_more(), contract._describe_preview(found)]
        found.pop("rows")
        return empty | found | {"preview": "\n".join(words)}

    @api.model
    def _get_empty_preview(self):
        return {
            "preview": False,
            "obstacle": False,
            "monthly_before": 0.0,
            "monthly_after": 0.0,
            "next_due_date": False,
            "next_amount": 0.0,
            "credit_amount": 0.0,
            "prorata_amount": 0.0,
            "fee_amount": 0.0,
        }

    def _describe_more(self):
        """Return lines of the preview that only this change has."""
        return []

    def _is_complete(self):
        """Return whether enough is filled in to say what the change costs."""
        return True

    def _apply(self, contract):
        """Do the change to the contract, which may be a trial's."""
        raise NotImplementedError

    def action_apply(self):
        self.ensure_one()
        self.contract_id.check_access("write")
        self._apply(self.contract_id)
        return {"type": "ir.actions.act_window_close"}
