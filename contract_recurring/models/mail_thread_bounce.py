from odoo import api, models

from ..tools.delivery_report import read_delivery_reports, read_message_ids


class MailThread(models.AbstractModel):
    """Returned e-mails reach the notices they were; Odoo knows its own messages."""

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        notices = self.env["contract.notice"].sudo()
        message_ids = message_dict["bounced_msg_ids"] or read_message_ids(email_message)
        found = notices._find_by_message_ids(message_ids)
        for report in read_delivery_reports(email_message) if found else ():
            found._follow_delivery_report(report)
        return result
