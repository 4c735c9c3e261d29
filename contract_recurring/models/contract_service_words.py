from odoo import models
from odoo.tools import format_date


class ContractContract(models.Model):
    """The service of a contract in words, for previews, banners and refusals."""

    _inherit = "contract.contract"

    def _describe_service(self, state):
        """Return a state of the service in words."""
        selection = self._fields["service_state"]._description_selection(self.env)
        return dict(selection)[state]

    def _describe_service_now(self):
        """Return the present service with what brought it about."""
        self.ensure_one()
        reasons = self._fields["service_reason"]._description_selection(self.env)
        why = dict(reasons).get(self.service_reason)
        state = self._describe_service(self.service_state)
        return f"{state} ({why})" if why else state

    def _describe_service_end(self):
        """Return until when the present service lasts."""
        self.ensure_one()
        if self.service_until:
            return self.env._(
                "Until %(date)s, that day included.",
                date=format_date(self.env, self.service_until),
            )
        if self.service_origin == "manual":
            return self.env._("Until somebody releases it.")
        if self.service_origin == "automatic":
            return self.env._("Until the overdue invoices are paid.")
        return self.env._("Without end.")
