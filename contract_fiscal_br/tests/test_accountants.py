from lxml import etree

from odoo.tests import new_test_user, tagged

from .test_title_life import TitleCase

# Who works with invoices and perhaps knows nothing of contracts.
ACCOUNTANTS = (
    "account.group_account_readonly",
    "account.group_account_basic",
    "account.group_account_invoice",
    "account.group_account_user",
    "account.group_account_manager",
)


@tagged("post_install", "-at_install")
class TestAccountants(TitleCase):
    """Accountants open Odoo's own screens, to which ours add fields."""

    def _open(self, record, view_type):
        """Read what a view of a record shows."""
        self.env.invalidate_all()
        arch = etree.fromstring(record.get_view(view_type=view_type)["arch"])
        shown = arch.xpath("//field[not(ancestor::field)]/@name")
        self.assertTrue(record.read(list(set(shown))))

    def test_accountants_open_invoices_and_customers(self):
        for group in ACCOUNTANTS:
            accountant = new_test_user(
                self.env, f"with {group}", f"base.group_user,{group}"
            )
            for record in (self.move, self.partner):
                for view_type in ("form", "list", "kanban"):
                    with self.subTest(group, model=record._name, view=view_type):
                        self._open(record.with_user(accountant), view_type)
