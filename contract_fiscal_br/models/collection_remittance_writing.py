from odoo import api, fields, models
from odoo.exceptions import UserError

# Files of more instructions are written by a job: about a second for a thousand.
BACKGROUND_FROM = 500


class CollectionRemittance(models.Model):
    """Choosing instructions and writing them to a file."""

    _inherit = "collection.remittance"

    @api.model
    def _start(self, accounts):
        """Return a remittance for each account that has something to send.

        Small files are written at once, others by jobs.
        """
        self._check_generator()
        accounts.check_access("read")
        remittances = self.browse()
        for account in accounts.sudo():
            waiting = account._count_waiting()
            if not waiting and not account._has_news_for_bank():
                continue
            account._get_driver()._check_layout(account)
            remittance = self.sudo().create(
                {
                    "account_id": account.id,
                    "user_id": self.env.uid,
                    "layout": account.layout,
                }
            )
            if waiting > BACKGROUND_FROM:
                remittance._queue()
            else:
                remittance._generate()
            remittances |= remittance
        return remittances.sudo(self.env.su)

    def _queue(self):
        self.ensure_one()
        self.with_delay(
            channel="root.remittance",
            identity_key=f"collection_remittance_{self.id}",
            description=self.env._("Remittance of %s", self.account_id.name),
        )._generate_in_background()

    def _generate_in_background(self):
        """Write the file; the body of a job. Tell who asked for it what came of it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._generate()
        except UserError as error:
            self.write({"state": "cancelled", "message": str(error)})
        if self.state == "generating":
            return
        done = self.state == "generated"
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if done else "warning",
                "title": self.env._("Remittance of %s", self.account_id.name),
                "message": self.message
                or self.env._("%s is ready: download it.", self.name),
            },
        )

    def _generate(self):
        """Write the file; safe to repeat.

        The account's row is locked first, so of two who generate at once the second
        finds nothing left to send.
        """
        self.ensure_one()
        if self.state != "generating" or not self.try_lock_for_update():
            return
        self.account_id._lock_files()
        now = fields.Datetime.now()
        local_time = self.company_id._get_local_time(now)
        instructions, left_out = self._choose(local_time.date())
        if not instructions and not self.account_id._has_news_for_bank():
            self._give_up(left_out)
            return
        number = self.account_id._take_number("next_file_number")
        content = self.account_id._get_driver()._write_remittance(
            self.account_id, instructions, number, local_time
        )
        self._keep(number, now, content, instructions, left_out)

    def _choose(self, day):
        """Return what goes into a file of that day, and what the bank would refuse."""
        waiting = self.env["collection.instruction"].search(
            self.env["collection.instruction"]._get_waiting_domain(
                self.account_id, day
            ),
            order="id",
        )
        waiting = waiting.try_lock_for_update()._drop_obsolete()
        left_out = waiting._note_obstacles(day)
        return waiting - left_out, left_out

    def _give_up(self, left_out):
        self.write(
            {
                "state": "cancelled",
                "left_out_count": len(left_out),
                "message": self.env._(
                    "Nothing could be sent: %(count)s instructions were left out. "
                    "Each says why.",
                    count=len(left_out),
                )
                if left_out
                else self.env._("Nothing was left to send."),
            }
        )

    def _keep(self, number, now, content, instructions, left_out):
        driver = self.account_id._get_driver()
        self.write(
            {
                "name": f"{self.account_id.name} {number:06}",
                "file_number": number,
                "filename": driver._get_remittance_filename(
                    self.account_id, number, self.company_id._get_local_time(now)
                ),
                "layout": self.account_id.layout,
                "generated_at": now,
                **instructions._summarize(),
                "left_out_count": len(left_out),
                "state": "generated",
            }
        )
        self._keep_content(content)
        instructions._mark_sent(self)
