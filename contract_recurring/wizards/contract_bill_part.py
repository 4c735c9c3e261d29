from odoo import api, fields, models


class ContractBillPart(models.TransientModel):
    """Charges a part of a period, up to a day (*gerar proporcional*, S004-104)."""

    _name = "contract.bill.part"
    _inherit = "contract.charging.wizard"
    _description = "Charge a Part of a Period"

    last_day = fields.Date(
        string="Charge Until",
        help="Last day charged. The rest of the period is charged when it is due.",
    )

    @api.depends("last_day")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.last_day)

    def _apply(self, contract):
        return contract._generate_prorata(
            self.last_day,
            fields.Date.context_today(self),
            due_date=self._get_own_due_date(),
            reason=self.reason,
        )
