from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import FILE_BACKENDS


class CollectionRemittanceGenerate(models.TransientModel):
    """What the next remittances will hold, shown before they are made."""

    _name = "collection.remittance.generate"
    _description = "Generate Remittance"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    account_ids = fields.Many2many(
        "collection.account",
        string="Collection Accounts",
        domain=lambda self: [
            ("backend", "in", FILE_BACKENDS),
            ("company_id", "in", self.env.companies.ids),
        ],
        default=lambda self: self._get_default_accounts(),
    )
    line_ids = fields.One2many(
        "collection.remittance.generate.line",
        "wizard_id",
        compute="_compute_preview",
        store=True,
    )
    left_out_ids = fields.One2many(
        "collection.remittance.generate.left.out",
        "wizard_id",
        compute="_compute_preview",
        store=True,
    )

    @api.model
    def _get_default_accounts(self):
        if self.env.context.get("active_model") == "collection.account":
            return self.env["collection.account"].browse(
                self.env.context.get("active_ids", [])
            )
        return self._get_waiting_accounts(self.env.company)

    @api.model
    def _get_waiting_accounts(self, company):
        """Return the accounts with instructions that wait for a file."""
        rows = self.env["collection.instruction"]._read_group(
            [
                ("state", "=", "pending"),
                ("account_id.backend", "in", FILE_BACKENDS),
                ("company_id", "=", company.id),
            ],
            ["account_id"],
        )
        accounts = self.env["collection.account"].union(*(row[0] for row in rows))
        return accounts | accounts._find_with_news(company)

    @api.depends("account_ids")
    def _compute_preview(self):
        for wizard in self:
            lines, left_out = [Command.clear()], [Command.clear()]
            for account in wizard.account_ids._origin:
                preview = account._preview_remittance()
                lines.append(Command.create(preview["values"]))
                left_out += [Command.create(values) for values in preview["left_out"]]
            wizard.line_ids = lines
            wizard.left_out_ids = left_out

    def action_generate(self):
        self.ensure_one()
        remittances = self.env["collection.remittance"]._start(self.account_ids)
        if not remittances:
            raise UserError(
                self.env._("Nothing waits to be sent in the accounts you chose.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_remittance_action"
        )
        action["domain"] = [("id", "in", remittances.ids)]
        if len(remittances) == 1:
            action |= {"res_id": remittances.id, "views": [(False, "form")]}
        return action
