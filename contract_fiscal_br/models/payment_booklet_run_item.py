from odoo import api, fields, models


class PaymentBookletRunItem(models.Model):
    """One contract that gets a booklet, or why it does not."""

    _name = "payment.booklet.run.item"
    _description = "Booklet to Make"
    _inherit = "contract.run.item.mixin"
    _order = "run_id desc, id"
    _rec_name = "contract_id"

    _listed_states = ("left_out",)

    run_id = fields.Many2one("payment.booklet.run", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    booklet_id = fields.Many2one("payment.booklet", readonly=True)
    state = fields.Selection(
        selection_add=[("left_out", "Left out")], ondelete={"left_out": "cascade"}
    )

    _contract_once = models.UniqueIndex("(run_id, contract_id)")
    _by_state = models.Index("(run_id, state)")

    @api.model
    def _prepare_items(self, run, contracts):
        """Return the values of an item for each contract."""
        return [
            {
                "run_id": run.id,
                "contract_id": contract.id,
                **self._prepare_state(contract),
            }
            for contract in contracts
        ]

    @api.model
    def _prepare_state(self, contract):
        obstacle = self._get_obstacle(contract)
        return {"state": "left_out", "message": obstacle} if obstacle else {}

    @api.model
    def _get_obstacle(self, contract):
        """Return why the contract gets no booklet, or None."""
        account = contract._get_payment_mode().collection_account_id
        if not account or not account._is_boleto_account():
            return self.env._("Not paid by boleto")
        if not contract.recurring_next_date:
            return self.env._("Billed to its end")
        together = contract.billing_group_id.contract_ids.sorted("id")
        if together and together[0] != contract:
            return self.env._(
                "In the booklet of %(contract)s: billed together",
                contract=together[0].display_name,
            )
        return " ".join(contract._get_payer_problems()) or None

    def _work(self):
        """Bill the periods ahead and make the booklets."""
        for item in self:
            run = item.run_id
            booklet = item.contract_id._make_booklet_ahead(
                run.period_count, run.company_id._get_local_date(), run=run
            )
            item.write({"state": "done", "message": False, "booklet_id": booklet.id})
