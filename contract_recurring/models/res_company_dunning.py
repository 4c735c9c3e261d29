from odoo import api, fields, models

from .contract_dunning_terms import DAY_FIELDS, YES_NO


class ResCompany(models.Model):
    """How a company duns contracts that say nothing else."""

    _inherit = "res.company"

    dunning_policy_id = fields.Many2one(
        "contract.dunning.policy",
        domain="[('company_id', 'in', (id, False))]",
        help="For contracts whose plan has none. Empty: nobody is dunned.",
    )
    is_due_notice_enabled = fields.Selection(
        YES_NO, string="Due Notices", default="yes", required=True
    )
    email_notice_days = fields.Char(string="E-mail Days")
    sms_notice_days = fields.Char(string="SMS Days")
    whatsapp_notice_days = fields.Char(string="WhatsApp Days")

    @api.constrains(*DAY_FIELDS)
    def _check_notice_days(self):
        for company in self:
            for name in DAY_FIELDS:
                self.env["contract.dunning.step"]._parse_days(company[name])

    def _has_dunning(self):
        """Return whether anything may be due for contracts of the company."""
        self.ensure_one()
        if self.dunning_policy_id:
            return True
        domain = [("dunning_policy_id", "!=", False), ("company_id", "=", self.id)]
        return any(
            self.env[model].sudo().search_count(domain, limit=1)
            for model in ("contract.contract", "contract.template")
        )
