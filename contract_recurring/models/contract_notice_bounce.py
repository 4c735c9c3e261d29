import re

from odoo import api, fields, models

from ..drivers.notice_channel_email import NOTICE_ID


class ContractNotice(models.Model):
    """E-mails that come back: what was not delivered proves nothing."""

    _inherit = "contract.notice"

    unreached = fields.Char(
        string="Addresses Not Reached",
        readonly=True,
        help="Where the provider reported that the notice could not be delivered. "
        "“Send Again” tries the next channel first.",
    )

    @api.model
    def _find_by_message_ids(self, message_ids):
        """Return the notices sent as these e-mails, known by the Message-ID alone
        where the answer of the mail server was lost."""
        ids = [int(i) for i in re.findall(NOTICE_ID, " ".join(message_ids))]
        driver = self.env["contract.notice.channel.email"]
        return self.search([("id", "in", ids), ("channel", "=", "email")]).filtered(
            lambda notice: (
                (notice.provider_ref or driver._get_own_message_id(notice))
                in message_ids
            )
        )

    def _follow_delivery_report(self, report):
        """Note what a mail server reports; a delay is none yet, it goes on trying.

        :param report: a `tools.delivery_report.DeliveryReport`
        """
        now = fields.Datetime.now()
        if report.action == "delivered":
            self._follow_status("delivered", now)
        elif report.action == "failed":
            self._follow_status("failed", now, report.words, report.addresses)

    # === ADDRESSES ===

    def _get_addresses(self):
        return set((self.recipient or "").split(", ")) - {""}

    def _get_unreached(self):
        """Return the addresses at which this and the notices it repeats failed."""
        unreached, notice = set(), self
        while notice:
            unreached |= set((notice.unreached or "").split(", ")) - {""}
            notice = notice.resent_from_id
        return unreached

    def _prepare_failure(self, words, addresses):
        """Return what to note of a failure reported by the provider.

        A customer told at one address of several was told.

        :param addresses: which were not reached; none of the notice's: all
        """
        own = self._get_addresses()
        unreached = ((own & set(addresses)) or own) | self._get_unreached()
        vals = {"unreached": ", ".join(sorted(unreached)), "error": words}
        if own <= unreached:
            vals |= {"state": "failed", "noticed_on": False}
        return vals
