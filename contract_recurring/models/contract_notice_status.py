from odoo import models

from ..const import LEGAL_NOTICE_KINDS

# How far a notice has come; reports may arrive in any order, or twice.
PROGRESS = {"pending": 0, "sending": 1, "uncertain": 1, "sent": 2}
PROGRESS |= {"delivered": 3, "read": 4}


class ContractNotice(models.Model):
    """What providers report after a notice was sent."""

    _inherit = "contract.notice"

    def _follow_status(self, status, moment, words=False, addresses=()):
        """Note a report of the provider; old and repeated ones change nothing.

        A report about an uncertain notice proves that it left.

        :param status: sent, delivered, read or failed
        :param moment: when, in UTC
        :param words: why it failed
        :param addresses: where it failed, if not at all of the notice
        """
        before = self.sudo().filtered("is_valid_notice")
        for notice in self.sudo():
            if status == "failed":
                notice._follow_failure(words, addresses)
            elif PROGRESS[status] > PROGRESS.get(notice.state, 0):
                notice.write(notice._prepare_status(status, moment))
        now = self.sudo().filtered("is_valid_notice")
        legal = ((before | now) - (before & now))._filter_legal()
        if legal:
            legal.with_delay(
                channel="root.notice",
                description=self.env._("Follow what is proved of notices"),
            )._follow_proof()

    def _prepare_status(self, status, moment):
        vals = {"state": status, "error": False}
        if not self.noticed_on:
            vals |= {"sent_at": moment, "noticed_on": self._get_legal_date(moment)}
        if status in ("delivered", "read") and not self.delivered_at:
            vals["delivered_at"] = moment
        if status == "read":
            vals["read_at"] = moment
        return vals

    def _follow_failure(self, words, addresses=()):
        """A notice that did not arrive is none: no period runs from it."""
        if self.state in ("sent", "uncertain", "sending"):
            self.write(self._prepare_failure(words, addresses))

    def _follow_proof(self):
        """Let the contracts tell how far dunning has come by what is proved."""
        charges = self._filter_legal().move_ids.contract_charge_ids
        for company, contracts in charges.contract_id.grouped("company_id").items():
            contracts._refresh_overdue_state(company._get_local_date())

    def _filter_legal(self):
        return self.sudo().filtered(lambda notice: notice.kind in LEGAL_NOTICE_KINDS)
