import requests

from odoo import fields, models
from odoo.exceptions import ValidationError

SERVER_ERROR = 500


class PaymentTransaction(models.Model):
    """Transactions of saved methods: whether the provider answered at all."""

    _inherit = "payment.transaction"

    token_charge_ids = fields.One2many("payment.token.charge", "transaction_id")
    is_answer_lost = fields.Boolean(
        readonly=True,
        help="The provider was called and did not answer: it may have charged.",
    )

    def _send_api_request(self, method, endpoint, **kwargs):
        """Tell a lost answer from a refusal: Odoo raises the same error for both."""
        try:
            result = super()._send_api_request(method, endpoint, **kwargs)
        except ValidationError as error:
            self.is_answer_lost = self._is_lost(error.__context__)
            raise
        self.is_answer_lost = False
        return result

    def _is_lost(self, error):
        if isinstance(error, requests.exceptions.HTTPError):
            return error.response.status_code >= SERVER_ERROR
        return isinstance(error, requests.exceptions.RequestException)

    def _ask_outcome(self):
        """Ask the provider what became of a transaction, and update it.

        A hook: Odoo's providers tell it by webhook alone. One that can be asked calls
        `_process` with the answer, and unsets `is_answer_lost`.
        """
        self.ensure_one()

    def _post_process(self):
        """Attempts follow what a webhook told later."""
        result = super()._post_process()
        for charge in self.token_charge_ids:
            before = charge.state
            charge._follow()
            if charge.state == "failed" and before != "failed":
                charge._go_on()
        return result
