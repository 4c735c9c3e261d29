from odoo import models


class ContractContract(models.Model):
    """Days within periods already billed that no charge covers."""

    _inherit = "contract.contract"

    def _charge_uncharged_days(self, start, end, due_until, due_date):
        """Enter charges for days of a span that are due and not charged.

        :param due_until: by which the calendar makes their periods due
        :param due_date: of the charges
        """
        self.ensure_one()
        lines = self.contract_line_ids.filtered(lambda line: line._is_billable())
        charged = lines._get_charged_spans()
        values = [
            line._prepare_charge(draft, due_date)
            for line in lines
            for draft in line._get_uncharged(start, end, charged.get(line, ()))
            if draft.period.due_date <= due_until
        ]
        charges = self.env["contract.charge"].sudo().create(values)
        charges.contract_line_id._follow_ledger()
        return charges
