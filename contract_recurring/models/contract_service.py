from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.billing_calendar import ONE_DAY


class ContractContract(models.Model):
    """Additional services: charged once, for some periods, or without end."""

    _inherit = "contract.contract"

    service_line_ids = fields.One2many(
        "contract.line",
        "contract_id",
        string="Additional Services",
        domain=[("is_plan_line", "=", False)],
        readonly=True,
    )
    service_type_ids = fields.Many2many(
        "contract.service.type",
        string="Types of Additional Services",
        compute="_compute_service_type_ids",
        search="_search_service_type_ids",
    )

    @api.depends("service_line_ids.service_type_id")
    def _compute_service_type_ids(self):
        for contract in self:
            contract.service_type_ids = contract.service_line_ids.service_type_id

    def _search_service_type_ids(self, operator, value):
        """Find contracts with an additional service of a type not ended yet."""
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        today = fields.Date.context_today(self)
        lines = (
            Domain("service_type_id", operator, value)
            & Domain("is_plan_line", "=", False)
            & Domain("is_canceled", "=", False)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        return Domain("contract_line_ids", "any", lines)

    def _add_service(self, service, day, periods=None, reason=None):
        """Add a product to the recurring ones from a day on.

        :param dict service: product_id, name, quantity, uom_id, price_unit
        :param int periods: how many periods, that of the first day included;
            None for no end
        :return: the contract line
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_change(day, is_addition=True)
        self._check_service(service)
        if periods is not None and periods < 1:
            raise UserError(self.env._("A service lasts for one period at least."))
        line = self.env["contract.line"].create(self._prepare_service(service, day))
        if periods:
            calendar = line._get_calendar()
            index = calendar.index_of(max(day, calendar.origin))
            line.date_end = calendar.period(index + periods - 1).end
        self._reprice_discounts(day)
        self._record_service(day, to_state=line.name, reason=reason)
        return line

    def _prepare_service(self, service, day):
        """Return the values of the line of an additional service."""
        return {
            "contract_id": self.id,
            "product_id": service["product_id"],
            "name": service["name"],
            "quantity": service["quantity"],
            "uom_id": service["uom_id"],
            "automatic_price": False,
            "specific_price": service["price_unit"],
            "recurring_rule_type": self.recurring_rule_type,
            "recurring_interval": self.recurring_interval,
            "date_start": day,
        }

    def _charge_once(self, service, day, reason=None):
        """Charge a product once, with the next invoice.

        :param dict service: as `_add_service` takes it
        :return: the charge
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_change(day, is_addition=True)
        self._check_service(service)
        charge = self._create_one_off(service, day)
        self._record_service(day, to_state=charge.description, reason=reason)
        return charge

    def _get_list_price(self, product, quantity):
        """Return the price of the contract's price list, or the product's own."""
        if self.pricelist_id and product:
            return self.pricelist_id._get_product_price(product, quantity)
        return product.lst_price

    def _create_one_off(self, service, day):
        """Enter a charge without a line in the ledger."""
        quantity, price = service["quantity"], service["price_unit"]
        amount = self.currency_id.round(quantity * price)
        return (
            self.env["contract.charge"]
            .sudo()
            .create(
                {
                    "contract_id": self.id,
                    "partner_id": self.partner_id.id,
                    "kind": "one_off",
                    "product_id": service["product_id"],
                    "description": service["name"],
                    "uom_id": service["uom_id"],
                    "period_start": day,
                    "period_end": day,
                    "due_date": self._get_next_due_date(day),
                    "quantity": quantity,
                    "price_unit": price,
                    "currency_id": self.currency_id.id,
                    "amount": amount,
                    "explanation": {
                        "rule": "one_off",
                        "inputs": {
                            "quantity": quantity,
                            "price_unit": price,
                            "amount": amount,
                            "date": day.isoformat(),
                        },
                    },
                }
            )
        )

    def _remove_service(self, line, day, reason=None):
        """End an additional service; what was charged ahead is given back."""
        self.ensure_one()
        if line.discount_id:
            self._end_discount(line.discount_id, day, reason=reason)
            return
        self._lock_for_change()
        self._check_change(day, is_addition=True)
        if line.contract_id != self or line.is_plan_line:
            raise UserError(
                self.env._(
                    "“%(line)s” belongs to the plan. Change the plan instead.",
                    line=line.name,
                )
            )
        if not line._is_billable() or (line.date_end and line.date_end < day):
            raise UserError(self.env._("“%(line)s” has ended already.", line=line.name))
        self._end_lines(line, day - ONE_DAY)
        self._reprice_discounts(day)
        self._record_service(day, from_state=line.name, reason=reason)

    def _record_service(self, day, **values):
        self.env["contract.event"]._record(
            self,
            "service",
            effective_date=day,
            **values,
        )

    def _check_service(self, service):
        if not service["product_id"]:
            raise UserError(self.env._("Choose the product of the service."))
        if service["quantity"] <= 0 or service["price_unit"] < 0:
            raise UserError(
                self.env._(
                    "A service has a quantity above zero and no negative price. Give "
                    "a discount for what lowers the price."
                )
            )
