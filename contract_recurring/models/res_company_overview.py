from odoo import fields, models


class ResCompany(models.Model):
    """Whom a company alerts, and when it asks customers for a rating."""

    _inherit = "res.company"

    is_contract_alerted = fields.Boolean(
        string="Alerts",
        help="Staff get an activity when a contract cannot be billed, a step of "
        "dunning waits for what the law asks, or a notice did not arrive.",
    )
    contract_alert_user_id = fields.Many2one(
        "res.users",
        string="Clerk",
        help="Gets the alerts of contracts without a salesperson.",
    )
    contract_rating_state = fields.Selection(
        [
            ("active", "Active"),
            ("suspended", "Temporarily suspended"),
            ("closed", "Cancelled"),
        ],
        string="Ask for a Rating When It Becomes",
        help="Customers get an e-mail when their contract takes this state. Empty: "
        "they are not asked by themselves.",
    )
    contract_rating_every_days = fields.Integer(
        string="Days Between Ratings",
        default=90,
        help="A customer is asked about a contract once in so many days.",
    )

    _contract_rating_days = models.Constraint(
        "CHECK (contract_rating_every_days >= 0)",
        "The days between ratings cannot be negative.",
    )
