from odoo import fields, models


class ContractImportLine(models.TransientModel):
    """A problem of a file of contracts: where it is and what to do."""

    _name = "contract.import.line"
    _description = "Contract Import Problem"
    _order = "severity, line_number, id"

    import_id = fields.Many2one("contract.import", required=True, ondelete="cascade")
    severity = fields.Selection([("error", "Error"), ("warning", "Warning")])
    line_number = fields.Integer(string="Line")
    column = fields.Char()
    message = fields.Char(string="Problem")
