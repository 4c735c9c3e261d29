from functools import partial

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cnab400_builder import Title, build
from .intruder_common import DAY, IntruderCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderWizards(IntruderCase):
    """Dialogs are given the ids of what their user must not see."""

    def _get_dialogs(self):
        """Return {model: (values, fields that would tell something)}."""
        return {
            "collection.event.apply": (
                {"event_id": self.event.id},
                ["story", "free_amount"],
            ),
            "collection.event.seen": ({"event_ids": [Command.set(self.event.ids)]}, []),
            "collection.title.change": (
                {
                    "title_ids": [Command.set(self.title.ids)],
                    "kind": "change_due_date",
                    "due_date": DAY,
                },
                ["preview"],
            ),
            "collection.second.copy": (
                {"move_id": self.boleto_move.id},
                ["residual", "amount", "title_id", "explanation"],
            ),
            "payment.booklet.make": (
                {"contract_id": self.boleto_contract.id, "count": 1},
                ["preview"],
            ),
            "collection.remittance.generate": (
                {"account_ids": [Command.set(self.account.ids)]},
                ["line_ids"],
            ),
        }

    def _look(self, open_dialog, name):
        """Return what a field of a dialog shows; nothing where it is refused."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return open_dialog()[name]
        except AccessError:
            return None

    def test_dialogs_show_nothing_of_another_company(self):
        for model, (values, names) in self._get_dialogs().items():
            for name in names:
                with self.subTest(model=model, field=name):
                    dialogs = self.env[model].with_user(self.stranger)
                    for open_dialog in (dialogs.create, dialogs.new):
                        shown = self._look(partial(open_dialog, values), name)
                        self.assertFalse(shown)

    def test_dialogs_of_ones_own_company_show_it(self):
        """Else the tests above would prove nothing."""
        for model, (values, names) in self._get_dialogs().items():
            dialogs = self.env[model].with_user(self.clerk)
            for name in names[:1]:
                shown = self._look(partial(dialogs.create, values), name)
                self.assertTrue(shown, model)

    def test_dialogs_do_nothing_to_another_company(self):
        before = self._take_stock()
        for model, (values, _names) in self._get_dialogs().items():
            for name in self._get_public_methods(self.env[model]):
                with self.subTest(model=model, method=name):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        dialog = self.env[model].with_user(self.stranger)
                        getattr(dialog.create(values), name)()
        self.assertEqual(self._take_stock(), before)

    def test_booklet_has_no_invoice_of_another_customer(self):
        """It would be sent to the one with what the other owes."""
        self.kept["payment.booklet"]._cancel_rest(DAY)
        dialogs = self.env["payment.booklet.make"].with_user(self.clerk)
        contract = self._create_contract(partner=self._create_customer("Ana"))
        values = {"contract_id": contract.id, "scope": "open"}
        dialog = dialogs.create(
            {**values, "move_ids": [Command.set(self.boleto_move.ids)]}
        )
        with self.assertRaisesRegex(UserError, "no invoice of the contract"):
            dialog.action_apply()

    # === FILES OF OTHERS ===

    def test_no_file_is_settled_on_an_account_of_another_company(self):
        """A forged return file with our own numbers."""
        number = int(self.title.nosso_numero)
        check = self.title.nosso_numero_full[-1]
        paid = Title("06", number, check, date="050326", credit="060326")
        importing = self.env["collection.return.import"].with_user(self.stranger)
        dialog = importing.create({"account_id": self.account.id})
        forged = {"name": "CB.RET", "raw": build("341", [paid])}
        dialog.attachment_ids = [Command.create(forged | {"res_model": dialog._name})]
        count = self.env["collection.event"].search_count([])
        self.account.read()  # kept in memory, where no rule is asked
        with self.assertRaises(UserError):
            dialog.action_import()
        self.assertEqual(self.env["collection.event"].search_count([]), count)

    def test_import_deletes_no_other_attachment(self):
        """The dialog deletes what was uploaded into it, and nothing else."""
        dialog = self.env["collection.return.import"].with_user(self.clerk).create({})
        kept = self._attach("contract.contract", self.boleto_contract.id)
        kept |= self._attach("contract.contract", self.boleto_contract.id)
        uploaded = self._attach(dialog._name, dialog.id)
        dialog.attachment_ids = [Command.set((kept | uploaded).ids)]
        dialog.action_import()
        self.assertEqual((kept | uploaded).exists(), kept)

    def _attach(self, model, number):
        values = {"name": "a.pdf", "raw": b"assinado", "res_model": model}
        return self.env["ir.attachment"].create(values | {"res_id": number})

    def test_import_reads_no_file_of_another_company(self):
        file = self.kept["collection.return.file"]
        theirs = self._attach(file._name, file.id)
        importing = self.env["collection.return.import"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            importing.create(
                {"attachment_ids": [Command.set(theirs.ids)]}
            ).action_import()
