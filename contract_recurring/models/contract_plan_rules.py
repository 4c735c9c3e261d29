from odoo import models


class ContractContract(models.Model):
    """A change of plan brings the rules of the new one with it."""

    _inherit = "contract.contract"

    def _change_plan(self, plan, day, *args, **kwargs):
        result = super()._change_plan(plan, day, *args, **kwargs)
        self.write(plan._prepare_service_rules())
        return result
