from odoo import api, fields, models
from odoo.exceptions import ValidationError

READER = "contract_recurring.group_contract_reader"
BILLING = "contract_recurring.group_contract_billing"


class ContractContract(models.Model):
    """A contract may be paid by a card or account the customer saved."""

    _inherit = "contract.contract"

    payment_token_id = fields.Many2one(
        "payment.token",
        string="Saved Method",
        groups=BILLING,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Invoices are charged to it by themselves when they fall due.",
    )
    payment_token_since = fields.Date(
        string="Charged Since",
        groups=BILLING,
        copy=False,
        help="Invoices due earlier are charged by hand alone.",
    )
    payment_token_name = fields.Char(
        string="Saved Method (Name)",
        compute="_compute_payment_token_name",
        compute_sudo=True,
        groups=READER,
    )
    payment_token_owner_ids = fields.Many2many(
        "res.partner", compute="_compute_payment_token_owner_ids", groups=READER
    )
    token_charge_ids = fields.One2many(
        "payment.token.charge", "contract_id", readonly=True, groups=READER
    )
    token_charge_count = fields.Integer(
        compute="_compute_token_charge_count", groups=READER
    )

    @api.depends("payment_token_id.active")
    def _compute_payment_token_name(self):
        for contract in self:
            token = contract.payment_token_id
            contract.payment_token_name = token.display_name if token else False

    @api.depends("partner_id", "invoice_partner_id")
    def _compute_payment_token_owner_ids(self):
        for contract in self:
            payer = contract.invoice_partner_id or contract.partner_id
            contract.payment_token_owner_ids = (
                payer | payer.commercial_partner_id | contract.partner_id
            )

    def _compute_token_charge_count(self):
        counts = dict(
            self.env["payment.token.charge"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.token_charge_count = counts.get(contract, 0)

    @api.constrains("payment_token_id", "partner_id", "invoice_partner_id")
    def _check_payment_token(self):
        for contract in self.sudo():
            token = contract.payment_token_id
            if token and not contract._owns_token(token):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is charged to methods that its own customer "
                        "saved with its own company. Choose another one.",
                        contract=contract.display_name,
                    )
                )

    def _owns_token(self, token):
        """Return whether the saved method belongs to the one who pays the contract."""
        self.ensure_one()
        payer = self.invoice_partner_id or self.partner_id
        return (
            token.partner_id.commercial_partner_id == payer.commercial_partner_id
            and token.company_id == self.company_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        # who may make contracts need not see what they are charged to
        contracts.sudo().filtered(
            lambda c: c.payment_token_id and not c.payment_token_since
        )._start_charging()
        return contracts

    def write(self, vals):
        result = super().write(vals)
        if vals.get("payment_token_id") and "payment_token_since" not in vals:
            self._start_charging()
        return result

    def _start_charging(self):
        """Charge what falls due from today on."""
        for contract in self.sudo():
            contract.payment_token_since = contract.company_id._get_local_date()

    def _set_holder(self, partner):
        """The former holder's card pays nothing of the new one."""
        if self.sudo().payment_token_id:
            self.sudo().payment_token_id = False
        return super()._set_holder(partner)

    def action_view_token_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.payment_token_charge_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {}
        return action
