from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .contract_notice import CHANNELS

HEALTHS = [("green", "Good"), ("yellow", "Attention"), ("red", "Bad")]


class ContractHealthRule(models.Model):
    """When a contract is green, yellow or red, and what happens when it becomes
    so. The first rule that fits decides."""

    _name = "contract.health.rule"
    _description = "Health Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    health = fields.Selection(HEALTHS, string="Colour", required=True, default="yellow")
    domain = fields.Char(
        string="Condition", required=True, default="[]", help="Which contracts it fits."
    )
    action = fields.Selection(
        [
            ("none", "Nothing else"),
            ("notice", "Send a notice"),
            ("activity", "Schedule an activity"),
            ("tag", "Set a tag"),
            ("rating", "Ask for a rating"),
        ],
        string="What Happens",
        required=True,
        default="none",
        help="Once, when a contract comes under this rule.",
    )
    template_id = fields.Many2one(
        "contract.notice.template",
        string="Text",
        domain="[('kind', '=', 'stage')]",
        ondelete="restrict",
    )
    channel = fields.Selection(CHANNELS, default="email")
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Activity", ondelete="restrict"
    )
    activity_summary = fields.Char(string="Summary", translate=True)
    tag_id = fields.Many2one(
        "contract.tag",
        ondelete="restrict",
        help="Taken off again when the contract leaves the rule.",
    )
    contract_count = fields.Integer(
        string="Contracts", compute="_compute_contract_count"
    )

    def _compute_contract_count(self):
        counts = dict(
            self.env["contract.contract"]._read_group(
                [("health_rule_id", "in", self.ids)], ["health_rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.contract_count = counts.get(rule, 0)

    # === CONSTRAINTS ===

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["contract.contract"].search(rule._get_domain(), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError, UserError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(rule)s” cannot be read: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.constrains("action", "template_id", "channel", "activity_type_id", "tag_id")
    def _check_action(self):
        missing = {
            "notice": self.env._("Choose the text of the notice and its channel."),
            "activity": self.env._("Choose the kind of activity."),
            "tag": self.env._("Choose the tag."),
        }
        for rule in self:
            complete = {
                "notice": rule.template_id and rule.channel,
                "activity": rule.activity_type_id,
                "tag": rule.tag_id,
            }
            if not complete.get(rule.action, True):
                raise ValidationError(missing[rule.action])

    # === ACTIONS ===

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_contract_action"
        )
        action["domain"] = [("health_rule_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_evaluate(self):
        """Give every contract its colour now."""
        self.check_access("write")
        self.env["contract.contract"].sudo()._cron_refresh_health()

    # === BUSINESS ===

    def _get_domain(self):
        """Return the condition; dates in it may be relative, as “today -30d”.

        :raise ValueError, SyntaxError: where it cannot be read
        """
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    @api.model
    def _get_rules(self, company):
        """Return the rules of a company, the first to decide first."""
        return self.sudo().search([("company_id", "in", (False, company.id))])

    def _find(self, contracts):
        """Return those of some contracts the rule fits."""
        self.ensure_one()
        domain = self._get_domain() & Domain("id", "in", contracts.ids)
        found = contracts.with_context(
            active_test=False, overdue_of_ids=contracts.ids
        ).search(domain)
        return contracts.browse(found.ids)

    def _act(self, contracts):
        """Do what the rule says for contracts that have come under it."""
        self.ensure_one()
        if not contracts or self.action == "none":
            return
        getattr(self, f"_act_{self.action}")(contracts)

    def _leave(self, contracts):
        """Take back what lasts as long as a contract is under the rule."""
        if contracts and self.action == "tag":
            contracts.write({"tag_ids": [fields.Command.unlink(self.tag_id.id)]})

    def _act_tag(self, contracts):
        contracts.write({"tag_ids": [fields.Command.link(self.tag_id.id)]})

    def _act_rating(self, contracts):
        contracts._request_rating()

    def _act_activity(self, contracts):
        for lang, same in contracts._get_by_language().items():
            words = self.with_context(lang=lang).activity_summary
            same._alert(self.activity_type_id, words)

    def _act_notice(self, contracts):
        """Queue the notices; one a day for each contract at most."""
        notices = self.env["contract.notice"]._prepare_notices(
            [
                {
                    "contract_id": contract.id,
                    "move_ids": [],
                    "kind": "stage",
                    "template_id": self.template_id.id,
                    "channel": self.channel,
                    "key": f"health/{self.id}/{contract.id}/{contract.health_since}",
                }
                for contract in contracts
            ]
        )
        notices._queue()
