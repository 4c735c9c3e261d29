from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CollectionAccount(models.Model):
    """The files of an account are numbered."""

    _inherit = "collection.account"

    next_file_number = fields.Integer(
        string="Next File",
        default=1,
        required=True,
        copy=False,
        help="The next remittance gets it. A number is never used twice; one may be "
        "left out.",
    )
    transmission_code = fields.Char(
        string="Code of Transmission",
        help="Santander: 15 digits of the bank's letter; composed of branch and "
        "agreement if empty.",
    )
    remittance_ids = fields.One2many(
        "collection.remittance", "account_id", readonly=True
    )
    remittance_count = fields.Integer(compute="_compute_remittance_count")

    _next_file_number_positive = models.Constraint(
        "CHECK (next_file_number > 0)", "The number of the next file is 1 or more."
    )

    def _compute_remittance_count(self):
        counts = dict(
            self.env["collection.remittance"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.remittance_count = counts.get(account, 0)

    def write(self, vals):
        if "next_file_number" in vals:
            self._check_next_file_number(vals["next_file_number"])
        return super().write(vals)

    def _check_next_file_number(self, number):
        """Raise if remittances have numbers from this one on."""
        for account in self:
            if account.remittance_ids.filtered(lambda r: r.file_number >= number):
                raise UserError(
                    self.env._(
                        "%(account)s has files from number %(number)s on. Choose a "
                        "greater one.",
                        account=account.name,
                        number=number,
                    )
                )

    # === ACTIONS ===

    def action_generate_remittance(self):
        """Open the dialog that shows what the next files will hold."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "contract_fiscal_br.collection_remittance_generate_action"
            ),
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_view_remittances(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_remittance_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        return action

    # === BUSINESS ===

    def _preview_remittance(self):
        """Return what the next file would hold: values of its line in the dialog,
        and of each instruction that would be left out. Nothing is written."""
        self.ensure_one()
        day = self.company_id._get_local_date()
        instructions = self.env["collection.instruction"]
        waiting = instructions.search(instructions._get_waiting_domain(self, day))
        waiting -= waiting._find_obsolete()
        obstacles = waiting._get_obstacles(day)
        going = waiting - waiting.browse(obstacles)
        return {
            "values": {
                "account_id": self.id,
                **going._summarize(),
                "left_out_count": len(obstacles),
            },
            "left_out": [
                {"title_id": waiting.browse(left_out).title_id.id, "message": message}
                for left_out, message in obstacles.items()
            ],
        }

    def _count_waiting(self, before=None):
        """Return how many instructions today's file would take.

        :param datetime before: count those asked for before a moment (UTC) alone
        """
        self.ensure_one()
        day = self.company_id._get_local_date()
        instructions = self.env["collection.instruction"].sudo()
        domain = Domain(instructions._get_waiting_domain(self, day))
        if before:
            domain &= Domain("create_date", "<", before)
        return instructions.search_count(domain)

    def _find_with_news(self, company):
        """Return the accounts with something to tell beside instructions."""
        return self.browse()

    def _has_news_for_bank(self):
        """Return whether a file is worth sending without any instruction."""
        return False

    def _lock_files(self):
        """Let one worker at a time write files of the account.

        The row stays locked until the transaction ends: of two who write at once,
        the second waits and then begins anew, where it sees what the first took.
        """
        self.ensure_one()
        self.env.cr.execute(
            "SELECT id FROM collection_account WHERE id = %s FOR NO KEY UPDATE",
            [self.id],
        )
