from odoo import fields, models
from odoo.exceptions import UserError

from .contract_service_address import ADDRESS_FIELDS

CHANGED_FIELDS = {*ADDRESS_FIELDS} - {"latitude", "longitude"}


class ContractContract(models.Model):
    """Change of address (*troca de endereço*): another place, perhaps for a fee."""

    _inherit = "contract.contract"

    def _change_address(self, address, day, fee=0.0, reason=None):
        """Deliver at another address from a day on, which has come already.

        :param dict address: values of all fields of `CHANGED_FIELDS`
        :param float fee: charged once, with the next invoice
        """
        self.ensure_one()
        self._lock_for_change()
        self._check_active()
        self._check_address(address, day, fee)
        before = self.address_line
        # where the new place is nobody has measured yet
        self.write(
            {"has_own_address": True, "latitude": 0.0, "longitude": 0.0} | address
        )
        if fee:
            self._create_one_off(self._prepare_address_fee(fee), day)
        self.env["contract.event"]._record(
            self,
            "address",
            effective_date=day,
            from_state=before,
            to_state=self.address_line,
            reason=reason,
        )

    def _prepare_address_fee(self, fee):
        product = self.env.ref("contract_recurring.product_address_change")
        product = product.with_context(lang=self.partner_id.lang)
        return {
            "product_id": product.id,
            "name": product.name,
            "quantity": 1.0,
            "uom_id": product.uom_id.id,
            "price_unit": fee,
        }

    def _check_address(self, address, day, fee):
        if not address.get("street_name") or not address.get("city_id"):
            raise UserError(self.env._("Fill in the street and the city."))
        if day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "A change of address is entered on the day it happens, not before."
                )
            )
        if fee < 0:
            raise UserError(self.env._("The fee cannot be negative."))
        self._check_change(day, is_addition=True)
