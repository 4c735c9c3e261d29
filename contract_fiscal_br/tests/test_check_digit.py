import doctest

from odoo.tests import BaseCase, tagged

from ..tools import check_digit


@tagged("post_install", "-at_install")
class TestCheckDigit(BaseCase):
    def test_examples(self):
        self.assertFalse(doctest.testmod(check_digit).failed)
