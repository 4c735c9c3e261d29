from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .intruder_common import IntruderCase

# What only opens a list, a dialog or a download, which asks for rights itself.
OPENERS = ("action_view_", "action_print", "action_second_copy", "action_download_xlsx")
DIALOGS = {
    "action_generate_remittance",
    "action_offer_direct_debit",
    "action_offer_pix_automatic",
    "action_open_payer",
}


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderRpc(IntruderCase):
    """People who know the names of methods call them without the button."""

    def _get_targets(self):
        records = [*self.kept.values(), self.boleto_move, self.boleto_contract]
        for record in records:
            for name in self._get_public_methods(record):
                yield record, name

    def _call(self, user, record, name):
        """Call as RPC does; return whether it was refused, and what it changed."""
        before, after, refused = self._take_stock(), None, False
        with self.env.cr.savepoint() as savepoint:
            arguments = self._get_arguments(record, name)
            try:
                model = self.env[record._name].with_user(user)
                call_kw(model, name, [record.ids, *arguments], {})
                after = self._take_stock()
            except UserError:
                refused = True
            savepoint.rollback()
        self.env.invalidate_all()
        changed = {table for table in after or () if after[table] != before[table]}
        return refused, changed

    def _try_all(self, user):
        for record, name in self._get_targets():
            with self.subTest(model=record._name, method=name):
                refused, changed = self._call(user, record, name)
                self.assertFalse(changed)
                is_opener = name.startswith(OPENERS) or name in DIALOGS
                self.assertTrue(refused or is_opener)

    def test_every_model_is_tried(self):
        missing = {model._name for model in self._get_models()} - self.kept.keys()
        self.assertFalse(missing)

    def test_operator_gets_nowhere_by_any_method(self):
        self._try_all(self._create_user("rpc_operator", "group_contract_operator"))

    def test_customer_gets_nowhere_by_any_method(self):
        """Not even the one whose boleto it is."""
        self._try_all(
            new_test_user(
                self.env,
                "rpc_customer",
                "base.group_portal",
                partner_id=self.title.partner_id.id,
            )
        )

    def test_employee_without_permission_gets_nowhere(self):
        self._try_all(new_test_user(self.env, "rpc_employee", "base.group_user"))

    def test_manager_of_another_company_gets_nowhere(self):
        self._try_all(self.stranger)
