from datetime import date

from odoo.tests import tagged

from .common import CollectionCase


@tagged("post_install", "-at_install")
class TestTitleSpeed(CollectionCase):
    """Issuing asks the database as often for many titles as for a few, but for rows
    that are written."""

    def _count_queries(self, count):
        """Return how many queries the titles of so many new invoices take."""
        self.account.is_mass = False
        contracts = self.env["contract.contract"].union(
            *(
                self._create_contract(
                    date(2026, 3, 1), partner=self._create_customer(f"Cliente {number}")
                )
                for number in range(count)
            )
        )
        self._bill_month(date(2026, 3, 1))
        moves = contracts.charge_ids.move_id
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        titles = self.env["collection.title"]._issue(moves, date(2026, 3, 1))
        self.env.flush_all()
        self.assertEqual(len(titles), count)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_titles(self):
        few, many = self._count_queries(5), self._count_queries(25)
        self.assertLess((many - few) / 20, 1)

    def test_printing_many_reads_once(self):
        self._bill_contract(date(2026, 3, 1))
        few, many = [
            self._count_print_queries(titles)
            for titles in (self._issue_many(3), self._issue_many(13))
        ]
        self.assertLess((many - few) / 10, 1)

    def _issue_many(self, count):
        contracts = self.env["contract.contract"].union(
            *(
                self._create_contract(
                    date(2026, 3, 1), partner=self._create_customer(f"Outro {number}")
                )
                for number in range(count)
            )
        )
        self._bill_month(date(2026, 3, 1))
        return contracts.charge_ids.move_id.collection_title_ids

    def _count_print_queries(self, titles):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        titles.browse(titles.ids)._render_pdf()
        return self.env.cr.sql_log_count - before
