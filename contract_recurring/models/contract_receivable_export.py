from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.xlsx_table import Sheet, write_workbook
from .contract_receivable import AGES


class ContractReceivable(models.Model):
    """The receivables as a workbook: each invoice, and aging by customer."""

    _inherit = "contract.receivable"

    @api.model
    def _write_xlsx(self, target, ids=None):
        """Write what the user may see to a file.

        :param ids: of the rows wanted, all that is open where there are none
        """
        self.browse().check_access("read")
        domain = Domain("id", "in", ids) if ids else Domain.TRUE
        write_workbook(
            target,
            [
                self._get_invoice_sheet(domain),
                self._get_aging_sheet(domain, "partner_id", self.env._("Customers")),
                self._get_aging_sheet(domain, "contract_id", self.env._("Contracts")),
                self._get_aging_sheet(domain, "company_id", self.env._("Companies")),
            ],
        )

    @api.model
    def _get_invoice_sheet(self, domain):
        """Return all rows, read by one query under the user's own rights."""
        heads = [
            self.env._("Customer"),
            self.env._("CPF/CNPJ"),
            self.env._("Contract"),
            self.env._("Plan"),
            self.env._("City"),
            self.env._("Invoice"),
            self.env._("Due Date"),
            self.env._("Days Overdue"),
            self.env._("Overdue By"),
            self.env._("Invoiced"),
            self.env._("Open"),
        ]
        return Sheet(self.env._("Invoices"), heads, self._read_rows(domain))

    @api.model
    def _read_rows(self, domain):
        """Yield the cells of each row, the longest overdue first."""
        field = self._fields["age"]
        labels = dict(field._description_selection(self.env))
        chosen = self._search(domain)
        self.env.cr.execute(
            SQL(
                """
                SELECT partner.name, partner.vat, contract.code, plan.name,
                       city.name, move.name, row.due_date, row.days_overdue, row.age,
                       row.amount, row.open_amount
                  FROM (%s) row
                  JOIN res_partner partner ON partner.id = row.partner_id
                  JOIN contract_contract contract ON contract.id = row.contract_id
                  JOIN account_move move ON move.id = row.move_id
                  LEFT JOIN contract_template plan ON plan.id = row.plan_id
                  LEFT JOIN res_city city ON city.id = row.city_id
                 ORDER BY row.due_date, row.id
                """,
                chosen.select(
                    *(
                        SQL.identifier(chosen.table, name)
                        for name in (
                            "id",
                            "partner_id",
                            "contract_id",
                            "move_id",
                            "plan_id",
                            "city_id",
                            "due_date",
                            "days_overdue",
                            "age",
                            "amount",
                            "open_amount",
                        )
                    )
                ),
            )
        )
        lang = self.env.lang or "en_US"
        for row in self.env.cr.fetchall():
            cells = [self._translate(cell, lang) for cell in row]
            cells[8] = labels[cells[8]]
            yield tuple(cells)

    @api.model
    def _translate(self, cell, lang):
        """Return a cell in the user's language where it comes in several."""
        if isinstance(cell, dict):
            return cell.get(lang) or cell.get("en_US")
        return cell

    @api.model
    def _get_aging_sheet(self, domain, name, title):
        labels = dict(self._fields["age"]._description_selection(self.env))
        heads = [title, *(labels[age] for age, _label in AGES), self.env._("Open")]
        return Sheet(title, heads, self._get_aging(domain, name))

    @api.model
    def _get_aging(self, domain, name):
        """Return (name, amount of each age, total), the highest total first.

        :param name: the field by which amounts are added up
        """
        sums = {}
        for owner, age, amount in self._read_group(
            domain, [name, "age"], ["open_amount:sum"]
        ):
            sums.setdefault(owner, {})[age] = Decimal(str(amount))
        zero = Decimal()
        owners = self.env[self._fields[name].comodel_name].union(*sums)
        title = "code" if name == "contract_id" else "name"
        owners.fetch([title])  # display names would read whole customers
        rows = [
            (
                owner[title] or "",
                *(ages.get(age, zero) for age, _label in AGES),
                sum(ages.values(), zero),
            )
            for owner, ages in sums.items()
        ]
        return sorted(rows, key=lambda row: (-row[-1], row[0]))
