from odoo import api, fields, models

READER = "contract_recurring.group_contract_reader"


class ContractContract(models.Model):
    """A contract paid by direct debit, of the holder or of somebody else."""

    _inherit = "contract.contract"

    direct_debit_authorization_ids = fields.One2many(
        "direct.debit.authorization", "contract_id", groups=READER
    )
    direct_debit_authorization_id = fields.Many2one(
        "direct.debit.authorization",
        string="Direct Debit",
        compute="_compute_direct_debit_authorization_id",
        store=True,
        index="btree_not_null",
        groups=READER,
    )
    is_direct_debit_offered = fields.Boolean(
        compute="_compute_is_direct_debit_offered", groups=READER
    )
    direct_debit_code = fields.Char(
        related="direct_debit_authorization_id.debit_code",
        string="Debit Code",
        groups=READER,
    )
    direct_debit_state = fields.Selection(
        related="direct_debit_authorization_id.state",
        string="Debit Authorised",
        groups=READER,
    )
    direct_debit_account = fields.Char(
        related="direct_debit_authorization_id.account_masked",
        string="Branch and Account",
        groups=READER,
    )
    direct_debit_payer_name = fields.Char(
        related="direct_debit_authorization_id.payer_name",
        string="Payer",
        groups=READER,
    )
    direct_debit_payer_vat = fields.Char(
        related="direct_debit_authorization_id.payer_vat",
        string="Payer's CPF or CNPJ",
        groups=READER,
    )

    @api.depends("direct_debit_authorization_ids.state")
    def _compute_direct_debit_authorization_id(self):
        for contract in self:
            live = contract.direct_debit_authorization_ids._filter_live()
            contract.direct_debit_authorization_id = live[:1]

    @api.depends("payment_mode_id", "contract_template_id.payment_mode_id")
    def _compute_is_direct_debit_offered(self):
        for contract in self:
            account = contract._get_agreed_payment_mode().collection_account_id
            contract.is_direct_debit_offered = account.backend == "cnab_debit"

    # === ACTIONS ===

    def action_offer_direct_debit(self):
        """Open the authorisation, or a new one with the code for the bank."""
        self.ensure_one()
        authorization = self.direct_debit_authorization_id
        action = {
            "type": "ir.actions.act_window",
            "res_model": "direct.debit.authorization",
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if authorization:
            return {**action, "res_id": authorization.id}
        account = self._get_agreed_payment_mode().collection_account_id
        return {
            **action,
            "context": {
                "default_contract_id": self.id,
                "default_account_id": account.backend == "cnab_debit" and account.id,
            },
        }

    # === BUSINESS ===

    def _get_payment_mode(self):
        """Return a boleto's mode while nobody has authorised the debit."""
        mode = super()._get_payment_mode()
        account = mode.collection_account_id.sudo()
        if account.backend != "cnab_debit" or self._get_authorised_debit(account):
            return mode
        return account.debit_fallback_mode_id or mode

    def _get_authorised_debit(self, account):
        """Return the authorisation that lets the account debit, empty without."""
        self.ensure_one()
        return self.sudo().direct_debit_authorization_ids.filtered(
            lambda a: a.state == "authorised" and a.account_id == account
        )

    def _transfer_related(self, old, new):
        """A new holder has authorised nothing."""
        result = super()._transfer_related(old, new)
        live = self.sudo().direct_debit_authorization_id
        live._cancel(
            self.company_id._get_local_date(),
            self.env._("The contract has another holder"),
        )
        return result
