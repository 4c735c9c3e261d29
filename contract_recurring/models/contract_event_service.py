from odoo import api, fields, models

from ..const import SERVICE_REASONS


class ContractEvent(models.Model):
    """A change of service says why; replaying these gives the service."""

    _inherit = "contract.event"

    service_reason = fields.Selection(SERVICE_REASONS)

    @api.depends("kind", "service_reason")
    def _compute_labels(self):
        result = super()._compute_labels()
        service = self.filtered(lambda event: event.kind == "service_state")
        if service:
            service._label_service()
        return result

    def _label_service(self):
        """Put states of the service into words, with what brought them about."""
        fields_of = self.env["contract.contract"]._fields
        states = dict(fields_of["service_state"]._description_selection(self.env))
        reasons = dict(fields_of["service_reason"]._description_selection(self.env))
        for event in self:
            before, after = event.from_state, event.to_state
            why = reasons.get(event.service_reason)
            after = states.get(after, after)
            event.from_state_label = states.get(before, before)
            event.to_state_label = f"{after} ({why})" if why else after
