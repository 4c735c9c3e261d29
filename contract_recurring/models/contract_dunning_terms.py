from odoo import api, fields, models

YES_NO = [("yes", "Yes"), ("no", "No")]
DAY_FIELDS = ("email_notice_days", "sms_notice_days", "whatsapp_notice_days")


class ContractTemplate(models.Model):
    """How a plan is dunned; a contract has the same fields of its own.

    What is empty is taken from the next level: contract, plan, company.
    """

    _inherit = "contract.template"

    dunning_policy_id = fields.Many2one(
        "contract.dunning.policy",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Empty: the plan's, or the company's.",
    )
    is_due_notice_enabled = fields.Selection(
        YES_NO,
        string="Due Notices",
        help="Reminders before and after the due date. Empty: as the company does.",
    )
    email_notice_days = fields.Char(
        string="E-mail Days",
        help="Such as “5, 0, -5”: positive before the due date, negative after it. "
        "Empty: the days of the dunning policy.",
    )
    sms_notice_days = fields.Char(string="SMS Days", help="As for e-mail.")
    whatsapp_notice_days = fields.Char(string="WhatsApp Days", help="As for e-mail.")
    is_auto_block = fields.Boolean(
        string="Automatic Block",
        default=True,
        help="Off: nothing is reduced, blocked or cancelled by itself.",
    )
    reduce_tolerance_days = fields.Integer(
        string="Reduction Tolerance (Days)",
        help="Days after the due date before a reduction, where the policy asks for "
        "fewer. The days of the law stay below it.",
    )
    block_tolerance_days = fields.Integer(
        string="Block Tolerance (Days)",
        help="Days after the due date before a block, where the policy asks for "
        "fewer. The days of the law stay below it.",
    )
    is_block_warning_enabled = fields.Selection(
        YES_NO,
        string="Warning Before the Block",
        help="Empty: as the dunning policy says.",
    )

    _dunning_tolerances = models.Constraint(
        "CHECK (reduce_tolerance_days >= 0 AND block_tolerance_days >= 0)",
        "A tolerance cannot be negative.",
    )

    @api.constrains(*DAY_FIELDS)
    def _check_notice_days(self):
        for record in self:
            for name in DAY_FIELDS:
                self.env["contract.dunning.step"]._parse_days(record[name])
