import logging
import re
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import config

from ..const import FILE_BACKENDS

_logger = logging.getLogger(__name__)

# A folder below Odoo's data directory: names of letters, digits, - and _, with slashes.
FOLDER = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)


class CollectionAccount(models.Model):
    """Remittances made by the clock, and people reminded of those made by hand."""

    _name = "collection.account"
    _inherit = ["collection.account", "mail.activity.mixin"]

    remittance_auto = fields.Boolean(
        string="Daily Remittance",
        help="What waits is written to a file every morning.",
    )
    remittance_folder = fields.Char(
        help="Files are put in this folder of the server, below the folder "
        "“remittances” of Odoo's data directory, where the bank's own program takes "
        "them. Letters, digits, hyphens and slashes, such as “sicredi/saida”.",
    )
    remittance_user_id = fields.Many2one(
        "res.users",
        string="Reminded",
        domain="[('share', '=', False)]",
        help="Gets an activity when boletos or changes wait for a file since "
        "yesterday, or the daily file could not be made.",
    )

    @api.constrains("remittance_folder")
    def _check_remittance_folder(self):
        for account in self:
            folder = account.remittance_folder
            if folder and not FOLDER.fullmatch(folder):
                raise ValidationError(
                    self.env._(
                        "“%s” is no folder: use letters, digits, hyphens and slashes, "
                        "such as “sicredi/saida”.",
                        folder,
                    )
                )

    # === CRONS ===

    @api.model
    def _cron_generate_remittances(self):
        """Generate the day's files, each account on its own; remind of the others."""
        accounts = self.search([("backend", "in", FILE_BACKENDS)])
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(accounts))
        for account in accounts:
            try:
                account._take_daily_step()
            except UserError as error:
                self.env.cr.rollback()
                _logger.warning("No remittance for %s: %s", account.name, error)
                account._remind(
                    self.env._("The daily remittance could not be made: %s", error)
                )
            if not crons._commit_progress(1):
                break

    def _take_daily_step(self):
        if self.remittance_auto:
            self.env["collection.remittance"]._start(self)
            return
        company = self.company_id
        waiting = self._count_waiting(
            before=company._get_start_of(company._get_local_date())
        )
        if waiting:
            self._remind(
                self.env._(
                    "%s boletos or changes wait for a remittance since yesterday.",
                    waiting,
                )
            )

    def _remind(self, text):
        """Give who is to be reminded one activity, brought up to date."""
        user = self.remittance_user_id
        if not user:
            return
        kind = self.env.ref("contract_fiscal_br.mail_activity_remittance")
        open_ones = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        if open_ones:
            open_ones[:1].summary = text
            return
        self.activity_schedule(
            "contract_fiscal_br.mail_activity_remittance",
            summary=text,
            user_id=user.id,
        )

    # === FOLDER ===

    def _get_remittance_path(self):
        """Return the folder of the files, made if it is not there.

        :raise UserError: it would lie outside, by a link for example
        """
        self.ensure_one()
        root = Path(config["data_dir"], "remittances", self.env.cr.dbname).resolve()
        path = (root / self.remittance_folder).resolve()
        if root not in path.parents:
            raise UserError(
                self.env._(
                    "%(account)s: the folder %(folder)s lies outside Odoo's.",
                    account=self.name,
                    folder=self.remittance_folder,
                )
            )
        path.mkdir(parents=True, exist_ok=True)
        return path
