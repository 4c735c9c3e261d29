from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

# Contracts a simulation holds in memory at once.
SIMULATION_SIZE = 500


class ContractRunChoiceMixin(models.AbstractModel):
    """A run over contracts that filters choose, simulated before it starts.

    Its items have a `_prepare_items(run, contracts)` that returns the values of
    an item for each contract: what the run would do with it, or why nothing.
    """

    _name = "contract.run.choice.mixin"
    _description = "Run Over Chosen Contracts"
    _inherit = "contract.run.mixin"

    # What the run does and on which contracts: another choice wants another
    # simulation, and it is fixed once somebody approved it.
    _choice_fields = frozenset({"company_id", "plan_ids", "city_ids", "tag_ids"})

    state = fields.Selection(
        selection_add=[("draft",), ("simulated", "Simulated"), ("running",)],
        ondelete={"simulated": "cascade"},
    )
    plan_ids = fields.Many2many("contract.template", string="Plans")
    city_ids = fields.Many2many("res.city", string="Cities")
    tag_ids = fields.Many2many("contract.tag", string="Tags")

    def write(self, vals):
        if not self._choice_fields & vals.keys():
            return super().write(vals)
        self._check_choice_open()
        result = super().write(vals)
        self._drop_simulation()
        return result

    def _check_choice_open(self):
        for run in self:
            if run.state not in ("draft", "simulated"):
                raise UserError(
                    self.env._(
                        "What %s does was decided and can no longer be changed. "
                        "Make another one.",
                        run.name,
                    )
                )

    def _drop_simulation(self):
        """Forget the numbers shown: they are of another choice.

        :return: the runs that had been simulated
        """
        simulated = self.filtered(lambda run: run.state == "simulated").sudo()
        simulated.item_ids.unlink()
        simulated.state = "draft"
        return simulated

    # === SIMULATION ===

    def action_simulate(self):
        """Choose the contracts and say what the run would do with each."""
        self._check_step("simulate", ("draft", "simulated"))
        self._check_choice_open()
        for run in self.sudo():
            run._simulate()
        return True

    def _simulate(self):
        """Write one item for each contract chosen."""
        self.ensure_one()
        self.item_ids.unlink()
        contracts = self.env["contract.contract"].search(
            self._get_contract_domain(), order="id"
        )
        items = self._get_item_model()
        for ids in split_every(SIMULATION_SIZE, contracts.ids):
            items.create(items._prepare_items(self, contracts.browse(ids)))
            # What was read stays in memory otherwise, for every contract.
            self.env.invalidate_all()
        self.state = "simulated"

    def _get_contract_domain(self):
        """Return the contracts the run is about."""
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & self._get_filter_domain()

    def _get_filter_domain(self, path=""):
        """Return what the filters let through.

        :param path: to the contract, such as "contract_id."
        """
        filters = {
            "contract_template_id": self.plan_ids,
            "city_id": self.city_ids,
            "tag_ids": self.tag_ids,
        }
        return Domain.AND(
            Domain(f"{path}{name}", "in", records.ids)
            for name, records in filters.items()
            if records
        )
