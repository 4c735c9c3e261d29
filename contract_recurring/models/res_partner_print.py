from stdnum.br import cnpj, cpf

from odoo import api, fields, models

from ..tools.cell_values import BadValue, parse_document


class ResPartner(models.Model):
    """How a customer, guarantor or provider is named on paper."""

    _inherit = "res.partner"

    printed_document = fields.Char(
        string="CPF or CNPJ, Printed", compute="_compute_printed_document"
    )
    printed_address = fields.Char(compute="_compute_printed_address")

    @api.depends("vat")
    def _compute_printed_document(self):
        for partner in self:
            partner.printed_document = self._format_document(partner.vat)

    @api.model
    def _format_document(self, number):
        """Return a CPF or CNPJ with its dots; anything else as it is."""
        try:
            digits = parse_document(number)
        except BadValue:
            return number
        if not digits:
            return False
        return (cpf if len(digits) == 11 else cnpj).format(digits)

    @api.depends(
        "street_name",
        "street_number",
        "street",
        "street2",
        "district",
        "city_id.name",
        "city",
        "state_id.code",
        "zip",
    )
    def _compute_printed_address(self):
        for partner in self:
            street = ", ".join(
                filter(None, (partner.street_name, partner.street_number))
            )
            city = "/".join(
                filter(
                    None,
                    (partner.city_id.name or partner.city, partner.state_id.code),
                )
            )
            words = (
                street or partner.street,
                partner.street2,
                partner.district,
                city,
                partner.zip and f"CEP {partner.zip}",
            )
            partner.printed_address = ", ".join(filter(None, words))
