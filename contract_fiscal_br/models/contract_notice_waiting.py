from odoo import fields, models
from odoo.fields import Domain


class ContractNotice(models.Model):
    """Notices whose invoices nobody can pay, counted on the home screen."""

    _inherit = "contract.notice"

    is_boleto_unpayable = fields.Boolean(
        string="Boleto Not Registered",
        compute="_compute_is_boleto_unpayable",
        search="_search_is_boleto_unpayable",
        help="The bank has not registered the boleto or Pix charge of an invoice, or "
        "it has none.",
    )

    def _compute_is_boleto_unpayable(self):
        waits = self.sudo().move_ids._get_payment_slip_waits()
        for notice in self:
            notice.is_boleto_unpayable = any(m in waits for m in notice.sudo().move_ids)

    def _search_is_boleto_unpayable(self, operator, value):
        """Who may read notices may count them, without the right to the invoices."""
        if operator != "in":
            return NotImplemented
        unpayable = self.env["account.move"]._get_unpayable_domain()
        notices = self.sudo()._search(Domain("move_ids", "any", unpayable))
        domain = Domain("id", "in", notices)
        return domain if True in value else ~domain
