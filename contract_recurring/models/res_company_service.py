from odoo import fields, models


class ResCompany(models.Model):
    """How a company gives back service on trust, and tells its customers."""

    _inherit = "res.company"

    contract_service_notice_channel = fields.Selection(
        [("email", "E-mail"), ("whatsapp", "WhatsApp"), ("sms", "SMS")],
        string="Notice of Changed Service",
        help="How customers are told that their service was restricted for an "
        "overdue invoice, or is back. Empty: they are not told.",
    )
    trust_unlock_days = fields.Integer(
        string="Trust Unlock (Days)",
        default=3,
        help="Days after the day of the unlock on which the service stays open. "
        "Zero: nobody is unlocked on trust.",
    )
    trust_unlock_every_days = fields.Integer(
        string="Days Between Trust Unlocks",
        default=30,
        help="A contract may be unlocked once in so many days.",
    )
    trust_unlock_min_age_days = fields.Integer(
        string="Trust Unlock: Age of the Contract (Days)",
        default=90,
        help="Days since the activation before the first trust unlock.",
    )

    _trust_unlock_rules = models.Constraint(
        "CHECK (trust_unlock_days >= 0 AND trust_unlock_every_days >= 0 "
        "AND trust_unlock_min_age_days >= 0)",
        "The days of a trust unlock cannot be negative.",
    )
