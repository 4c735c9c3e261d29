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
    contract_notice_count = fields.Integer(compute="_compute_contract_notice_count")

    def _compute_contract_notice_count(self):
        counts = dict(
            self.env["contract.notice"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.contract_notice_count = counts.get(partner, 0)

    def action_view_contract_notices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_notice_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
