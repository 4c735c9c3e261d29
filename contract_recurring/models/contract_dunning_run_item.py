from odoo import fields, models


class ContractDunningRunItem(models.Model):
    """One contract in a dunning run: its steps of the day."""

    _name = "contract.dunning.run.item"
    _description = "Dunning Run Item"
    _inherit = "contract.run.item.mixin"
    _order = "run_id desc, id"
    _rec_name = "contract_id"

    run_id = fields.Many2one("contract.dunning.run", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    step_count = fields.Integer(readonly=True, string="Steps")

    _contract_once = models.UniqueIndex("(run_id, contract_id)")
    _by_state = models.Index("(run_id, state)")

    def _work(self):
        """Take the steps that are due; those taken meanwhile are not due any more."""
        for run, items in self.grouped("run_id").items():
            entries = items.contract_id._take_due_steps(run.date)
            entries.run_id = run
            counts = {
                contract: len(taken)
                for contract, taken in entries.grouped("contract_id").items()
            }
            for count, same in items.grouped(
                lambda item, counts=counts: counts.get(item.contract_id, 0)
            ).items():
                same.write(
                    {
                        "state": "done",
                        "message": False,
                        "step_count": count,
                    }
                )
