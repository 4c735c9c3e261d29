from odoo import api, fields, models


class ContractTemplate(models.Model):
    """What a plan says of leaving, pausing and going on.

    A contract has its own copy of each, by prototype.
    """

    _inherit = "contract.template"

    loyalty_penalty_amount = fields.Monetary(
        string="Full Loyalty Penalty",
        currency_field="plan_currency_id",
        help="What leaving on the first day would cost, such as the benefit given. "
        "Who leaves later owes the part of the months left (Anatel, Res. 765/2023).",
    )
    suspension_fee = fields.Monetary(
        string="Monthly Fee While Suspended",
        currency_field="plan_currency_id",
        help="Charged by day during a temporary deactivation. Zero: nothing is "
        "charged then.",
    )
    renewal_mode = fields.Selection(
        [
            ("none", "None: goes on without a term"),
            ("quote", "By quote: remind the salesperson"),
            ("automatic", "Automatic"),
        ],
        string="Renewal",
        default="none",
        required=True,
        help="What happens at the end of the loyalty or contract term.",
    )
    renewal_months = fields.Integer(
        string="Renewal (Months)",
        default=12,
        help="Length of the term that a renewal begins: an automatic one, or a quoted "
        "one without loyalty.",
    )
    is_loyalty_renewed = fields.Boolean(
        string="Renew Loyalty",
        help="An automatic renewal of a company's contract begins a loyalty term, "
        "too. A consumer's never does (Anatel, Res. 765/2023).",
    )

    _loyalty_penalty_not_negative = models.Constraint(
        "CHECK (loyalty_penalty_amount >= 0)",
        "The loyalty penalty cannot be negative.",
    )
    _suspension_fee_not_negative = models.Constraint(
        "CHECK (suspension_fee >= 0)",
        "The fee while suspended cannot be negative.",
    )
    _renewal_months_positive = models.Constraint(
        "CHECK (renewal_mode <> 'automatic' OR renewal_months > 0)",
        "A renewal lasts at least one month.",
    )

    @api.model
    def _get_life_terms(self):
        """Return the names of the fields here that a contract takes over."""
        return (
            "loyalty_penalty_amount",
            "suspension_fee",
            "renewal_mode",
            "renewal_months",
            "is_loyalty_renewed",
        )

    def _prepare_contract(self):
        return super()._prepare_contract() | {
            name: self[name] for name in self._get_life_terms()
        }
