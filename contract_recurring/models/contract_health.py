from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.queue_job.job import identity_exact

from ..const import GENERATION_TYPE
from .contract_health_rule import HEALTHS

# Contracts that are in force; the others have no health.
LIVING = ("active", "suspended")
BATCH_SIZE = 2000
# What an automation tells the action it runs on one record (base_automation, 19.0).
AUTOMATION_KEYS = {
    "__action_done",
    "active_id",
    "active_ids",
    "active_model",
    "domain_post",
    "old_values",
}


class ContractContract(models.Model):
    """How a contract does, in one colour, by rules that are data (S002-58 … 62)."""

    _inherit = "contract.contract"

    health = fields.Selection(
        HEALTHS, readonly=True, copy=False, index=True, help="By the health rules."
    )
    health_rule_id = fields.Many2one(
        "contract.health.rule",
        string="Health Because Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    health_since = fields.Date(readonly=True, copy=False)

    def _refresh_health(self):
        """Let the stored colour follow the rules; queries grow by the rules.

        :return: the contracts whose rule changed
        """
        changed = self.browse()
        # only these fields: reading whole contracts takes most of the time
        found = self.with_context(active_test=False).sudo()
        found = found.search_fetch(
            [("id", "in", self.ids), ("generation_type", "=", GENERATION_TYPE)],
            ["company_id", "lifecycle_state", "health", "health_rule_id"],
        )
        ours = self.sudo().browse(found.ids)
        for company, contracts in ours.grouped("company_id").items():
            contracts = contracts.with_company(company)
            changed |= contracts._apply_health_rules(company)
        return changed

    def _apply_health_rules(self, company):
        changed = self.browse()
        rules = self.env["contract.health.rule"]._get_rules(company)
        left = self.filtered(lambda contract: contract.lifecycle_state in LIVING)
        resting = self - left
        day = company._get_local_date()
        for rule in rules:
            found = rule._find(left)
            left -= found
            changed |= found._take_health(rule.health, rule, day)
        changed |= left._take_health("green", rules.browse(), day)
        return changed | resting._take_health(False, rules.browse(), day)

    def _take_health(self, health, rule, day):
        """Note colour and rule where they changed, and do what the rule says."""
        changed = self.filtered(
            lambda c: (c.health or False, c.health_rule_id) != (health, rule)
        )
        if not changed:
            return changed
        for before, leaving in changed.grouped("health_rule_id").items():
            before._leave(leaving)
        changed.write(
            {"health": health, "health_rule_id": rule.id, "health_since": day}
        )
        if rule:
            rule._act(changed)
        return changed

    def _delay_refresh_health(self):
        """Let a job follow a change: its e-mails must not hold up a payment.

        It is queued without what tells one run of an automation from another: each
        would leave an environment that Odoo looks through whenever it makes one.
        """
        context = self.env.context
        if self and not context.get("service_preview"):
            common = {k: v for k, v in context.items() if k not in AUTOMATION_KEYS}
            self.with_env(self.env(context=common)).with_delay(
                channel="root.contract.service",
                identity_key=identity_exact,
                description=self.env._("Health of %s contracts", len(self)),
            )._refresh_health()

    @api.model
    def _cron_refresh_health(self):
        """Follow what time alone changes, a job for each batch."""
        contracts = self.search([("generation_type", "=", GENERATION_TYPE)])
        for ids in split_every(BATCH_SIZE, contracts.ids):
            self.browse(ids)._delay_refresh_health()
