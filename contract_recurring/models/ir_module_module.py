from odoo import api, models
from odoo.tools.translate import TranslationImporter, get_po_paths

ADDON = "contract_recurring"
# Models of the records that two addons may both name.
LABELLED_MODELS = ("ir.model", "ir.model.fields", "ir.model.fields.selection")


class IrModuleModule(models.Model):
    """Labels of this addon are translated wherever they stand.

    On OCA's fields, which it gave other names, and on models of other addons that
    take fields of its abstract models, such as the state of a run.
    """

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        if ADDON not in modules and self._extend_this_addon(modules):
            # their models have labels that belong to this addon
            modules = [*modules, ADDON]
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if ADDON in modules:
            self._load_terms_of_oca_fields(langs)
        return result

    @api.model
    def _extend_this_addon(self, modules):
        """Return whether one of the modules depends on this addon."""
        domain = [("name", "in", modules), ("dependencies_id.name", "=", ADDON)]
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _load_terms_of_oca_fields(self, langs):
        """Replace OCA's translation of an old label by that of the new one.

        Odoo keeps a translation that is there already, and cannot know that
        its source, “Contract Template”, has become “Plan”.
        """
        xmlids = self._get_labels_shared_with_oca()
        if not xmlids:
            return  # the importer would take that for “all”
        importer = TranslationImporter(self.env.cr, verbose=False)
        for lang in langs:
            for path in get_po_paths(ADDON, lang):
                importer.load_file(path, lang, xmlids=xmlids)
        importer.save(overwrite=True)

    @api.model
    def _get_labels_shared_with_oca(self):
        """Return this addon's XML ids of records that `contract` defined."""
        names = self.env["ir.model.data"].sudo()
        domain = [("model", "in", LABELLED_MODELS)]
        theirs = names.search_fetch(
            [*domain, ("module", "=", "contract")], ["model", "res_id"]
        )
        defined = {(name.model, name.res_id) for name in theirs}
        ours = names.search_fetch(
            [*domain, ("module", "=", ADDON)], ["model", "res_id", "name"]
        )
        return {
            f"{ADDON}.{name.name}"
            for name in ours
            if (name.model, name.res_id) in defined
        }
