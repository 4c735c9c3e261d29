from odoo import api, fields, models
from odoo.exceptions import UserError

READER = "contract_recurring.group_contract_reader"


class ContractContract(models.Model):
    """A contract whose invoices the customer's bank pays by itself."""

    _inherit = "contract.contract"

    pix_mandate_ids = fields.One2many("pix.mandate", "contract_id", groups=READER)
    pix_mandate_id = fields.Many2one(
        "pix.mandate",
        string="Pix Automático",
        compute="_compute_pix_mandate_id",
        store=True,
        index="btree_not_null",
        groups=READER,
    )
    pix_mandate_state = fields.Selection(
        related="pix_mandate_id.state", string="Pix Automático Is", groups=READER
    )

    @api.depends("pix_mandate_ids.state")
    def _compute_pix_mandate_id(self):
        for contract in self:
            contract.pix_mandate_id = contract.pix_mandate_ids._filter_live()[:1]

    # === ACTIONS ===

    def action_offer_pix_automatic(self):
        """Open what was offered, or a new offer."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "res_model": "pix.mandate",
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if self.pix_mandate_id:
            return {**action, "res_id": self.pix_mandate_id.id}
        account = self._find_automatic_account()
        values = self.env["pix.mandate"]._prepare_offer(self, account)
        defaults = {f"default_{name}": value for name, value in values.items()}
        return {**action, "context": defaults}

    def _find_automatic_account(self):
        accounts = self.env["collection.account"].search(
            [
                ("backend", "=", "pix_automatic"),
                ("company_id", "=", self.company_id.id),
            ]
        )
        account = accounts.filtered(lambda one: one._get_automatic_mode())[:1]
        if not account:
            raise UserError(
                self.env._(
                    "No collection account collects by Pix Automático. Ask a manager "
                    "to add one, with a payment mode that uses it."
                )
            )
        return account

    # === BUSINESS ===

    def _get_payment_mode(self):
        """An approved mandate comes before what was agreed; without one, an account
        of Pix Automático collects by its other way."""
        mode = super()._get_payment_mode()
        mandate = self.sudo().pix_mandate_id
        if mandate.state == "approved":
            return mandate.account_id._get_automatic_mode() or mode
        account = mode.collection_account_id.sudo()
        if account.backend == "pix_automatic":
            return account.debit_fallback_mode_id or mode
        return mode

    def _get_approved_mandate(self, account):
        """Return the mandate by which an account collects, empty without."""
        mandate = self.sudo().pix_mandate_id
        is_approved = mandate.state == "approved" and mandate.account_id == account
        return mandate if is_approved else mandate.browse()

    def _transfer_related(self, old, new):
        """A new holder has agreed to nothing."""
        result = super()._transfer_related(old, new)
        live = self.sudo().pix_mandate_id
        if live:
            live.action_cancel()
        return result
