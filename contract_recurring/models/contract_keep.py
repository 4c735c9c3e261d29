from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ContractContract(models.Model):
    """What is kept with a contract: guarantor, note, installation."""

    _inherit = "contract.contract"

    guarantor_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        tracking=True,
        help="Who answers for the debts of the contract, and signs it too (fiador).",
    )
    guarantor_note = fields.Text(string="Guarantor Notes", tracking=True)
    is_note_printed = fields.Boolean(
        string="Print the Note",
        tracking=True,
        help="The note is printed on the contract.",
    )
    installation_cost = fields.Monetary(tracking=True)
    installation_discount = fields.Monetary(tracking=True)
    installation_paid = fields.Monetary(tracking=True)
    installation_balance = fields.Monetary(
        compute="_compute_installation_balance",
        help="Cost less discount less what was paid; below zero, paid too much.",
    )

    _installation_not_negative = models.Constraint(
        "CHECK (installation_cost >= 0 AND installation_discount >= 0 "
        "AND installation_paid >= 0)",
        "Cost, discount and payment of the installation cannot be negative.",
    )

    @api.depends("installation_cost", "installation_discount", "installation_paid")
    def _compute_installation_balance(self):
        for contract in self:
            contract.installation_balance = (
                contract.installation_cost
                - contract.installation_discount
                - contract.installation_paid
            )

    @api.constrains("installation_cost", "installation_discount")
    def _check_installation_discount(self):
        for contract in self:
            if (
                contract.currency_id.compare_amounts(
                    contract.installation_discount, contract.installation_cost
                )
                > 0
            ):
                raise ValidationError(
                    self.env._(
                        "The discount of the installation is more than its cost."
                    )
                )

    @api.constrains("guarantor_id", "partner_id")
    def _check_guarantor(self):
        for contract in self:
            customer = contract.partner_id.commercial_partner_id
            if contract.guarantor_id and contract.guarantor_id == customer:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be the guarantor of the own contract. "
                        "Choose somebody else.",
                        name=contract.guarantor_id.name,
                    )
                )
