from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date


class CollectionEvent(models.Model):
    """The journal entries of what a bank told: one for each date of credit.

    An entry has a line for each payment, so that an invoice tells which line of which
    file paid it, and sums for the rest: what the bank credited that day, as its
    statement shows it, and its fees. `account.payment` would be an entry of its own for
    each title.
    """

    _inherit = "collection.event"

    posted_line_ids = fields.One2many(
        "account.move.line",
        "collection_event_id",
        string="Journal Items",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    # === WHAT MOVES ===

    def _moves_money(self):
        """Return whether something of it is posted; of a code that nobody knows the
        bank's columns may mean anything."""
        self.ensure_one()
        if self.kind == "unknown":
            return False
        return bool(self.fee or (self.kind in ("paid", "returned") and self.paid))

    def _get_credited(self):
        """Return what the bank puts on the account for a payment."""
        self.ensure_one()
        return (self.net or self.paid) if self.kind == "paid" else 0.0

    def _get_kept(self):
        """Return what the bank keeps back of a payment: its fee, as a rule."""
        self.ensure_one()
        return self.currency_id.round(self._get_paid() - self._get_credited())

    def _get_paid(self):
        self.ensure_one()
        return self.paid if self.kind == "paid" else 0.0

    def _get_fee_apart(self):
        """Return the part of the fee that the bank debits on its own."""
        self.ensure_one()
        return max(self.currency_id.round(self.fee - max(self._get_kept(), 0.0)), 0.0)

    # === POSTING ===

    def _post_money(self):
        """Post payments and fees, one entry for each account and date of credit."""
        moving = self.filtered(
            lambda event: event.kind != "returned" and event._moves_money()
        )
        if not moving:
            return
        payments = moving.filtered(lambda event: event._get_paid())
        targets = payments._get_targets()
        # before the invoices are paid: their titles need no writing off
        payments._close_titles()
        self._post_entries(
            [
                events._prepare_money_entry(key[0], key[1], targets)
                for key, events in moving.grouped(
                    lambda event: event._get_entry_key()
                ).items()
            ]
        )
        self._reconcile_payments(targets)
        payments._note_payments(targets)

    def _get_entry_key(self):
        """Return what the events of one entry have in common: account, date, more."""
        self.ensure_one()
        return self.account_id, self._get_entry_date()

    def _prepare_money_entry(self, account, day, targets):
        lines = [
            vals
            for event in self
            if event in targets
            for vals in event._prepare_payment_lines(targets[event])
        ]
        lines += self._prepare_sums(account, day, targets)
        return self._prepare_entry(account, day, lines)

    def _prepare_entry(self, account, day, lines):
        """Return the values of an entry with the lines that are not zero."""
        currency = account.company_id.currency_id
        return {
            "move_type": "entry",
            "journal_id": account.journal_id.id,
            "date": day,
            "ref": self._get_entry_ref(account, day),
            "line_ids": [
                # what a bank moves is no cost of a project
                Command.create({"analytic_distribution": False} | vals)
                for vals in lines
                if not currency.is_zero(vals["balance"])
            ],
        }

    @api.model
    def _post_entries(self, vals_list):
        """Return the entries, posted."""
        # nothing of a draft is in the analytic books, so nothing is to be synchronised
        entries = (
            self.env["account.move"]
            .with_context(skip_analytic_sync=True)
            .create(vals_list)
            .with_env(self.env)
        )
        entries._post(soft=False)
        self.invalidate_model(["posted_line_ids"])
        return entries

    def _get_entry_ref(self, account, day):
        """Return where the entry comes from."""
        return self.env._(
            "Collection %(account)s, %(day)s",
            account=account.name,
            day=format_date(self.env, day),
        )

    # === LINES ===

    def _prepare_payment_lines(self, target):
        """Return the lines of a payment on receivable or suspense account."""
        self.ensure_one()
        line = {
            "account_id": target.account.id,
            "partner_id": target.partner.id,
            "name": self._get_line_name(),
            "balance": -self.paid,
            "collection_event_id": self.id,
            "is_collection_receivable": bool(target.partner),
        }
        concession = line | {
            "name": self.env._("Granted: %(title)s", title=self._get_line_name()),
            "balance": -target.concession,
            "is_collection_concession": True,
        }
        return [line, concession]

    def _get_line_name(self):
        """Return which title was paid, and its invoice."""
        self.ensure_one()
        title = self.title_id
        number = title.nosso_numero_full or title.txid or title.nosso_numero
        number = number or self.nosso_numero or self.txid or self.document_number
        return ", ".join(filter(None, (number, self.move_id.name)))

    def _prepare_sums(self, account, day, targets):
        """Return what the bank credited and debited, fees, discounts.

        What the bank kept beyond its fee counts as a fee and is looked at; what it
        credited beyond the payment waits in suspense.
        """
        payments = self.browse().union(*targets)
        kept = [event._get_kept() for event in self]
        fees = sum(filter(lambda amount: amount > 0, kept))
        too_much = -sum(filter(lambda amount: amount < 0, kept))
        apart = sum(event._get_fee_apart() for event in self)
        money = account._get_money_account()
        ref = self._get_entry_ref(account, day)
        fee_name = self.env._("Fees of the bank: %(ref)s", ref=ref)
        sums = [
            (money, ref, sum(event._get_credited() for event in self)),
            (money, fee_name, -apart),
            (account._get_fee_account, fee_name, fees + apart),
            (
                account._get_discount_account,
                self.env._("Discounts granted: %(ref)s", ref=ref),
                sum(targets[event].concession for event in self & payments),
            ),
            (account._get_suspense_account, ref, -too_much),
        ]
        return [
            {
                # made on first use, so only asked for where needed
                "account_id": (found() if callable(found) else found).id,
                "name": name,
                "balance": self.currency_id.round(balance),
            }
            for found, name, balance in sums
            if not self.currency_id.is_zero(balance)
        ]
