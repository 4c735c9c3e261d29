from odoo import models


class CollectionBackendCnabFile(models.AbstractModel):
    """Instructions wait for the next remittance file; returns are imported."""

    _name = "collection.backend.cnab_file"
    _description = "Collection by CNAB Files"
    _inherit = "collection.backend"
