from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools.bank_calendar import next_bank_day
from ..tools.dunning import find_disorder, get_timeline


class ContractDunningPolicy(models.Model):
    """Who is reminded, restricted and cancelled, and when (*régua de cobrança*).

    The nearest wins: the contract's, its plan's, the company's.
    """

    _name = "contract.dunning.policy"
    _description = "Dunning Policy"
    _inherit = "mail.thread"
    _order = "sequence, name"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    is_reduction_gated = fields.Boolean(
        string="Reduce After a Notice Only",
        default=True,
        help="A reduced speed keeps the days of a suspension: 15 after the notice.",
    )
    is_penalty_charged = fields.Boolean(
        string="Charge the Loyalty Penalty",
        help="When the policy cancels a contract in its loyalty term.",
    )
    terminate_reason_id = fields.Many2one(
        "contract.terminate.reason",
        string="Reason of Cancellation",
        help="Noted on contracts this policy cancels.",
    )
    step_ids = fields.One2many("contract.dunning.step", "policy_id", copy=True)
    preview_due_date = fields.Date(
        string="An Invoice Due On",
        store=False,
        default=fields.Date.context_today,
        help="Shows what becomes of an invoice of that day which nobody pays.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === COMPUTES ===

    @api.depends(
        "preview_due_date",
        "step_ids.kind",
        "step_ids.anchor",
        "step_ids.days",
        "step_ids.reminder_days",
        "step_ids.sequence",
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for policy in self:
            day = policy.preview_due_date or fields.Date.context_today(policy)
            rows = policy._get_timeline(day)
            policy.preview = self.env["ir.qweb"]._render(
                "contract_recurring.dunning_timeline", {"rows": rows}
            )

    def _get_timeline(self, due_date):
        """Return [(day, kind, words)] of an invoice that nobody pays.

        It supposes that notices are delivered on the day they are planned.
        """
        self.ensure_one()
        steps = self._get_pure_steps()
        if self._find_disorder():
            return []
        by_key = {step._get_key(): step for step in self.step_ids}
        timeline = get_timeline(due_date, next_bank_day(due_date), steps)
        return [
            (format_date(self.env, day), pure.kind, by_key[pure.key]._describe(offset))
            for day, pure, offset in timeline
        ]

    # === CONSTRAINTS ===

    @api.constrains("is_reduction_gated", "terminate_reason_id")
    def _check_order(self):
        self._check_steps()

    def _check_steps(self):
        """Raise where steps are out of order or the law asks for more.

        :raise ValidationError: names the step and the rule
        """
        for policy in self:
            disorder = policy._find_disorder()
            if disorder:
                key, rule = disorder
                steps = policy.step_ids.filtered(lambda s, key=key: s._get_key() == key)
                raise ValidationError(policy._explain_disorder(steps, rule))
            if "cancel" in policy.step_ids.mapped("kind") and (
                not policy.terminate_reason_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” cancels contracts: choose the reason noted on "
                        "them.",
                        policy=policy.name,
                    )
                )

    def _find_disorder(self):
        self.ensure_one()
        return find_disorder(self._get_pure_steps(), self.is_reduction_gated)

    def _explain_disorder(self, step, rule):
        """Return a broken rule in words, with the law that sets it."""
        words = {
            "no_notice": self.env._(
                "“%(step)s” needs a step “Overdue notice” before it (Res. Anatel "
                "765/2023, art. 70).",
                step=step.display_name,
            ),
            "too_early": self.env._(
                "“%(step)s” comes too early. The law asks for 15 days from the notice "
                "to a reduction or block, and 60 from the block to the cancellation "
                "(Res. Anatel 765/2023, arts. 70 and 73); nothing happens before the "
                "due date but reminders.",
                step=step.display_name,
            ),
            "no_block": self.env._(
                "“%(step)s” needs a step “Block” before it (Res. Anatel 765/2023, "
                "art. 73).",
                step=step.display_name,
            ),
            "no_warning": self.env._(
                "“%(step)s” needs a step “Termination notice” on a day before it (Res. "
                "Anatel 765/2023, art. 75).",
                step=step.display_name,
            ),
            "out_of_order": self.env._(
                "“%(step)s” would be taken before the step above it. Move it up, or "
                "give it more days.",
                step=step.display_name,
            ),
        }
        return words[rule]

    # === BUSINESS ===

    def _get_pure_steps(self):
        """Return the steps as `tools/dunning.py` takes them."""
        self.ensure_one()
        ordered = self.step_ids.sorted(lambda step: (step.sequence, step._get_key()))
        return tuple(step._get_pure_step() for step in ordered)
