import io
import re
from collections import Counter

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

ADDON = "contract_recurring"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]\b|<[^>]*>")
# Fields of mixins: which there are depends on the addons installed before.
MIXIN_FIELD = re.compile(
    r"model:ir\.model\.fields,\w+:.*__"
    r"(activity|has_message|message|my_activity|rating|website_message)"
)


def read_catalog(name):
    """Return the entries of a file under i18n by their source."""
    path = file_path(f"{ADDON}/i18n/{name}")
    return {entry.msgid: entry for entry in polib.pofile(path)}


def of_mixins(entry):
    return all(MIXIN_FIELD.match(place) for place, _line in entry.occurrences)


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Whoever adds a string finds out here that it wants a translation.

    To bring the template up to date:
    `odoo i18n export -d a_database contract_recurring`.
    """

    def test_template_has_every_string_of_the_addon(self):
        buffer = io.BytesIO()
        trans_export(None, [ADDON], buffer, "po", self.env)
        catalog = polib.pofile(buffer.getvalue().decode())
        strings = {entry.msgid for entry in catalog if not of_mixins(entry)}
        template = read_catalog(f"{ADDON}.pot")
        own = {source for source, entry in template.items() if not of_mixins(entry)}
        self.assertEqual(sorted(strings - own), [], "Not in the template")
        self.assertEqual(sorted(own - strings), [], "In the template only")

    def test_portuguese_is_complete(self):
        translated = read_catalog("pt_BR.po")
        template = read_catalog(f"{ADDON}.pot")
        missing = [
            source
            for source in template
            if source not in translated or not translated[source].translated()
        ]
        self.assertEqual(missing, [])
        self.assertEqual(sorted(translated.keys() - template.keys()), [], "Obsolete")

    def test_portuguese_keeps_placeholders_and_tags(self):
        for source, entry in read_catalog("pt_BR.po").items():
            with self.subTest(source):
                self.assertEqual(
                    Counter(PLACEHOLDER.findall(entry.msgstr)),
                    Counter(PLACEHOLDER.findall(source)),
                )

    def test_our_words_replace_those_of_oca_fields(self):
        """In whatever order the languages of both addons are loaded."""
        self.env["res.lang"]._activate_lang("pt_BR")
        fields = self.env["ir.model.fields"].with_context(lang="pt_BR")
        plan = fields._get("contract.contract", "contract_template_id")
        plan.field_description = "Modelo do Contrato"
        modules = self.env["ir.module.module"]
        for loaded in ([ADDON], ["contract", ADDON]):
            modules._load_module_terms(loaded, ["pt_BR"])
            contracts = self.env["contract.contract"].with_context(lang="pt_BR")
            labels = contracts.fields_get(attributes=["string"])
            self.assertEqual(labels["contract_template_id"]["string"], "Plano")
            self.assertEqual(labels["user_id"]["string"], "Vendedor")
            self.assertEqual(labels["partner_id"]["string"], "Cliente")
            self.assertEqual(labels["name"]["string"], "Descrição")
