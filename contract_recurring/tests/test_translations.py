from odoo.tests import TransactionCase, tagged

from .translation_cases import TranslationCases


@tagged("post_install", "-at_install")
class TestTranslations(TranslationCases, TransactionCase):
    addon = "contract_recurring"

    def test_our_words_replace_those_of_oca_fields(self):
        """In whatever order the languages of both addons are loaded."""
        self.env["res.lang"]._activate_lang("pt_BR")
        fields = self.env["ir.model.fields"].with_context(lang="pt_BR")
        plan = fields._get("contract.contract", "contract_template_id")
        plan.field_description = "Modelo do Contrato"
        modules = self.env["ir.module.module"]
        for loaded in ([self.addon], ["contract", self.addon]):
            modules._load_module_terms(loaded, ["pt_BR"])
            contracts = self.env["contract.contract"].with_context(lang="pt_BR")
            labels = contracts.fields_get(attributes=["string"])
            self.assertEqual(labels["contract_template_id"]["string"], "Plano")
            self.assertEqual(labels["user_id"]["string"], "Vendedor")
            self.assertEqual(labels["partner_id"]["string"], "Cliente")
            self.assertEqual(labels["name"]["string"], "Descrição")
