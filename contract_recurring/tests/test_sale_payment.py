from contextlib import contextmanager
from unittest.mock import patch

from lxml import html

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .sale_common import SaleContractCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


@tagged("contract_recurring", "post_install", "-at_install")
class TestSalePayment(SaleContractCase, PaymentHttpCommon):
    """What a customer pays online to accept a quote: what is due by then.

    The plan costs R$ 99.90 a month, the installation R$ 150.00 once.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        bank = cls.env["account.journal"].create(
            {"name": "Online", "code": "ONL", "type": "bank"}
        )
        cls.provider.available_currency_ids += cls.currency
        with cls._know_provider():
            cls.env["account.payment.method"].create(
                {"name": "Dummy", "code": "none", "payment_type": "inbound"}
            )
            cls.provider.journal_id = bank

    def setUp(self):
        self.enable_post_process_patcher = False
        super().setUp()

    @classmethod
    @contextmanager
    def _know_provider(cls):
        """Let accounting know the provider of the tests."""
        methods = type(cls.env["account.payment.method"])
        information = {"none": {"mode": "multi", "type": ("bank",)}}
        known = cls.env["account.payment.method"]._get_payment_method_information()
        with patch.object(
            methods,
            "_get_payment_method_information",
            lambda self: known | information,
        ):
            yield

    def _quote(self, *plans, share=1.0, **values):
        return self._create_quote(
            *plans,
            require_signature=False,
            require_payment=True,
            prepayment_percent=share,
            state="sent",
            **values,
        )

    def _quote_both(self, **values):
        return self._quote(self.plan, lines=[(self.installation, 150.00, {})], **values)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def _pay(self, order, amount):
        """Pay online and return the transaction."""
        transaction = self._create_transaction(
            "redirect",
            amount=amount,
            partner_id=order.partner_id.id,
            reference=f"{order.name}-{len(order.transaction_ids)}",
            sale_order_ids=[Command.set(order.ids)],
            state="done",
        )
        transaction._post_process()
        return transaction

    def _open_page(self, order, **params):
        params["access_token"] = order._portal_ensure_token()
        return self._make_http_get_request(f"/my/orders/{order.id}", params)

    def _get_amount_asked(self, order, **params):
        """Return what the payment form of the page asks for, None without one."""
        page = html.fromstring(self._open_page(order, **params).text)
        amounts = page.xpath("//form[@id='o_payment_form']/@data-amount")
        return float(amounts[0]) if amounts else None

    # === PLAN AND INSTALLATION ===

    def test_installation_is_asked_for_and_the_plan_is_not(self):
        order = self._quote_both()
        self.assertEqual(order.amount_total, 249.90)
        self.assertEqual(order._get_prepayment_required_amount(), 150.00)
        self.assertEqual(self._get_amount_asked(order), 150.00)
        self.assertTrue(order._has_to_be_paid())
        self.assertFalse(order._has_to_be_signed())

    def test_payment_confirms_and_settles_the_one_invoice(self):
        order = self._quote_both()
        transaction = self._pay(order, 150.00)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.contract_ids.lifecycle_state, "waiting")
        self.assertEqual(order.invoice_ids.mapped("amount_total"), [150.00])
        self.assertEqual(transaction.invoice_ids, order.invoice_ids)
        self.assertEqual(order.invoice_ids.amount_residual, 0)
        self.assertTrue(order._is_paid())
        recurring = order.order_line.filtered("recurring_rule_type")
        self.assertEqual(recurring.qty_to_invoice, 0)

    def test_half_now_half_later(self):
        """50 % of 150.00: no down payment is billed beside the invoice."""
        order = self._quote_both(share=0.5)
        self.assertEqual(order._get_prepayment_required_amount(), 75.00)
        self.assertEqual(self._get_amount_asked(order), 75.00)
        full = self._get_amount_asked(order, amount_selection="full_amount")
        self.assertEqual(full, 150.00)
        self._pay(order, 75.00)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.invoice_ids.mapped("amount_total"), [150.00])
        self.assertEqual(order.invoice_ids.amount_residual, 75.00)
        link = order._get_default_payment_link_values()
        self.assertEqual((link["amount"], link["amount_max"]), (75.00, 75.00))
        self._pay(order, 75.00)
        self.assertEqual(order.invoice_ids.mapped("amount_total"), [150.00])
        self.assertEqual(order.invoice_ids.amount_residual, 0)

    def test_less_than_asked_confirms_nothing(self):
        order = self._quote_both()
        self._pay(order, 100.00)
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.contract_ids)
        self.assertEqual(order._get_default_payment_link_values()["amount"], 50.00)

    def test_link_of_a_payment(self):
        """A link of R$ 200.00 for 150.00 due asks for no more than those."""
        order = self._quote_both(share=0.5)
        self.assertEqual(self._get_amount_asked(order, payment_amount=100.0), 100.00)
        self.assertEqual(self._get_amount_asked(order, payment_amount=200.0), 150.00)
        with mute_logger("odoo.http", "werkzeug"):
            refused = self._open_page(order, payment_amount=50.0)
        self.assertEqual(refused.status_code, 404)

    def test_fee_with_the_first_invoice_is_not_asked_for(self):
        self.plan.activation_fee = 80
        order = self._quote_both()
        self.assertEqual(order.due_now_total, 150.00)
        self.assertEqual(order.due_later_once_total, 80.00)
        self.assertEqual(order._get_prepayment_required_amount(), 150.00)
        page = self._open_page(order).text
        for words in ("Once, with the first invoice", "80.00", "Per month", "99.90"):
            self.assertIn(words, page)

    def test_taxes_are_part_of_what_is_due(self):
        """150.00 and 10 % are 165.00."""
        tax = self.env["account.tax"].create({"name": "ISS", "amount": 10})
        order = self._quote(
            self.plan,
            lines=[(self.installation, 150.00, {"tax_ids": [Command.set(tax.ids)]})],
        )
        self.assertEqual(order._get_prepayment_required_amount(), 165.00)
        self._pay(order, 165.00)
        self.assertEqual(order.invoice_ids.amount_total, 165.00)
        self.assertEqual(order.invoice_ids.amount_residual, 0)

    # === PLAN ALONE ===

    def test_plan_alone_is_accepted_without_payment(self):
        order = self._quote(self.plan)
        self.assertEqual(order._get_prepayment_required_amount(), 0)
        self.assertFalse(order._has_to_be_paid())
        self.assertTrue(order._has_to_be_signed())
        page = self._open_page(order)
        self.assertIn("Nothing is to be paid now", page.text)
        self.assertIsNone(self._get_amount_asked(order))
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order.access_token,
                "name": "Maria da Silva",
                "signature": PIXEL,
            },
        )
        self.assertNotIn("error", answer)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.contract_ids.lifecycle_state, "waiting")
        self.assertFalse(order.invoice_ids)
        self.assertNotIn("Nothing is to be paid now", self._open_page(order).text)

    def test_plan_alone_has_no_payment_link(self):
        link = self._quote(self.plan)._get_default_payment_link_values()
        self.assertEqual((link["amount"], link["amount_max"]), (0, 0))

    def test_expired_plan_alone_is_not_accepted(self):
        order = self._quote(self.plan, validity_date="2020-01-01")
        self.assertFalse(order._has_to_be_signed())

    # === ONE-OFF ALONE: AS IN ODOO ===

    def test_installation_alone_is_paid_as_everywhere(self):
        """50 % of 150.00: Odoo bills the down payment it was paid."""
        order = self._quote(lines=[(self.installation, 150.00, {})], share=0.5)
        self.assertEqual(order._get_prepayment_required_amount(), 75.00)
        self.assertEqual(self._get_amount_asked(order), 75.00)
        self.assertFalse(order._has_to_be_signed())
        self._pay(order, 75.00)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.contract_ids)
        self.assertEqual(order.invoice_ids.mapped("amount_total"), [75.00])
        self.assertFalse(order._is_paid())
        link = order._get_default_payment_link_values()
        self.assertEqual(link["amount_max"], 75.00)
