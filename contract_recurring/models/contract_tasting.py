from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ContractContract(models.Model):
    """Tasting (*degustação*): a larger plan for some days, at no price.

    The contract's plan and what it charges stay. The tasting ends by its
    last day, not because something ran.
    """

    _inherit = "contract.contract"

    tasting_plan_id = fields.Many2one(
        "contract.template", readonly=True, copy=False, index="btree_not_null"
    )
    tasting_from = fields.Date(readonly=True, copy=False)
    tasting_until = fields.Date(readonly=True, copy=False)
    effective_plan_id = fields.Many2one(
        "contract.template",
        compute="_compute_effective_plan_id",
        help="The plan delivered today: the tasting's while it lasts.",
    )

    @api.depends(
        "contract_template_id", "tasting_plan_id", "tasting_from", "tasting_until"
    )
    def _compute_effective_plan_id(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.effective_plan_id = contract._get_effective_plan(today)

    def _get_effective_plan(self, day):
        """Return the plan to deliver on a day."""
        self.ensure_one()
        if self._is_tasting(day):
            return self.tasting_plan_id
        return self.contract_template_id

    def _is_tasting(self, day):
        self.ensure_one()
        return bool(
            self.tasting_plan_id and self.tasting_from <= day <= self.tasting_until
        )

    def _start_tasting(self, plan, day, until, reason=None):
        """Deliver a larger plan of the same technology until a day, for nothing."""
        self.ensure_one()
        self._lock_for_change()
        self._check_active()
        self._check_tasting(plan, day, until)
        self.write(
            {
                "tasting_plan_id": plan.id,
                "tasting_from": day,
                "tasting_until": until,
            }
        )
        self.env["contract.event"]._record(
            self,
            "tasting",
            effective_date=day,
            from_state=self.contract_template_id.name,
            to_state=self.env._(
                "%(plan)s until %(day)s",
                plan=plan.name,
                day=format_date(self.env, until),
            ),
            reason=reason,
        )

    def _check_tasting(self, plan, day, until):
        present = self.contract_template_id
        if until < day or day < self.date_start:
            raise UserError(
                self.env._("A tasting begins after the activation and ends after that.")
            )
        if self.tasting_plan_id and self.tasting_until >= day:
            raise UserError(
                self.env._(
                    "%(contract)s has a tasting of “%(plan)s” until %(day)s already.",
                    contract=self.display_name,
                    plan=self.tasting_plan_id.name,
                    day=format_date(self.env, self.tasting_until),
                )
            )
        if plan.technology != present.technology:
            raise UserError(
                self.env._(
                    "“%(plan)s” is of another technology than “%(present)s”. A tasting "
                    "stays within the technology; for another one, migrate.",
                    plan=plan.name,
                    present=present.name,
                )
            )
        if plan == present or plan.plan_amount < present.plan_amount:
            raise UserError(
                self.env._(
                    "A tasting is of a larger plan: “%(plan)s” costs less than "
                    "“%(present)s” or is the same.",
                    plan=plan.name,
                    present=present.name,
                )
            )
