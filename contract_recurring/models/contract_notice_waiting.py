from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.queue_job.job import identity_exact

from ..permission import check_permission

# Notices one job looks at again.
BATCH_SIZE = 500
# Payment slips that somebody must see to, before those that only take time.
WAIT_REASONS = [
    ("refused", "Boleto refused or not issued"),
    ("registration", "Waits for the bank to register the boleto"),
]
# What is written when a notice leaves, not when it begins to wait.
RENEWED_FIELDS = (
    "partner_id",
    "amount",
    "due_date",
    "date",
    "channel",
    "recipient",
    "is_forced",
    "error",
)


class ContractNotice(models.Model):
    """Notices wait until what they bring can be paid, but not for ever.

    What an invoice is paid by may be unknown to the bank yet, and its Pix code not be
    made (`account.move._get_payment_slip_waits`). Such a notice has its key, so nothing
    else sends the invoice, and gets text, amount and address when it leaves: told by
    the bank's answer, on its last day, or by a person. Notices the law asks for never
    wait: periods run from them.
    """

    _inherit = "contract.notice"

    wait_reason = fields.Selection(
        WAIT_REASONS,
        string="Waits For",
        readonly=True,
        help="Why it waits. Of one that left: what could not be paid yet.",
    )
    wait_until = fields.Date(
        string="Leaves Anyway On",
        readonly=True,
        help="Last day to wait; the customer gets the invoice then in any case.",
    )

    # === BEGINNING TO WAIT ===

    @api.model
    def _get_waiting_kinds(self):
        """Return the kinds of notices that bring what to pay by."""
        return ["invoice", "reminder"]

    @api.model
    def _add_waits(self, requests, vals_list):
        """Let notices wait whose invoices cannot be paid yet; queries do not grow."""
        kinds = self._get_waiting_kinds()
        able = [
            (request, vals)
            for request, vals in zip(requests, vals_list, strict=True)
            if request["kind"] in kinds and vals.get("state") != "skipped"
        ]
        moves = self.env["account.move"].sudo()
        moves = moves.browse(
            {i for request, _vals in able for i in request["move_ids"]}
        )
        waits = moves._get_payment_slip_waits()
        for request, vals in able:
            reason = self._choose_wait_reason(moves.browse(request["move_ids"]), waits)
            if reason:
                vals |= self._prepare_wait(vals, reason)

    @api.model
    def _choose_wait_reason(self, moves, waits):
        """Return why a notice of these invoices waits, or False."""
        reasons = {waits.get(move) for move in moves}
        return next((name for name, _words in WAIT_REASONS if name in reasons), False)

    @api.model
    def _prepare_wait(self, vals, reason):
        company = self.env["res.company"].browse(vals["company_id"])
        day, last_day = vals["date"], vals["date"]
        if vals["due_date"]:
            last_day = company._get_last_day_to_wait(day, vals["due_date"])
        return {
            "wait_reason": reason,
            "wait_until": last_day,
            **({"state": "waiting"} if day < last_day else {}),
        }

    @api.model
    def _get_waiting_keys(self, kind, moves):
        """Return {invoice: key} of what is to bring it already and waits."""
        waiting = self.sudo().search(
            [
                ("state", "=", "waiting"),
                ("kind", "=", kind),
                ("move_ids", "in", moves.ids),
            ]
        )
        return {move: notice.key for notice in waiting for move in notice.move_ids}

    # === LEAVING ===

    def action_send_now(self):
        """Send what waits at once, though it cannot be paid yet."""
        check_permission(self.env, "contract_recurring.group_notice_send")
        self.check_access("read")
        if self.filtered(lambda notice: notice.state != "waiting"):
            raise UserError(
                self.env._(
                    "Only what waits is sent at once. Some of these notices left "
                    "already: reload the page."
                )
            )
        self._follow_waiting(is_urgent=True)

    def _follow_waiting(self, is_urgent=False):
        """Let go what can be paid by now or has waited long enough; the body of a job.

        Safe to repeat: of two at once, each notice leaves by one.
        """
        waiting = self.sudo().try_lock_for_update(allow_referencing=True)
        waiting = waiting.filtered(lambda notice: notice.state == "waiting")
        waits = waiting.move_ids._get_payment_slip_waits()
        for reason, notices in waiting.grouped(
            lambda notice: self._choose_wait_reason(notice.move_ids, waits)
        ).items():
            notices.write({"wait_reason": reason})
        today = self._get_legal_date()
        waiting.filtered(
            lambda notice: is_urgent or notice._is_wait_over(today)
        )._release(today)

    def _is_wait_over(self, day):
        self.ensure_one()
        return not self.wait_reason or self.wait_until <= day

    def _release(self, day):
        """Write what is sent, as it is on this day, and hand it to the channels."""
        leaving = self._skip_needless()
        leaving.filtered(lambda n: not n.wait_reason).write({"wait_until": False})
        requests = [notice._prepare_request() | {"day": day} for notice in leaving]
        planned = self._prepare_vals_list(requests)
        states = {}
        for notice, vals in zip(leaving, planned, strict=True):
            notice.write({name: vals.get(name, False) for name in RENEWED_FIELDS})
            states[notice] = vals.get("state", "pending")
        for state, notices in leaving.grouped(states.get).items():
            notices.write({"state": state})
        for template, same_text in leaving.grouped("template_id").items():
            template._fill(same_text)
        leaving._queue()

    def _skip_needless(self):
        """Note of which nothing is to be sent any more; return the others."""
        by_obstacle = self.grouped(lambda notice: notice._get_needless_words())
        leaving = by_obstacle.pop(None, self.browse())
        for obstacle, notices in by_obstacle.items():
            notices.write({"state": "skipped", "error": obstacle})
        return leaving

    def _get_needless_words(self):
        """Return why none of the invoices is to be sent, None where one is."""
        obstacles = [move._get_sending_obstacle() for move in self.move_ids]
        return obstacles[0] if obstacles and all(obstacles) else None

    # === WHO WAKES THEM ===

    @api.model
    def _wake_waiting(self, moves):
        """Let the cron look soon at what waits for these invoices."""
        if self.sudo().search_count(
            [("state", "=", "waiting"), ("move_ids", "in", moves.ids)], limit=1
        ):
            self.env.ref("contract_recurring.ir_cron_resume_notices")._trigger()

    @api.model
    def _cron_resume(self):
        """Find what need not wait any more, too, whoever failed to tell."""
        result = super()._cron_resume()
        self._queue_waiting()
        return result

    @api.model
    def _queue_waiting(self):
        """Let jobs follow those of which something changed."""
        waiting = self.sudo().search([("state", "=", "waiting")])
        waits = waiting.move_ids._get_payment_slip_waits()
        today = self._get_legal_date()
        changed = waiting.filtered(
            lambda notice: (
                notice._is_wait_over(today)
                or notice.wait_reason
                != self._choose_wait_reason(notice.move_ids, waits)
            )
        )
        for ids in split_every(BATCH_SIZE, changed.ids):
            self.browse(ids).sudo().with_delay(
                channel="root.notice",
                identity_key=identity_exact,
                description=self.env._("Look again at %s notices", len(ids)),
            )._follow_waiting()
