from odoo import api, fields, models


class DirectDebitMessage(models.Model):
    """What a bank is still to be told about authorisations: records C and D.

    The next remittance of the account takes them along.
    """

    _name = "direct.debit.message"
    _description = "Direct Debit Message"
    _order = "id"
    _rec_name = "client_id"

    account_id = fields.Many2one(
        "collection.account", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    authorization_id = fields.Many2one(
        "direct.debit.authorization", readonly=True, index=True
    )
    remittance_id = fields.Many2one(
        "collection.remittance", readonly=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("exclusion", "Authorisation ended by the company"),
            ("refusal", "Registration at the bank refused"),
        ],
        required=True,
        readonly=True,
    )
    client_id = fields.Char(string="Debit Code", required=True, readonly=True)
    branch = fields.Char(
        readonly=True, groups="contract_recurring.group_contract_billing"
    )
    bank_account = fields.Char(
        string="Account at the Bank",
        readonly=True,
        groups="contract_recurring.group_contract_billing",
    )
    movement = fields.Char(readonly=True)
    words = fields.Char(readonly=True)
    state = fields.Selection(
        [("pending", "To send"), ("sent", "Sent")],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )

    _one_pending = models.UniqueIndex(
        "(account_id, kind, client_id) WHERE state = 'pending'",
        "The bank is about to be told this already.",
    )

    @api.model
    def _request_exclusion(self, authorizations, words):
        """Have the bank told that authorisations ended."""
        for authorization in authorizations:
            self._request(
                authorization.account_id,
                "exclusion",
                authorization.debit_code,
                authorization_id=authorization.id,
                branch=authorization.branch,
                bank_account=authorization.bank_account,
                words=words,
            )

    @api.model
    def _request(self, account, kind, client_id, **values):
        """Write a message, once while the same one waits."""
        waiting = self.search(
            [
                ("account_id", "=", account.id),
                ("kind", "=", kind),
                ("client_id", "=", client_id),
                ("state", "=", "pending"),
            ]
        )
        if waiting:
            waiting.write(values)
            return waiting
        return self.create(
            {
                "account_id": account.id,
                "kind": kind,
                "client_id": client_id,
                **values,
            }
        )

    def _mark_sent(self, remittance):
        self.write({"state": "sent", "remittance_id": remittance.id})

    def _take_back(self):
        """Let what was sent wait again, unless it was asked for again meanwhile."""
        waiting = self.search(
            [("account_id", "in", self.account_id.ids), ("state", "=", "pending")]
        )
        asked = {(m.account_id, m.kind, m.client_id) for m in waiting}
        self.filtered(lambda m: (m.account_id, m.kind, m.client_id) not in asked).write(
            {"state": "pending", "remittance_id": False}
        )
