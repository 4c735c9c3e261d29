from odoo import api, models


class NoticeChannelWhatsapp(models.AbstractModel):
    """Notices by WhatsApp, through the Cloud API of Meta."""

    _name = "contract.notice.channel.whatsapp"
    _description = "Notice Channel: WhatsApp"
    _inherit = "contract.notice.channel"

    @api.model
    def _is_ready(self):
        return False

    @api.model
    def _get_not_ready_words(self):
        return self.env._("WhatsApp is not set up")

    @api.model
    def _get_address(self, partner):
        return self._get_phone(partner)

    @api.model
    def _get_missing_words(self):
        return self.env._("no phone number for WhatsApp")

    @api.model
    def _get_refused_words(self):
        return self.env._("refuses WhatsApp")
