from odoo import fields, models

from ..const import GENERATION_TYPE


class ContractContract(models.Model):
    """The first entry in a contract's list of changes, written for many at once."""

    _inherit = "contract.contract"

    def _set_start_contract_modification(self):
        """Do what OCA does for each contract, with a few queries for all of ours.

        It was a third of the time a new contract took.
        """
        ours = self.filtered(lambda c: c.generation_type == GENERATION_TYPE)
        ours._follow_by_customer()
        # "sent": the start of a contract is not mailed, as with OCA.
        modifications = self.env["contract.modification"].with_context(
            bypass_modification_send=True
        )
        modifications.create(
            [
                {
                    "contract_id": contract.id,
                    "date": contract._get_first_day(),
                    "description": self.env._("Contract start"),
                    "sent": True,
                }
                for contract in ours
            ]
        )
        return super(ContractContract, self - ours)._set_start_contract_modification()

    def _get_first_day(self):
        days = self.contract_line_ids.filtered("date_start").mapped("date_start")
        return min(days, default=fields.Date.to_date(self.create_date))

    def _follow_by_customer(self):
        """Let the customers follow the changes of their contracts."""
        subtype = self.env.ref("contract.mail_message_subtype_contract_modification")
        new = self.filtered(
            lambda contract: contract.partner_id not in contract.message_partner_ids
        )
        self.env["mail.followers"].sudo().create(
            [
                {
                    "res_model": self._name,
                    "res_id": contract.id,
                    "partner_id": contract.partner_id.id,
                    "subtype_ids": [fields.Command.set(subtype.ids)],
                }
                for contract in new
            ]
        )
