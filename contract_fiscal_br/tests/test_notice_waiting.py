from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .settle_common import SettleCase

PIX = "00020101021226BANCO6304ABCD"


@tagged("post_install", "-at_install")
class TestNoticeWaiting(SettleCase):
    """An invoice goes to its customer once the bank has registered its boleto.

    It is due on 10/03/2026 and billed on 25/02; sent on 05/03 in any case.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.write({"email": "maria@example.com", "lang": "pt_BR"})
        cls.env["res.lang"]._activate_lang("pt_BR")

    def setUp(self):
        super().setUp()
        self._go_to("2026-02-25")

    def _go_to(self, day):
        self.enterContext(freeze_time(f"{day} 12:00:00"))

    def _send_billed(self, move=None):
        move = move or self.move
        move._send_billed()
        return move.contract_notice_ids

    def _answer(self, kind, title=None, **values):
        """Let the bank answer, and the cron that is woken by it run."""
        wakes = self._count_wakes()
        self._settle(self._tell(kind, title or self.title, date(2026, 2, 26), **values))
        self.env["contract.notice"]._queue_waiting()
        return self._count_wakes() - wakes

    def _count_wakes(self):
        cron = self.env.ref("contract_recurring.ir_cron_resume_notices")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def _get_tile(self):
        overview = self.env["contract.overview"].get_overview()
        tiles = [tile for section in overview["sections"] for tile in section["tiles"]]
        return next(tile["count"] for tile in tiles if tile["key"] == "unpayable")

    def test_waits_for_the_bank_and_goes_with_its_pix(self):
        notice = self._send_billed()
        self.assertEqual(
            (notice.state, notice.wait_reason), ("waiting", "registration")
        )
        self.assertEqual(notice.wait_until, date(2026, 3, 5))
        self._go_to("2026-02-26")
        woken = self._answer("registered", pix_copy_paste=PIX)
        self.assertEqual(woken, 1)
        self.assertEqual((notice.state, notice.wait_reason), ("pending", False))
        self.assertEqual(notice.pix_codes, PIX)
        self.assertIn(PIX, str(notice.body))
        self.assertIn(self.title.digitable_line, str(notice.body))

    def test_an_answer_told_twice_sends_once(self):
        notice = self._send_billed()
        self._answer("registered")
        notice.sudo().state = "sent"
        self.assertEqual(self._answer("registered"), 0)
        self._go_to("2026-03-05")
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual(self._send_billed(), notice)
        self.assertEqual(notice.state, "sent")

    def test_registered_before_it_goes_at_once(self):
        self._answer("registered")
        self.assertEqual(self._send_billed().state, "pending")

    def test_confirmed_while_it_was_prepared_the_cron_finds_it(self):
        """The bank answered after the job had read the title: nobody was woken."""
        notice = self._send_billed()
        self.title.state = "registered"
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual(notice.state, "pending")

    def test_sent_without_the_banks_word_it_needs_a_look(self):
        notice = self._send_billed()
        self.assertEqual(self._get_tile(), 0)
        self._go_to("2026-03-05")
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual(notice.state, "pending")
        self.assertIn(self.title.digitable_line, str(notice.body))
        self.assertEqual(self._get_tile(), 1)
        self._answer("registered")
        self.assertEqual(self._get_tile(), 0)
        self.assertEqual(notice.wait_reason, "registration")  # as it left

    def test_refused_it_waits_for_another_boleto(self):
        notice = self._send_billed()
        self._answer("rejected")
        self.assertEqual((notice.state, notice.wait_reason), ("waiting", "refused"))
        self.assertEqual(self.move._get_payment_slips(), [])
        self.assertTrue(self.title.event_ids.filtered("to_look"))
        self.move.action_issue_boleto()
        new = self.move.collection_title_ids - self.title
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual(notice.wait_reason, "registration")
        self._answer("registered", new)
        self.assertEqual(notice.state, "pending")
        self.assertIn(new.digitable_line, str(notice.body))
        self.assertNotIn(self.title.digitable_line, str(notice.body))

    def test_refused_until_the_last_day_it_goes_without_a_dead_boleto(self):
        notice = self._send_billed()
        self._answer("rejected")
        self._go_to("2026-03-05")
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual((notice.state, notice.wait_reason), ("pending", "refused"))
        self.assertNotIn(self.title.digitable_line, str(notice.body))
        self.assertEqual(self._get_tile(), 1)

    def test_a_boleto_that_could_not_be_issued_is_waited_for(self):
        self.title._change("write_off")
        self.partner.vat = False
        self.env["collection.title"]._issue_possible(self.move, date(2026, 2, 25))
        self.assertTrue(self.move.boleto_obstacle)
        notice = self._send_billed()
        self.assertEqual((notice.state, notice.wait_reason), ("waiting", "refused"))
        self.assertTrue(notice.is_boleto_unpayable)

    def test_without_boleto_nothing_is_waited_for(self):
        self.title._change("write_off")
        self.assertFalse(self.title._is_current())
        self.assertEqual(self._send_billed().state, "pending")

    def test_debits_and_pix_automatico_are_not_waited_for(self):
        for backend in ("cnab_debit", "pix_automatic"):
            self._set_backend(backend)
            self.assertFalse(self.move._get_payment_slip_waits(), backend)
        for backend in ("cnab_file", "bank_api", "pix_api"):
            self._set_backend(backend)
            self.assertTrue(self.move._get_payment_slip_waits(), backend)

    def _set_backend(self, backend):
        """Write it past the checks of what each way to the bank asks for."""
        self.env.cr.execute("UPDATE collection_account SET backend = %s", [backend])
        self.env.invalidate_all()

    def test_a_paid_invoice_waits_no_longer(self):
        notice = self._send_billed()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({})._create_payments()
        self.env["contract.notice"]._queue_waiting()
        self.assertEqual((notice.state, notice.error), ("skipped", "Paid already"))

    def test_search_finds_what_waits(self):
        """Not registered, refused, issued anew, registered: the database finds what
        the notice says."""
        notice = self._send_billed()

        def check(expected):
            for value in (True, False):
                found = notice.search(
                    [("id", "=", notice.id), ("is_boleto_unpayable", "=", value)]
                )
                self.assertEqual(bool(found), value is expected)
            notice.invalidate_recordset()
            self.assertIs(notice.is_boleto_unpayable, expected)

        check(True)
        self._answer("rejected")
        check(True)
        self.move.action_issue_boleto()
        check(True)
        self._answer("registered", self.move.collection_title_ids - self.title)
        check(False)

    def test_send_and_print_warns(self):
        def get_alerts():
            wizard = self.env["account.move.send.wizard"]
            return wizard.create({"move_id": self.move.id}).alerts or {}

        self.assertEqual(get_alerts()["contract_unpayable"]["level"], "warning")
        self._answer("registered")
        self.assertNotIn("contract_unpayable", get_alerts())

    def test_a_booklet_waits_too(self):
        """Its first invoice is due on 10/03."""
        booklet = self.env["payment.booklet"]._make(self.contract, self.move)
        booklet.action_send()
        booklet.action_send()  # pressed again, for nothing seems to happen
        notice = booklet.notice_ids
        self.assertEqual(
            (notice.state, notice.wait_until), ("waiting", date(2026, 3, 5))
        )
        self._answer("registered")
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.payment_booklet_id, booklet)
        self.assertEqual(notice.key, f"booklet/{booklet.id}/1")
