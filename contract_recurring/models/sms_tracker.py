from odoo import fields, models


class SmsTracker(models.Model):
    """Delivery reports of SMS reach the notice they are about."""

    _inherit = "sms.tracker"

    contract_notice_id = fields.Many2one(
        "contract.notice", ondelete="cascade", index="btree_not_null"
    )

    def _action_update_from_sms_state(
        self, sms_state, failure_type=False, failure_reason=False
    ):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        if sms_state == "sent":  # Odoo's word for delivered
            for tracker in self.filtered("contract_notice_id"):
                tracker.contract_notice_id._follow_status(
                    "delivered", fields.Datetime.now()
                )
        return result

    def _action_update_from_provider_error(self, provider_error):
        answer = super()._action_update_from_provider_error(provider_error)
        for tracker in self.filtered("contract_notice_id"):
            tracker.contract_notice_id._follow_status(
                "failed", fields.Datetime.now(), str(provider_error)
            )
        return answer
