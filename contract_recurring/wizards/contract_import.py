from base64 import b64encode
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.contract_file_example import write_csv, write_xlsx
from .contract_import_messages import MESSAGES

# Nobody reads more; the totals count all of them.
MAX_LINES_SHOWN = 500
# One in force, charged elsewhere until a day; one that waits for installation.
EXAMPLE_ROWS = (
    {
        "codigo": "1001",
        "cliente": "Maria da Silva",
        "cpf_cnpj": "529.982.247-25",
        "email": "maria@example.com",
        "telefone": "(15) 99999-1234",
        "valor_mensal": "99,90",
        "data_contrato": "02/03/2024",
        "data_ativacao": "05/03/2024",
        "logradouro": "Rua das Flores",
        "numero": "123",
        "complemento": "Casa 2",
        "bairro": "Centro",
        "cobrado_ate": "09/07/2026",
        "fidelidade_meses": "12",
        "observacao": "Instalado com roteador do cliente",
    },
    {
        "codigo": "1002",
        "cliente": "Padaria Pão Quente Ltda.",
        "cpf_cnpj": "11.222.333/0001-81",
        "email": "contato@example.com",
        "data_contrato": "01/07/2026",
        "logradouro": "Avenida Brasil",
        "numero": "45",
        "bairro": "Centro",
    },
)


class ContractImport(models.TransientModel):
    """Brings the contracts of another system in: a file, a check, all or nothing."""

    _name = "contract.import"
    _description = "Import Contracts"

    state = fields.Selection(
        [("file", "File"), ("checked", "Check"), ("done", "Done")],
        default="file",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many("contract.import.line", "import_id", readonly=True)
    error_count = fields.Integer(string="Errors", readonly=True)
    warning_count = fields.Integer(string="Warnings", readonly=True)
    hidden_count = fields.Integer(compute="_compute_hidden_count")
    contract_count = fields.Integer(string="Contracts to Import", readonly=True)
    active_count = fields.Integer(string="Of These, Active", readonly=True)
    known_count = fields.Integer(string="Already Imported", readonly=True)
    partner_count = fields.Integer(string="New Customers", readonly=True)
    monthly_amount = fields.Monetary(readonly=True)
    contract_ids = fields.Many2many("contract.contract", readonly=True)
    example_xlsx = fields.Binary(compute="_compute_examples")
    example_csv = fields.Binary(compute="_compute_examples")

    @api.depends("error_count", "warning_count", "line_ids")
    def _compute_hidden_count(self):
        for wizard in self:
            count = wizard.error_count + wizard.warning_count
            wizard.hidden_count = count - len(wizard.line_ids)

    def _compute_examples(self):
        rows = self._get_example_rows()
        for wizard in self:
            wizard.example_xlsx = b64encode(write_xlsx(rows))
            wizard.example_csv = b64encode(write_csv(rows))

    # === ACTIONS ===

    def action_check(self):
        """Read the file and show what would happen; nothing is written."""
        self.ensure_one()
        self._show(self._check_file())
        return self._reopen()

    def action_back(self):
        """Ask for another file."""
        self.ensure_one()
        self.write({"state": "file", "file": False, "filename": False})
        return self._reopen()

    def action_import(self):
        """Import all contracts of the file, or none.

        :raise UserError: a contract that was refused while it was written
        """
        self.ensure_one()
        check = self._check_file()
        self._show(check)
        if not check.errors:
            with self.env.cr.savepoint():
                contracts = self._import_rows(check)
            self.write({"state": "done", "contract_ids": contracts.ids})
        return self._reopen()

    def action_view_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_contract_action"
        )
        return {
            **action,
            "name": self.env._("Imported Contracts"),
            "domain": [("id", "in", self.contract_ids.ids)],
            "context": {},
        }

    def action_example_xlsx(self):
        return self._download("example_xlsx", "contratos.xlsx")

    def action_example_csv(self):
        return self._download("example_csv", "contratos.csv")

    def _download(self, name, filename):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{name}/{filename}"
            "?download=true",
            "target": "download",
        }

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_import_action"
        )
        return {**action, "res_id": self.id}

    # === RESULT OF THE CHECK ===

    def _show(self, check):
        """Write the check's result into the wizard."""
        errors = check.errors
        lines = sorted(check.problems, key=lambda p: (p.is_warning, p.line))
        self.line_ids.unlink()
        self.env["contract.import.line"].create(
            [self._prepare_line(problem) for problem in lines[:MAX_LINES_SHOWN]]
        )
        self.write(
            {
                "state": "checked",
                "error_count": len(errors),
                "warning_count": len(check.problems) - len(errors),
                "contract_count": len(check.new_rows),
                "active_count": sum(bool(r.activation_date) for r in check.new_rows),
                "known_count": check.known_count,
                "partner_count": len(check.new_documents),
                "monthly_amount": self._get_monthly_amount(check),
            }
        )

    def _prepare_line(self, problem):
        return {
            "import_id": self.id,
            "severity": "warning" if problem.is_warning else "error",
            "line_number": problem.line,
            "column": problem.column,
            "message": self._describe(problem),
        }

    def _describe(self, problem):
        """Return a problem in the user's words."""
        params = {
            name: format_date(self.env, value) if isinstance(value, date) else value
            for name, value in problem.params.items()
        }
        message = self.env._(MESSAGES[problem.code])
        return message % params

    def _get_monthly_amount(self, check):
        """Return what the new contracts will bring in a month, in reais."""
        total = Decimal(0)
        for row in check.new_rows:
            plan = check.lookup.get_plans(row)
            if row.monthly_amount is not None:
                total += row.monthly_amount
            elif len(plan) == 1:
                total += Decimal(str(check.lookup.get_plan_amount(plan)))
        return float(total)

    # === EXAMPLE ===

    def _get_example_rows(self):
        """Return two contracts by header; the plan is one of the company's own."""
        plan = self.env["contract.template"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("contract_line_ids", "!=", False),
            ],
            limit=1,
        )
        days = plan._get_due_days() if plan else []
        common = {
            "plano": plan.code or plan.name or "Fibra 500 Mega",
            "dia_vencimento": str(days[0] if days else 10),
            "cidade": "Cerquilho",
            "uf": "SP",
            "cep": "18520-000",
        }
        return [{**common, **row} for row in EXAMPLE_ROWS]
