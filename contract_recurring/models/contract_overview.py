from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .contract_receivable import AGES

# How far back failed items of runs are still news.
NEWS_DAYS = 60
DUE_DAYS = 7


class ContractOverview(models.AbstractModel):
    """The home screen of receivables: what fails, needs a look, is due, came in.

    Each tile is a model and a domain: its number is counted under the user's
    own rights, and a click opens exactly the records counted. The queries are
    one for each tile or chart, however many contracts there are.
    """

    _name = "contract.overview"
    _description = "Receivables at a Glance"

    # === WHAT THE SCREEN ASKS ===

    @api.model
    def get_overview(self):
        """Return all the screen shows, but for what today's run will do."""
        self.env["contract.contract"].check_access("read")
        day = self.env.company._get_local_date()
        open_sums = self._read_open()
        return {
            "title": self.env._("Receivables"),
            "refresh": self.env._("Refresh"),
            "date": self.env._(
                "%(company)s, %(day)s",
                company=", ".join(self.env.companies.mapped("name")),
                day=format_date(self.env, day),
            ),
            "sections": [
                section
                for section in (
                    self._get_tiles(self.env._("What fails"), self._list_failing(day)),
                    self._get_tiles(
                        self.env._("What needs a look"), self._list_doubtful(day)
                    ),
                )
                if section["tiles"]
            ],
            "charts": [
                chart
                for chart in (
                    self._get_due_chart(day, open_sums),
                    self._get_age_chart(open_sums),
                    self._get_received_chart(day),
                )
                if chart
            ],
        }

    @api.model
    def open_tile(self, key):
        """Return the window action with what a tile or a bar counts."""
        day = self.env.company._get_local_date()
        tiles = self._list_failing(day) + self._list_doubtful(day)
        tiles += self._list_due(day) + self._list_ages()
        tile = next((tile for tile in tiles if tile[0] == key), None)
        if not tile or not self._is_shown(tile):
            raise UserError(
                self.env._("This is not for you to see. Ask a manager for the right.")
            )
        _key, model, name, domain, _level = tile
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [[self._get_view_id(model), "list"], [False, "form"]],
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _get_view_id(self, model):
        names = {"contract.contract": "contract_contract_view_list_obstacle"}
        name = names.get(model)
        return self.env.ref(f"contract_recurring.{name}").id if name else False

    # === TILES ===
    # (key, model, label, domain, level)

    @api.model
    def _get_labels(self):
        return {
            "billing": self.env._("Failed in billing"),
            "dunning": self.env._("Failed in dunning"),
            "failed": self.env._("Notices failed"),
            "uncertain": self.env._("Notices uncertain"),
            "no_contact": self.env._("Customers without contact"),
            "obstacle": self.env._("Cannot be billed"),
            "held": self.env._("Dunning steps held by the law"),
            "to_list": self.env._("To list at the credit bureau"),
            "to_remove": self.env._("To take off the credit bureau"),
            "broken": self.env._("Agreements broken"),
        }

    @api.model
    def _label(self, tiles):
        """Return the tiles with their labels in place."""
        labels = self._get_labels()
        return [
            (key, model, labels[key], domain, level)
            for key, model, domain, level in tiles
        ]

    @api.model
    def _list_failing(self, day):
        since = day - timedelta(days=NEWS_DAYS)
        failed = ("state", "=", "failed")
        # runs that were given up are over, whatever failed in them
        billing = [
            failed,
            ("run_id.state", "!=", "cancelled"),
            ("run_id.date_to", ">=", since),
        ]
        dunning = [failed, ("run_id.date", ">=", since)]
        return self._label(
            [
                ("billing", "contract.billing.run.item", billing, "danger"),
                ("dunning", "contract.dunning.run.item", dunning, "danger"),
                self._list_notices("failed", "failed", "danger"),
                self._list_notices("uncertain", "uncertain", "danger"),
                self._list_notices(
                    "no_contact", "skipped", "warning", ("recipient", "=", False)
                ),
            ]
        )

    @api.model
    def _list_notices(self, key, state, level, *conditions):
        """Return a tile of the notices nobody has repeated yet."""
        domain = [("state", "=", state), ("resent_ids", "=", False), *conditions]
        return (key, "contract.notice", domain, level)

    @api.model
    def _list_doubtful(self, day):
        since = day - timedelta(days=NEWS_DAYS)
        broken = [("state", "=", "broken"), ("ended_on", ">=", since)]
        return self._label(
            [
                (
                    "obstacle",
                    "contract.contract",
                    [("has_billing_obstacle", "=", True)],
                    "danger",
                ),
                ("held", "contract.dunning.entry", [("state", "=", "held")], "warning"),
                self._list_listings("to_list", "info"),
                self._list_listings("to_remove", "danger"),
                ("broken", "contract.debt.agreement", broken, "warning"),
            ]
        )

    @api.model
    def _list_listings(self, state, level):
        return (state, "contract.credit.listing", [("state", "=", state)], level)

    @api.model
    def _list_due(self, day):
        return [
            (
                f"due_{offset}",
                "contract.receivable",
                self.env._(
                    "Due on %(day)s",
                    day=format_date(self.env, day + timedelta(days=offset)),
                ),
                [("due_date", "=", day + timedelta(days=offset)), ("age", "=", "open")],
                "info",
            )
            for offset in range(DUE_DAYS)
        ]

    @api.model
    def _list_ages(self):
        labels = self._get_age_labels()
        return [
            (age, "contract.receivable", labels[age], [("age", "=", age)], "danger")
            for age, _label in AGES
        ]

    @api.model
    def _get_age_labels(self):
        field = self.env["contract.receivable"]._fields["age"]
        return dict(field._description_selection(self.env))

    @api.model
    def _is_shown(self, tile):
        """Return whether the model of a tile is there and the user may read it."""
        model = tile[1]
        return model in self.env and self.env[model].has_access("read")

    @api.model
    def _get_tiles(self, title, tiles):
        return {
            "title": title,
            "tiles": [self._get_tile(*tile) for tile in tiles if self._is_shown(tile)],
        }

    @api.model
    def _get_tile(self, key, model, label, domain, level):
        count = self.env[model].search_count(domain)
        return {
            "key": key,
            "label": label,
            "count": count,
            "level": level if count else "success",
        }

    # === CHARTS ===

    @api.model
    def _read_open(self):
        """Return [(age, due date, number, amount)] of what is open."""
        return self.env["contract.receivable"]._read_group(
            [], ["age", "due_date:day"], ["__count", "open_amount:sum"]
        )

    @api.model
    def _get_due_chart(self, day, open_sums):
        """Return what falls due today and in the days after."""
        sums = {
            due: (count, amount)
            for age, due, count, amount in open_sums
            if age == "open"
        }
        bars = [
            self._get_bar(
                f"due_{offset}",
                self._get_day_label(day + timedelta(days=offset)),
                *sums.get(day + timedelta(days=offset), (0, 0.0)),
                "info",
            )
            for offset in range(DUE_DAYS)
        ]
        today = sums.get(day, (0, 0.0))[1]
        return self._get_chart(
            "due",
            self.env._("Due today and in the next days"),
            bars,
            [
                (self.env._("Today"), today),
                (self.env._("In seven days"), sum(bar["amount"] for bar in bars)),
            ],
            self.env._("Nothing falls due in these days."),
        )

    @api.model
    def _get_age_chart(self, open_sums):
        """Return what is overdue, by age."""
        sums = {}
        for age, _due, count, amount in open_sums:
            before = sums.get(age, (0, 0.0))
            sums[age] = (before[0] + count, before[1] + amount)
        labels = self._get_age_labels()
        bars = [
            self._get_bar(age, labels[age], *sums.get(age, (0, 0.0)), "danger")
            for age, _label in AGES
            if age != "open"
        ]
        return self._get_chart(
            "ages",
            self.env._("Overdue by age"),
            bars,
            [(self.env._("Overdue"), sum(bar["amount"] for bar in bars))],
            self.env._("Nobody is overdue."),
        )

    @api.model
    def _get_received_chart(self, day):
        """Return what came in on each day of the month; for who sees accounting."""
        if not self.env["account.move"].has_access("read"):
            return None
        first = day.replace(day=1)
        sums = self._read_received(first, day)
        days = [first + timedelta(days=n) for n in range((day - first).days + 1)]
        bars = [
            self._get_bar(None, str(d.day), 0, sums.get(d, 0.0), "success")
            for d in days
        ]
        return self._get_chart(
            "received",
            self.env._("Received this month"),
            bars,
            [
                (self.env._("Today"), sums.get(day, 0.0)),
                (self.env._("This month"), sum(sums.values())),
            ],
            self.env._("Nothing was received this month yet."),
        )

    @api.model
    def _read_received(self, first, last):
        """Return {day: amount} of the payments of invoices of contracts.

        Credit notes and agreements settle an invoice too, but bring no money.
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["contract.charge"].flush_model(["move_id"])
        self.env.cr.execute(
            """
            SELECT paid.date, SUM(part.amount)
              FROM account_move_line paid
              JOIN account_partial_reconcile part ON part.credit_move_id = paid.id
              JOIN account_move_line owed ON owed.id = part.debit_move_id
              JOIN account_move payment ON payment.id = paid.move_id
              JOIN account_journal journal ON journal.id = payment.journal_id
             WHERE paid.date BETWEEN %s AND %s AND paid.company_id = ANY(%s)
               AND payment.move_type = 'entry'
               AND journal.type IN ('bank', 'cash', 'credit')
               AND EXISTS (SELECT FROM contract_charge charge
                            WHERE charge.move_id = owed.move_id)
             GROUP BY paid.date
            """,
            [first, last, self.env.companies.ids],
        )
        return {day: float(amount) for day, amount in self.env.cr.fetchall()}

    @api.model
    def _get_bar(self, key, label, count, amount, level):
        return {
            "key": key,
            "label": label,
            "count": count,
            "amount": amount,
            "text": self._format(amount),
            "level": level,
        }

    @api.model
    def _get_chart(self, key, title, bars, totals, empty):
        """Return a chart; bars carry their height in percent of the highest."""
        highest = max((bar["amount"] for bar in bars), default=0.0)
        for bar in bars:
            bar["height"] = max(100 * bar["amount"] / highest, 0) if highest > 0 else 0
        return {
            "key": key,
            "title": title,
            "bars": bars,
            "totals": [
                {"label": label, "text": self._format(amount)}
                for label, amount in totals
            ],
            "empty": False if highest > 0 else empty,
        }

    @api.model
    def _format(self, amount):
        return format_amount(self.env, amount, self.env.company.currency_id)

    @api.model
    def _get_day_label(self, day):
        return format_date(self.env, day, date_format="EEE dd")
