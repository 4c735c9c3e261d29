from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractQuote(models.TransientModel):
    """Begins a quote on a contract in force: services, another plan, a renewal."""

    _name = "contract.quote"
    _description = "New Quote on a Contract"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        default=lambda self: self.env.context.get("active_id"),
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    kind = fields.Selection(
        lambda self: (
            self.env["sale.order"]
            ._fields["contract_change"]
            ._description_selection(self.env)
        ),
        string="Sell",
        default="upsell",
        required=True,
    )
    date = fields.Date(
        string="Holds From",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="First day on which the new services and prices hold.",
    )
    plan_id = fields.Many2one(
        "contract.template",
        string="New Plan",
        domain="[('contract_type', '=', 'sale'), ('company_id', '=', company_id)]",
    )

    @api.depends("kind")
    def _compute_date(self):
        """A renewal follows the loyalty term, the others begin today."""
        today = fields.Date.context_today(self)
        for wizard in self:
            loyalty_end = wizard.contract_id.loyalty_end_date
            wizard.date = today
            if wizard.kind == "renewal" and loyalty_end and loyalty_end >= today:
                wizard.date = fields.Date.add(loyalty_end, days=1)

    def action_create_quote(self):
        """Open a new quote that shows what the change costs."""
        self.ensure_one()
        order = self.env["sale.order"].create(self._prepare_order())
        if plan := self._get_plan():
            order._add_plan(plan, with_fee=False)
        return order.get_formview_action()

    def _get_plan(self):
        """Return the plan to put on the quote."""
        if self.kind == "renewal":
            if not self.contract_id.contract_template_id:
                raise UserError(
                    self.env._(
                        "%(contract)s has no plan to renew. Sell it one by a plan "
                        "change.",
                        contract=self.contract_id.display_name,
                    )
                )
            return self.contract_id.contract_template_id
        return self.plan_id if self.kind == "plan" else self.env["contract.template"]

    def _prepare_order(self):
        contract = self.contract_id
        contract._check_active()
        values = {
            "partner_id": contract.partner_id.id,
            "company_id": contract.company_id.id,
            "contract_id": contract.id,
            "contract_change": self.kind,
            "contract_change_date": self.date,
            "contract_due_day": contract.due_day,
            "sale_order_template_id": False,
            "origin": contract.code,
        }
        if contract.invoice_partner_id:
            values["partner_invoice_id"] = contract.invoice_partner_id.id
        values |= self._prepare_pricelist()
        return values

    def _prepare_pricelist(self):
        """Return the price list of the quote: one of the contract's currency.

        The customer's usual one may be in another; without any the quote is in
        the company's currency.
        """
        contract = self.contract_id
        pricelist = (
            contract.pricelist_id or contract.partner_id.property_product_pricelist
        )
        if pricelist.currency_id != contract.currency_id:
            pricelist = pricelist.browse()
        return {"pricelist_id": pricelist.id}
