from odoo import models


class ContractContract(models.Model):
    """Steps of the life and bonus periods change the service at once."""

    _inherit = "contract.contract"

    def _change_state(self, state, day, reason=None, **values):
        result = super()._change_state(state, day, reason, **values)
        if state in ("closed", "deactivated"):
            # nothing is left to lift, and who comes back begins anew
            self._forget_manual_restriction()
        self._refresh_service_today()
        return result

    def _grant_bonus(self, until, today, reason=None):
        result = super()._grant_bonus(until, today, reason)
        self._refresh_service_state(today)
        return result

    def _set_holder(self, partner):
        result = super()._set_holder(partner)
        self._refresh_service_today()
        return result

    def _refresh_service_today(self):
        """Refresh the service on the day it is where each company is."""
        changed = self.browse()
        for company, contracts in self.grouped("company_id").items():
            changed |= contracts._refresh_service_state(company._get_local_date())
        return changed
