from odoo import fields, models


class ResCompany(models.Model):
    """Limits of suspensions and renewals; the law is the floor of the defaults."""

    _inherit = "res.company"

    contract_suspension_min_days = fields.Integer(
        string="Shortest Suspension (Days)", default=30
    )
    contract_suspension_max_days = fields.Integer(
        string="Longest Suspension (Days)", default=120
    )
    contract_suspension_interval_months = fields.Integer(
        string="Months Between Suspensions",
        default=12,
        help="A contract may be suspended once in so many months.",
    )
    contract_renewal_notice_days = fields.Integer(
        string="Renewal Notice (Days)",
        default=30,
        help="How long before the end of a term the salesperson is asked for a quote.",
    )

    _contract_suspension_limits = models.Constraint(
        "CHECK (contract_suspension_min_days BETWEEN 1 AND "
        "contract_suspension_max_days AND contract_suspension_interval_months >= 0)",
        "The shortest suspension lasts at least a day and no longer than the longest.",
    )
