from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractEquipment(models.Model):
    """A device lent to a customer for as long as the contract lasts."""

    _name = "contract.equipment"
    _description = "Equipment Lent"
    _order = "contract_id, state, id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    product_id = fields.Many2one("product.product", required=True)
    serial_number = fields.Char(
        index="btree_not_null", help="Serial number or MAC address."
    )
    state = fields.Selection(
        [("lent", "Lent"), ("returned", "Returned"), ("lost", "Lost")],
        default="lent",
        required=True,
    )
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer pays if it does not come back.",
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    charge_id = fields.Many2one("contract.charge", readonly=True, copy=False)

    _value_not_negative = models.Constraint(
        "CHECK (value >= 0)", "The value of equipment cannot be negative."
    )

    @api.depends("product_id", "serial_number")
    def _compute_display_name(self):
        for equipment in self:
            words = (equipment.product_id.display_name, equipment.serial_number)
            equipment.display_name = " · ".join(filter(None, words))

    @api.depends("product_id")
    def _compute_value(self):
        for equipment in self:
            equipment.value = equipment.value or equipment.product_id.lst_price

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        if self.sudo().charge_id:
            raise UserError(
                self.env._("Equipment that was charged stays on the contract.")
            )

    def _prepare_lost_charge(self, day, due_date):
        """Return the values of the charge for a device that did not come back."""
        self.ensure_one()
        contract = self.contract_id
        product = self.env.ref("contract_recurring.product_equipment_lost")
        return {
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "kind": "one_off",
            "product_id": product.id,
            "period_start": day,
            "period_end": day,
            "due_date": due_date,
            "price_unit": self.value,
            "currency_id": contract.currency_id.id,
            "amount": self.value,
            "explanation": {
                "rule": "equipment",
                "inputs": {
                    "product": self.product_id.display_name,
                    "serial_number": self.serial_number or "",
                    "amount": str(self.value),
                },
            },
        }

    def _charge_lost(self, day, due_date):
        """Mark as lost and charge for; what was charged before is not again."""
        for equipment in self.filtered(lambda e: not e.charge_id):
            charge = self.env["contract.charge"].sudo()
            if equipment.value:
                charge = charge.create(equipment._prepare_lost_charge(day, due_date))
            equipment.sudo().write({"state": "lost", "charge_id": charge.id})
