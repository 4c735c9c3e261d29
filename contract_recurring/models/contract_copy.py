from odoo import fields, models
from odoo.fields import Command


class ContractContract(models.Model):
    """A copy is a new contract: products and prices of the day, and no history.

    What was agreed for one contract alone, as a discount, stays with it.
    """

    _inherit = "contract.contract"

    def copy_data(self, default=None):
        if "contract_line_ids" in (default or {}):
            return super().copy_data(default)
        vals_list = []
        for contract in self:
            lines = contract._prepare_copied_lines()
            vals_list += super(ContractContract, contract).copy_data(
                {**(default or {}), "contract_line_ids": lines}
            )
        return vals_list

    def _prepare_copied_lines(self):
        """Return the commands that create the lines of a copy."""
        lines = self._get_lines_to_copy().sorted("id")
        vals_list = lines.copy_data()
        for line, vals in zip(lines, vals_list, strict=True):
            if line.is_plan_line or line._is_followed():
                vals["date_end"] = False
        return [Command.create(vals) for vals in vals_list]

    def _get_lines_to_copy(self):
        """Return the lines in force; of a contract that ended, on its last day."""
        lines = self.contract_line_ids.filtered(lambda line: not line.discount_id)
        ends = [line.date_end for line in lines if line._is_billable()]
        day = fields.Date.context_today(self)
        if ends and all(ends):
            day = min(day, max(ends))
        return lines & self._lines_in_force(day) | lines.filtered("display_type")
