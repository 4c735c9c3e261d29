from odoo import api, fields, models

from ..models.contract_change_address import CHANGED_FIELDS


class ContractChangeAddress(models.TransientModel):
    """Another place at which the service is delivered, perhaps for a fee."""

    _name = "contract.change.address"
    _inherit = "contract.change.wizard"
    _description = "Change the Address of a Contract"

    zip = fields.Char(string="CEP")
    street_name = fields.Char(string="Street")
    street_number = fields.Char(string="Number")
    street_complement = fields.Char(string="Complement")
    district = fields.Char()
    city_id = fields.Many2one(
        "res.city",
        domain=[("ibge_code", "!=", False)],
        compute="_compute_city_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    state_id = fields.Many2one(
        "res.country.state",
        string="Federal State",
        compute="_compute_state_id",
        store=True,
        readonly=False,
    )
    fee = fields.Monetary(
        compute="_compute_fee",
        store=True,
        readonly=False,
        help="Charged once, with the next invoice.",
    )

    @api.depends("contract_id")
    def _compute_city_id(self):
        """Propose the present city: most customers move within it."""
        for wizard in self:
            wizard.city_id = wizard.contract_id.city_id

    @api.depends("city_id")
    def _compute_state_id(self):
        for wizard in self:
            wizard.state_id = wizard.city_id.state_id

    @api.depends("contract_id")
    def _compute_fee(self):
        for wizard in self:
            wizard.fee = wizard.contract_id.company_id.contract_address_fee

    @api.depends("street_name", "city_id", "fee")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.street_name and self.city_id)

    def _apply(self, contract):
        address = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in CHANGED_FIELDS
        }
        contract._change_address(address, self.date, fee=self.fee, reason=self.reason)
