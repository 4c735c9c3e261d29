from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a contract takes over from its plan.
SERVICE_FIELDS = (
    "service_type",
    "response_hours",
    "repair_hours",
    "attendance_days",
    "attendance_from",
    "attendance_to",
    "communication_rules",
    "planned_visits",
    "visit_schedule",
)


class ContractTemplate(models.Model):
    """The rules of the service a plan promises; contracts carry their own copy."""

    _inherit = "contract.template"

    print_template_id = fields.Many2one(
        "contract.print.template",
        string="Contract Text",
        help="Text the contract is printed from. Empty: the company's first.",
    )
    service_type = fields.Selection(
        [
            ("scm", "Internet access (SCM)"),
            ("sva", "Value-added service (SVA)"),
            ("seac", "Pay TV (SeAC)"),
            ("stfc", "Fixed telephony (STFC)"),
            ("other", "Other service"),
        ],
        default="scm",
        help="What is provided, in the words of the telecommunications agency.",
    )
    response_hours = fields.Float(
        string="Response Within (Hours)",
        help="Hours within which a request is answered. 0: not agreed.",
    )
    repair_hours = fields.Float(
        string="Repair Within (Hours)",
        help="Hours within which a fault is repaired. 0: not agreed.",
    )
    attendance_days = fields.Selection(
        [
            ("weekdays", "Monday to Friday"),
            ("saturday", "Monday to Saturday"),
            ("every_day", "Every day"),
        ],
        default="saturday",
    )
    attendance_from = fields.Float(default=8.0)
    attendance_to = fields.Float(default=18.0)
    communication_rules = fields.Text(
        help="How the customer and the provider talk to each other: channels, "
        "notices, who may ask for what."
    )
    accepted_document_type_ids = fields.Many2many(
        "contract.document.type",
        string="Accepted Documents",
        help="Documents accepted as proof that the service was ordered or done.",
    )
    planned_visits = fields.Integer(string="Planned Visits per Month")
    visit_schedule = fields.Text(
        help="When visits and charges are planned, such as “first Tuesday, mornings”."
    )

    _hours_not_negative = models.Constraint(
        "CHECK (response_hours >= 0 AND repair_hours >= 0)",
        "Hours of response and repair cannot be negative.",
    )
    _planned_visits_not_negative = models.Constraint(
        "CHECK (planned_visits >= 0)", "Planned visits cannot be negative."
    )

    @api.constrains("attendance_from", "attendance_to")
    def _check_attendance_hours(self):
        for record in self:
            if not 0 <= record.attendance_from <= record.attendance_to <= 24:
                raise ValidationError(
                    self.env._(
                        "The hours of attendance must lie between 00:00 and 24:00, "
                        "the first before the last."
                    )
                )

    def _prepare_contract(self):
        """Add the rules of the service and the text to print."""
        return super()._prepare_contract() | self._prepare_service_rules()

    def _prepare_service_rules(self):
        self.ensure_one()
        return {
            **{name: self[name] for name in SERVICE_FIELDS},
            "print_template_id": self.print_template_id.id,
            "accepted_document_type_ids": [
                fields.Command.set(self.accepted_document_type_ids.ids)
            ],
        }
