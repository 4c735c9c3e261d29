from odoo import fields, models


class ContractTemplate(models.Model):
    """A plan may begin with days free of charge."""

    _inherit = "contract.template"

    trial_days = fields.Integer(
        string="Trial (Days)",
        help="Days free of charge from the activation on. Within them the contract "
        "can be cancelled at no cost.",
    )

    _trial_not_negative = models.Constraint(
        "CHECK (trial_days >= 0)", "The trial cannot have less than no days."
    )

    def _prepare_contract(self):
        return super()._prepare_contract() | {"trial_days": self.trial_days}
