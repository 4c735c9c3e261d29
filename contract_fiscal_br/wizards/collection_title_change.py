from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

from ..const import INSTRUCTION_KINDS

CHANGES = [kind for kind in INSTRUCTION_KINDS if kind[0] != "register"]


class CollectionTitleChange(models.TransientModel):
    """Changes boletos, or asks the bank to; says beforehand which of both."""

    _name = "collection.title.change"
    _description = "Change Boletos"

    title_ids = fields.Many2many(
        "collection.title",
        string="Boletos",
        default=lambda self: self.env.context.get("active_ids"),
        required=True,
        readonly=True,
    )
    currency_id = fields.Many2one(related="title_ids.currency_id")
    kind = fields.Selection(
        CHANGES, string="Change", required=True, default="change_due_date"
    )
    due_date = fields.Date(string="New Due Date")
    is_invoice_moved = fields.Boolean(
        string="Also of the Invoice",
        default=True,
        help="Reminders, fine and interest then count from the new date. Not marked, "
        "they count from the old one.",
    )
    amount = fields.Monetary()
    date_limit = fields.Date(string="Until")
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")

    @api.depends(
        "title_ids", "kind", "due_date", "is_invoice_moved", "amount", "date_limit"
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.update({"preview": False, "obstacle": False})
            if not wizard._is_complete():
                continue
            try:
                wizard.preview = wizard._preview()
            except UserError as error:
                wizard.obstacle = str(error)

    def _is_complete(self):
        needed = {
            "change_due_date": ("due_date",),
            "change_amount": ("amount",),
            "discount": ("amount", "date_limit"),
        }
        return self.title_ids and all(self[name] for name in needed.get(self.kind, ()))

    # === WHAT IT WILL DO ===

    def _preview(self):
        titles = self.title_ids._origin
        titles.check_access("read")
        self._check_due_date()
        titles.sudo()._check_change(self.kind, **self._get_values())
        known = titles.sudo()._filter_known_to_bank()
        words = [self._describe_effect(), *self._describe_due_date()]
        unsent = titles - known
        if unsent:
            words.append(
                self.env._(
                    "%(count)s not at the bank yet: done at once.", count=len(unsent)
                )
            )
        if known:
            words.append(
                self.env._(
                    "%(count)s at the bank: it is asked, and nothing changes until it "
                    "confirms.",
                    count=len(known),
                )
            )
        return "\n".join(words)

    def _describe_effect(self):
        titles = self.title_ids._origin
        names = {"titles": ", ".join(titles[:5].mapped("display_name"))}
        if self.kind == "change_due_date":
            return self.env._(
                "%(titles)s: due on %(date)s.",
                date=format_date(self.env, self.due_date),
                **names,
            )
        if self.kind in ("change_amount", "discount"):
            return self._describe_amount(names)
        words = {
            "write_off": self.env._(
                "%(titles)s: taken back. The invoice stays open.", **names
            ),
            "protest": self.env._("%(titles)s: handed to the notary.", **names),
            "cancel_protest": self.env._("%(titles)s: protest stopped.", **names),
        }
        return words[self.kind]

    def _describe_amount(self, names):
        amount = format_amount(self.env, self.amount, self.currency_id)
        if self.kind == "change_amount":
            return self.env._(
                "%(titles)s: %(amount)s. What the invoice asks for stays as it is; "
                "give the rest back by a credit note.",
                amount=amount,
                **names,
            )
        return self.env._(
            "%(titles)s: %(amount)s less if paid until %(date)s.",
            amount=amount,
            date=format_date(self.env, self.date_limit),
            **names,
        )

    def _describe_due_date(self):
        """Return what the calendar of banks makes of the new date."""
        if self.kind != "change_due_date":
            return []
        words = []
        payable = next_bank_day(self.due_date)
        if payable != self.due_date:
            words.append(
                self.env._(
                    "Banks are closed on that day: it may be paid without fine and "
                    "interest until %(date)s.",
                    date=format_date(self.env, payable),
                )
            )
        if not self.is_invoice_moved:
            words.append(
                self.env._(
                    "The invoice keeps its date: paid after it, fine and interest are "
                    "charged with the next invoice."
                )
            )
        return words

    # === DOING IT ===

    def _get_values(self):
        """Return the values of the instruction."""
        values = {
            "change_due_date": {"due_date": self.due_date},
            "change_amount": {"amount": self.amount},
            "discount": {"amount": self.amount, "date_limit": self.date_limit},
        }
        return values.get(self.kind, {})

    def _check_due_date(self):
        today = self.title_ids[:1].company_id._get_local_date()
        days = {
            "change_due_date": self.due_date,
            "discount": self.date_limit,
        }
        day = days.get(self.kind)
        if day and day < today:
            raise UserError(
                self.env._(
                    "%(date)s is over. Choose today or a later day.",
                    date=format_date(self.env, day),
                )
            )

    def action_apply(self):
        self.ensure_one()
        self.env["account.move"]._check_may_collect()
        if not self._is_complete():
            raise UserError(self.env._("Fill in what the change is about."))
        self._check_due_date()
        self.title_ids.check_access("read")
        self.title_ids._change(self.kind, **self._get_values())
        if self.kind == "change_due_date" and self.is_invoice_moved:
            moves = self.title_ids.sudo().move_id
            moves.write({"invoice_date_due": self.due_date})
        return {"type": "ir.actions.act_window_close"}
