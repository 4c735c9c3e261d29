from odoo import api, models

ATTENTION = ("failed", "uncertain", "skipped")
GROUP = "contract_recurring.group_contract_reader"


class ContractContract(models.Model):
    """Activities for staff on what the system cannot settle alone (S000-18)."""

    _inherit = "contract.contract"

    # === WHAT TO LOOK AT ===

    @api.model
    def _get_alerts(self, company):
        """Return {activity type: ids of the contracts it is about}."""
        return {
            self.env.ref("contract_recurring.activity_alert_billing"): set(
                self.search(
                    [
                        ("has_billing_obstacle", "=", True),
                        ("company_id", "=", company.id),
                    ]
                ).ids
            ),
            self.env.ref("contract_recurring.activity_alert_held"): (
                self._get_contract_ids(
                    "contract.dunning.entry",
                    [("state", "=", "held"), ("company_id", "=", company.id)],
                )
            ),
            self.env.ref("contract_recurring.activity_alert_notice"): (
                self._get_contract_ids(
                    "contract.notice",
                    [
                        ("state", "in", ATTENTION),
                        ("resent_ids", "=", False),
                        ("company_id", "=", company.id),
                    ],
                )
            ),
        }

    @api.model
    def _get_contract_ids(self, model, domain):
        rows = self.env[model]._read_group(domain, ["contract_id"])
        return {contract.id for (contract,) in rows}

    # === TELLING ===

    @api.model
    def _cron_raise_alerts(self):
        """Schedule what is new, and close what settled itself."""
        for company in self.env["res.company"].search(
            [("is_contract_alerted", "=", True)]
        ):
            contracts = self.with_company(company)
            for activity_type, ids in contracts._get_alerts(company).items():
                contracts._follow_alert(company, activity_type, ids)

    @api.model
    def _follow_alert(self, company, activity_type, ids):
        """Let the open activities of one kind be those of these contracts."""
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("activity_type_id", "=", activity_type.id),
            ]
        )
        here = activities.filtered(
            lambda activity: self.browse(activity.res_id).company_id == company
        )
        settled = here.filtered(lambda activity: activity.res_id not in ids)
        if settled:
            settled.action_feedback(feedback=self.env._("Settled by itself."))
        self.browse(ids)._alert(activity_type)

    def _alert(self, activity_type, summary=None):
        """Schedule an activity for each contract that has none of the kind open.

        The salesperson gets it where the contract has one, or else the clerk of
        the company.
        """
        model = self.env["ir.model"]._get(self._name)
        told = self._get_alerted(activity_type)
        users = self._get_responsible()
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "res_model_id": model.id,
                        "res_id": contract.id,
                        "activity_type_id": activity_type.id,
                        # in the words of who gets it: a cron speaks English
                        "summary": summary
                        or activity_type.with_context(
                            lang=users[contract].lang
                        ).summary,
                        "user_id": users[contract].id,
                        "date_deadline": contract.company_id._get_local_date(),
                    }
                    for contract in self - told
                    if users[contract]
                ]
            )
        )

    def _get_by_language(self):
        """Return {language of the responsible user: contracts}."""
        users = self._get_responsible()
        return self.grouped(lambda contract: users[contract].lang)

    def _get_alerted(self, activity_type):
        """Return those that have an open activity of the kind."""
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", activity_type.id),
                ],
                ["res_id"],
            )
        )
        return self.browse(activities.mapped("res_id"))

    def _get_responsible(self):
        """Return {contract: user}; nobody gets what he may not see."""
        contracts = self.sudo()
        users = contracts.user_id | contracts.company_id.contract_alert_user_id
        able = users.filtered(lambda user: user.active and user.has_group(GROUP))
        return {
            contract: (contract.user_id & able)
            or (contract.company_id.contract_alert_user_id & able)
            for contract in contracts
        }
