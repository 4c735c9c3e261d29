from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.contract_recurring.permission import check_permission

from ..const import LOOK_OUTCOMES, OUTCOMES


class CollectionEvent(models.Model):
    """What became of an event, and whether a person must look at it."""

    _inherit = "collection.event"

    outcome = fields.Selection(OUTCOMES, readonly=True, index="btree_not_null")
    applied_amount = fields.Monetary(
        string="Paid Invoices", readonly=True, help="As it was settled."
    )
    credit_amount = fields.Monetary(
        string="Became a Credit",
        readonly=True,
        help="What was left to the customer when it was settled.",
    )
    suspense_amount = fields.Monetary(
        string="In Suspense", readonly=True, help="Money whose owner was not known."
    )
    concession_amount = fields.Monetary(
        string="Granted",
        readonly=True,
        help="Settled without money: discounts granted, cents of fine and interest "
        "that the bank did not ask for.",
    )
    is_credit_kept = fields.Boolean(
        string="Credit Not Used by Itself",
        readonly=True,
        help="The credit is to be paid back: later invoices leave it alone.",
    )
    needs_look = fields.Boolean(readonly=True)
    looked_by_id = fields.Many2one("res.users", string="Seen By", readonly=True)
    looked_on = fields.Datetime(string="Seen On", readonly=True)
    look_note = fields.Char(string="Note", readonly=True)
    to_look = fields.Boolean(
        string="Needs a Look",
        compute="_compute_to_look",
        search="_search_to_look",
        help="Flagged, or failed, and nobody has seen to it.",
    )

    _waiting = models.Index("(account_id) WHERE needs_look AND looked_on IS NULL")
    _unsettled = models.Index("(state, id) WHERE state <> 'done'")

    @api.depends("needs_look", "looked_on", "state")
    def _compute_to_look(self):
        for event in self:
            event.to_look = event.state == "failed" or (
                event.needs_look and not event.looked_on
            )

    @api.model
    def _search_to_look(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("state", "=", "failed") | (
            Domain("needs_look", "=", True) & Domain("looked_on", "=", False)
        )
        return waiting if True in value else ~waiting

    def _note_outcome(self, outcome, needs_look=None, **values):
        """Write what became of events.

        :param needs_look: what the outcome says where None
        """
        for event in self:
            event.write(
                {
                    "outcome": outcome,
                    "needs_look": (
                        event._is_worth_a_look(outcome, values)
                        if needs_look is None
                        else needs_look
                    ),
                    **values,
                }
            )

    def _is_worth_a_look(self, outcome, values):
        """Return whether a person must know; a few cents too much are nobody's work."""
        self.ensure_one()
        if self._has_odd_credit() or self._get_odd_days():
            return True
        if outcome == "surplus":
            return (
                self.currency_id.compare_amounts(
                    values["credit_amount"], self.account_id.late_tolerance
                )
                > 0
            )
        return outcome in LOOK_OUTCOMES

    def _has_odd_credit(self):
        """Return whether the bank credited neither all nor all less its fee."""
        self.ensure_one()
        kept = self._get_kept()
        return not (
            self.currency_id.is_zero(kept) or self.currency_id.is_zero(kept - self.fee)
        )

    # === SEEN ===

    def action_mark_seen(self):
        """Open the dialog that asks for a note."""
        return self._get_look_action("collection_event_seen_action")

    def action_look_again(self):
        """Put events back on the list of what needs a look."""
        self._check_may_look()
        self.sudo().write({"looked_by_id": False, "looked_on": False})

    def action_retry(self):
        """Settle again what failed."""
        self._check_may_look()
        failed = self.sudo().filtered(lambda event: event.state == "failed")
        if not failed:
            raise UserError(self.env._("None of these failed: nothing to try again."))
        failed.write({"state": "pending", "message": False})
        failed._settle()

    def _mark_seen(self, note=None):
        """Take events off the list; who and when is kept."""
        self._check_may_look()
        self.sudo().write(
            {
                "looked_by_id": self.env.user.id,
                "looked_on": fields.Datetime.now(),
                "look_note": (note or "").strip() or False,
            }
        )

    def _check_may_look(self):
        """Raise unless the user may read the events and sees to collection."""
        self.check_access("read")
        check_permission(self.env, "contract_recurring.group_contract_billing")

    def _get_look_action(self, name):
        self._check_may_look()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"contract_fiscal_br.{name}"
        )
        action["context"] = {"default_event_ids": self.ids}
        return action
