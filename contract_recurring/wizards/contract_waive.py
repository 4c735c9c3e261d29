from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..const import LATE_KINDS


class ContractWaive(models.TransientModel):
    """Lets customers off fine and interest of invoices, with a reason."""

    _name = "contract.waive"
    _description = "Waive Fine and Interest"

    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        required=True,
        default=lambda self: self._default_move_ids(),
        domain="[('id', 'in', offered_move_ids)]",
    )
    offered_move_ids = fields.Many2many(
        "account.move",
        "contract_waive_offered_rel",
        default=lambda self: self._default_move_ids(),
    )
    is_fine_waived = fields.Boolean(string="Fine", default=True)
    is_interest_waived = fields.Boolean(string="Interest", default=True)
    date_until = fields.Date(
        string="If Paid Until",
        help="The promise holds for payments up to this day. Empty: for any.",
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")

    @api.model
    def _default_move_ids(self):
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        if model == "account.move":
            return self.env["account.move"].browse(ids)
        if model == "contract.contract":
            contracts = self.env["contract.contract"].browse(ids)
            return contracts._get_moves_to_waive()
        return self.env["account.move"]

    @api.depends("move_ids", "is_fine_waived", "is_interest_waived")
    def _compute_preview(self):
        for wizard in self:
            rows = [
                wizard._describe(move)
                for move in wizard.move_ids._origin.sudo()
                if move._bears_late_charges()
            ]
            wizard.preview = "\n".join(rows)

    def _describe(self, move):
        """Return what one invoice is let off, in words."""
        today = move.company_id._get_local_date()
        chosen = [
            kind
            for kind, is_chosen in zip(
                LATE_KINDS, (self.is_fine_waived, self.is_interest_waived), strict=True
            )
            if is_chosen
        ]
        owed = dict(zip(LATE_KINDS, move._get_late_charges(today), strict=True))
        charged = move._get_live_late_charges().filtered(
            lambda c: (
                c.kind in chosen
                and c.state in ("pending", "billed")
                and not c.late_credit_id
            )
        )
        return self.env._(
            "%(invoice)s, %(customer)s: %(owed)s owed today, %(charged)s charged "
            "already",
            invoice=move.name,
            customer=move.partner_id.name,
            owed=self._format(move, sum(owed[kind] for kind in chosen)),
            charged=self._format(move, sum(charged.mapped("amount"))),
        )

    def _format(self, move, amount):
        return format_amount(self.env, amount, move.currency_id)

    def action_waive(self):
        self.ensure_one()
        if not self.move_ids:
            raise UserError(self.env._("Choose the invoices first."))
        self.move_ids.check_access("read")
        for company, moves in self.move_ids.grouped("company_id").items():
            moves.with_company(company)._waive_late_charges(
                self.reason,
                company._get_local_date(),
                fine=self.is_fine_waived,
                interest=self.is_interest_waived,
                date_until=self.date_until,
            )
        return {"type": "ir.actions.act_window_close"}
