from odoo import fields, models


class ContractContract(models.Model):
    """Booklets of a contract (*imprimir* and *enviar carnê*, S004-36, 106)."""

    _inherit = "contract.contract"

    booklet_count = fields.Integer(compute="_compute_booklet_count")

    def _compute_booklet_count(self):
        counts = dict(
            self.env["payment.booklet"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.booklet_count = counts.get(contract, 0)

    def action_view_booklets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.payment_booklet_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {}
        return action

    def _make_booklet_ahead(self, count, today, expected=None, run=None):
        """Bill the next periods and return the booklet of their boletos.

        :param expected: due date that the user saw; another one is refused
        """
        self.ensure_one()
        moves = self._generate_periods(count, today, expected=expected)
        invoices = moves.filtered(lambda move: move._is_to_be_collected())
        return self.env["payment.booklet"]._make(self, invoices, run=run)
