from odoo import fields, models


class ContractContract(models.Model):
    """The quotes a contract came from and those that change it."""

    _inherit = "contract.contract"

    sale_order_id = fields.Many2one(
        "sale.order",
        string="Sold By",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    change_order_ids = fields.One2many("sale.order", "contract_id", readonly=True)
    sale_order_count = fields.Integer(
        compute="_compute_sale_order_count", compute_sudo=True
    )

    def _compute_sale_order_count(self):
        for contract in self:
            contract.sale_order_count = len(
                contract.sale_order_id | contract.change_order_ids
            )

    # === ACTIONS ===

    def action_view_sale_orders(self):
        self.ensure_one()
        orders = self.sudo().sale_order_id | self.sudo().change_order_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotes"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
        }

    # === BUSINESS ===

    def _sell_services(self, line_values, day, reason=None):
        """Add services from a day on, as a quote sold them.

        :return: the new lines
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_active()
        if day < self.date_start:
            self._check_change(day)
        lines = self.env["contract.line"].create(
            [values | {"contract_id": self.id} for values in line_values]
        )
        self._reprice_discounts(day)
        self.env["contract.event"]._record(
            self,
            "service",
            effective_date=day,
            to_state=", ".join(name.splitlines()[0] for name in lines.mapped("name")),
            reason=reason,
        )
        return lines
