from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.contract_recurring.tests.test_print_contract import read_pdf
from odoo.addons.contract_recurring.tools.instalments import Terms

from .simulated import SmtpServer
from .test_notice_whatsapp import WhatsappCase

ONE_DAY = timedelta(1)
CUSTOMER = "maria@example.com"
STEPS = [
    {"kind": "reminder", "channel": "email", "reminder_days": "5"},
    {"kind": "reminder", "channel": "whatsapp", "reminder_days": "0"},
    {"kind": "notice", "channel": "email", "days": 3},
    {"kind": "reduce", "anchor": "due", "days": 7},
    {"kind": "block_warning", "channel": "whatsapp", "anchor": "notice", "days": 12},
    {"kind": "block", "anchor": "notice", "days": 15},
    {"kind": "termination_notice", "channel": "email", "anchor": "block", "days": 30},
    {"kind": "cancel", "anchor": "block", "days": 60},
]


@tagged("contract_recurring", "post_install", "-at_install")
class TestDunningStory(WhatsappCase):
    """One debt from the reminder to the end of the contract.

    On paper: R$ 99,90 fall due on Tuesday 10/03/2026. The notice of 13/03 and
    fifteen days give 28/03 for the block. On 06/04 the debt is 27 days late:
    fine 2 % = 2,00; interest 99,90 × 1 % ÷ 30 × 27 = 0,90; together 102,80, in
    two instalments of 51,40. The first is paid on 08/04 and restores service.
    The second, due on 11/05, is never paid; five days later the agreement is
    broken, the invoice is open again with 99,90 − 51,40 = 48,50, and the
    service is blocked on 17/05. Sixty days on, 16/07, the contract ends.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.agreement_break_days = 5
        cls.company.dunning_policy_id = cls.env["contract.dunning.policy"].create(
            {
                "name": "Régua",
                "is_reduction_gated": False,
                "terminate_reason_id": cls.env.ref(
                    "contract_recurring.terminate_reason_unpaid"
                ).id,
                "step_ids": [
                    Command.create({"sequence": number, **step})
                    for number, step in enumerate(STEPS)
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(IrMail_Server, "_disable_send", lambda _: False))
        self.whatsapp = self.enterContext(self._start_api())
        self.smtp = self.enterContext(SmtpServer())
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.smtp.port,
            }
        )

    # === STEPS ===

    def _live_until(self, last_day):
        """Let each day pass with its runs, sending what they prepare for real."""
        while self.today < last_day:
            self.today += ONE_DAY
            with freeze_time(f"{self.today} 12:00:00"):
                self.env["contract.debt.agreement"]._cron_break_agreements(self.today)
                self.env["contract.dunning.run"]._cron_start_daily(self.today)
                self._send()

    def _send(self):
        notices = self.env["contract.notice"].search([("state", "=", "pending")])
        with self.enter_registry_test_mode():
            notices._send()

    def _pay(self, move, day):
        with freeze_time(f"{day} 12:00:00"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"payment_date": day})._create_payments()

    def _get_taken(self):
        """Return [(day, step)] of the invoice, in their order."""
        return [
            (entry.date.strftime("%d/%m"), entry.kind)
            for entry in self.move.dunning_entry_ids.sorted("id")
            if entry.state == "done" and entry.contract_id == self.contract
        ]

    def assertService(self, *days):
        """The events tell these services since the debt: (first day, service)."""
        told = [
            (event.effective_date.strftime("%d/%m"), event.to_state)
            for event in self.contract.event_ids.sorted("id")
            if event.kind == "service_state" and event.from_state != "none"
        ]
        self.assertEqual(told, list(days))

    # === THE STORY ===

    def test_from_the_reminder_to_the_goodbye(self):
        self.assertEqual(self.move.amount_residual, 99.90)
        self.assertEqual(self.move.invoice_date_due, date(2026, 3, 10))
        self.today = date(2026, 3, 4)

        self._live_until(date(2026, 3, 27))
        self.assertEqual(
            self._get_taken(),
            [
                ("05/03", "reminder"),
                ("10/03", "reminder"),
                ("13/03", "notice"),
                ("17/03", "reduce"),
                ("25/03", "block_warning"),
            ],
        )
        # the fourteenth day after the notice: not yet
        self.assertService(("17/03", "reduced"))
        reminder, notice = self.smtp.received_by(CUSTOMER)
        self.assertIn("99,90", reminder.get_body(("html",)).get_content())
        self.assertIn("765/2023", notice.get_body(("html",)).get_content())
        self.assertEqual(len(self.whatsapp.accepted), 2)

        self._live_until(date(2026, 3, 28))
        self.assertService(("17/03", "reduced"), ("28/03", "blocked"))
        self._live_until(date(2026, 4, 6))

        agreement = self._agree(date(2026, 4, 6))
        self.assertEqual(self.contract.service_state, "blocked")
        self._live_until(date(2026, 4, 8))
        first, second = agreement.instalment_ids.sorted("number").move_id
        self._pay(first, date(2026, 4, 8))
        self.assertEqual(self.contract.service_state, "full")

        self._live_until(date(2026, 5, 16))
        self.assertEqual(self.contract.service_state, "full")
        self.assertEqual(agreement.state, "running")
        self._live_until(date(2026, 5, 17))
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(second.payment_state, "reversed")
        self.assertEqual(self.move.amount_residual, 48.50)
        self.assertEqual(self.contract.service_state, "blocked")

        self._live_until(date(2026, 7, 15))
        self.assertEqual(self.contract.lifecycle_state, "active")
        self._live_until(date(2026, 7, 16))
        self.assertEqual(self.contract.lifecycle_state, "closed")
        self.assertService(
            ("17/03", "reduced"),
            ("28/03", "blocked"),
            ("08/04", "full"),
            ("17/05", "blocked"),
            ("16/07", "none"),
        )
        self.assertEqual(
            self._get_taken()[5:],
            [("28/03", "block"), ("16/06", "termination_notice"), ("16/07", "cancel")],
        )
        self._check_dossier()

    def _agree(self, day):
        with freeze_time(f"{day} 12:00:00"):
            fine, interest = self.move._get_late_charges(day)
            self.assertEqual((round(fine, 2), round(interest, 2)), (2.00, 0.90))
            agreement = self.env["contract.debt.agreement"]._agree(
                self.move, Terms(count=2, first_due=date(2026, 4, 10)), day
            )
        self.assertEqual(agreement.total_amount, 102.80)
        parts = agreement.instalment_ids.sorted("number")
        self.assertEqual(parts.mapped("amount"), [51.40, 51.40])
        self.assertEqual(self.move.amount_residual, 0)
        return agreement

    def _check_dossier(self):
        """The whole story is on paper, with addresses and the providers' answers."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, _kind = report._render_qweb_pdf(
            "contract_recurring.report_contract_dossier", self.contract.ids
        )
        text = " ".join(read_pdf(pdf).split())
        for words in (self.contract.code, self.move.name, CUSTOMER, "5511987654321"):
            self.assertIn(words, text)
        notices = self.env["contract.notice"].search(
            [("contract_id", "=", self.contract.id), ("channel", "=", "whatsapp")]
        )
        for notice in notices:
            self.assertIn(notice.provider_ref, text.replace(" ", ""))
