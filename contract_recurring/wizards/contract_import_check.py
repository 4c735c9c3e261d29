from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.contract_file import read_contract_file
from ..tools.table_file import FileProblem
from .contract_import_lookup import ContractImportLookup

# More uncharged time than this deserves a question.
USUAL_UNCHARGED = timedelta(days=62)


@dataclass
class ImportCheck:
    """What an import would do: the lines to write, and what stands against it."""

    lookup: ContractImportLookup
    new_rows: list = field(default_factory=list)
    known_count: int = 0
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def errors(self):
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def new_documents(self):
        documents = {row.document for row in self.new_rows}
        return documents - self.lookup.partners.keys()


class ContractImport(models.TransientModel):
    """The check of a file: what can be known before anything is written."""

    _inherit = "contract.import"

    def _check_file(self):
        """Return the `ImportCheck` of the file."""
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        contents = read_contract_file(b64decode(self.file))
        lookup = ContractImportLookup(
            self.env, self.company_id, contents.rows + contents.faulty_rows
        )
        check = ImportCheck(lookup, problems=list(contents.problems))
        for row in contents.rows:
            contract = lookup.contracts.get(row.code)
            if contract:
                check.known_count += 1
                problems = self._compare_known(row, contract, contents, lookup)
            else:
                check.new_rows.append(row)
                problems = self._check_row(row, contents, lookup)
            check.problems += problems
        for row in contents.faulty_rows:
            if row.code not in lookup.contracts:
                problems = self._check_row(row, contents, lookup)
                # Warnings would speak of values that could not be read.
                check.problems += [p for p in problems if not p.is_warning]
        return check

    def _compare_known(self, row, contract, contents, lookup):
        """Return warnings where a contract imported before differs from its line."""
        problems = []
        partner = contract.partner_id
        documents = (partner | partner.commercial_partner_id).mapped(
            "cnpj_cpf_stripped"
        )
        if row.document not in documents:
            problems.append(
                FileProblem(
                    row.line,
                    contents.header("document"),
                    "known_other_document",
                    {"code": row.code, "customer": partner.name},
                    is_warning=True,
                )
            )
        plan = contract.contract_template_id
        if plan not in lookup.get_plans(row):
            problems.append(
                FileProblem(
                    row.line,
                    contents.header("plan"),
                    "known_other_plan",
                    {"code": row.code, "plan": plan.name or ""},
                    is_warning=True,
                )
            )
        return problems

    def _check_row(self, row, contents, lookup):
        """Return what keeps a line from becoming a contract, and its warnings."""
        found = [
            *self._check_plan(row, lookup),
            *self._check_customer(row, lookup),
            *self._check_place(row, lookup),
        ]
        problems = [
            FileProblem(row.line, contents.header(name), code, params)
            for name, code, params in found
        ]
        warnings = [
            FileProblem(row.line, contents.header(name), code, params, is_warning=True)
            for name, code, params in self._get_warnings(row, contents)
        ]
        return problems + warnings

    def _check_plan(self, row, lookup):
        plan = lookup.get_plans(row)
        if not row.plan:
            return  # a faulty line: its empty cell is reported already
        if not plan:
            yield "plan", "unknown_plan", {"value": row.plan}
        elif len(plan) > 1:
            yield "plan", "several_plans", {"value": row.plan, "count": len(plan)}
        else:
            days = plan._get_due_days()
            if row.due_day and days and row.due_day not in days:
                yield (
                    "due_day",
                    "due_day_not_offered",
                    {
                        "value": row.due_day,
                        "plan": plan.name,
                        "days": ", ".join(map(str, days)),
                    },
                )
            if row.activation_date and not plan.contract_line_ids.product_id:
                yield "plan", "plan_without_product", {"value": plan.name}

    def _check_customer(self, row, lookup):
        partner = lookup.partners.get(row.document)
        if partner and not partner.active:
            yield "document", "archived_customer", {"customer": partner.name}

    def _check_place(self, row, lookup):
        if row.state and not lookup.get_state_id(row):
            yield "state", "unknown_state", {"value": row.state}
        elif row.city and not lookup.get_city_id(row):
            yield "city", "unknown_city", {"value": row.city, "state": row.state}

    def _get_warnings(self, row, contents):
        if not row.activation_date:
            return
        today = fields.Date.context_today(self)
        uncharged = (
            row.charged_until + timedelta(days=1)
            if row.charged_until
            else row.activation_date
        )
        end = row.end_date or date.max
        if uncharged <= end and today - uncharged > USUAL_UNCHARGED:
            yield (
                "charged_until",
                "uncharged_since",
                {"since": uncharged, "header": contents.header("charged_until")},
            )
        if end < today:
            yield "end_date", "already_ended", {"end": end}
