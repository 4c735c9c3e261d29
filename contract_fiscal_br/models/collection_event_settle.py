from odoo import api, models
from odoo.tools import format_date, split_every

# Enough to share queries and entries, few enough to keep rows locked shortly.
BATCH_SIZE = 500

# {kind: method that settles the events of it}, in the order they are settled in: a
# title is registered before it is paid, and paid before that is undone.
BEFORE_MONEY = {
    "registered": "_settle_registered",
    "rejected": "_settle_rejected",
    "changed": "_settle_changed",
    "refused": "_settle_refused",
}
AFTER_MONEY = {
    "paid": "_settle_paid",
    "returned": "_settle_returned",
    "written_off": "_settle_written_off",
    "protested": "_settle_protested",
    "fee": "_settle_noted",
    "other": "_settle_noted",
    "unknown": "_settle_unknown",
}


class CollectionEvent(models.Model):
    """Settling: what the bank told is done to titles, invoices and books.

    An event is an item of a run (`contract.run.item.mixin`), whoever told it: it is
    locked, settled in one transaction together with others, and one that cannot be
    settled fails alone, with its reason, to be tried again.
    """

    _inherit = "collection.event"

    def _settle(self):
        """Settle what waits; safe to repeat. What a worker holds is left to it."""
        for ids in split_every(BATCH_SIZE, self.ids):
            self.browse(ids).sudo()._process()

    def _work(self):
        """Settle events together; the body of a batch."""
        # in the order the bank told them, whatever the caller's
        ordered = self.sorted("id").with_context(tracking_disable=True)
        for company, events in ordered.grouped("company_id").items():
            here = events.with_company(company)
            here._keep_pix()
            here._take_steps(BEFORE_MONEY)
            here._post_money()
            here._take_steps(AFTER_MONEY)
        self.write({"state": "done", "message": False})
        ordered._raise_alert()

    def _take_steps(self, steps):
        by_kind = self.grouped("kind")
        for kind, method in steps.items():
            if kind in by_kind:
                getattr(by_kind[kind], method)()

    # === OBSTACLES ===

    def _get_obstacles(self):
        """Money of a closed period waits for accounting: no entry takes another date
        than the bank's."""
        obstacles = super()._get_obstacles()
        moving = self.filtered(lambda event: event._moves_money())
        for (account, day), events in moving.grouped(
            lambda event: (event.account_id, event._get_entry_date())
        ).items():
            message = self._get_period_obstacle(account, day)
            if message:
                obstacles |= dict.fromkeys(events, message)
        return obstacles

    @api.model
    def _get_period_obstacle(self, account, day):
        """Return why nothing can be posted on a day, or None."""
        locks = account.company_id._get_violated_lock_dates(
            day, False, account.journal_id
        )
        if not locks:
            return None
        return self.env._(
            "The books are closed until %(closed)s and the bank credited this on "
            "%(day)s. Ask accounting to open the period, then press “Try Again”.",
            closed=format_date(self.env, max(lock for lock, _name in locks)),
            day=format_date(self.env, day),
        )

    # === CRON ===

    @api.model
    def _cron_settle(self):
        """Settle what was told and never settled, as after a worker died."""
        waiting = self.search([("state", "=", "pending")], order="id")
        for ids in split_every(BATCH_SIZE, waiting.ids):
            self.browse(ids)._settle()
            self.env["ir.cron"]._commit_progress(len(ids))
