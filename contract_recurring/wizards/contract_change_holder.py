from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# Fields of a new customer asked for here, by their name on the customer.
NEW_HOLDER_FIELDS = (
    "vat",
    "email",
    "phone",
    "zip",
    "street_name",
    "street_number",
    "street2",
    "district",
)


class ContractChangeHolder(models.TransientModel):
    """Hands a contract over to a new customer or to one already known."""

    _name = "contract.change.holder"
    _description = "Change the Holder of a Contract"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    holder_kind = fields.Selection(
        [("new", "A new customer"), ("existing", "A customer already registered")],
        string="New Holder",
        default="new",
        required=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer")
    name = fields.Char(string="Full Name")
    is_company = fields.Boolean(string="Company")
    vat = fields.Char(string="CPF or CNPJ")
    email = fields.Char()
    phone = fields.Char()
    zip = fields.Char(string="CEP")
    street_name = fields.Char(string="Street")
    street_number = fields.Char(string="Number")
    street2 = fields.Char(string="Complement")
    district = fields.Char()
    city_id = fields.Many2one("res.city", domain="[('ibge_code', '!=', False)]")
    is_debt_moved = fields.Boolean(
        string="Move Open Invoices",
        help="Unpaid invoices are cancelled and what they charge is due with the new "
        "holder's next invoice. Otherwise they stay with the present holder.",
    )
    reason = fields.Char()
    preview = fields.Text(string="What Follows", compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_obstacle")

    @api.depends("contract_id", "is_debt_moved")
    def _compute_preview(self):
        for wizard in self:
            contract = wizard.contract_id
            pending = contract.charge_ids.filtered(lambda c: c.state == "pending")
            moves = contract._get_invoices_to_move() if contract else pending.move_id
            rows = [
                self.env._(
                    "Charges that wait for an invoice, for the new holder: %(amount)s",
                    amount=wizard._format(sum(pending.mapped("amount"))),
                ),
                self.env._(
                    "Open invoices that move to the new holder: %(amount)s",
                    amount=wizard._format(sum(moves.mapped("amount_residual"))),
                )
                if wizard.is_debt_moved
                else self.env._(
                    "Open invoices that stay with %(customer)s: %(amount)s",
                    customer=contract.partner_id.name,
                    amount=wizard._format(contract.open_amount),
                ),
            ]
            wizard.preview = "\n".join(rows)

    @api.depends("contract_id", "holder_kind", "partner_id")
    def _compute_obstacle(self):
        for wizard in self:
            wizard.obstacle = False
            if wizard.holder_kind == "existing" and wizard.partner_id:
                wizard.obstacle = wizard._find_obstacle()

    def _find_obstacle(self):
        """Return why the customer cannot take the contract over, or False."""
        try:
            self.contract_id._check_holder(self.partner_id)
        except UserError as error:
            return str(error)
        return False

    def _format(self, amount):
        return format_amount(self.env, amount, self.contract_id.currency_id)

    def action_change_holder(self):
        self.ensure_one()
        holder = self._create_holder() if self.holder_kind == "new" else self.partner_id
        self.contract_id._change_holder(holder, self.is_debt_moved, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _create_holder(self):
        """Create the new customer; one with the same CPF or CNPJ is refused."""
        if not self.name or not self.vat:
            raise UserError(
                self.env._("Fill in the name and the CPF or CNPJ of the new holder.")
            )
        self._check_not_registered()
        country = self.contract_id.company_id.country_id
        values = {name: self[name] for name in NEW_HOLDER_FIELDS if self[name]}
        if self.city_id:
            values |= {
                "city_id": self.city_id.id,
                "city": self.city_id.name,
                "state_id": self.city_id.state_id.id,
            }
        return self.env["res.partner"].create(
            {
                "name": self.name,
                "is_company": self.is_company,
                "country_id": country.id,
                **values,
            }
        )

    def _check_not_registered(self):
        digits = "".join(filter(str.isalnum, self.vat)).upper()
        known = self.env["res.partner"].search([("cnpj_cpf_stripped", "=", digits)])
        if known:
            raise UserError(
                self.env._(
                    "%(customer)s has this CPF or CNPJ already: choose “A customer "
                    "already registered”.",
                    customer=known[0].display_name,
                )
            )
