from odoo import api, fields, models

LATE_RATES = ("late_fee_percent", "late_interest_percent")


class ContractTemplate(models.Model):
    """Fine and interest of a plan; the company's unless it has its own."""

    _inherit = "contract.template"

    has_own_late_rates = fields.Boolean(
        string="Own Fine and Interest",
        help="Not marked, the rates follow the next level: a contract its plan, a "
        "plan the company.",
    )
    late_fee_percent = fields.Float(
        string="Fine (%)",
        digits=(16, 2),
        compute="_compute_late_rates",
        store=True,
        precompute=True,
        readonly=False,
        help="Charged once on what is paid late (multa): at most 2 % (Lei 8.078/1990, "
        "art. 52 § 1).",
    )
    late_interest_percent = fields.Float(
        string="Interest (% a Month)",
        digits=(16, 4),
        compute="_compute_late_rates",
        store=True,
        precompute=True,
        readonly=False,
        help="Simple interest by day on a month of 30 days (juros de mora): at most "
        "1 % a month.",
    )
    late_charge_policy = fields.Selection(
        [
            ("with_payment", "With the payment"),
            ("next_invoice", "On the next invoice"),
        ],
        string="Charge Fine and Interest",
        help="Empty: as the next level, a contract as its plan, a plan as the company.",
    )
    is_overdue_interest_included = fields.Boolean(
        string="Interest of Overdue Invoices on the Next",
        default=lambda self: self.env.company.is_overdue_interest_included,
        help="The next invoice carries fine and interest of those still overdue "
        "(considerar juros na fatura). Each day is charged once: a later payment "
        "charges the days after.",
    )

    @api.depends(
        "has_own_late_rates",
        "company_id.late_fee_percent",
        "company_id.late_interest_percent",
    )
    def _compute_late_rates(self):
        for record in self:
            is_kept = record.has_own_late_rates and record._origin
            level = record if is_kept else record._get_next_late_level()
            for name in LATE_RATES:
                record[name] = level[name]

    @api.constrains(*LATE_RATES)
    def _check_late_rates(self):
        for record in self:
            self.env["res.company"]._check_legal_late_rates(
                record.late_fee_percent, record.late_interest_percent
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._mark_own_rates(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._mark_own_rates(vals))

    @api.model
    def _mark_own_rates(self, vals):
        """Return the values; who writes a rate means this record's own."""
        if not set(LATE_RATES) & vals.keys() or "has_own_late_rates" in vals:
            return vals
        return {**vals, "has_own_late_rates": True}

    def _get_next_late_level(self):
        """Return the record whose rates hold where this one has none."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _get_late_charge_policy(self):
        """Return when fine and interest are charged: the nearest level says."""
        self.ensure_one()
        return self.late_charge_policy or (
            self._get_next_late_level()._get_late_charge_policy()
        )

    def _prepare_contract(self):
        """Let new contracts begin as the plan says (S004-66)."""
        return super()._prepare_contract() | {
            "is_overdue_interest_included": self.is_overdue_interest_included
        }
