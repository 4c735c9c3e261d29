from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

from ..const import STATED

# Kinds that make no sense for a title the bank does not know.
ONLY_AT_BANK = ("discount", "protest", "cancel_protest")


class CollectionTitle(models.Model):
    """Changes of a title: at once where the bank does not know it yet.

    What the bank knows changes by its word alone: it is asked, and the terms stay
    as they are until it confirms.
    """

    _inherit = "collection.title"

    def _change(self, kind, **values):
        """Change titles, or ask the bank to; return those that changed at once.

        :param kind: of `const.INSTRUCTION_KINDS`
        :param values: of `collection.instruction`: due_date, amount, date_limit
        :raise UserError: it makes no sense for one of the titles
        """
        titles = self.sudo()
        titles._check_change(kind, **values)
        if kind == "write_off":
            return titles._withdraw("by_hand", self.env._("Written off by hand"))
        known = titles._filter_known_to_bank()
        unsent = titles - known
        unsent._change_at_once(kind, values)
        if known:
            known._instruct(kind, **values)
        return unsent

    def _change_at_once(self, kind, values):
        if not self:
            return
        name = STATED[kind]
        self.write({name: values[name]})
        self._compose()

    # === WHAT THE INVOICE DOES ===

    def _follow_residual(self, residual):
        """Lower or raise the amount by what was paid otherwise, or came back."""
        self.ensure_one()
        paid = self.followed_amount - residual
        if self.currency_id.is_zero(paid):
            return
        amount = self.currency_id.round(self._get_asked_amount() - paid)
        self.followed_amount = residual
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            self._withdraw("settled", self.env._("Nothing is left to pay."))
        elif not self._filter_known_to_bank():
            self._change_at_once("change_amount", {"amount": amount})
        elif self.currency_id.compare_amounts(amount, self.amount) == 0:
            self._cancel_pending_instructions(("change_amount",))
        elif self.account_id._get_backend()._takes(self, "change_amount"):
            self._instruct("change_amount", amount=amount)
        else:
            self._replace_by_rest()

    def _replace_by_rest(self):
        """Collect what is left by another title, where the bank changes no amount."""
        self._withdraw(
            "replaced", self.env._("Part was paid otherwise: replaced by the rest.")
        )
        self.move_id._issue_wanted_titles(self.company_id._get_local_date())

    def _get_asked_amount(self):
        """Return the amount the bank was last asked for, else the title's."""
        asked = self.instruction_ids.filtered(
            lambda instruction: (
                instruction.kind == "change_amount"
                and instruction.state in ("pending", "sent")
            )
        ).sorted("id")
        return asked[-1:].amount or self.amount

    # === CHECKS ===

    def _check_change(self, kind, **values):
        """Raise a UserError that names the first title it makes no sense for."""
        for title in self:
            title._check_changeable(kind)
            if kind == "protest":
                title._check_overdue()
            elif kind == "change_amount":
                title._check_amount(values.get("amount"))
            elif kind == "discount":
                title._check_discount(values.get("amount"), values.get("date_limit"))
            elif kind == "change_due_date" and not values.get("due_date"):
                raise UserError(self.env._("Choose the new due date."))

    def _check_changeable(self, kind):
        names = {"title": self.display_name}
        if not self._is_current():
            raise UserError(
                self.env._(
                    "%(title)s cannot be changed: it is paid, ended or taken back.",
                    **names,
                )
            )
        if kind == "cancel_protest" and not self._is_protest_asked():
            raise UserError(self.env._("%(title)s is not being protested.", **names))
        if kind in ONLY_AT_BANK and not self._filter_known_to_bank():
            raise UserError(
                self.env._(
                    "%(title)s is not at the bank yet. Send it first, or change its "
                    "amount.",
                    **names,
                )
            )
        backend = self.account_id._get_backend()
        if self._filter_known_to_bank() and not backend._takes(self, kind):
            raise UserError(
                self.env._(
                    "The bank cannot do this with %(title)s. Write it off and issue "
                    "another one.",
                    **names,
                )
            )
        if self.state == "protested" and kind != "cancel_protest":
            raise UserError(
                self.env._("%(title)s is protested. Stop the protest first.", **names)
            )

    def _check_overdue(self):
        """Raise unless the due date is over: a notary protests what is not paid."""
        if next_bank_day(self.due_date) >= self.company_id._get_local_date():
            raise UserError(
                self.env._(
                    "%(title)s may be paid until %(date)s. Only what is overdue is "
                    "protested.",
                    title=self.display_name,
                    date=format_date(self.env, next_bank_day(self.due_date)),
                )
            )

    def _is_protest_asked(self):
        self.ensure_one()
        return self.state == "protested" or bool(
            self.instruction_ids.filtered(
                lambda instruction: (
                    instruction.kind == "protest"
                    and instruction.state in ("sent", "confirmed", "uncertain")
                )
            )
        )

    def _check_amount(self, amount):
        if not amount or self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("The new amount must be more than zero."))

    def _check_discount(self, amount, date_limit):
        if not amount or not 0 < amount < self.amount:
            raise UserError(
                self.env._(
                    "The discount must be more than zero and less than %(title)s asks "
                    "for.",
                    title=self.display_name,
                )
            )
        if not date_limit or date_limit > self.due_date:
            raise UserError(
                self.env._(
                    "The discount of %(title)s ends on the due date, %(date)s, or "
                    "before it.",
                    title=self.display_name,
                    date=format_date(self.env, self.due_date),
                )
            )
