from odoo import models

# How far a notice has come; reports may arrive in any order, or twice.
PROGRESS = {"pending": 0, "sending": 1, "uncertain": 1, "sent": 2}
PROGRESS |= {"delivered": 3, "read": 4}


class ContractNotice(models.Model):
    """What providers report after a notice was sent."""

    _inherit = "contract.notice"

    def _follow_status(self, status, moment, words=False):
        """Note a report of the provider; old and repeated ones change nothing.

        A report about an uncertain notice proves that it left.

        :param status: sent, delivered, read or failed
        :param moment: when, in UTC
        :param words: why it failed
        """
        for notice in self.sudo():
            if status == "failed":
                notice._follow_failure(words)
            elif PROGRESS[status] > PROGRESS.get(notice.state, 0):
                notice.write(notice._prepare_status(status, moment))

    def _prepare_status(self, status, moment):
        vals = {"state": status, "error": False}
        if not self.noticed_on:
            vals |= {"sent_at": moment, "noticed_on": self._get_legal_date(moment)}
        if status in ("delivered", "read") and not self.delivered_at:
            vals["delivered_at"] = moment
        if status == "read":
            vals["read_at"] = moment
        return vals

    def _follow_failure(self, words):
        """A notice that did not arrive is none: no period runs from it."""
        if self.state in ("sent", "uncertain", "sending"):
            self.write({"state": "failed", "noticed_on": False, "error": words})
