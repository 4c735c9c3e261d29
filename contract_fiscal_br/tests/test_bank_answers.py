import doctest

from odoo.tests import BaseCase, tagged

from ..tools import api_events, bank_error, bank_report


@tagged("post_install", "-at_install")
class TestBankAnswers(BaseCase):
    def test_examples(self):
        for module in (api_events, bank_error, bank_report):
            with self.subTest(module.__name__):
                self.assertFalse(doctest.testmod(module).failed)
