import doctest
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import inline_placeholders, secret_box
from .common import ContractCase
from .test_print_contract import read_pdf


class NoticeCase(ContractCase):
    """A customer with an invoice of R$ 99,90 due on 10/03/2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.company.write({"email": "cobranca@provedor.example", "phone": "1130710000"})
        cls.partner.write(
            {
                "email": "maria@example.com",
                "phone": "(11) 98765-4321",
                "lang": "pt_BR",
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id
        cls.template = cls.env.ref("contract_recurring.notice_template_overdue")

    @classmethod
    def _request(cls, **values):
        return {
            "contract_id": cls.contract.id,
            "move_ids": cls.move.ids,
            "kind": "notice",
            "template_id": cls.template.id,
            "channel": "email",
            "key": "test/1",
            "day": date(2026, 3, 20),
            **values,
        }

    @classmethod
    def _prepare(cls, **values):
        return cls.env["contract.notice"]._prepare_notices([cls._request(**values)])

    @classmethod
    def _create_template(cls, **values):
        return cls.env["contract.notice.template"].create(
            {"name": "Texto", "kind": "reminder", **values}
        )


@tagged("contract_recurring", "post_install", "-at_install")
class TestNotice(NoticeCase):
    """What a customer is told, on which channel, and that it stays as it was."""

    def test_placeholder_and_secret_examples(self):
        for module in (inline_placeholders, secret_box):
            failed, _tried = doctest.testmod(
                module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
            )
            self.assertFalse(failed)

    # === THE TEXT ===

    def test_overdue_notice_states_all_the_law_asks(self):
        """Res. Anatel 765/2023: motive, rules and deadlines, amount and month,
        risk of listing, time of reconnection."""
        notice = self._prepare()
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.recipient, "maria@example.com")
        body = " ".join(str(notice.body).split())
        for words in (
            "Não identificamos o pagamento",
            "99,90",
            "03/2026",
            "10/03/2026",
            "15º dia",
            "04/04/2026",  # 20/03 and fifteen days
            "60 dias",
            "proteção ao crédito",
            "até um dia",
            "765/2023",
            self.contract.code,
            self.move.name,
        ):
            self.assertIn(words, body)
        self.assertIn(self.contract.code, notice.subject)
        self.assertEqual(notice.amount, 99.90)
        self.assertEqual(notice.effective_date, date(2026, 4, 4))

    def test_sms_is_plain_and_whatsapp_keeps_the_approved_text(self):
        sms = self._prepare(channel="sms", key="test/sms")
        self.assertEqual(sms.recipient, "+5511987654321")
        self.assertIn("99,90", sms.text)
        self.assertNotIn("&", sms.text)
        self.assertNotIn("{{", sms.text)
        self.assertFalse(sms.body)

    def test_each_shipped_text_prints_on_each_channel(self):
        templates = self.env["contract.notice.template"].search([])
        self.assertGreaterEqual(len(templates), 9)
        for template in templates:
            for channel in ("email", "sms"):
                notice = self._prepare(
                    kind=template.kind,
                    template_id=template.id,
                    channel=channel,
                    key=f"{template.id}/{channel}",
                )
                self.assertEqual(notice.state, "pending", template.name)
                text = str(notice.body) if channel == "email" else notice.text
                self.assertIn(
                    "Silva" if channel == "email" else self.company.name, text
                )

    def test_a_wrong_placeholder_is_refused_and_named(self):
        for values in (
            {"subject": "A", "body": '<p t-out="object.no_such_field"/>'},
            {"sms_body": "Oi {{ object.unlink() }}"},
            {"sms_body": "Oi {{ object.partner_id.name"},
            {"sms_body": "Oi {{ object.env }}"},
            {"subject": "{{ object.company_id.password }}"},
        ):
            with self.assertRaisesRegex(ValidationError, "object|password"):
                self._create_template(**values)

    def test_whatsapp_values_match_the_approved_text(self):
        with self.assertRaisesRegex(ValidationError, "asks for 2 values"):
            self._create_template(
                whatsapp_name="a",
                whatsapp_body="Olá {{1}}, {{2}}",
                whatsapp_values="object.partner_id.name",
            )

    def test_a_text_that_cannot_be_printed_fails_alone(self):
        """A date where an amount is asked passes the check of the fields."""
        template = self._create_template(
            sms_body="{{ format_amount(object.due_date, object.currency_id) }}"
        )
        bad = self._request(template_id=template.id, channel="sms", key="bad")
        other = self._request(key="good")
        bad, good = self.env["contract.notice"]._prepare_notices([bad, other])
        self.assertEqual((bad.state, good.state), ("failed", "pending"))
        self.assertIn("format_amount", bad.error)

    # === THE CHANNEL ===

    def test_without_email_the_next_channel_is_taken(self):
        self.partner.email = False
        notice = self._prepare()
        self.assertEqual(notice.requested_channel, "email")
        self.assertEqual((notice.channel, notice.state), ("sms", "pending"))

    def test_without_any_address_nothing_is_sent_and_it_is_listed(self):
        self.partner.write({"email": "maria", "phone": "123"})
        notice = self._prepare()
        self.assertEqual(notice.state, "skipped")
        self.assertIn("No e-mail address", notice.error)
        self.assertIn("no mobile number", notice.error)
        found = self.env["contract.notice"].search(
            [("state", "=", "skipped"), ("recipient", "=", False)]
        )
        self.assertIn(notice, found)

    def test_a_fixed_line_takes_no_sms(self):
        self.partner.write({"email": False, "phone": "(11) 3071-0000"})
        self.assertEqual(self._prepare().state, "skipped")

    def test_an_opt_out_leads_to_the_next_channel(self):
        self.partner.is_email_notice_refused = True
        self.assertEqual(self._prepare().channel, "sms")

    def test_a_reminder_respects_the_opt_out_of_everything(self):
        self.partner.write(
            {"is_email_notice_refused": True, "is_sms_notice_refused": True}
        )
        template = self.env.ref("contract_recurring.notice_template_reminder_due")
        notice = self._prepare(kind="reminder", template_id=template.id)
        self.assertEqual(notice.state, "skipped")
        self.assertIn("refuses", notice.error.lower())

    def test_a_notice_of_the_law_is_sent_despite_the_opt_out(self):
        self.partner.write(
            {"is_email_notice_refused": True, "is_sms_notice_refused": True}
        )
        notice = self._prepare()
        self.assertEqual((notice.state, notice.channel), ("pending", "email"))
        self.assertTrue(notice.is_forced)

    def test_a_text_for_a_state_is_sent_when_the_contract_takes_it(self):
        """S002-06: a text for each stage; without one nothing is sent."""
        welcome = self.env.ref("contract_recurring.notice_template_welcome")
        silent = self._create_contract(activation=date(2026, 3, 10))
        self.assertFalse(silent.notice_count)
        welcome.lifecycle_state = "active"
        contract = self._create_contract(activation=date(2026, 3, 12), due_day=15)
        notice = self.env["contract.notice"].search([("contract_id", "=", contract.id)])
        self.assertEqual(notice.template_id, welcome)
        self.assertIn("12/03/2026", notice.body)
        self.assertIn(contract.code, notice.subject)
        contract._change_state("suspended", date(2026, 4, 1))
        self.assertEqual(contract.notice_count, 1)

    # === ONCE ===

    def test_the_same_key_gives_the_same_notice(self):
        first = self._prepare()
        again = self.env["contract.notice"]._prepare_notices(
            [self._request(), self._request(), self._request(key="test/2")]
        )
        self.assertEqual(len(again), 2)
        self.assertEqual(again[0], first)

    # === EVIDENCE ===

    def test_nobody_changes_or_deletes_a_notice(self):
        notice = self._prepare()
        manager = self._create_user("manager", "group_contract_manager")
        with self.assertRaises(AccessError):
            notice.with_user(manager).write({"state": "sent"})
        with self.assertRaises(AccessError):
            notice.with_user(manager).unlink()
        with self.assertRaises(UserError):
            notice.unlink()
        notice.write({"state": "sent"})
        for values in ({"body": "outro"}, {"recipient": "x@example.com"}):
            with self.assertRaisesRegex(UserError, "cannot change"):
                notice.write(values)

    def test_another_company_reads_none_of_it(self):
        notice = self._prepare()
        intruder = self._create_user("intruder", "group_contract_manager")
        company = self.env["res.company"].create({"name": "Outro Provedor"})
        intruder.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            notice.with_user(intruder).read(["body"])
        self.assertFalse(self.env["contract.notice"].with_user(intruder).search([]))
        with self.assertRaises(AccessError):
            notice.with_user(intruder).action_resend()

    def test_sending_again_is_a_permission_and_makes_another_notice(self):
        notice = self._prepare()
        notice.write({"state": "uncertain"})
        operator = self._create_user("operator", "group_contract_operator")
        with self.assertRaisesRegex(UserError, "may not"):
            notice.with_user(operator).action_resend()
        clerk = self._create_user("clerk", "group_contract_billing")
        notice.with_user(clerk).with_context(queue_job__no_delay=False).action_resend()
        self.assertEqual(notice.state, "uncertain")
        self.assertEqual(notice.resent_ids.state, "pending")
        with self.assertRaisesRegex(UserError, "need not"):
            notice.with_user(clerk).action_resend()


@tagged("contract_recurring", "post_install", "-at_install")
class TestDossier(NoticeCase):
    """The evidence dossier: all that proves what happened, on paper."""

    def _print(self, report, record):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(report, record.ids)
        self.assertEqual(kind, "pdf")
        return read_pdf(content)

    def test_dossier_says_what_was_charged_told_and_paid(self):
        notice = self._prepare()
        notice.write({"state": "sent", "provider_ref": "<id-4711@provedor>"})
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"payment_date": date(2026, 3, 25)})._create_payments()
        words = self._print("contract_recurring.report_contract_dossier", self.contract)
        for expected in (
            self.contract.code,
            "Maria da Silva",
            self.move.name,
            "99,90",
            "25/03/2026",
            "maria@example.com",
            "Não identificamos o pagamento",
            "id-4711@provedor",
            "Fibra 500",
        ):
            self.assertIn(expected, words)

    def test_dossier_tells_each_step_of_dunning(self):
        """Noticed on 13/03, the block of 28/03 held, listed on 20/04."""
        notice = self._prepare()
        notice.write({"state": "sent", "noticed_on": date(2026, 3, 13)})
        steps = {"contract_id": self.contract.id, "move_id": self.move.id}
        entries = self.env["contract.dunning.entry"].create(
            [
                {
                    **steps,
                    "kind": "notice",
                    "date": date(2026, 3, 12),
                    "notice_id": notice.id,
                },
                {
                    **steps,
                    "kind": "block",
                    "date": date(2026, 3, 28),
                    "state": "held",
                    "hold": "no_notice",
                },
                {**steps, "kind": "credit_bureau", "date": date(2026, 4, 20)},
            ]
        )
        listing = self.env["contract.credit.listing"]._enter(
            entries[2], date(2026, 4, 20)
        )
        listing.write({"state": "listed", "listed_on": date(2026, 4, 22)})
        words = self._print("contract_recurring.report_contract_dossier", self.contract)
        portuguese = entries.with_context(lang="pt_BR").env
        holds = dict(entries._fields["hold"]._description_selection(portuguese))
        for expected in (
            "12/03/2026",
            "13/03/2026",
            "28/03/2026",
            holds["no_notice"],
            "20/04/2026",
            "22/04/2026",
        ):
            self.assertIn(expected, " ".join(words.split()))

    def test_dossier_of_an_invoice_leaves_the_others_out(self):
        self._prepare()
        self._bill_month(date(2026, 4, 1))
        other = self.contract.charge_ids.move_id - self.move
        words = self._print("contract_recurring.report_invoice_dossier", other)
        self.assertIn(other.name, words)
        self.assertNotIn(self.move.name, words)
        self.assertNotIn("Não identificamos", words)
