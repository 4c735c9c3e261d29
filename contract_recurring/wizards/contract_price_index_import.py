from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..tools.price_index_file import MONTH, PERCENT, read_index_file
from ..tools.table_file import FileProblem
from .contract_import import MAX_LINES_SHOWN
from .contract_import_messages import MESSAGES

_lt = LazyTranslate(__name__)

INDEX_MESSAGES = MESSAGES | {
    "not_csv": _lt("This is an Excel file. Save it as CSV, with month and percentage."),
    "no_values": _lt("The file has no values."),
    "too_many_columns": _lt(
        "The line has more than two cells. The file has the month and the "
        "percentage, separated by a semicolon."
    ),
    "bad_month": _lt(
        "“%(value)s” is not a month. Write month/year, such as 03/2026, or 2026-03."
    ),
    "bad_percent": _lt(
        "“%(value)s” is not a percentage. Write it like 0,52 or -0,1034."
    ),
    "double_month": _lt("The month %(value)s is in line %(other_line)s already."),
    "future_month": _lt("The month %(month)s has not begun yet."),
    "other_value": _lt("The value of %(month)s changes from %(before)s to %(after)s."),
}


class ContractPriceIndexImport(models.TransientModel):
    """Brings monthly values of an index in: a file, a check, all or nothing."""

    _name = "contract.price.index.import"
    _description = "Import Index Values"

    state = fields.Selection(
        [("file", "File"), ("checked", "Check"), ("done", "Done")],
        default="file",
        required=True,
    )
    index_id = fields.Many2one("contract.price.index", required=True)
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many(
        "contract.price.index.import.line", "import_id", readonly=True
    )
    error_count = fields.Integer(string="Errors", readonly=True)
    new_count = fields.Integer(string="New Months", readonly=True)
    changed_count = fields.Integer(string="Changed Months", readonly=True)
    known_count = fields.Integer(string="Already Here", readonly=True)

    def action_check(self):
        """Read the file and show what would happen; nothing is written."""
        self.ensure_one()
        self._show(*self._check_file())
        return self._reopen()

    def action_import(self):
        """Enter all values of the file, or none."""
        self.ensure_one()
        rows, problems = self._check_file()
        self._show(rows, problems)
        if not self.error_count:
            self.index_id._set_values({row.month: row.percent for row in rows})
            self.state = "done"
        return self._reopen()

    def action_back(self):
        """Ask for another file."""
        self.ensure_one()
        self.write({"state": "file", "file": False, "filename": False})
        return self._reopen()

    def _check_file(self):
        """Return the rows of the file and what stands against them."""
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        contents = read_index_file(b64decode(self.file))
        known = self.index_id._get_values()
        today = fields.Date.context_today(self)
        problems = list(contents.problems)
        for row in contents.rows:
            problem = self._compare(row, known.get(row.month), today)
            if problem:
                problems.append(problem)
        return contents.rows, problems

    @api.model
    def _compare(self, row, before, today):
        """Return what a row wants said against the database, or None."""
        month = row.month.strftime("%m/%Y")
        if row.month > today:
            params = {"month": month}
            return FileProblem(row.line, MONTH, "future_month", params)
        if before is not None and before != row.percent:
            params = {"month": month, "before": before, "after": row.percent}
            return FileProblem(
                row.line, PERCENT, "other_value", params, is_warning=True
            )
        return None

    def _show(self, rows, problems):
        """Write the result of the check into the wizard."""
        known = self.index_id._get_values()
        errors = [problem for problem in problems if not problem.is_warning]
        shown = sorted(problems, key=lambda p: (p.is_warning, p.line))
        self.line_ids.unlink()
        self.env["contract.price.index.import.line"].create(
            [self._prepare_line(problem) for problem in shown[:MAX_LINES_SHOWN]]
        )
        self.write(
            {
                "state": "checked",
                "error_count": len(errors),
                "new_count": sum(row.month not in known for row in rows),
                "changed_count": len(problems) - len(errors),
                "known_count": sum(known.get(r.month) == r.percent for r in rows),
            }
        )

    def _prepare_line(self, problem):
        params = {
            name: str(value).replace(".", self._get_decimal_point())
            if name in ("before", "after")
            else value
            for name, value in problem.params.items()
        }
        message = self.env._(INDEX_MESSAGES[problem.code])
        return {
            "import_id": self.id,
            "severity": "warning" if problem.is_warning else "error",
            "line_number": problem.line,
            "column": problem.column,
            "message": message % params,
        }

    def _get_decimal_point(self):
        return self.env["res.lang"]._get_data(code=self.env.lang).decimal_point or "."

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_price_index_import_action"
        )
        return {**action, "res_id": self.id}
