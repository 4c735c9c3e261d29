from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractDocuments(ContractCase):
    """What is kept with a contract: documents, rules, guarantor, history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.licence = cls.env.ref("contract_recurring.document_type_driver")
        cls.licence.notice_days = 30
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))

    def _create_document(self, valid_until, **values):
        return self.env["contract.document"].create(
            {
                "contract_id": self.contract.id,
                "type_id": self.licence.id,
                "number": "123",
                "valid_until": valid_until,
                **values,
            }
        )

    # === DOCUMENTS ===

    @freeze_time("2026-06-10 12:00:00")
    def test_expired_documents_are_found(self):
        past = self._create_document(date(2026, 6, 9))
        last_day = self._create_document(date(2026, 6, 10))
        endless = self._create_document(False)
        documents = past + last_day + endless
        self.assertEqual(documents.filtered("is_expired"), past)
        found = documents.search(
            [("is_expired", "=", True), ("id", "in", documents.ids)]
        )
        self.assertEqual(found, past)
        found = documents.search(
            [("is_expired", "=", False), ("id", "in", documents.ids)]
        )
        self.assertEqual(found, last_day + endless)

    def test_reminder_comes_once_for_each_validity(self):
        """Notice of 30 days: what expires on 10/07 is recalled from 10/06 on."""
        document = self._create_document(date(2026, 7, 10))
        documents = self.env["contract.document"]
        documents._cron_remind_expiring(date(2026, 6, 9))
        self.assertFalse(self.contract.activity_ids)
        documents._cron_remind_expiring(date(2026, 6, 10))
        activity = self.contract.activity_ids
        self.assertEqual(activity.date_deadline, date(2026, 7, 10))
        self.assertEqual(activity.user_id, self.contract.user_id)
        documents._cron_remind_expiring(date(2026, 6, 11))
        self.assertEqual(len(self.contract.activity_ids), 1)
        document.valid_until = date(2027, 7, 10)
        documents._cron_remind_expiring(date(2027, 7, 1))
        self.assertEqual(len(self.contract.activity_ids), 2)

    @freeze_time("2026-06-10 01:30:00")
    def test_reminder_follows_the_day_of_the_company(self):
        """It is 22:30 of 09/06 in São Paulo; 30 days before 10/07 is 10/06."""
        self._create_document(date(2026, 7, 10))
        self.env["contract.document"]._cron_remind_expiring()
        self.assertFalse(self.contract.activity_ids)

    # === RULES OF THE SERVICE (S003-01 … 05) ===

    def test_plan_gives_its_rules_to_the_contract(self):
        rules = {
            "service_type": "seac",
            "response_hours": 4,
            "repair_hours": 24,
            "attendance_days": "weekdays",
            "attendance_from": 9,
            "attendance_to": 17.5,
            "communication_rules": "Somente por e-mail",
            "planned_visits": 2,
            "visit_schedule": "Primeira terça-feira",
        }
        plan = self._create_plan(
            "Empresa",
            {self.television: 300},
            accepted_document_type_ids=[Command.set(self.licence.ids)],
            **rules,
        )
        contract = self._create_contract(plan=plan)
        for name, value in rules.items():
            self.assertEqual(contract[name], value)
        self.assertEqual(contract.accepted_document_type_ids, self.licence)
        plan.response_hours = 8
        self.assertEqual(contract.response_hours, 4)

    def test_another_plan_brings_its_rules(self):
        plan = self._create_plan(
            "Empresa", {self.internet: 300}, service_type="sva", repair_hours=8
        )
        self.contract._change_plan(plan, date(2026, 4, 10))
        self.assertEqual(self.contract.service_type, "sva")
        self.assertEqual(self.contract.repair_hours, 8)

    def test_hours_of_attendance_lie_in_a_day(self):
        for first, last in ((18, 8), (-1, 8), (8, 25)):
            with self.assertRaises(ValidationError):
                self.plan.write({"attendance_from": first, "attendance_to": last})

    # === INSTALLATION AND GUARANTOR ===

    def test_balance_of_the_installation(self):
        self.contract.write(
            {
                "installation_cost": 250.0,
                "installation_discount": 50.0,
                "installation_paid": 120.0,
            }
        )
        self.assertEqual(self.contract.installation_balance, 80.0)  # 250 - 50 - 120
        with self.assertRaises(ValidationError):
            self.contract.installation_discount = 250.01

    def test_nobody_is_the_own_guarantor(self):
        with self.assertRaises(ValidationError):
            self.contract.guarantor_id = self.partner

    # === HISTORY (S004-112) ===

    def test_history_tells_events_and_edits_with_their_user(self):
        operator = self._create_user("editor", "group_contract_operator")
        contract = self.contract.with_user(operator).with_context(
            tracking_disable=False
        )
        contract.write({"response_hours": 6, "address_reference": "Campo"})
        contract.write({"is_note_printed": True})
        self.env.flush_all()
        self.cr.flush()  # as the end of a transaction does
        history = contract.history_ids
        kinds = history.event_id.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["created", "lifecycle", "service_state"])
        edits = {
            entry.description: entry
            for entry in history.filtered(lambda entry: not entry.event_id)
        }
        landmark = edits["Landmark"]
        self.assertEqual((landmark.before, landmark.after), (False, "Campo"))
        self.assertEqual(landmark.partner_id, operator.partner_id)
        self.assertEqual(edits["Print the Note"].after, "Yes")
        self.assertEqual(edits["Response Within (Hours)"].after, "6.0")
