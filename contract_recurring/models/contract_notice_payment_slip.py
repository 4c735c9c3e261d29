from odoo import api, fields, models


class ContractNotice(models.Model):
    """What a text may say of how to pay (S000-03)."""

    _inherit = "contract.notice"

    digitable_lines = fields.Text(
        string="Linha Digitável",
        compute="_compute_payment_slips",
        help="Of each boleto that can be paid, one below the other.",
    )
    pix_codes = fields.Text(
        string="Pix Copy and Paste",
        compute="_compute_payment_slips",
        help="Of each invoice that can be paid by Pix, one below the other.",
    )

    @api.depends("move_ids")
    def _compute_payment_slips(self):
        for notice in self:
            slips = [
                slip
                for move in notice.sudo().move_ids.sorted("invoice_date_due")
                for slip in move._get_payment_slips()
            ]
            notice.digitable_lines = self._join_slips(slips, "digitable_line")
            notice.pix_codes = self._join_slips(slips, "pix")

    @api.model
    def _join_slips(self, slips, name):
        return "\n".join(slip[name] for slip in slips if slip[name])
