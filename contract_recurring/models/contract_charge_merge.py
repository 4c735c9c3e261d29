from odoo import models

from ..const import LATE_KINDS


class ContractCharge(models.Model):
    """Charges of invoices that were merged go back to those."""

    _inherit = "contract.charge"

    def _restore_originals(self, originals):
        """Post the invoices again that billed these charges before.

        The fine and interest that ended with them go; they are charged anew.
        """
        before = originals._get_released_charges()
        detached = self.filtered(lambda charge: charge.kind in LATE_KINDS) - before
        detached.write({"state": "cancelled"})
        originals.button_draft()
        originals.action_post()
