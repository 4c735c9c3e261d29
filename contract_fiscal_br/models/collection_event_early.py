from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CollectionEvent(models.Model):
    """Returns that were told before the payment they take back.

    They wait in suspense, whose money went back nobody knows; the payment that comes
    after all is undone at once, or its invoice would stand as paid.
    """

    _inherit = "collection.event"

    def _work(self):
        result = super()._work()
        payments = self.filtered(lambda event: event.kind == "paid" and event.paid)
        for company, events in payments.grouped("company_id").items():
            events.with_company(company)._meet_early_returns()
        return result

    def _meet_early_returns(self):
        for early in self._search_early_returns():
            mine = self.filtered_domain(early._get_same_title_domain())
            payment = early._choose_returned_payment(mine.sorted("id", reverse=True))
            if not payment or not early._get_waiting_lines():
                continue
            try:
                with self.env.cr.savepoint():
                    early.returned_event_id = payment
                    early._undo_payment(payment)
            except UserError:
                # the payment itself stands; the return goes on waiting for a person
                self.env.invalidate_all(flush=False)

    def _search_early_returns(self):
        """Return what went back of these titles and waits for its payment."""
        titles = Domain.OR(
            Domain(name, "in", values)
            for name, values in (
                ("title_id", self.title_id.ids),
                ("txid", list(set(self.mapped("txid")) - {False, ""})),
                ("nosso_numero", list(set(self.mapped("nosso_numero")) - {False, ""})),
            )
        )
        waiting = Domain("account_id", "in", self.account_id.ids) & Domain(
            "outcome", "=", "unmatched_return"
        )
        return self.search(waiting & titles, order="id")

    def _get_waiting_lines(self):
        """Return what of a return without a payment is still in suspense."""
        if self.outcome != "unmatched_return":
            return self.env["account.move.line"]
        return self.posted_line_ids.filtered(
            lambda line: line.balance > 0 and not line.reconciled
        )
