from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..const import LIVE_STATES

# Instructions checked at once; what was read of them is forgotten before the next ones.
CHUNK = 500


class CollectionInstruction(models.Model):
    """Instructions of file accounts go out with a remittance."""

    _inherit = "collection.instruction"

    remittance_id = fields.Many2one("collection.remittance", readonly=True, index=True)

    # === ACTIONS ===

    def action_cancel(self):
        """Do not ask the bank; a title it does not know by then is told it waits."""
        self.env["collection.remittance"]._check_generator()
        self.check_access("read")
        instructions = self.sudo()
        instructions.lock_for_update()
        if any(instruction.state != "pending" for instruction in instructions):
            raise UserError(
                self.env._(
                    "Only what was not sent yet can be cancelled. Reload the page."
                )
            )
        instructions._cancel_with(
            self.env._("Cancelled by %s.", self.env.user.display_name)
        )

    # === FILES ===

    def _get_waiting_domain(self, account, day):
        """Return what a file of the account would take on a day."""
        return [("account_id", "=", account.id), ("state", "=", "pending")]

    def _find_obsolete(self):
        """Return what the bank need not hear: of titles that end before it knows
        them."""
        mine = Domain("id", "in", self.ids)
        written_off = self._get_title_ids([("kind", "=", "write_off")])
        ended = self._get_title_ids(
            Domain("kind", "=", "register")
            & (
                Domain("title_id.state", "not in", LIVE_STATES)
                | Domain("title_id", "in", written_off)
            )
        )
        return (
            self.search(mine & Domain("title_id", "in", ended)) if ended else self[:0]
        )

    def _get_title_ids(self, domain):
        """Return the ids of the titles of the instructions that match.

        Asked of the database: a file has thousands, of which little is to be read.
        """
        domain = Domain("id", "in", self.ids) & Domain(domain)
        rows = self._read_group(domain, aggregates=["title_id:array_agg_distinct"])
        return rows[0][0] or []

    def _drop_obsolete(self):
        """Cancel what the bank need not hear any more; return the rest."""
        gone = self._find_obsolete()
        gone._cancel_with(self.env._("The title ended before the bank knew it."))
        waiting = gone.title_id.filtered(lambda t: t.state in ("draft", "to_register"))
        waiting.write({"state": "cancelled"})
        return self - gone

    def _get_obstacles(self, day):
        """Return {id of instruction: why the bank would refuse it}.

        What was read of the titles is forgotten on the way: a file has thousands.

        :param date day: of the file, where the company is
        """
        new_ids = set(self._get_title_ids([("kind", "=", "register")]))
        obstacles = {}
        for ids in split_every(CHUNK, self.ids):
            chunk = self.browse(ids)
            for instruction in chunk:
                obstacle = instruction._get_obstacle(day, new_ids)
                if obstacle:
                    obstacles[instruction.id] = obstacle
            chunk._forget()
        return obstacles

    def _forget(self):
        """Forget what was read of instructions, their titles, invoices and payers."""
        titles = self.title_id
        for records in (titles.move_id, titles.partner_id, titles, self):
            records.invalidate_recordset()

    def _get_obstacle(self, day, new_ids):
        """Return why the bank would refuse it on a day, or nothing.

        :param new_ids: of titles that go to the bank with the same file
        """
        if self.kind != "register" and self.title_id.id in new_ids:
            return self.env._("Waits until the title is registered at the bank.")
        driver = self.account_id._get_driver()
        return driver._get_instruction_obstacle(self, day)

    def _note_obstacles(self, day):
        """Note why the bank would refuse some of them on a day; return those.

        They go on waiting, so a corrected address goes with the next file.
        """
        obstacles = self._get_obstacles(day)
        by_message = {}
        for instruction_id, message in obstacles.items():
            by_message.setdefault(message, []).append(instruction_id)
        for message, ids in by_message.items():
            self.browse(ids).message = message
        return self.browse(obstacles)

    def _cancel_with(self, message):
        self.write({"state": "cancelled", "message": message})

    def _mark_sent(self, remittance):
        for ids in split_every(CHUNK, self.ids):
            chunk = self.browse(ids)
            chunk._mark_chunk_sent(remittance)
            chunk._forget()

    def _mark_chunk_sent(self, remittance):
        self.write({"state": "sent", "remittance_id": remittance.id, "message": False})
        waiting = self.env["collection.title"].search(
            [
                ("id", "in", self._get_title_ids([("kind", "=", "register")])),
                ("state", "=", "to_register"),
            ]
        )
        # the instruction tells the history; a message for each title would take longer
        # than the file itself
        waiting.with_context(tracking_disable=True).state = "sent"

    def _summarize(self):
        """Return how much a file of these holds: new titles, their amount, changes."""
        new_ids = self._get_title_ids([("kind", "=", "register")])
        amount = self.env["collection.title"]._read_group(
            [("id", "in", new_ids)], aggregates=["amount:sum"]
        )[0][0]
        return {
            "new_count": len(new_ids),
            "new_amount": amount,
            "change_count": len(self) - len(new_ids),
        }

    # === WHAT THE BANK SAYS ===

    def write(self, vals):
        """A file of which the bank answers anything was taken by it."""
        result = super().write(vals)
        if vals.get("state") in ("confirmed", "refused"):
            self.remittance_id.sudo()._note_answer()
        return result

    def _take_back(self):
        """Let what was sent wait again: the bank did not take the file.

        Where the same was asked for meanwhile, the newer one stays.
        """
        sent = self.filtered(lambda i: i.state == "sent")
        asked = self.search(
            [("title_id", "in", sent.title_id.ids), ("state", "=", "pending")]
        )
        newer = {(i.title_id, i.kind) for i in asked}
        stale = sent.filtered(lambda i: (i.title_id, i.kind) in newer)
        stale._cancel_with(self.env._("Asked for again before the bank took it."))
        back = sent - stale
        back.write({"state": "pending"})
        new = back.filtered(lambda i: i.kind == "register").title_id
        new.filtered(lambda title: title.state == "sent").state = "to_register"
