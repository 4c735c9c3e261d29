from odoo import fields, models


class ContractServiceType(models.Model):
    """What an additional service is: access points, speed, support (S001-29)."""

    _name = "contract.service.type"
    _description = "Type of Additional Service"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(name)", "There is a type of this name already.")
