from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.dunning import NOTICE_KINDS, Step
from ..tools.reminder_days import ReminderDaysError, parse_reminder_days
from .contract_notice import CHANNELS

KINDS = [
    ("reminder", "Reminder"),
    ("notice", "Overdue notice"),
    ("block_warning", "Warning before the block"),
    ("reduce", "Reduction"),
    ("block", "Block"),
    ("termination_notice", "Termination notice"),
    ("credit_bureau", "Credit bureau"),
    ("cancel", "Cancellation"),
]


class ContractDunningStep(models.Model):
    """One step of a dunning policy: what happens, and how many days after what."""

    _name = "contract.dunning.step"
    _description = "Dunning Step"
    _order = "policy_id, sequence, id"
    _rec_name = "kind"

    policy_id = fields.Many2one(
        "contract.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="reminder")
    anchor = fields.Selection(
        [
            ("due", "the due date"),
            ("notice", "the overdue notice"),
            ("block", "the block"),
        ],
        string="After",
        required=True,
        default="due",
    )
    days = fields.Integer(help="Days after the due date, the notice or the block.")
    reminder_days = fields.Char(
        help="Days of reminders, such as “5, 0, -5”: positive before the due date, "
        "negative after it.",
    )
    channel = fields.Selection(CHANNELS, help="Tried first; then the others.")
    template_id = fields.Many2one(
        "contract.notice.template",
        string="Text",
        ondelete="restrict",
        domain="[('kind', '=', kind)]",
        help="Empty: the first text of this kind.",
    )

    _days_positive = models.Constraint(
        "CHECK (kind = 'reminder' OR days >= 0)",
        "Days after the due date, the notice or the block cannot be negative.",
    )

    @api.depends("kind", "days", "anchor", "reminder_days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for step in self:
            step.display_name = step._describe()

    # === CONSTRAINTS ===

    @api.constrains("kind", "reminder_days", "channel", "template_id")
    def _check_notice(self):
        for step in self:
            step._get_offsets()
            if step.kind == "reminder" and not step.reminder_days:
                raise ValidationError(
                    self.env._("Enter the days of the reminders, such as “5, 0, -5”.")
                )
            if step.kind in NOTICE_KINDS and not step.channel:
                raise ValidationError(
                    self.env._("Choose a channel for “%s”.", step.display_name)
                )
            if step.template_id and step.template_id.kind != step.kind:
                raise ValidationError(
                    self.env._(
                        "The text “%(text)s” is not for “%(step)s”.",
                        text=step.template_id.name,
                        step=step.display_name,
                    )
                )

    @api.constrains("policy_id", "sequence", "kind", "anchor", "days")
    def _check_policy(self):
        self.policy_id._check_steps()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        taken = self.env["contract.dunning.entry"].search(
            [("step_id", "in", self.ids)], limit=1
        )
        if taken:
            raise ValidationError(
                self.env._(
                    "“%(step)s” was taken for contracts already. Archive the policy "
                    "and make a copy with other steps.",
                    step=taken.step_id.display_name,
                )
            )

    # === BUSINESS ===

    def _get_key(self):
        """Return what tells the step from others, also before it is saved."""
        self.ensure_one()
        return self._origin.id or str(self.id)

    def _get_offsets(self):
        """Return the days of a reminder.

        :raise ValidationError: names the part that is no day
        """
        self.ensure_one()
        if self.kind != "reminder":
            return ()
        return self._parse_days(self.reminder_days)

    @api.model
    def _parse_days(self, text):
        """Return the days of a text as staff write it.

        :raise ValidationError: names the part that is no day
        """
        try:
            return parse_reminder_days(text)
        except ReminderDaysError as error:
            raise ValidationError(
                self.env._(
                    "“%(part)s” is no day in “%(text)s”. Write days as in “5, 0, -5”: "
                    "5 before the due date, the day itself, 5 after it.",
                    part=error,
                    text=text,
                )
            ) from error

    def _get_pure_step(self):
        self.ensure_one()
        is_reminder = self.kind == "reminder"
        return Step(
            self._get_key(),
            self.kind,
            0 if is_reminder else self.days,
            "due" if is_reminder else self.anchor,
            self._get_offsets(),
        )

    def _get_notice_name(self):
        """Return what the step's notice has in common with other policies'."""
        self.ensure_one()
        if self.kind == "reminder":
            return f"reminder-{self.channel}"
        same_kind = self.policy_id.step_ids.filtered(lambda s: s.kind == self.kind)
        return f"{self.kind}-{same_kind.sorted('sequence').ids.index(self.id)}"

    def _get_template(self, entry, day):
        """Return the text of the notice: the step's own, or the first that fits."""
        self.ensure_one()
        if self.template_id:
            return self.template_id
        moment = None
        if self.kind == "reminder":
            moment = self._get_moment(entry.move_id.invoice_date_due, day)
        templates = self.env["contract.notice.template"]
        return templates._find(self.kind, entry.company_id, moment)

    @api.model
    def _get_moment(self, due_date, day):
        if day == due_date:
            return "on"
        return "after" if day > due_date else "before"

    def _describe(self, offset=None):
        """Return the step in words.

        :param offset: the one reminder meant, all of them where it is None
        """
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        kind = labels.get(self.kind, "")
        if self.kind == "reminder":
            return self._describe_reminder(kind, offset)
        words = {
            "due": self.env._("%(step)s, %(days)s days after the due date"),
            "notice": self.env._("%(step)s, %(days)s days after the notice"),
            "block": self.env._("%(step)s, %(days)s days after the block"),
        }
        return words[self.anchor or "due"] % {"step": kind, "days": self.days}

    def _describe_reminder(self, kind, offset):
        if offset is None:
            return f"{kind} ({self.reminder_days or ''})"
        if not offset:
            return self.env._("%(step)s on the due date", step=kind)
        words = (
            self.env._("%(step)s %(days)s days before the due date")
            if offset > 0
            else self.env._("%(step)s %(days)s days after the due date")
        )
        return words % {"step": kind, "days": abs(offset)}
