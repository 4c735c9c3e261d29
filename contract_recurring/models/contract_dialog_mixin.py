from odoo import api, models


class ContractDialogMixin(models.AbstractModel):
    """A dialog about one contract, which its user must be able to read.

    What a dialog shows of the contract is read as the system, or found read already:
    so the right is asked for where a contract is named, by a form or by a program.
    """

    _name = "contract.dialog.mixin"
    _description = "Dialog of a Contract"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs.contract_id.check_access("read")
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self.contract_id.check_access("read")
        return result

    def onchange(self, values, field_names, fields_spec):
        named = values.get("contract_id") or self.env.context.get("active_id")
        contracts = self.env["contract.contract"]
        if named and self.env.context.get("active_model") in (None, contracts._name):
            contracts.browse(named).check_access("read")
        return super().onchange(values, field_names, fields_spec)
