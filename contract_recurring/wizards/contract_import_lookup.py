from collections import defaultdict

from odoo import fields

from ..const import GENERATION_TYPE
from ..tools.contract_file_columns import normalize


class ContractImportLookup:
    """What the lines of a file refer to, found with a few queries for all lines.

    It keeps ids and plain values, so that the cache may be emptied between
    batches.
    """

    def __init__(self, env, company, rows):
        self.env = env
        self.company = company
        self.country = env.ref("base.br")
        self.contracts = self._find_contracts({row.code for row in rows})
        self.plans = self._find_plans()
        self.partners = self._find_partners({row.document for row in rows})
        self.states = self._find_states()
        self.cities = self._find_cities()
        self.plan_amounts = {}

    def _find_contracts(self, codes):
        """Return contracts by number, archived ones as well."""
        contracts = self.env["contract.contract"].with_context(active_test=False)
        found = contracts.search_fetch(
            [
                ("company_id", "=", self.company.id),
                ("generation_type", "=", GENERATION_TYPE),
                ("code", "in", list(codes)),
            ],
            ["code", "partner_id", "contract_template_id"],
        )
        return {contract.code: contract for contract in found}

    def _find_plans(self):
        """Return the plans that bear each name and offer code."""
        plans = defaultdict(lambda: self.env["contract.template"])
        for plan in self.env["contract.template"].search(
            [
                ("company_id", "=", self.company.id),
                ("generation_type", "=", GENERATION_TYPE),
                ("contract_type", "=", "sale"),
            ]
        ):
            for name in {normalize(plan.name), normalize(plan.code)} - {""}:
                plans[name] |= plan
        return plans

    def _find_partners(self, documents):
        """Return one customer for each CPF or CNPJ: active, and no mere contact."""
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search(
            [
                ("cnpj_cpf_stripped", "in", list(documents)),
                ("company_id", "in", (False, self.company.id)),
            ]
        )
        best_last = found.sorted(lambda p: (p.active, not p.parent_id, -p.id))
        return {partner.cnpj_cpf_stripped: partner for partner in best_last}

    def _find_states(self):
        return {state.code: state.id for state in self.country.state_ids}

    def _find_cities(self):
        """Return ids by (federal state's id, name).

        Where two addons brought the same city, the one with its IBGE code
        counts: fiscal documents ask for it.
        """
        cities = self.env["res.city"].search_fetch(
            [("country_id", "=", self.country.id)],
            ["name", "state_id", "ibge_code"],
        )
        return {
            (city.state_id.id, normalize(city.name)): city.id
            for city in cities.sorted(lambda city: bool(city.ibge_code))
        }

    def get_plans(self, row):
        """Return the plans a line may mean: by offer code or name, as written."""
        plans = self.plans.get(normalize(row.plan), self.env["contract.template"])
        exact = plans.filtered(lambda plan: row.plan in (plan.code, plan.name))
        return exact if len(exact) == 1 else plans

    def get_state_id(self, row):
        return self.states.get(row.state, False)

    def get_city_id(self, row):
        return self.cities.get((self.get_state_id(row), normalize(row.city)), False)

    def get_plan_amount(self, plan):
        """Return what a month of a plan costs, as a contract of it would say."""
        if plan not in self.plan_amounts:
            contracts = self.env["contract.contract"]
            today = fields.Date.context_today(contracts)
            values = contracts._prepare_from_plan(plan, self.env["res.partner"], today)
            self.plan_amounts[plan] = contracts.new(values).monthly_amount
        return self.plan_amounts[plan]
