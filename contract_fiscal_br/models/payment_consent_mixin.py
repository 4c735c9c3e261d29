from odoo import fields, models


class PaymentConsentMixin(models.AbstractModel):
    """A payer lets a bank pay the invoices of a contract, until one side ends it."""

    _name = "payment.consent.mixin"
    _description = "Consent of a Payer"
    _inherit = "mail.thread"
    _order = "id desc"
    _check_company_auto = True

    # States in which it is in force or may come into force: one for a contract.
    _live_states = ()

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True, index=True
    )
    account_id = fields.Many2one(
        "collection.account",
        string="Collection Account",
        required=True,
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    ended_on = fields.Date(readonly=True, copy=False, tracking=True)
    reason = fields.Char(
        readonly=True, copy=False, tracking=True, help="Why it was refused or ended."
    )

    def _filter_live(self):
        return self.filtered(lambda consent: consent.state in self._live_states)
