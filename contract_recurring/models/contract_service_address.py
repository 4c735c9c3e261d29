from odoo import api, fields, models

# Fields of the address, and the customer's field each takes its value from.
ADDRESS_FIELDS = {
    "street_name": "street_name",
    "street_number": "street_number",
    "street_complement": "street2",
    "district": "district",
    "city_id": "city_id",
    "state_id": "state_id",
    "zip": "zip",
    "latitude": "partner_latitude",
    "longitude": "partner_longitude",
}


class ContractContract(models.Model):
    """Where the service is delivered: the customer's address or its own."""

    _inherit = "contract.contract"

    has_own_address = fields.Boolean(
        string="Use Contract Address",
        tracking=True,
        help="The service is delivered elsewhere than at the customer's address.",
    )
    street_name = fields.Char(
        string="Street", compute="_compute_address", store=True, readonly=False
    )
    street_number = fields.Char(
        string="Number", compute="_compute_address", store=True, readonly=False
    )
    street_complement = fields.Char(
        string="Complement", compute="_compute_address", store=True, readonly=False
    )
    district = fields.Char(compute="_compute_address", store=True, readonly=False)
    city_id = fields.Many2one(
        "res.city",
        compute="_compute_address",
        store=True,
        readonly=False,
        index=True,
    )
    city_ibge_code = fields.Char(string="IBGE Code", related="city_id.ibge_code")
    state_id = fields.Many2one(
        "res.country.state",
        string="Federal State",
        compute="_compute_address",
        store=True,
        readonly=False,
    )
    zip = fields.Char(
        string="CEP", compute="_compute_address", store=True, readonly=False
    )
    latitude = fields.Float(
        digits=(10, 7), compute="_compute_address", store=True, readonly=False
    )
    longitude = fields.Float(
        digits=(10, 7), compute="_compute_address", store=True, readonly=False
    )
    address_reference = fields.Char(
        string="Landmark", help="How to find the place: “beside the football field”."
    )
    dwelling = fields.Selection([("owned", "Owned"), ("rented", "Rented")])
    feasibility = fields.Selection(
        [("feasible", "Feasible"), ("survey", "Needs a survey"), ("no", "Not feasible")]
    )
    condominium = fields.Char()
    condominium_block = fields.Char(string="Block")
    address_info = fields.Text(string="Address Notes")
    address_line = fields.Char(string="Address", compute="_compute_address_line")

    @api.depends(
        "has_own_address", *(f"partner_id.{f}" for f in ADDRESS_FIELDS.values())
    )
    def _compute_address(self):
        for contract in self:
            partner = contract.partner_id
            for name, partner_name in ADDRESS_FIELDS.items():
                if contract.has_own_address:
                    contract[name] = contract[name]
                else:
                    contract[name] = partner[partner_name]

    @api.depends("street_name", "street_number", "street_complement", "district")
    def _compute_address_line(self):
        for contract in self:
            contract.address_line = ", ".join(
                filter(
                    None,
                    (
                        contract.street_name,
                        contract.street_number,
                        contract.street_complement,
                        contract.district,
                        contract.city_id.name,
                    ),
                )
            )

    @api.onchange("city_id")
    def _onchange_city_id(self):
        if self.city_id:
            self.state_id = self.city_id.state_id
