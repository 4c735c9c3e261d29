from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class ContractServiceWizard(models.AbstractModel):
    """Asks for a change of a contract's service, and says beforehand what it does.

    A wizard built on this says in `_is_complete` when there is enough to
    preview, and in `_apply` what to do; preview and button both call that.
    """

    _name = "contract.service.wizard"
    _description = "Change of a Contract's Service"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        default=lambda self: self.env.context.get("active_id"),
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")

    @api.depends("contract_id", "reason")
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._read_preview())

    def _read_preview(self):
        """Return preview and obstacle: one of them says what the button would do."""
        if not (self.contract_id and self._is_complete()):
            return {"preview": False, "obstacle": False}
        contract = self.contract_id._origin
        try:
            words = self._try_out(contract)
        except UserError as error:
            return {"preview": False, "obstacle": str(error)}
        return {"preview": words, "obstacle": False}

    def _try_out(self, contract):
        """Do it in a trial and return, in words, what became of the service."""
        before = contract._describe_service_now()
        with contract.with_context(service_preview=True)._trial() as trial:
            self._apply(trial, contract.company_id._get_local_date())
            after = trial._describe_service_now()
            until = trial._describe_service_end()
        return "\n".join([f"{before} → {after}", until, *self._describe_debt(contract)])

    def _describe_debt(self, contract):
        """Return what is open on the contract, for whoever decides."""
        if not contract.open_due_date:
            return [self.env._("Nothing is open.")]
        return [
            self.env._(
                "Open: %(amount)s, the oldest due on %(date)s.",
                amount=format_amount(
                    self.env, contract.open_amount, contract.currency_id
                ),
                date=format_date(self.env, contract.open_due_date),
            )
        ]

    def _is_complete(self):
        """Return whether enough is filled in to say what would happen."""
        return True

    def _apply(self, contract, day):
        """Do it to the contract, which may be a trial's."""
        raise NotImplementedError

    def action_apply(self):
        self.ensure_one()
        self._apply(self.contract_id, self.contract_id.company_id._get_local_date())
        return {"type": "ir.actions.act_window_close"}
