from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CollectionCase

LIMIT = "odoo.addons.contract_fiscal_br.models.collection_title_print.MOST_PRINTED"


@tagged("post_install", "-at_install")
class TestTitlePrint(CollectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        moves = cls._bill_contract(date(2026, 3, 1)) + cls._bill_contract(
            date(2026, 3, 5)
        )
        cls.titles = moves.collection_title_ids

    def _print(self, titles):
        """Return the ids that are printed, as the address names them."""
        return titles.action_print()["url"].rsplit("/", 1)[-1]

    def test_what_can_be_paid_is_printed(self):
        self.assertEqual(self._print(self.titles), ",".join(map(str, self.titles.ids)))

    def test_what_must_not_be_paid_is_left_out(self):
        for values in (
            {"state": "cancelled"},
            {"state": "rejected"},
            {"state": "written_off"},
            {"state": "registered", "withdrawal": "replaced"},
        ):
            with self.subTest(**values):
                self.titles[0].write({"withdrawal": False} | values)
                self.assertEqual(self._print(self.titles), str(self.titles[1].id))
                with self.assertRaisesRegex(UserError, "must not be paid"):
                    self.titles[0].action_print()

    def test_a_paid_boleto_is_printed_again(self):
        """Companies ask for the paper of what they paid."""
        self.titles[0].state = "paid"
        self.assertEqual(self._print(self.titles[0]), str(self.titles[0].id))

    def test_another_barcode_is_refused_before_the_download(self):
        self.account.write({"account_number": "99999", "account_digit": "9"})
        with self.assertRaisesRegex(UserError, "another barcode"):
            self.titles.action_print()

    def test_more_than_a_worker_draws_in_time_is_refused(self):
        with patch(LIMIT, 1), self.assertRaisesRegex(UserError, "Choose 1 at most"):
            self.titles.action_print()
