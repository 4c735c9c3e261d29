from odoo.tests import TransactionCase, tagged

from odoo.addons.contract_recurring.tests.translation_cases import TranslationCases


@tagged("post_install", "-at_install")
class TestTranslations(TranslationCases, TransactionCase):
    addon = "contract_fiscal_br"
