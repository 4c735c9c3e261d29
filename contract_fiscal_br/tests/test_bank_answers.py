import doctest
from datetime import date
from decimal import Decimal

from brbank.modelos import TituloRegistrado

from odoo.tests import BaseCase, tagged

from ..tools import api_events, bank_error, bank_report

DAY = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestBankAnswers(BaseCase):
    def test_examples(self):
        for module in (api_events, bank_error, bank_report):
            with self.subTest(module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    # === BOLETOS ===

    def _read_boleto(self, status, **values):
        answer = TituloRegistrado(banco="756", id_banco="7", status=status, **values)
        return api_events.read_boleto(answer, Decimal("99.90"), DAY)

    def test_open_boleto_tells_nothing(self):
        self.assertIsNone(self._read_boleto("REGISTRADO", valor_pago="99.90"))

    def test_boleto_is_paid_on_the_day_the_bank_tells(self):
        paid = {"valor_pago": "102.10", "data_pagamento": date(2026, 3, 9)}
        event = self._read_boleto("LIQUIDADO", **paid)
        self.assertEqual((event.kind, event.paid), ("paid", Decimal("102.10")))
        self.assertEqual(event.amount, Decimal("99.90"))
        self.assertEqual(event.occurred_on, date(2026, 3, 9))
        self.assertEqual(event.credit_date, date(2026, 3, 9))

    def test_payment_without_an_amount_is_not_guessed(self):
        event = self._read_boleto("LIQUIDADO")
        self.assertEqual((event.kind, event.paid), ("paid", Decimal(0)))
        self.assertEqual((event.occurred_on, event.credit_date), (DAY, None))

    def test_boleto_written_off_brings_no_money(self):
        event = self._read_boleto("BAIXADO", valor_pago="99.90")
        self.assertEqual((event.kind, event.paid), ("written_off", Decimal(0)))
        self.assertIsNone(event.credit_date)
