from odoo.tests import HttpCase, tagged

from .sale_common import SaleContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestCustomerConfirms(SaleContractCase, HttpCase):
    """The customer accepts by the link of the quote, over HTTP."""

    def test_customer_signs_by_the_link(self):
        order = self._create_quote(
            self.plan,
            lines=[(self.installation, 150.00, {})],
            require_signature=True,
            require_payment=False,
            state="sent",
        )
        url = order.get_portal_url()
        page = self.url_open(url)
        self.assertIn("<td>Now</td>", page.text)
        self.assertIn("per month", page.text)
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            "WjR9awAAAABJRU5ErkJggg=="
        )
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order.access_token,
                "name": "Maria da Silva",
                "signature": pixel,
            },
        )
        self.assertNotIn("error", answer)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.contract_ids.lifecycle_state, "waiting")
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_untaxed, 150.00)

    def test_wrong_token_confirms_nothing(self):
        order = self._create_quote(self.plan, require_signature=True, state="sent")
        order._portal_ensure_token()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": "wrong", "name": "X", "signature": "x"},
        )
        self.assertIn("error", answer)
        self.assertFalse(order.contract_ids)
