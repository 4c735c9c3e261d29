from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

BILLING = "contract_recurring.group_contract_billing"


class PaymentBookletRun(models.Model):
    """Makes the booklets of many contracts, to print or send together."""

    _name = "payment.booklet.run"
    _description = "Booklets of Many Contracts"
    _inherit = "contract.run.choice.mixin"
    _order = "id desc"

    _batch_size = 20
    _item_action = "contract_fiscal_br.payment_booklet_run_item_action"
    _step_groups = {"simulate": BILLING, "start": BILLING, "cancel": BILLING}
    _choice_fields = frozenset(
        {"company_id", "plan_ids", "city_ids", "tag_ids", "period_count"}
    )

    period_count = fields.Integer(
        string="Slips of Each",
        default=12,
        required=True,
        help="Periods that are billed ahead for each contract.",
    )
    item_ids = fields.One2many("payment.booklet.run.item", "run_id", readonly=True)
    booklet_ids = fields.One2many("payment.booklet", "run_id", readonly=True)
    left_out_count = fields.Integer(compute="_compute_left_out_count")

    def _compute_left_out_count(self):
        counts = self._count_items("state")
        for run in self:
            run.left_out_count = counts[run.id]["left_out"]

    # === ACTIONS ===

    def action_start(self):
        self._check_step("start", ("simulated",))
        for run in self.sudo():
            pending = run._get_items("pending")
            if not pending:
                raise UserError(
                    self.env._("No contract is left to make a booklet for.")
                )
            run._start(pending)

    def action_cancel(self):
        """Give up what is not made yet; booklets that are made stay."""
        self._check_step("cancel", ("draft", "simulated", "running"))
        self.sudo().state = "cancelled"

    def action_print(self):
        self.ensure_one()
        return self._get_made().action_print()

    def action_send(self):
        self.ensure_one()
        return self._get_made().action_send()

    def action_view_booklets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.payment_booklet_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    def _get_made(self):
        open_ones = self.booklet_ids.filtered(lambda booklet: booklet.open_count)
        if not open_ones:
            raise UserError(self.env._("Nothing is left to pay of these booklets."))
        return open_ones.sorted("id")

    def _get_contract_domain(self):
        return super()._get_contract_domain() & Domain("lifecycle_state", "=", "active")
