from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .sale_common import SaleContractCase

MESSAGE_FIELDS = (
    "message_type",
    "subtype_id",
    "author_id",
    "author_guest_id",
    "email_from",
    "email_add_signature",
    "is_internal",
    "subject",
    "record_company_id",
    "record_alias_domain_id",
    "partner_ids",
    "notified_partner_ids",
    "attachment_ids",
)
INVOICE_FIELDS = (
    "state",
    "move_type",
    "invoice_date",
    "invoice_date_due",
    "date",
    "journal_id",
    "amount_total",
    "amount_residual",
    "invoice_user_id",
    "team_id",
    "message_partner_ids",
)
CONTRACT_FIELDS = (
    "lifecycle_state",
    "contract_template_id",
    "due_day",
    "monthly_amount",
    "activation_fee",
    "date_start",
    "user_id",
    "invoice_partner_id",
    "message_partner_ids",
)
EVENT_FIELDS = ("kind", "from_state", "to_state", "user_id", "mrr_before", "mrr_after")


@tagged("contract_recurring", "post_install", "-at_install")
class TestSaleTogether(SaleContractCase):
    """Confirming orders together gives what confirming them one by one gives."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # messages are what is compared: they are as in use
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.plan = cls.plan.with_env(cls.env)
        cls.plan.activation_fee = 50
        cls.colleague = cls._create_user("colleague", "group_contract_reader")
        cls.colleague.notification_type = "inbox"

    def _create_followed_quotes(self):
        """Return three quotes: with an installation, without, with a follower."""
        partners = [self._create_customer(name) for name in ("Ana", "Bia", "Caio")]
        installation = [(self.installation, 150.00, {})]
        quotes = self.env["sale.order"].union(
            *(
                self._create_quote(
                    self.plan, lines=lines, partner_id=partner.id, client_order_ref="x"
                )
                for partner, lines in zip(
                    partners, (installation, [], installation), strict=True
                )
            )
        )
        quotes[2].message_subscribe(
            self.colleague.partner_id.ids,
            [self.env.ref("sale.mt_order_confirmed").id],
        )
        self._write_messages()
        return quotes

    def _write_messages(self):
        """Write the messages that wait for the end of the transaction."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()

    def _describe(self, quote):
        """Return all that came of a quote, without the names of its own."""
        contract, invoice = quote.contract_ids, quote.invoice_ids
        words = {
            quote.name: "ORDER",
            contract.code: "CODE",
            quote.partner_id.name: "CUSTOMER",
            str(quote.partner_id): "PARTNER",
        }
        if invoice:
            words[invoice.name] = "INVOICE"
        return {
            "contract": self._read(contract, CONTRACT_FIELDS, words),
            "lines": contract.contract_line_ids.mapped(
                lambda line: (line.name, line.price_subtotal, line.date_start)
            ),
            "events": [
                self._read(event, EVENT_FIELDS, words) for event in contract.event_ids
            ],
            "invoice": self._read(invoice, INVOICE_FIELDS, words),
            "messages": [
                self._describe_messages(record, words)
                for record in (quote, contract, invoice)
            ],
        }

    def _read(self, record, names, words):
        """Return the values of some fields in words."""
        return {name: self._word(str(record[name]), words) for name in names}

    def _word(self, text, words):
        for name, word in words.items():
            text = text.replace(name, word)
        return text

    def _describe_messages(self, record, words):
        messages = record.message_ids.sorted("id")
        numbers = {message: number for number, message in enumerate(messages)}
        return [
            {
                **self._read(message, MESSAGE_FIELDS, words),
                "body": self._word(html2plaintext(message.body), words),
                "reply_to": self._word(message.reply_to or "", words),
                "answers": numbers.get(message.parent_id),
                "changes": message.sudo().tracking_value_ids.mapped(
                    lambda value: (
                        value.field_id.name,
                        value.old_value_char,
                        value.new_value_char,
                    )
                ),
                "inbox": message.notification_ids.mapped(
                    lambda note: (note.res_partner_id, note.notification_type)
                ),
            }
            for message in messages
        ]

    def test_together_as_one_by_one(self):
        alone, together = self._create_followed_quotes(), self._create_followed_quotes()
        threads = type(self.env["mail.thread"])
        with patch.object(threads, "_is_plain_post", return_value=False):
            for quote in alone:
                quote.action_confirm()
                self._write_messages()
        together.action_confirm()
        self._write_messages()
        self.assertEqual(together.contract_ids.mapped("activation_fee"), [50.00] * 3)
        for one, other in zip(alone, together, strict=True):
            self.assertEqual(self._describe(other), self._describe(one))
        self.assertEqual(
            [len(quote.invoice_ids.message_ids) for quote in together], [2, 0, 2]
        )
        confirmed = together[2].message_ids.sorted("id")[-1]
        self.assertEqual(confirmed.notified_partner_ids, self.colleague.partner_id)
        self.assertIn(
            "Quotation", confirmed.sudo().tracking_value_ids.mapped("old_value_char")
        )

    def test_one_that_fails_stops_all(self):
        """One of three was cancelled meanwhile: the others wait, nobody is told."""
        quotes = self._create_followed_quotes()
        quotes[1].state = "cancel"
        self._write_messages()
        told = quotes.message_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            quotes.action_confirm()
        self._write_messages()
        quotes.invalidate_recordset()
        self.assertEqual(quotes.mapped("state"), ["draft", "cancel", "draft"])
        self.assertFalse(quotes.contract_ids)
        self.assertFalse(quotes.invoice_ids)
        self.assertEqual(quotes.message_ids, told)
