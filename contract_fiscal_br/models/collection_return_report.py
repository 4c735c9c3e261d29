from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_amount

from odoo.addons.contract_recurring.tools.xlsx_table import Sheet, write_workbook

SUMS = ("paid", "fine", "interest", "discount", "rebate", "fee")
# What is posted; see `collection.event._moves_money`.
POSTED = [("kind", "!=", "unknown")]
# Lines of what needs a look that a screen shows; the workbook has all.
MOST_LINES = 50


class CollectionReturnFile(models.Model):
    """What a return file brought, as an office reads it."""

    _inherit = "collection.return.file"

    report_html = fields.Html(
        string="Report", compute="_compute_report_html", sanitize=False
    )
    paid_total = fields.Monetary(string="Paid", compute="_compute_totals")
    fee_total = fields.Monetary(string="Fees", compute="_compute_totals")
    net_total = fields.Monetary(string="Credited", compute="_compute_totals")

    @api.depends("item_ids.state")
    def _compute_totals(self):
        paid = self._sum_items(["paid"], [("kind", "=", "paid")])
        returned = self._sum_items(["paid"], [("kind", "=", "returned")])
        fees = self._sum_items(["fee"], POSTED)
        for file in self:
            file.paid_total = paid[file.id]["paid"]
            file.fee_total = fees[file.id]["fee"]
            file.net_total = (
                file.paid_total - returned[file.id]["paid"] - file.fee_total
            )

    @api.depends("item_ids.state", "item_ids.looked_on")
    @api.depends_context("lang")
    def _compute_report_html(self):
        for file in self:
            file.report_html = self.env["ir.qweb"]._render(
                "contract_fiscal_br.collection_return_tables",
                {"report": file._get_report()},
            )

    # === FIGURES ===

    def _get_report(self):
        """Return the tables of the report, amounts as text."""
        self.ensure_one()
        look = self._search_look()
        return {
            "outcomes": self._list_outcomes(),
            "totals": self._list_totals(),
            "days": [
                (*row[:2], *map(self._format, row[2:])) for row in self._list_days()
            ],
            "look": look[:MOST_LINES].mapped("story"),
            "look_more": max(len(look) - MOST_LINES, 0),
        }

    def _search_look(self):
        return self.env["collection.event"].search(
            [("return_file_id", "=", self.id), ("to_look", "=", True)],
            order="outcome, line, id",
        )

    def _list_outcomes(self):
        """Return [(outcome in words, number, amount paid)], the most frequent first."""
        labels = dict(
            self.env["collection.event"]
            ._fields["outcome"]
            ._description_selection(self.env)
        )
        rows = self.env["collection.event"]._read_group(
            [("return_file_id", "=", self.id)], ["outcome"], ["__count", "paid:sum"]
        )
        waiting = self.env._("Not settled yet")
        return [
            (labels.get(outcome, waiting), count, self._format(paid) if paid else "")
            for outcome, count, paid in sorted(rows, key=lambda row: -row[1])
        ]

    def _list_totals(self):
        """Return [(label, amount)] of the sums that are not zero."""
        sums = self._sum_items(SUMS, [("kind", "=", "paid")])[self.id]
        sums["fee"] = self._sum_items(["fee"], POSTED)[self.id]["fee"]
        event_fields = self.env["collection.event"]._fields
        return [
            (event_fields[name]._description_string(self.env), self._format(sums[name]))
            for name in SUMS
            if sums[name]
        ]

    def _list_days(self):
        """Return [(date of credit, payments, paid, fees, credited)], as the bank's
        statement will show them."""
        rows = self.env["collection.event"]._read_group(
            [("return_file_id", "=", self.id), *POSTED],
            ["credit_date:day", "occurred_on:day", "kind"],
            ["__count", "paid:sum", "fee:sum"],
        )
        days = {}
        for credit_date, occurred_on, kind, count, paid, fee in rows:
            day = days.setdefault(credit_date or occurred_on, [0, 0.0, 0.0, 0.0])
            if kind == "paid":
                day[0] += count
                day[1] += paid
            elif kind == "returned":
                day[2] += paid
            day[3] += fee
        return [
            (day, count, paid, fees, paid - returned - fees)
            for day, (count, paid, returned, fees) in sorted(days.items())
            if paid or returned or fees
        ]

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === WORKBOOK ===

    def action_download_xlsx(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/contract_fiscal_br/return/{self.id}.xlsx",
            "target": "download",
        }

    def _write_xlsx(self, target):
        """Write the report to a file: days, what needs a look, each occurrence."""
        self.ensure_one()
        self.check_access("read")
        look = self._search_look()
        write_workbook(
            target,
            [
                Sheet(
                    self.env._("Credits"),
                    [
                        self.env._("Credit Date"),
                        self.env._("Payments"),
                        self.env._("Paid"),
                        self.env._("Fees"),
                        self.env._("Credited"),
                    ],
                    [self._to_decimals(row) for row in self._list_days()],
                ),
                Sheet(
                    self.env._("Needs a Look"),
                    self._get_event_heads(),
                    self._list_events(look),
                ),
                Sheet(
                    self.env._("Occurrences"),
                    self._get_event_heads(),
                    self._list_events(self.item_ids.sorted(lambda e: (e.line, e.id))),
                ),
            ],
        )

    def _get_event_heads(self):
        return [
            self.env._("Line"),
            self.env._("Date"),
            self.env._("Credit Date"),
            self.env._("Nosso Número"),
            self.env._("Customer"),
            self.env._("Invoice"),
            self.env._("What the Bank Said"),
            self.env._("What Became of It"),
            self.env._("Paid"),
            self.env._("Fee"),
        ]

    def _list_events(self, events):
        for event in events:
            yield self._to_decimals(
                (
                    event.line,
                    event.occurred_on,
                    event.credit_date,
                    event.title_id.nosso_numero_full or event.nosso_numero,
                    event.partner_id.name,
                    event.sudo().move_id.name,
                    event.occurrence_text,
                    event.story,
                    event.paid,
                    event.fee,
                )
            )

    @api.model
    def _to_decimals(self, row):
        """Return a row with amounts as the writer takes them."""
        return tuple(
            Decimal(f"{cell:.2f}") if isinstance(cell, float) else cell for cell in row
        )
