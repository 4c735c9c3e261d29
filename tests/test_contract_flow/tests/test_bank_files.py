from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.contract_fiscal_br.tests.common import CollectionCase

from .simulated import BankFiles

SENT = date(2026, 3, 2)
PAID = date(2026, 3, 10)
RETURNED = date(2026, 3, 11)


@tagged("post_install", "-at_install")
class TestBankFiles(CollectionCase):
    """A remittance of ours reaches a bank written from its manuals, and comes back."""

    # Bank and layout whose files the simulator knows.
    BANKS = [
        ("341", "cnab400"),
        ("237", "cnab400"),
        ("033", "cnab400"),
        ("001", "cnab240"),
        ("756", "cnab240"),
        ("748", "cnab240"),
    ]

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()
        cls.moves = cls.env["account.move"].union(
            *(cls._bill_contract(date(2026, 3, 1)) for _number in range(6))
        )

    def _issue(self, bank, layout):
        """Return the boletos of the invoices, issued anew at a bank."""
        account = self._create_account(bank, layout=layout)
        self.moves.collection_title_ids.state = "cancelled"
        self.moves.payment_mode_id = self._create_payment_mode(account)
        self.moves.action_issue_boleto()
        return account.env["collection.title"].search(
            [("account_id", "=", account.id)], order="id"
        )

    def _send(self, bank, titles):
        account = titles.account_id
        return account._get_driver()._write_remittance(
            account, titles.instruction_ids.sorted("id"), 1, SENT
        )

    def _read(self, titles, data):
        account = titles.account_id
        return account._get_driver()._read_return(account, data)

    def _get_unknown(self, account):
        """Return a number the company never issued, and its check digit."""
        driver = account._get_driver()
        if account.bank == "748":
            return "26200777", driver._get_nosso_numero_digit(account, "26200777")
        return "777", driver._get_check_digit(account, "777", "")

    def test_every_title_comes_back_as_it_went(self):
        for bank, layout in self.BANKS:
            with self.subTest(bank):
                titles = self._issue(bank, layout)
                simulator = BankFiles()
                simulator.refuse(titles[5].nosso_numero, reason="45")
                simulator.receive(self._send(bank, titles), on=SENT)
                self.assertEqual(
                    {(t.number, t.due_date) for t in simulator.titles.values()},
                    {(t.nosso_numero, t.due_date) for t in titles},
                )
                found = self._read(titles, simulator.make_return(SENT))
                self.assertEqual(
                    [(event.nosso_numero, event.kind) for event in found.events],
                    [
                        *((title.nosso_numero, "registered") for title in titles[:5]),
                        (titles[5].nosso_numero, "rejected"),
                    ],
                )
                # Santander's reasons have three digits
                self.assertEqual(
                    found.events[5].reasons, ("045" if bank == "033" else "45",)
                )

    def test_payments_come_back_to_the_cent(self):
        for bank, layout in self.BANKS:
            with self.subTest(bank):
                titles = self._issue(bank, layout)
                simulator = BankFiles()
                simulator.receive(self._send(bank, titles), on=SENT)
                simulator.make_return(SENT)
                numbers = titles.mapped("nosso_numero")
                amount = Decimal(str(titles[0].amount))
                simulator.pay(numbers[0], PAID)
                simulator.pay(numbers[1], PAID, interest="3.07")
                simulator.pay(numbers[2], PAID, amount="10.00")
                simulator.pay(numbers[0], PAID)
                simulator.write_off(numbers[3], PAID)
                simulator.tell(numbers[4], "66", PAID)
                number, check = self._get_unknown(titles.account_id)
                simulator.pay_unknown(number, "55.00", PAID, check=check)
                found = self._read(titles, simulator.make_return(RETURNED))
                # Santander's files of 400 columns need no number
                self.assertEqual(found.file_number, 0 if bank == "033" else 2)
                self.assertEqual(found.created_on, RETURNED)
                self.assertEqual(
                    [
                        (event.nosso_numero, event.kind, event.paid)
                        for event in found.events
                    ],
                    [
                        (numbers[0], "paid", amount),
                        (numbers[1], "paid", amount + Decimal("3.07")),
                        (numbers[2], "paid", Decimal("10.00")),
                        (numbers[0], "paid", amount),
                        (numbers[3], "written_off", 0),
                        (numbers[4], "unknown", found.events[5].paid),
                        (number, "paid", Decimal("55.00")),
                    ],
                )
                self.assertEqual(found.events[0].fee, Decimal("2.10"))

    def test_changes_are_answered(self):
        for bank, layout in self.BANKS:
            with self.subTest(bank):
                titles = self._issue(bank, layout)
                simulator = BankFiles()
                simulator.receive(self._send(bank, titles), on=SENT)
                simulator.make_return(SENT)
                titles.instruction_ids.state = "sent"
                asked = titles[0]._instruct("change_due_date", due_date=PAID)
                asked |= titles[1]._instruct("change_amount", amount=1.0)
                asked |= titles[2]._instruct("write_off")
                account = titles.account_id
                simulator.receive(
                    account._get_driver()._write_remittance(account, asked, 2, SENT),
                    on=SENT,
                )
                found = self._read(titles, simulator.make_return(SENT))
                self.assertEqual(
                    sorted((e.nosso_numero, e.kind) for e in found.events),
                    sorted(
                        [
                            (titles[0].nosso_numero, "changed"),
                            (titles[1].nosso_numero, "changed"),
                            (titles[2].nosso_numero, "written_off"),
                        ]
                    ),
                )

    def test_pix_of_the_bank_comes_back_with_its_title(self):
        titles = self._issue("748", "cnab240")
        titles.account_id.write(
            {
                "is_hybrid": True,
                "sends_instructions": True,
                "instructions": "Não receber em cheque.",
            }
        )
        simulator = BankFiles()
        simulator.refuse(titles[1].nosso_numero, reason="45")
        simulator.receive(self._send("748", titles), on=SENT)
        self.assertEqual(
            simulator.titles[titles[0].nosso_numero].raw["messages"],
            "01NAO RECEBER EM CHEQUE.",
        )
        found = self._read(titles, simulator.make_return(SENT))
        txids = {event.nosso_numero: event.txid for event in found.events}
        for title in titles:
            expected = f"748{title.nosso_numero}".zfill(26)
            if title == titles[1]:
                expected = ""
            self.assertEqual(txids[title.nosso_numero], expected)
        for event in found.events:
            self.assertIn(event.txid, event.pix_copy_paste)
            self.assertEqual(bool(event.txid), bool(event.pix_copy_paste))

    def test_pix_of_the_bank_by_400_columns(self):
        """Santander and Itaú are asked title by title, Bradesco by the agreement."""
        for bank in ("033", "237", "341"):
            with self.subTest(bank):
                titles = self._issue(bank, "cnab400")
                titles.account_id.write(
                    {"is_hybrid": True, "pix_key": "cobranca@provedor.example"}
                )
                simulator = BankFiles(makes_pix=bank == "237")
                simulator.refuse(titles[1].nosso_numero, reason="45")
                simulator.receive(self._send(bank, titles), on=SENT)
                found = self._read(titles, simulator.make_return(SENT))
                codes = {e.nosso_numero: e.pix_copy_paste for e in found.events}
                for title in titles - titles[1]:
                    txid = f"{bank}{title.nosso_numero}".zfill(26)
                    self.assertIn(f"/cobv/{txid}5204", codes[title.nosso_numero])
                self.assertEqual(codes[titles[1].nosso_numero], "")
