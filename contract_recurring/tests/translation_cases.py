import io
import re
from collections import Counter

import polib

from odoo.tools import file_path
from odoo.tools.translate import trans_export

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]\b|<[^>]*>")
# Fields of mixins: which there are depends on the addons installed before.
MIXIN_FIELD = re.compile(
    r"model:ir\.model\.fields,\w+:.*__"
    r"(activity|has_message|message|my_activity|rating|website_message)"
)


def of_mixins(entry):
    return all(MIXIN_FIELD.match(place) for place, _line in entry.occurrences)


class TranslationCases:
    """Whoever adds a string finds out here that it wants a translation.

    `setup/translations` brings the catalogs up to date.
    """

    allow_inherited_tests_method = True
    addon = None

    def _read_catalog(self, name):
        """Return the entries of a file under i18n by their source."""
        path = file_path(f"{self.addon}/i18n/{name}")
        return {entry.msgid: entry for entry in polib.pofile(path)}

    def test_template_has_every_string_of_the_addon(self):
        buffer = io.BytesIO()
        trans_export(None, [self.addon], buffer, "po", self.env)
        catalog = polib.pofile(buffer.getvalue().decode())
        strings = {entry.msgid for entry in catalog if not of_mixins(entry)}
        template = self._read_catalog(f"{self.addon}.pot")
        own = {source for source, entry in template.items() if not of_mixins(entry)}
        self.assertEqual(sorted(strings - own), [], "Not in the template")
        self.assertEqual(sorted(own - strings), [], "In the template only")

    def test_portuguese_is_complete(self):
        translated = self._read_catalog("pt_BR.po")
        template = self._read_catalog(f"{self.addon}.pot")
        missing = [
            source
            for source in template
            if source not in translated or not translated[source].translated()
        ]
        self.assertEqual(missing, [])
        self.assertEqual(sorted(translated.keys() - template.keys()), [], "Obsolete")

    def test_portuguese_keeps_placeholders_and_tags(self):
        for source, entry in self._read_catalog("pt_BR.po").items():
            with self.subTest(source):
                self.assertEqual(
                    Counter(PLACEHOLDER.findall(entry.msgstr)),
                    Counter(PLACEHOLDER.findall(source)),
                )
