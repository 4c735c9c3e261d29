from odoo.tests import TransactionCase, tagged

from odoo.addons.contract_recurring.tests.translation_cases import TranslationCases


@tagged("post_install", "-at_install")
class TestTranslations(TranslationCases, TransactionCase):
    addon = "contract_fiscal_br"

    def test_labels_of_abstract_models_are_translated(self):
        """The states of a return file are those of every run."""
        self.env["res.lang"]._activate_lang("pt_BR")
        selection = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "collection.return.file"),
                ("field_id.name", "=", "state"),
                ("value", "=", "running"),
            ]
        )
        # as right after the installation
        self.env.cr.execute(
            "UPDATE ir_model_fields_selection SET name = name - 'pt_BR' WHERE id = %s",
            [selection.id],
        )
        self.env["ir.module.module"]._load_module_terms([self.addon], ["pt_BR"])
        selection.invalidate_recordset(["name"])
        self.assertEqual(selection.with_context(lang="pt_BR").name, "Em curso")
