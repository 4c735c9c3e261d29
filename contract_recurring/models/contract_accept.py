from odoo import fields, models


class ContractContract(models.Model):
    """What is recorded about the contract: acceptances, documents, history."""

    _inherit = "contract.contract"

    acceptance_ids = fields.One2many(
        "contract.acceptance", "contract_id", readonly=True
    )
    accepted_on = fields.Datetime(
        compute="_compute_accepted_on",
        help="The last time somebody accepted this contract.",
    )
    document_ids = fields.One2many("contract.document", "contract_id")
    history_ids = fields.One2many("contract.history", "contract_id", readonly=True)

    def _compute_accepted_on(self):
        latest = dict(
            self.env["contract.acceptance"]
            .sudo()
            ._read_group(
                [("contract_id", "in", self.ids)],
                ["contract_id"],
                ["accepted_on:max"],
            )
        )
        for contract in self:
            contract.accepted_on = latest.get(contract._origin, False)

    def _accept(self, values):
        """Record that somebody accepted the contract as printed.

        :param dict values: ``signer_name``, ``signer_document`` and ``method``
            (staff, link, signature); ``ip_address`` and ``user_agent`` where it
            came by the network; ``document``: the bytes of the PDF that was
            shown or signed, printed now if absent; ``accepted_on`` (UTC), now
            if absent
        :return: the acceptance
        :raise UserError: a value is missing, or the document is no PDF
        """
        self.ensure_one()
        acceptances = self.env["contract.acceptance"]
        acceptance = acceptances.sudo().create(acceptances._prepare(self, values))
        self.env["contract.event"]._record(
            self,
            "acceptance",
            to_state=acceptance.signer_name,
            reason=acceptance.document_sha256,
        )
        return acceptance.sudo(self.env.su)
