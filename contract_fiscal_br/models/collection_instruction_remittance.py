from odoo import fields, models
from odoo.exceptions import UserError

from ..const import LIVE_STATES

# Changes that a registration not yet sent carries itself.
REGISTERED_WITH = ("change_due_date", "change_amount", "discount")


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

    def _get_waiting_domain(self, account):
        return [("account_id", "=", account.id), ("state", "=", "pending")]

    def _find_obsolete(self):
        """Return what the bank need not hear: of titles that ended before it knew
        them, and changes that go with the registration itself."""
        unknown = self.filtered(lambda i: i.kind == "register").title_id
        written_off = self.filtered(lambda i: i.kind == "write_off").title_id
        ended = unknown.filtered(
            lambda title: title.state not in LIVE_STATES or title in written_off
        )
        gone = self.filtered(lambda i: i.title_id in ended)
        merged = (self - gone).filtered(
            lambda i: i.kind in REGISTERED_WITH and i.title_id in unknown
        )
        return gone, merged

    def _drop_obsolete(self):
        """Cancel what the bank need not hear any more; return the rest."""
        gone, merged = self._find_obsolete()
        gone._cancel_with(self.env._("The title ended before the bank knew it."))
        merged._cancel_with(self.env._("Goes to the bank with the registration."))
        return self - gone - merged

    def _get_obstacles(self):
        """Return {instruction: why the bank would refuse it}."""
        obstacles = {}
        for instruction in self:
            driver = instruction.account_id._get_driver()
            obstacle = driver._get_instruction_obstacle(instruction)
            if obstacle:
                obstacles[instruction] = obstacle
        return obstacles

    def _note_obstacles(self):
        """Note why the bank would refuse some of them; return those.

        They go on waiting, so a corrected address goes with the next file.
        """
        obstacles = self._get_obstacles()
        for instruction, message in obstacles.items():
            instruction.message = message
        return self.browse([instruction.id for instruction in obstacles])

    def _cancel_with(self, message):
        self.write({"state": "cancelled", "message": message})

    def _mark_sent(self, remittance):
        self.write({"state": "sent", "remittance_id": remittance.id, "message": False})
        new = self.filtered(lambda i: i.kind == "register").title_id
        new.filtered(lambda title: title.state == "to_register").state = "sent"

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
