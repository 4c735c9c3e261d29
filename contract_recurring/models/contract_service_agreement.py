from odoo import api, models
from odoo.tools import SQL

from ..tools.bank_calendar import last_bank_day_before


class ContractContract(models.Model):
    """Until the first instalment is paid, what an agreement cleared still counts.

    The original invoices are cleared, yet the service comes back with the first
    payment and not with the signature (Res. Anatel 765/2023, art. 78).
    """

    _inherit = "contract.contract"

    @api.model
    def _open_invoices_sql(self, day):
        self.env["contract.debt.agreement"].flush_model(["state"])
        self.env["contract.debt.agreement.origin"].flush_model()
        return SQL(
            """
            %s
             UNION
            SELECT charge.contract_id, origin.move_id, TRUE AS is_overdue
              FROM contract_debt_agreement_origin origin
              JOIN contract_debt_agreement agreement
                ON agreement.id = origin.agreement_id
              JOIN contract_charge charge ON charge.move_id = origin.move_id
              JOIN contract_contract contract ON contract.id = charge.contract_id
             WHERE agreement.state = 'waiting' AND origin.is_live
               AND origin.is_surcharge IS NOT TRUE AND origin.due_date <= %s
               AND charge.partner_id = contract.partner_id
            """,
            super()._open_invoices_sql(day),
            last_bank_day_before(day),
        )
