from odoo import fields, models


class ContractDocumentType(models.Model):
    """A kind of document a customer hands in, such as an identity card."""

    _name = "contract.document.type"
    _description = "Contract Document Type"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    notice_days = fields.Integer(
        default=30,
        help="Days before a document expires on which somebody is reminded.",
    )

    _notice_days_not_negative = models.Constraint(
        "CHECK (notice_days >= 0)", "The days of notice cannot be negative."
    )
