from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .test_receivable import ReceivableCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestAlert(ReceivableCase):
    """Staff are told what the system cannot settle alone (S000-18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk_a", "group_contract_billing")
        cls.seller = cls._create_user("seller_a", "group_contract_operator")
        cls.outsider = cls.env["res.users"].create(
            {"name": "Outsider", "login": "outsider_a"}
        )
        cls.company.write(
            {"is_contract_alerted": True, "contract_alert_user_id": cls.clerk.id}
        )
        cls.contract.user_id = False

    def _raise_alerts(self):
        self.env["contract.contract"]._cron_raise_alerts()
        self.contract.invalidate_recordset(["activity_ids"])
        return self.contract.activity_ids

    def _hold(self):
        return self._take_step(
            self.contract, self.move, "block", date(2026, 3, 20), state="held"
        )

    def test_a_held_step_is_told_once_and_closed_when_it_goes(self):
        entry = self._hold()
        activity = self._raise_alerts()
        kind = self.env.ref("contract_recurring.activity_alert_held")
        self.assertEqual(activity.activity_type_id, kind)
        self.assertEqual(activity.user_id, self.clerk)
        self.assertEqual(self._raise_alerts(), activity)
        entry.state = "done"
        self.assertFalse(self._raise_alerts())
        self.assertIn(
            "Settled by itself", str(self.contract.message_ids.mapped("body"))
        )

    @freeze_time("2026-03-21 01:30:00")
    def test_the_day_is_the_company_s(self):
        """It is 22:30 of 20/03 in São Paulo."""
        self._hold()
        self.assertEqual(self._raise_alerts().date_deadline, date(2026, 3, 20))

    def test_the_clerk_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        kind = self.env.ref("contract_recurring.activity_alert_held")
        kind.with_context(lang="pt_BR").summary = "Ver o que a lei pede"
        self.clerk.lang = "pt_BR"
        self._hold()
        self.assertEqual(self._raise_alerts().summary, "Ver o que a lei pede")

    def test_the_salesperson_is_told_before_the_clerk(self):
        self._hold()
        self.contract.user_id = self.seller
        self.assertEqual(self._raise_alerts().user_id, self.seller)

    def test_nobody_is_told_of_what_he_may_not_see(self):
        self._hold()
        self.contract.user_id = self.outsider
        self.assertEqual(self._raise_alerts().user_id, self.clerk)
        self.company.contract_alert_user_id = False
        self.contract.activity_ids.unlink()
        self.assertFalse(self._raise_alerts())

    def test_an_uncertain_notice_and_an_obstacle_are_told(self):
        notice = self.env["contract.notice"]._prepare_notices(
            [
                {
                    "contract_id": self.contract.id,
                    "move_ids": self.move.ids,
                    "kind": "notice",
                    "channel": "email",
                    "key": "alert/1",
                }
            ]
        )
        notice.sudo().state = "uncertain"
        self.contract.journal_id = False
        kinds = self._raise_alerts().activity_type_id
        self.assertEqual(
            kinds,
            self.env.ref("contract_recurring.activity_alert_notice")
            | self.env.ref("contract_recurring.activity_alert_billing"),
        )

    def test_the_switch_turns_it_off(self):
        self._hold()
        self.company.is_contract_alerted = False
        self.assertFalse(self._raise_alerts())


@tagged("contract_recurring", "post_install", "-at_install")
class TestRating(ReceivableCase):
    """Customers are asked, if they want to be, and the answer is shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "maria@example.com"

    def _get_requests(self, contract=None):
        return self.env["rating.rating"].search(
            [
                ("res_model", "=", "contract.contract"),
                ("res_id", "=", (contract or self.contract).id),
            ]
        )

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "contract.contract"), ("res_id", "=", self.contract.id)]
        )

    def test_the_answer_is_shown_on_the_contract(self):
        self.contract._request_rating()
        rating = self._get_requests()
        self.assertEqual(rating.partner_id, self.partner)
        mail = self._get_mails()
        self.assertIn(f"/rate/{rating.access_token}/5", mail.body_html)
        self.assertIn(self.contract.code, mail.body_html)
        self.contract.rating_apply(1, token=rating.access_token, feedback="Lenta")
        self.assertEqual(self.contract.rating_last_text, "ko")
        self.assertEqual(self.contract.rating_count, 1)
        action = self.contract.action_view_ratings()
        found = self.env["rating.rating"].search(action["domain"])
        self.assertEqual(found.feedback, "Lenta")

    def test_asked_when_the_contract_takes_the_state(self):
        self.company.contract_rating_state = "active"
        contract = self._create_contract()
        self.assertFalse(self._get_requests(contract))
        contract._activate(date(2026, 3, 20))
        self.assertEqual(len(self._get_requests(contract)), 1)

    def test_not_asked_twice_within_the_days(self):
        self.assertEqual(self.contract._request_rating(), self.contract)
        self.assertFalse(self.contract._request_rating())
        self.company.contract_rating_every_days = 0
        self._get_requests().consumed = True
        self.env.cr.execute("UPDATE rating_rating SET create_date = '2026-03-19'")
        self.assertEqual(self.contract._request_rating(), self.contract)

    def test_who_refuses_e_mails_or_has_none_is_not_asked(self):
        self.partner.is_email_notice_refused = True
        self.assertFalse(self.contract._request_rating())
        self.partner.write({"is_email_notice_refused": False, "email": False})
        self.assertFalse(self.contract._request_rating())
        self.assertFalse(self._get_requests())
        message = self.contract.action_request_rating()["params"]["message"]
        self.assertIn("0 customers", message)

    def test_a_reader_asks_nobody(self):
        reader = self._create_user("reader_q", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader).action_request_rating()
