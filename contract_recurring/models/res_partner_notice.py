from odoo import fields, models


class ResPartner(models.Model):
    """What a customer may refuse (opt-out)."""

    _inherit = "res.partner"

    is_email_notice_refused = fields.Boolean(
        string="No Notices by E-mail",
        help="Another channel is tried. Notices the law asks for are sent anyway.",
    )
    is_sms_notice_refused = fields.Boolean(
        string="No Notices by SMS",
        help="Another channel is tried. Notices the law asks for are sent anyway.",
    )
    is_whatsapp_notice_refused = fields.Boolean(
        string="No Notices by WhatsApp",
        help="Another channel is tried. Notices the law asks for are sent anyway.",
    )
