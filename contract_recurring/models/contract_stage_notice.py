from odoo import models


class ContractContract(models.Model):
    """Customers are told about the states of their contract (S002-06)."""

    _inherit = "contract.contract"

    def _change_state(self, state, day, reason=None, **values):
        result = super()._change_state(state, day, reason=reason, **values)
        self._tell_stage(state, day)
        return result

    def _tell_stage(self, state, day):
        """Queue the texts that belong to the state a contract has taken."""
        templates = self.env["contract.notice.template"].sudo()
        templates = templates.search(
            [("kind", "=", "stage"), ("lifecycle_state", "=", state)]
        )
        notices = self.env["contract.notice"]._prepare_notices(
            [
                contract._prepare_stage_request(template, day)
                for contract in self
                for template in templates
                if not template.company_id or template.company_id == contract.company_id
            ]
        )
        notices._queue()

    def _prepare_stage_request(self, template, day):
        """Return the request for one text; the event makes it unique."""
        event = self.sudo().event_ids.sorted("id")[-1:]
        return {
            "contract_id": self.id,
            "move_ids": [],
            "kind": "stage",
            "template_id": template.id,
            "channel": template.stage_channel or "email",
            "effective_date": day,
            "key": f"stage/{self.id}/{event.id}/{template.id}",
        }
