from odoo import fields, models

# Where the law's days are counted unless a company is elsewhere.
BRAZILIAN_TIME = "America/Sao_Paulo"


class ResCompany(models.Model):
    """The day it is where a company does its business."""

    _inherit = "res.company"

    def _get_local_date(self):
        """Return today's date at the company: at 23:30 in São Paulo it is
        tomorrow in UTC, in which crons and webhooks run."""
        zone = self.sudo().partner_id.tz or BRAZILIAN_TIME
        return fields.Date.context_today(self.with_context(tz=zone))
