from odoo import fields, models


class ContractTerminateReason(models.Model):
    """Why contracts end; staff reads it in a language of its own."""

    _inherit = "contract.terminate.reason"

    name = fields.Char(translate=True)
